"""A learner reads, writes, hands in and reads what was found, by way of the pages."""

import io
import re
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEntry
from app.mail.models import MailMessage
from app.storage.models import StoredFile
from assessments.practicals import queries, rules
from assessments.practicals.models import Submission
from tests.factories.people import PersonFactory
from tests.factories.practicals import assessor, begin, find_practical, finish, hand_in, pdf, picture, take
from tests.support.visitor import Visitor

HERE = "/practicals/T-P1"


@pytest.fixture
def learner(visit: Visitor) -> Visitor:
    """Somebody signed in, before a practical that nobody has begun."""
    find_practical()
    return visit.sign_in(PersonFactory(name="Tavita Lindqvist"))


def words_of(page) -> str:
    """What stands on a page, without markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


def save(learner: Visitor, text: str, version: int = 1, act: str = "save", *files: tuple[bytes, str]):
    sent = {"text": text, "version": version, "act": act, "file": [(io.BytesIO(data), name) for data, name in files]}
    return learner.post(f"{HERE}/draft", sent, content_type="multipart/form-data")


def newest(session, person) -> Submission:
    session.expire_all()
    return session.scalars(
        select(Submission).where(Submission.person_id == person.id).order_by(Submission.number.desc())
    ).first()


def test_everything_can_be_read_before_a_line_is_written(learner):
    first = words_of(learner.get(HERE))
    assert "Write three pages." in first
    assert "at least 28 days" in first
    assert "selection is meets" in words_of(learner.get(f"{HERE}/criteria"))
    assert "An invented company." in words_of(learner.get(f"{HERE}/case"))
    assert "Start here" in words_of(learner.get(f"{HERE}/case/01-start"))


def test_what_is_not_there_is_not_there(learner):
    assert learner.get("/practicals/T-P9").status_code == 404
    assert learner.get(f"{HERE}/case/99-end").status_code == 404


def test_a_visitor_is_asked_to_sign_in(visit):
    find_practical()
    assert "/sign-in" in visit.get(HERE).headers["Location"]


def test_a_draft_is_begun_once(learner, session):
    assert learner.post(f"{HERE}/begin").status_code == 302
    assert learner.post(f"{HERE}/begin").status_code == 302
    assert len(session.scalars(select(Submission)).all()) == 1
    assert "Draft of attempt 1" in words_of(learner.get(HERE))


def test_a_text_and_files_are_kept_without_any_script(learner, session):
    learner.post(f"{HERE}/begin")
    assert (
        save(learner, "Ten accounts.", 1, "add", (b"a diary", "My diary.txt"), (picture(), "page.png")).status_code
        == 302
    )
    page = words_of(learner.get(HERE))
    assert all(part in page for part in ("Ten accounts.", "My diary.txt", "page.png"))


def test_a_refused_file_is_named_and_everything_else_is_kept(learner):
    learner.post(f"{HERE}/begin")
    answer = save(learner, "Ten accounts.", 1, "add", (b"MZ", "run.exe"), (b"a diary", "diary.txt"))
    assert "run.exe: This kind of file cannot be handed in" in words_of(answer)
    page = words_of(learner.get(HERE))
    assert "Ten accounts." in page
    assert "diary.txt" in page
    assert "run.exe" not in page


def test_more_files_than_asked_for_are_refused(learner):
    learner.post(f"{HERE}/begin")
    answer = save(learner, "", 1, "add", (b"1", "a.txt"), (b"2", "b.txt"), (b"3", "c.txt"))
    assert "c.txt: At most 2 files" in words_of(answer)


def test_a_removed_file_is_gone_with_its_bytes(learner, session, app):
    learner.post(f"{HERE}/begin")
    save(learner, "", 1, "add", (b"a diary", "diary.txt"))
    stored = session.scalars(select(StoredFile)).one()
    save(learner, "", 1, f"remove:{stored.public_id}")
    assert "diary.txt" not in words_of(learner.get(HERE))
    assert learner.get(f"{HERE}/files/{stored.public_id}").status_code == 404
    with pytest.raises(FileNotFoundError):
        app.extensions["store"].get(stored.public_id)


def test_ones_own_file_comes_as_a_download_that_no_browser_runs(learner, session):
    learner.post(f"{HERE}/begin")
    save(learner, "", 1, "add", (pdf(), "report.pdf"))
    answer = learner.get(f"{HERE}/files/{session.scalars(select(StoredFile)).one().public_id}")
    assert answer.data == pdf()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_two_windows_never_overwrite_each_other_unseen(learner, session):
    learner.post(f"{HERE}/begin")
    assert save(learner, "From the first window.", 1).status_code == 302
    answer = save(learner, "From the second window.", 1)
    page = words_of(answer)
    assert answer.status_code == 409
    assert "From the first window." in page
    assert "From the second window." in page
    assert newest(session, learner.person).text == "From the first window."
    assert save(learner, "From the second window.", 2).status_code == 302  # sent again, knowingly
    assert newest(session, learner.person).text == "From the second window."


def test_the_text_is_saved_as_it_is_typed(learner):
    learner.post(f"{HERE}/begin")
    first = learner.put(f"{HERE}/draft", {"text": "Ten", "version": 1})
    assert (first.status_code, first.json["version"]) == (200, 2)
    again = learner.put(f"{HERE}/draft", {"text": "Ten", "version": 1})  # the answer to the first was lost
    assert (again.status_code, again.json["version"]) == (200, 2)
    stale = learner.put(f"{HERE}/draft", {"text": "Eleven", "version": 1})
    assert (stale.status_code, stale.json["text"], stale.json["version"]) == (409, "Ten", 2)


@pytest.mark.parametrize(
    "sent", [None, [], "text", {"text": 3, "version": 1}, {"text": "x"}, {"text": "x", "version": True}, {"version": 1}]
)
def test_what_cannot_be_read_is_refused_and_changes_nothing(learner, session, sent):
    begin(learner.person, "Ten accounts.")
    assert learner.put(f"{HERE}/draft", sent).status_code == 400
    assert newest(session, learner.person).text == "Ten accounts."


def test_a_text_that_cannot_be_stored_is_refused_in_words(learner):
    begin(learner.person)
    assert learner.put(f"{HERE}/draft", {"text": "\ud800", "version": 2}).status_code == 422
    assert learner.put(f"{HERE}/draft", {"text": "a" * 100_001, "version": 2}).status_code == 422


def test_handing_in_asks_for_the_declaration(learner, session):
    begin(learner.person)
    assert "It is my own work." in words_of(learner.get(f"{HERE}/hand-in"))
    answer = learner.post(f"{HERE}/hand-in", {"version": 1})
    assert answer.status_code == 422
    assert "agree to the declaration" in words_of(answer)
    assert newest(session, learner.person).state == "draft"


def test_an_empty_draft_is_not_handed_in(learner):
    begin(learner.person, "  ")
    answer = learner.post(f"{HERE}/hand-in", {"version": 1, "agree": "y"})
    assert answer.status_code == 422
    assert "nothing to hand in yet" in words_of(answer)


def test_a_declaration_that_changed_meanwhile_is_read_again(learner, session):
    begin(learner.person)
    find_practical().declaration, find_practical().declaration_version = "Another text.", 2
    session.commit()
    answer = learner.post(f"{HERE}/hand-in", {"version": 1, "agree": "y"})
    assert answer.status_code == 409
    assert "Another text." in words_of(answer)


def test_handing_in_gives_a_receipt_a_mail_and_a_line_in_the_trail(learner, session):
    begin(learner.person, "Ten accounts.", {"diary.txt": b"a diary"})
    assert learner.post(f"{HERE}/hand-in", {"version": 1, "agree": "y"}).status_code == 302
    work, page = newest(session, learner.person), words_of(learner.get(HERE))
    assert work.state == "submitted"
    assert work.declaration == "It is my own work."
    assert work.rubric_version_id == queries.get_rubric("T-R1").id
    for proof in (
        work.receipt_hash,
        rules.sha256_of("Ten accounts."),
        session.scalars(select(StoredFile)).one().sha256,
    ):
        assert proof in page
    mail = session.scalars(select(MailMessage)).one()
    assert work.receipt_hash in mail.text
    assert "practical.submitted" in session.scalars(select(AuditEntry.action)).all()


def test_the_second_press_of_the_button_hands_in_nothing_more(learner, session):
    begin(learner.person)
    for _press in range(2):
        assert learner.post(f"{HERE}/hand-in", {"version": 1, "agree": "y"}).status_code == 302
    assert len(session.scalars(select(MailMessage)).all()) == 1


def test_what_was_handed_in_can_no_longer_be_changed(learner, session):
    hand_in(learner.person, "As handed in.")
    assert save(learner, "Better now.", 2).status_code == 302
    assert learner.put(f"{HERE}/draft", {"text": "Better now.", "version": 2}).status_code == 404
    assert newest(session, learner.person).text == "As handed in."


def test_ones_own_name_in_the_work_is_pointed_out_before_it_goes(learner):
    begin(learner.person, "Written by Lindqvist.")
    assert "“Lindqvist” stands in your text" in words_of(learner.get(f"{HERE}/hand-in"))


def test_work_can_be_taken_back_until_somebody_reads_it(learner, session):
    work = hand_in(learner.person, "First thoughts.", diary=b"a diary")
    assert learner.post(f"{HERE}/withdraw", {"attempt": work.public_id}).status_code == 302
    assert newest(session, learner.person).state == "withdrawn"
    learner.post(f"{HERE}/begin")
    again = newest(session, learner.person)
    assert (again.number, again.text, again.state) == (2, "First thoughts.", "draft")
    assert "diary.txt" in words_of(learner.get(HERE))


def test_work_that_is_being_read_stays(learner, session):
    work = hand_in(learner.person)
    take(work, assessor())
    assert learner.post(f"{HERE}/withdraw", {"attempt": work.public_id}).status_code == 409
    assert newest(session, learner.person).state == "marking"


def test_a_learner_cannot_tell_that_marks_wait_for_their_release(learner):
    work = hand_in(learner.person)
    reader = assessor()
    take(work, reader)
    while_read = words_of(learner.get(HERE))
    finish(work, reader, "developing")
    assert words_of(learner.get(HERE)) == while_read


def test_nobody_begins_again_while_work_is_under_way(learner, session):
    hand_in(learner.person)
    assert learner.post(f"{HERE}/begin").status_code == 409
    assert newest(session, learner.person).number == 1


def test_others_neither_read_nor_change_a_draft_or_its_files(learner, session, visit):
    draft = begin(learner.person, "A secret list.", {"diary.txt": b"a secret diary"})
    stored = session.scalars(select(StoredFile)).one()
    other = visit.another().sign_in(PersonFactory(holding=["assessor", "officer"]))
    assert "secret" not in words_of(other.get(HERE))
    assert other.get(f"{HERE}/files/{stored.public_id}").status_code == 404
    assert other.put(f"{HERE}/draft", {"text": "mine", "version": 2}).status_code == 404
    assert other.post(f"{HERE}/withdraw", {"attempt": draft.public_id}).status_code == 404
    save(other, "mine", 2, f"remove:{stored.public_id}")
    assert newest(session, learner.person).text == "A secret list."
    assert learner.get(f"{HERE}/files/{stored.public_id}").data == b"a secret diary"


def test_a_file_is_found_under_its_own_practical_only(learner, session):
    from tests.factories.practicals import PracticalFactory

    PracticalFactory(code="T-P2")
    begin(learner.person, files={"diary.txt": b"a diary"})
    stored = session.scalars(select(StoredFile)).one()
    assert learner.get(f"/practicals/T-P2/files/{stored.public_id}").status_code == 404


def test_candidate_numbers_differ_between_attempts(learner, session):
    work = hand_in(learner.person)
    learner.post(f"{HERE}/withdraw", {"attempt": work.public_id})
    learner.post(f"{HERE}/begin")
    numbers = session.scalars(select(Submission.candidate_number)).all()
    assert len(set(numbers)) == 2


def test_the_promised_day_is_shown(learner):
    from app.shell import show_date

    work = hand_in(learner.person)
    with learner.app.test_request_context():
        day = show_date(rules.due_at(work.submitted_at or clock.now()).astimezone(ZoneInfo("Europe/Madrid")).date())
    assert day in words_of(learner.get(HERE))
