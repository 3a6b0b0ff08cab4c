"""Files as answers: received, hashed, kept; taken out, refused, downloaded, and never by anybody else."""

import hashlib
import io
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from app import clock, transaction
from app.audit.models import AuditEntry
from app.extensions import db
from app.storage.models import StoredFile
from assessments.exams import answer_files, queries
from assessments.exams.models import AnswerFile, Attempt, ItemMark, ItemResponse
from assessments.exams.personal import PERSONAL
from assessments.exams.rules import AttemptState
from assessments.results.models import Result
from tests.factories.assessments import (
    SECRET_MARK,
    definition,
    exam_of,
    held_clock,
    press_start,
    questions_of,
    run_jobs,
    words,
)
from tests.factories.people import PersonFactory
from tests.factories.practicals import pdf, picture

__all__ = ["held_clock"]


def files_item(**changes):
    """An item that takes up to two files, its guidance marked."""
    marks = [{"code": "plan", "title": "The plan holds", "points": 4, "guidance": f"{SECRET_MARK} for markers"}]
    return definition("F1", "file_answer", file_types=["pdf", "txt", "png"], marks=marks, **changes)


@pytest.fixture
def sitter(visit):
    return visit.sign_in(PersonFactory(name="Ada Example"))


@pytest.fixture
def attempt(sitter):
    return press_start(sitter, exam_of([files_item()]))


def address(attempt, end=""):
    return f"/attempts/{attempt.public_id}/files/1{end}"


def send(visitor, attempt, *files, **fields):
    sent = {"file": [(io.BytesIO(data), name) for data, name in files], **fields}
    return visitor.post(address(attempt), sent, content_type="multipart/form-data")


def response_of(attempt):
    db.session.expire_all()
    return questions_of(attempt)[0].response


def rows():
    db.session.expire_all()
    return list(db.session.scalars(select(AnswerFile).order_by(AnswerFile.position)))


def page_of(visitor, attempt):
    return words(visitor.get(f"/attempts/{attempt.public_id}").get_data(as_text=True))


def test_a_file_is_hashed_as_it_came_and_named_by_the_server(sitter, attempt):
    data = picture(dpi=(72, 72))

    answer = send(sitter, attempt, (data, "secret/My plan.png"))

    assert answer.status_code == 302
    (row,) = rows()
    stored = db.session.get(StoredFile, row.stored_file_id)
    assert row.sha256 == hashlib.sha256(data).hexdigest()
    assert (row.size, row.position, row.removed_at, row.late) == (len(data), 1, None, False)
    assert stored.sha256 != row.sha256, "a picture is drawn anew"
    assert response_of(attempt) == [f"{stored.public_id}:{row.sha256}"]
    page = page_of(sitter, attempt)
    assert "My plan.png" in page
    assert row.sha256[:12] in page
    assert "secret" not in page
    assert SECRET_MARK not in page


def test_several_files_come_at_once_and_leave_one_by_one(sitter, attempt):
    send(sitter, attempt, (b"One.", "one.txt"), (b"Two.", "two.txt"))
    first, second = response_of(attempt)

    sitter.post(address(attempt), {"remove": first.partition(":")[0]})

    assert response_of(attempt) == [second]
    assert [row.removed_at is None for row in rows()] == [False, True]
    assert sitter.get(address(attempt, "/1")).status_code == 404
    assert sitter.get(address(attempt, "/2")).data == b"Two."
    send(sitter, attempt, (b"Three.", "three.txt"))
    assert [row.position for row in rows()] == [1, 2, 3], "a number is never used twice"


