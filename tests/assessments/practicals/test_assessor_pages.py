"""An assessor's pages: the queue, the room, the files; and that no page, file or header says whose work it is."""

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.audit.models import AuditEntry
from app.policy import Role
from assessments.practicals import judging, release_queries
from assessments.practicals.models import Mark, Marking
from tests.factories.people import PersonFactory
from tests.factories.practicals import actor_of, assessor, begin, finish, hand_in, picture, take
from tests.support.visitor import Visitor

CANARY = "Zzyzxqua"


@pytest.fixture
def reader(visit: Visitor) -> Visitor:
    """An assessor, signed in."""
    return visit.sign_in(assessor(name="Ada Marsh", working_for="Marsh"))


def page(found: Marking) -> str:
    return f"/marking/{found.public_id}"


def filled(level: str = "meets", version: int = 0, act: str = "save", **more: str) -> dict[str, str]:
    sent = {"act": act, "closing": "Well done.", "version-closing": "0"}
    for code in ("selection", "care"):
        sent |= {f"level-{code}": level, f"comment-{code}": f"On {code}.", f"version-{code}": str(version)}
    return sent | {name.replace("__", "-"): value for name, value in more.items()}


def marks_of(session, found: Marking) -> list[tuple[str | None, str]]:
    session.expire_all()
    rows = session.scalars(select(Mark).where(Mark.marking_id == found.id).order_by(Mark.criterion_id))
    return [(row.level, row.comment) for row in rows]


def test_members_and_officers_do_not_mark(visit):
    script = hand_in()
    found = take(script, assessor())
    for person in (PersonFactory(), PersonFactory(holding=["officer"])):
        other = visit.another().sign_in(person)
        assert other.get("/marking").status_code == 403
        assert other.get(page(found)).status_code == 403
        assert other.post("/marking/take", {"script": script.public_id}).status_code == 403


def test_the_queue_shows_codes_and_due_dates_and_leads_into_the_room(reader):
    script = hand_in(days_ago=20)
    text = reader.get("/marking").get_data(as_text=True)
    assert script.candidate_number in text
    assert "overdue" in text
    room = reader.post("/marking/next").headers["Location"]
    assert script.candidate_number in reader.get(room).get_data(as_text=True)
    assert room in reader.get("/marking").get_data(as_text=True)


def test_an_empty_queue_says_so(reader):
    assert "Nothing waits for you" in reader.get("/marking").get_data(as_text=True)
    assert reader.post("/marking/next").headers["Location"] == "/marking"


def test_one_script_can_be_chosen(reader):
    hand_in(days_ago=5)
    script = hand_in()
    room = reader.post("/marking/take", {"script": script.public_id}).headers["Location"]
    assert script.candidate_number in reader.get(room).get_data(as_text=True)


def test_a_script_somebody_else_took_leads_back_to_the_queue(reader):
    script = hand_in()
    take(script, assessor())
    assert reader.post("/marking/take", {"script": script.public_id}).headers["Location"] == "/marking"


def test_another_assessors_room_is_not_there(reader):
    found = take(hand_in(diary=b"a diary"), assessor())
    assert reader.get(page(found)).status_code == 404
    assert reader.post(page(found), filled()).status_code == 404
    assert (
        reader.put(f"{page(found)}/criteria/care", {"level": "meets", "comment": "", "version": 0}).status_code == 404
    )
    assert reader.post(f"{page(found)}/return").status_code == 404
    assert reader.get(f"{page(found)}/files/1").status_code == 404


def test_a_colleagues_script_is_not_there_and_not_in_the_queue(reader):
    script = hand_in(PersonFactory(working_for="Marsh"))
    assert script.candidate_number not in reader.get("/marking").get_data(as_text=True)
    assert reader.post("/marking/take", {"script": script.public_id}).status_code == 404


def test_nobody_takes_a_draft(reader):
    draft = begin(PersonFactory())
    assert reader.post("/marking/take", {"script": draft.public_id}).status_code == 404


def test_marks_are_saved_and_handed_in_without_any_script(reader, session):
    found = take(hand_in(), reader.person)
    assert reader.post(page(found), filled("exceeds")).status_code == 302
    assert marks_of(session, found) == [("exceeds", "On selection."), ("exceeds", "On care.")]
    assert (
        reader.post(page(found), filled("exceeds", 1, "finish", version__closing="1")).headers["Location"] == "/marking"
    )
    session.expire_all()
    assert session.get(Marking, found.id).state == "done"
    assert "You handed these marks in" in reader.get(page(found)).get_data(as_text=True)


