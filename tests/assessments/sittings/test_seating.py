"""Planning and seats: who may sit, who may not and why, lists with faults, the window, and fifty at once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock, transaction
from app.audit.models import AuditEntry
from app.errors import DomainError
from app.extensions import db
from app.mail.models import MailMessage
from assessments.accommodations import services as accommodations
from assessments.accommodations.services import Amounts
from assessments.exams import conducting
from assessments.exams.models import Attempt
from assessments.exams.rules import AttemptState
from assessments.sittings import planning, queries, seating
from assessments.sittings.models import Invigilator, Seat, Sitting
from assessments.sittings.planning import Plan
from courses import services as courses
from courses.queries import list_lessons
from tests.assessments.exams.test_races import at_once
from tests.factories.assessments import Candidate, begin, hand_in, held_clock, words
from tests.factories.courses import SmallCourse, publish
from tests.factories.people import PersonFactory
from tests.factories.sittings import invigilator_of, sat_exam, seat_for, sitting_of

__all__ = ["held_clock"]


@pytest.fixture
def officer(app):
    return PersonFactory(holding=["officer"], name="Olga Officer", zone="UTC")


@pytest.fixture
def olga(visit, officer):
    return visit.sign_in(officer)


def text(answer):
    return words(answer.get_data(as_text=True))


def attempt_of(person):
    db.session.expire_all()
    return db.session.scalars(
        select(Attempt).where(Attempt.person_id == person.id).order_by(Attempt.number.desc())
    ).first()


def mails_to(person):
    return list(
        db.session.scalars(
            select(MailMessage.kind).where(MailMessage.person == person.public_id).order_by(MailMessage.id)
        )
    )


# ---- planning


def plan_form(exam, **changes):
    begins = clock.now() + timedelta(days=3)
    return {
        "exam": exam.code,
        "title": "December sitting",
        "place": "Room 4",
        "supervision": "supervised",
        "opens_at": f"{begins:%Y-%m-%dT%H:%M}",
        "closes_at": f"{begins + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "seats_most": "",
        "needs_code": "y",
        "networks": "192.0.2.0/24",
        "instructions": "Bring a **passport**.",
    } | changes


def test_an_officer_plans_a_sitting_and_reads_it_again(olga):
    exam = sat_exam()

    answer = olga.post("/office/sittings/new", plan_form(exam))

    assert answer.status_code == 302, text(answer)
    sitting = db.session.scalars(select(Sitting)).one()
    assert (sitting.state, sitting.needs_identity, sitting.networks, sitting.seats_most) == (
        "planned", True, ["192.0.2.0/24"], None,
    )  # fmt: skip
    page = olga.get(f"/office/sittings/{sitting.public_id}").get_data(as_text=True)
    assert "<strong>passport</strong>" in page
    assert "December sitting" in text(olga.get("/office/sittings"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closes_at": "2020-01-01T10:00"}, "This moment has passed."),
        ({"networks": "the office"}, "“the office” is no network range"),
        ({"seats_most": "none"}, "Enter a number from 1"),
        ({"supervision": "by magic"}, "Not a valid choice"),
        ({"opens_at": "soon"}, "Not a valid datetime"),
        ({"title": ""}, "Give the sitting a name."),
    ],
)
def test_what_cannot_be_planned_is_said_at_its_field(olga, changes, sentence):
    answer = olga.post("/office/sittings/new", plan_form(sat_exam(), instructions="Keep this", **changes))

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "Keep this" in text(answer)


def test_the_window_is_at_least_as_long_as_the_exam(olga):
    begins = clock.now() + timedelta(days=1)
    given = {"opens_at": f"{begins:%Y-%m-%dT%H:%M}", "closes_at": f"{begins + timedelta(minutes=30):%Y-%m-%dT%H:%M}"}

    assert "lasts 60 minutes" in text(olga.post("/office/sittings/new", plan_form(sat_exam(), **given)))


def test_a_change_moves_the_seats_along_and_tells_their_people(olga, held_clock):
    exam, day = sat_exam(), held_clock.now + timedelta(days=1)
    sitting = sitting_of(exam, is_open=False, opens_at=day, closes_at=day + timedelta(hours=3))
    ada = PersonFactory()
    seat_for(sitting, ada)
    later = held_clock.now + timedelta(days=9)
    form = plan_form(
        exam,
        supervision="remote",
        opens_at=f"{later:%Y-%m-%dT%H:%M}",
        closes_at=f"{later + timedelta(hours=2):%Y-%m-%dT%H:%M}",
    )

    assert olga.post(f"/office/sittings/{sitting.public_id}/edit", form).status_code == 302

    attempt = attempt_of(ada)
    assert attempt.supervision == "remote"
    assert abs(attempt.closes_at - (later + timedelta(hours=2))) < timedelta(minutes=1)
    assert mails_to(ada) == ["sittings.seated", "sittings.changed"]


def test_the_form_of_a_change_holds_what_was_planned_in_the_readers_zone(visit):
    day = clock.now().replace(hour=9, minute=30, second=0, microsecond=0) + timedelta(days=2)
    sitting = sitting_of(
        is_open=False,
        opens_at=day,
        closes_at=day + timedelta(hours=2),
        networks=["192.0.2.0/24", "2001:db8::/32"],
        place="Room 4",
    )
    tokyo = visit.sign_in(PersonFactory(holding=["officer"], zone="Asia/Tokyo"))

    page = tokyo.get(f"/office/sittings/{sitting.public_id}/edit").get_data(as_text=True)

    for shown in (f'value="{day:%Y-%m-%d}T18:30"', "192.0.2.0/24\n2001:db8::/32", 'value="Room 4"', "Asia/Tokyo"):
        assert shown in page


def test_cancelling_voids_the_attempts_tells_everybody_and_uses_up_nothing(olga):
    exam, ada = sat_exam(), PersonFactory()
    sitting = sitting_of(exam)
    seat_for(sitting, ada)
    address = f"/office/sittings/{sitting.public_id}/cancel"
    assert olga.post(address, {"reason": ""}).status_code == 422

    assert olga.post(address, {"reason": "The roof leaks"}).status_code == 302

    assert attempt_of(ada).state == AttemptState.VOIDED
    assert mails_to(ada) == ["sittings.seated", "sittings.cancelled"]
    other = sitting_of(exam)
    seat_for(other, ada)
    assert (attempt_of(ada).number, attempt_of(ada).state) == (2, AttemptState.SCHEDULED)


def test_members_find_no_planning(visit):
    sitting = sitting_of()
    member = visit.sign_in(invigilator_of(sitting))

    for path in ("", "/new", f"/{sitting.public_id}", f"/{sitting.public_id}/ready", f"/{sitting.public_id}/edit"):
        assert member.get(f"/office/sittings{path}").status_code == 403


# ---- seats


def test_a_seat_makes_an_attempt_that_waits_and_a_mail_that_says_when_and_where(olga):
    sitting = sitting_of(place="Room 4", instructions="Bring a **passport**.")
    ada = PersonFactory(name="Ada Example", email="ada@people.test")

    answer = olga.post(f"/office/sittings/{sitting.public_id}/seats", {"email": "ADA@people.test", "label": "A4"})

    assert answer.status_code == 302
    attempt = attempt_of(ada)
    assert (attempt.state, attempt.sitting, attempt.supervision) == ("scheduled", sitting.public_id, "supervised")
    message = db.session.scalars(select(MailMessage)).one()
    for said in ("Room 4", "Bring a passport.", f"/sittings/{sitting.public_id}", "Exam of the tests", "Ada Example"):
        assert said in message.text


def test_two_roles_do_not_meet(olga, officer):
    sitting = sitting_of()
    ivo, ada = invigilator_of(sitting), PersonFactory(name="Ada Example")
    seat_for(sitting, ada)
    address = f"/office/sittings/{sitting.public_id}"

    assert "cannot sit in it" in text(olga.post(f"{address}/seats", {"email": ivo.email}))
    assert "cannot watch it" in text(olga.post(f"{address}/invigilators", {"watch-email": ada.email}))
    assert "Another officer has to give you a seat" in text(olga.post(f"{address}/seats", {"email": officer.email}))
    assert db.session.scalar(select(func.count()).select_from(Seat)) == 1
    assert db.session.scalar(select(func.count()).select_from(Invigilator)) == 1


def test_each_line_of_a_list_is_seated_or_comes_back_with_its_fault(olga, held_clock):
    exam = sat_exam(attempts=1)
    sitting, other = sitting_of(exam), sitting_of(exam)
    people = {name: PersonFactory(name=name, email=f"{name.lower()}@people.test") for name in ("Ada", "Bo", "Cy", "Di")}
    seat_for(other, people["Bo"])
    tried = seat_for(other, people["Cy"])
    conducting.mark_absent(db.session.get(Attempt, tried.attempt_id), "officer-of-tests", held_clock.now)
    transaction.commit()
    lines = (
        "ada@people.test, A1\nnobody@people.test\nbo@people.test\ncy@people.test;C3\n\nDI@people.test\nada@people.test"
    )

    answer = olga.post(f"/office/sittings/{sitting.public_id}/seats/list", {"lines": lines})

    assert answer.status_code == 200
    page = text(answer)
    assert "2 people were seated." in page
    for fault in (
        "nobody@people.test : No member has this address.",
        "bo@people.test : Bo cannot be seated: an attempt waits or runs elsewhere already",
        "cy@people.test;C3 : Cy cannot be seated: all attempts are used",
        "ada@people.test : Ada has a seat already.",
    ):
        assert fault in page
    box = answer.get_data(as_text=True).split("<textarea", 1)[1].split("</textarea>", 1)[0]
    assert "cy@people.test;C3" in box, "nothing is lost"
    assert "DI@people.test" not in box, "what is done is done"
    seats = {row.person.name: row.seat.label for row in queries.list_seated(sitting.id)}
    assert seats == {"Ada": "A1", "Di": ""}


def test_only_those_who_meet_the_conditions_are_offered_a_seat(olga, tmp_path):
    course = SmallCourse(tmp_path / "course")
    publish(course)
    code, exam = "CT", sat_exam(course_code="CT")
    readers = {name: PersonFactory(name=name) for name in ("Ada", "Bo", "Cy")}
    for name, person in readers.items():
        courses.enrol(person.id, code, clock.now())
        for lesson in list_lessons(code, person.id)[: 1 if name == "Cy" else None]:
            courses.finish_lesson(person.id, code, lesson.code, clock.now())
    transaction.commit()
    sitting = sitting_of(exam)
    assert [person.name for person in seating.list_ready(queries.get_watched(sitting.public_id))] == ["Ada", "Bo"]

    chosen = [readers["Ada"].public_id, readers["Cy"].public_id]
    answer = olga.post(f"/office/sittings/{sitting.public_id}/ready", {"person": chosen}, follow_redirects=True)

    assert "Cy cannot be seated: the lessons of" in text(answer)
    assert [row.person.name for row in queries.list_seated(sitting.id)] == ["Ada"]
    assert "Bo" in text(olga.get(f"/office/sittings/{sitting.public_id}/ready"))


def test_a_seat_is_taken_back_before_the_start_only(olga, held_clock):
    sitting, ada = sitting_of(), PersonFactory(name="Ada Example")
    seat = seat_for(sitting, ada)
    address = f"/office/sittings/{sitting.public_id}/seats/{seat.public_id}/remove"
    assert "Say why" in text(olga.post(address, {"reason": ""}, follow_redirects=True))

    olga.post(address, {"reason": "Wrong Ada"})

    assert attempt_of(ada).state == AttemptState.VOIDED
    assert queries.list_seated(sitting.id) == []
    assert mails_to(ada)[-1] == "sittings.cancelled"
    assert olga.post(address, {"reason": "again"}).status_code == 404


def test_whoever_has_passed_or_waits_for_a_result_gets_no_seat(app, held_clock):
    exam = sat_exam(needs_sitting=False, is_auto_released=False)
    ada = PersonFactory(name="Ada Example")
    who = Candidate(ada.id, ada.public_id, ada.name, 1)
    hand_in(begin(exam, who), who, is_released=False)

    with pytest.raises(DomainError, match="Ada Example cannot be seated: the last attempt has no result yet"):
        seat_for(sitting_of(exam), ada)


def test_an_accommodation_moves_the_close_of_a_seat_so_that_the_window_takes_nothing_away(app, held_clock):
    now = held_clock.now
    sitting = sitting_of(closes_at=now + timedelta(minutes=60))
    ada, bo = PersonFactory(), PersonFactory()
    accommodations.grant(ada, Amounts(50, 2, 10), None, "", "another", now)
    transaction.commit()

    seat_for(sitting, ada)
    seat_for(sitting, bo)

    assert attempt_of(ada).closes_at == now + timedelta(minutes=60 + 30 + 20)
    assert attempt_of(bo).closes_at == now + timedelta(minutes=60)


def test_fifty_parallel_seatings_fill_twenty_seats_and_no_more(app, session):
    sitting = sitting_of(seats_most=20)
    public_id, model = sitting.public_id, type(PersonFactory())
    people = [person.id for person in PersonFactory.create_batch(50)]

    def take(person_id):
        found = queries.get_watched(public_id, lock=True)
        seating.seat(found, db.session.get(model, person_id), "", "officer", clock.now())

    ended = at_once(app, [lambda n=n: take(n) for n in people])

    assert ended == {"done": 20, "DomainError": 30}
    assert session.scalar(select(func.count()).select_from(Seat)) == 20
    assert session.scalar(select(func.count()).select_from(Attempt)) == 20
    assert session.scalar(select(func.count()).where(AuditEntry.action == "sitting.seated")) == 20


def test_one_person_seated_fifty_times_at_once_has_one_seat(app, session):
    sitting, person_id = sitting_of(), PersonFactory().id
    public_id, model = sitting.public_id, type(PersonFactory())

    def take():
        found = queries.get_watched(public_id, lock=True)
        seating.seat(found, db.session.get(model, person_id), "", "officer", clock.now())

    ended = at_once(app, [take] * 50)

    assert ended == {"done": 1, "DomainError": 49}
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_a_plan_for_fewer_seats_than_are_taken_is_refused(app, officer):
    sitting = sitting_of(is_open=False)
    for _number in range(2):
        seat_for(sitting, PersonFactory())
    plan = Plan("T", "supervised", sitting.opens_at, sitting.closes_at, seats_most=1)

    with pytest.raises(DomainError) as caught:
        planning.change(queries.get_sitting(sitting.public_id, lock=True), plan, officer.public_id, clock.now())
    assert caught.value.field == "seats_most"