def test_each_file_that_is_refused_is_named_and_the_others_are_kept(sitter, attempt):
    answer = send(sitter, attempt, (b"MZ\x90\x00", "run.pdf"), (b"Fine.", "fine.txt"), (b"", "empty.txt"))

    page = words(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert "run.pdf: This kind of file cannot be handed in" in page
    assert "empty.txt: The file is empty." in page
    assert len(response_of(attempt)) == 1
    assert "fine.txt" in page


def test_more_files_than_asked_for_are_refused(sitter, attempt):
    send(sitter, attempt, (b"One.", "one.txt"), (b"Two.", "two.txt"))

    answer = send(sitter, attempt, (b"Three.", "three.txt"))

    assert answer.status_code == 422
    assert "three.txt: At most 2 files can be handed in." in words(answer.get_data(as_text=True))
    assert len(response_of(attempt)) == 2


def test_a_file_that_is_too_large_is_refused(app):
    sent = [FileStorage(io.BytesIO(b"x" * size), filename="long.txt") for size in (1024**2 + 1, 1024**2)]

    with app.test_request_context():
        refused, taken = answer_files.receive(sent, files_item())

    assert refused == "long.txt: The file is larger than 1 MB."
    assert isinstance(taken, answer_files.Received)
    assert taken.size == 1024**2


def test_leaving_the_page_by_the_plain_form_keeps_the_files(sitter, attempt):
    send(sitter, attempt, (b"One.", "one.txt"))
    held = response_of(attempt)

    sitter.post(f"/attempts/{attempt.public_id}/answers/1", {"seq": "2", "answer.list": held, "go": "review"})

    assert response_of(attempt) == held


@pytest.mark.parametrize("raw", [["aaaa:" + "0" * 64], ["one.txt"], "one.txt"])
def test_a_file_that_was_never_sent_cannot_be_claimed(sitter, attempt, raw):
    send(sitter, attempt, (b"One.", "one.txt"))
    held = response_of(attempt)

    for answer in (raw, [*held, *raw] if isinstance(raw, list) else raw):
        assert sitter.put(f"/attempts/{attempt.public_id}/answers/1", {"seq": 9, "answer": answer}).status_code == 422
    assert response_of(attempt) == held


def test_the_file_of_another_candidate_cannot_be_claimed_or_read(sitter, attempt):
    send(sitter, attempt, (b"One.", "one.txt"))
    held = response_of(attempt)
    other = sitter.another().sign_in(PersonFactory())

    assert other.get(address(attempt, "/1")).status_code == 404
    assert send(other, attempt, (b"Two.", "two.txt")).status_code == 404
    assert response_of(attempt) == held


def test_clearing_the_answer_takes_all_files_out(sitter, attempt):
    send(sitter, attempt, (b"One.", "one.txt"))

    sitter.post(f"/attempts/{attempt.public_id}/answers/1", {"seq": "5", "clear": "1"})
    assert response_of(attempt) is None
    send(sitter, attempt, (b"Two.", "two.txt"))

    assert len(response_of(attempt)) == 1
    assert [row.removed_at is None for row in rows()] == [False, True]


def test_an_upload_after_the_grace_is_refused_and_one_within_it_is_late(sitter, attempt, held_clock):
    held_clock.go(minutes=60, seconds=30)
    assert send(sitter, attempt, (b"One.", "one.txt")).status_code == 302
    held_clock.go(seconds=31)

    answer = send(sitter, attempt, (b"Two.", "two.txt"))

    assert answer.status_code == 302
    assert [row.late for row in rows()] == [True]


def test_only_questions_that_ask_for_files_take_them(sitter):
    attempt = press_start(sitter, exam_of([definition("T1", "short_text")]))

    assert send(sitter, attempt, (b"One.", "one.txt")).status_code == 404
    assert db.session.scalars(select(StoredFile)).all() == []


def test_every_upload_is_in_the_log_of_answers(sitter, attempt):
    send(sitter, attempt, (b"One.", "one.txt"))
    send(sitter, attempt, (b"Two.", "two.txt"))

    logged = db.session.scalars(select(ItemResponse).order_by(ItemResponse.id)).all()
    assert [len(entry.response) for entry in logged] == [1, 2]
    assert all(entry.accepted for entry in logged)


def marker(visit):
    return visit.another().sign_in(PersonFactory(holding=["assessor"]))


def test_a_marker_reads_a_handed_in_file_under_its_number_and_that_is_on_record(sitter, attempt):
    send(sitter, attempt, (pdf(), "Ada Example.pdf"))
    reader, there = marker(sitter), f"/marking/attempts/{attempt.public_id}/files/1/1"
    assert reader.get(there).status_code == 404, "not before it is handed in"
    sitter.post(f"/attempts/{attempt.public_id}/submit")

    answer = reader.get(there)

    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    assert "File 1.pdf" in answer.headers["Content-Disposition"].replace('"', "").replace("%20", " ")
    assert "Ada" not in str(answer.headers)
    assert "answer.file_read" in set(db.session.scalars(select(AuditEntry.action)))
    assert sitter.get(there).status_code in (403, 404)


def test_an_exam_with_an_unmarked_answer_waits_for_its_marks_and_has_no_result(sitter, attempt):
    send(sitter, attempt, (b"One.", "one.txt"))
    sitter.post(f"/attempts/{attempt.public_id}/submit")
    run_jobs()

    db.session.expire_all()
    assert db.session.get(Attempt, attempt.id).state == AttemptState.AWAITING_MARKING
    assert db.session.scalars(select(Result)).all() == []


def test_the_newest_agreed_mark_is_the_one_that_counts(sitter, attempt, held_clock):
    send(sitter, attempt, (b"One.", "one.txt"))
    question = questions_of(attempt)[0]
    for total, agreed in (("1", True), ("3", True), ("4", False)):
        given = {"points": {"plan": total}, "total": Decimal(total), "of": Decimal(4), "agreed": agreed}
        db.session.add(ItemMark(attempt_item_id=question.id, marker="m", made_at=held_clock(), **given))
        db.session.flush()

    (answered,) = queries.list_answered(attempt.id)

    assert answered.scored.mark is not None
    assert answered.scored.mark.share == Fraction(3, 4)


def test_an_empty_answer_is_scored_at_once(sitter, attempt):
    sitter.post(f"/attempts/{attempt.public_id}/submit")

    assert db.session.scalars(select(Result)).one().percent == 0


def test_a_copy_of_ones_data_holds_the_files_and_erasure_leaves_none(sitter, attempt, session):
    send(sitter, attempt, (b"One.", "one.txt"), (b"Two.", "two.txt"))
    sitter.post(address(attempt), {"remove": response_of(attempt)[0].partition(":")[0]})
    person = sitter.person

    names = dict(PERSONAL.files(person))
    assert names == {f"{attempt.public_id}/1-1-one.txt": b"One.", f"{attempt.public_id}/1-2-two.txt": b"Two."}
    PERSONAL.erase(person, clock.now())
    transaction.commit()

    assert rows() == []
    assert db.session.scalars(select(StoredFile)).all() == []
    assert response_of(attempt) is None