def test_what_is_missing_is_saved_around_and_linked_to(reader, session):
    found = take(hand_in(), reader.person)
    answer = reader.post(page(found), filled(act="finish", level__care="", comment__care=""))
    assert answer.headers["Location"].endswith("?open=care#level-care")
    assert marks_of(session, found) == [("meets", "On selection.")]
    text = reader.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Still missing: one mark, one comment" in text
    assert 'href="#level-care"' in text


def test_handing_in_twice_is_one_act(reader, session):
    found = take(hand_in(), reader.person)
    for version in ("0", "0"):
        assert reader.post(page(found), filled(act="finish", version__closing=version)).status_code == 302
    actions = session.scalars(select(AuditEntry.action)).all()
    assert actions.count("marking.finished") == 1


def test_two_windows_are_both_shown_and_nothing_is_overwritten(reader, session):
    found = take(hand_in(), reader.person)
    reader.post(page(found), filled("meets", comment__care="From the first window."))
    answer = reader.post(page(found), filled("absent", comment__care="From the second window."))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "From the first window." in text
    assert "From the second window." in text
    assert marks_of(session, found)[1] == ("meets", "From the first window.")
    again = filled("absent", 1, comment__care="From the second window.", version__closing="1")
    assert reader.post(page(found), again).status_code == 302  # sent again, knowingly
    assert marks_of(session, found)[1] == ("absent", "From the second window.")


def test_a_criterion_is_saved_as_it_is_marked(reader, session):
    found = take(hand_in(), reader.person)
    address = f"{page(found)}/criteria/care"
    first = reader.put(address, {"level": "meets", "comment": "Good.", "version": 0})
    assert (first.status_code, first.json["version"], first.json["gaps"]) == (200, 1, ["selection"])
    assert "below" not in first.json["as_it_stands"]
    stale = reader.put(address, {"level": "absent", "comment": "Bad.", "version": 0})
    assert (stale.status_code, stale.json["level"], stale.json["comment"]) == (409, "meets", "Good.")
    assert marks_of(session, found) == [("meets", "Good.")]


def test_closing_words_are_saved_as_they_are_typed(reader, session):
    found = take(hand_in(), reader.person)
    answer = reader.put(f"{page(found)}/criteria/closing", {"level": "", "comment": "Well done.", "version": 0})
    assert (answer.status_code, answer.json["version"]) == (200, 1)
    session.expire_all()
    assert session.get(Marking, found.id).comment == "Well done."


@pytest.mark.parametrize(
    ("code", "sent", "status"),
    [
        ("care", None, 400),
        ("care", [1], 400),
        ("care", {"level": "superb", "comment": "", "version": 0}, 422),
        ("care", {"level": ["meets"], "comment": "", "version": 0}, 422),
        ("care", {"level": "meets", "comment": 7, "version": 0}, 422),
        ("care", {"level": "meets", "comment": "", "version": "x"}, 422),
        ("care", {"level": "meets", "comment": "", "version": True}, 422),
        ("care", {"level": "meets", "comment": "", "version": "00000000" + "1" * 5_000}, 422),
        ("care", {"level": "meets", "comment": "\ud800", "version": 0}, 422),
        ("care", {"level": "meets", "comment": "a" * 4_001, "version": 0}, 422),
        ("nothing", {"level": "meets", "comment": "", "version": 0}, 422),
    ],
)
def test_what_cannot_be_saved_is_refused_in_words(reader, session, code, sent, status):
    found = take(hand_in(), reader.person)
    answer = reader.put(f"{page(found)}/criteria/{code}", sent)
    assert answer.status_code == status
    assert answer.json["error"]
    assert marks_of(session, found) == []


def test_a_script_given_back_is_read_no_more(reader, session):
    found = take(hand_in(diary=b"a diary"), reader.person)
    assert reader.post(f"{page(found)}/return").status_code == 302
    assert reader.get(f"{page(found)}/files/1").status_code == 404
    assert "Take it again" in reader.get(page(found)).get_data(as_text=True)
    typed = reader.post(page(found), filled(comment__care="Typed too late."))
    assert typed.status_code == 409
    assert "Typed too late." in typed.get_data(as_text=True)


def test_a_file_is_a_download_and_the_reading_of_it_is_on_record(reader, session):
    script = hand_in(diary=b"<script>alert(1)</script>")
    found = take(script, reader.person)
    answer = reader.get(f"{page(found)}/files/1")
    assert answer.data == b"<script>alert(1)</script>"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="File 1.txt"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    read = session.scalars(select(AuditEntry).where(AuditEntry.action == "submission.file_read")).one()
    assert (read.actor, read.object_id) == (reader.person.public_id, script.public_id)


@pytest.mark.parametrize("ordinal", ["0", "2", "99"])
def test_files_that_are_not_there_are_not_there(reader, ordinal):
    found = take(hand_in(diary=b"a diary"), reader.person)
    assert reader.get(f"{page(found)}/files/{ordinal}").status_code == 404


def test_no_marker_ever_reads_whose_work_it_is(reader, session):
    """The name, address and employer of the learner are grepped for in every answer an assessor gets."""
    learner = PersonFactory(name=f"Tavita {CANARY}", email=f"{CANARY}@people.test", working_for=f"{CANARY} Works")
    script = hand_in(learner, "Ten accounts.", **{f"{CANARY} diary": b"a diary"})
    found = take(script, reader.person)
    answers = [
        reader.get("/marking"),
        reader.get(page(found)),
        reader.get(f"{page(found)}/files/1"),
        reader.put(f"{page(found)}/criteria/care", {"level": "meets", "comment": "Good.", "version": 0}),
        reader.put(f"{page(found)}/criteria/care", {"level": "absent", "comment": "Bad.", "version": 0}),
        reader.post(page(found), filled("absent")),
        reader.post(page(found), filled("absent", act="finish", version__care="1", level__selection="")),
        reader.post(f"{page(found)}/return"),
        reader.get(page(found)),
        reader.post("/marking/take", {"script": script.public_id}),
        reader.post(page(found), filled("meets", act="finish", version__care="2", version__selection="1")),
        reader.get(page(found)),
        reader.get("/marking"),
    ]
    session.expire_all()
    assert session.get(Marking, found.id).state == "done"
    for answer in answers:
        assert answer.status_code < 500
        heard = answer.get_data(as_text=True) + str(answer.headers)
        assert CANARY.casefold() not in heard.casefold()
        assert learner.public_id not in heard


def test_pictures_reach_the_marker_without_what_the_camera_wrote(reader, visit):
    import io

    from PIL import Image

    exif = Image.Exif()
    exif[0x013B] = CANARY
    writer = visit.another().sign_in(PersonFactory())
    begin(writer.person, "Text.")
    sent = {"text": "Text.", "version": 2, "act": "add", "file": (io.BytesIO(picture("JPEG", exif=exif)), "a.jpg")}
    writer.post("/practicals/T-P1/draft", sent, content_type="multipart/form-data")
    writer.post("/practicals/T-P1/hand-in", {"version": 1, "agree": "y"})
    room = reader.post("/marking/next").headers["Location"]
    answer = reader.get(f"{room}/files/1")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="File 1.jpg"'
    assert CANARY.encode() not in answer.data


def test_queries_of_the_queue_do_not_grow_with_it(reader, session):
    from sqlalchemy import event

    counted: list[str] = []
    hand_in()
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: counted.append(args[2]))

    def count() -> int:
        counted.clear()
        reader.get("/marking")
        return len(counted)

    few = count()
    for _script in range(6):
        hand_in(PersonFactory(working_for="Elsewhere"))
    assert count() == few


def test_a_result_is_told_with_levels_comments_and_the_way_on(reader, visit, session):
    writer = visit.another().sign_in(PersonFactory())
    script = hand_in(writer.person, diary=b"a diary")
    finish(script, reader.person, care="developing")
    officer = PersonFactory(holding=["officer"])
    waiting = release_queries.list_waiting(officer.id)
    judging.release(
        release_queries.lock_results([w.public_id for w in waiting]), actor_of(officer, Role.OFFICER), clock.now()
    )
    transaction.commit()
    text = writer.get("/practicals/T-P1").get_data(as_text=True)
    for part in ("To be handed in again", "A word on care.", "Developing", "care is meets", "Begin attempt 2"):
        assert part in text
    assert reader.person.name not in text
    writer.post("/practicals/T-P1/begin")
    assert "Draft of attempt 2" in writer.get("/practicals/T-P1").get_data(as_text=True)
