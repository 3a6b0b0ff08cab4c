"""Incidents and late answers: noted by one, decided by another, a held release waits, and the candidate is told."""

import pytest
from sqlalchemy import func, select

from app import clock, transaction
from app.extensions import db
from app.mail.models import MailMessage
from assessments.exams.models import Attempt, AttemptAllowance, AttemptItem, LateAnswer
from assessments.exams.rules import AttemptState
from assessments.results import queries as results
from assessments.sittings import holding, incidents, personal, queries
from assessments.sittings.incidents import Decision
from assessments.sittings.models import Incident
from tests.assessments.exams.test_races import at_once
from tests.factories.assessments import SECRET_MARK, held_clock, run_jobs, words
from tests.factories.people import PersonFactory
from tests.factories.sittings import invigilator_of, seat_for, sitting_of

__all__ = ["held_clock"]


@pytest.fixture
def ada(app):
    return PersonFactory(name="Ada Example")


@pytest.fixture
def olga(visit):
    return visit.another().sign_in(PersonFactory(holding=["officer"], name="Olga Officer"))


def text(answer):
    return words(answer.get_data(as_text=True))


def attempt_of(person):
    db.session.expire_all()
    return db.session.scalars(select(Attempt).where(Attempt.person_id == person.id)).one()


def mails_to(person):
    found = select(MailMessage).where(MailMessage.person == person.public_id, MailMessage.kind == "sittings.decided")
    return [message.text for message in db.session.scalars(found)]


def writing(visit, sitting, person):
    """Browsers of a candidate who writes and of the invigilator, with the seat."""
    seat = seat_for(sitting, person)
    ivo = visit.another().sign_in(invigilator_of(sitting))
    ivo.post(f"/sittings/{sitting.public_id}/console/act", {"do": f"authorise:{seat.public_id}", "how": "passport"})
    browser = visit.another().sign_in(person)
    assert browser.post(f"/sittings/{sitting.public_id}/start", {"declared": "y"}).status_code == 302
    return browser, ivo, seat


def note(browser, sitting, seat=None, **given):
    data = {"seat": seat.public_id if seat else "", "kind": "technical", "text": "The screen went black"} | given
    answer = browser.post(f"/sittings/{sitting.public_id}/console/incidents", data)
    assert answer.status_code == 302, text(answer)
    db.session.expire_all()
    return db.session.scalars(select(Incident).where(Incident.kind != "address").order_by(Incident.id.desc())).first()


def decide(browser, incident, decision, **given):
    prefix, data = incident.public_id, {"decision": decision, "note": "As the report says"} | given
    return browser.post(f"/office/incidents/{prefix}", {f"{prefix}-{name}": value for name, value in data.items()})


def hand_in(browser, person):
    browser.post(f"/attempts/{attempt_of(person).public_id}/submit")
    run_jobs()


def test_a_held_release_waits_for_the_decision_and_then_goes_by_itself(visit, ada, olga):
    sitting = sitting_of()
    browser, ivo, seat = writing(visit, sitting, ada)
    incident = note(ivo, sitting, seat, holds_release="y")
    hand_in(browser, ada)
    attempt = attempt_of(ada)
    assert attempt.released_at is None, "nobody is told while the incident waits"
    assert holding.open_incidents(attempt.id) == "1 incident waits for a decision."

    assert decide(olga, incident, "no_action").status_code == 302
    run_jobs()

    assert holding.open_incidents(attempt.id) is None
    assert attempt_of(ada).state == AttemptState.RELEASED
    assert mails_to(ada) == [], "no action changes nothing for the candidate"


def test_an_incident_of_the_whole_sitting_holds_everybody_in_it_and_nobody_else(visit, ada, olga):
    sitting, other, bo = sitting_of(), sitting_of(), PersonFactory()
    _browser, ivo, _seat = writing(visit, sitting, ada)
    seat_for(other, bo)
    note(ivo, sitting, kind="disturbance", holds_release="y")

    assert holding.open_incidents(attempt_of(ada).id)
    assert holding.open_incidents(attempt_of(bo).id) is None


def test_what_does_not_hold_lets_the_result_go(visit, ada):
    sitting = sitting_of()
    browser, ivo, seat = writing(visit, sitting, ada)
    note(ivo, sitting, seat)
    hand_in(browser, ada)

    assert attempt_of(ada).state == AttemptState.RELEASED


def test_whoever_noted_it_or_is_concerned_does_not_decide(visit, ada, olga):
    sitting = sitting_of()
    _browser, _ivo, seat = writing(visit, sitting, ada)
    incident = note(olga, sitting, seat)

    own = decide(olga, incident, "void")
    assert own.status_code == 422
    assert "did not note it" in text(own)
    assert "another officer decides" in text(olga.get("/office/incidents"))
    with pytest.raises(Exception, match="is not concerned"):
        incidents.decide(queries.get_incident(incident.public_id), Decision("void", "x"), ada.public_id, clock.now())
    assert attempt_of(ada).state == AttemptState.IN_PROGRESS


def test_what_is_wrong_stands_with_its_incident_and_nothing_typed_is_lost(visit, ada, olga):
    sitting = sitting_of()
    _browser, ivo, seat = writing(visit, sitting, ada)
    first, second = note(ivo, sitting, seat), note(ivo, sitting, seat)

    answer = decide(olga, second, "extra_time", minutes="", note="Kept words")

    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert page.count("Kept words") == 1
    assert "Enter the minutes, from 1 to 240." in page
    assert decide(olga, first, "").status_code == 422
    assert decide(olga, first, "hang them").status_code == 422
    assert decide(olga, first, "void", note="").status_code == 422
    assert all(row.decision == "" for row in db.session.scalars(select(Incident).where(Incident.kind == "technical")))


@pytest.mark.parametrize("decision", ["void", "new_attempt", "extra_time", "misconduct"])
def test_each_decision_does_what_its_words_say(visit, ada, olga, decision):
    sitting = sitting_of()
    _browser, ivo, seat = writing(visit, sitting, ada)
    before = attempt_of(ada).deadline_at
    incident = note(ivo, sitting, seat)

    assert decide(olga, incident, decision, minutes="15").status_code == 302

    attempt = attempt_of(ada)
    allowed = db.session.scalar(select(func.count()).select_from(AttemptAllowance))
    assert (attempt.state == AttemptState.VOIDED) == (decision == "void")
    assert allowed == (decision == "new_attempt")
    assert (attempt.deadline_at - before).total_seconds() == (900 if decision == "extra_time" else 0)
    assert len(mails_to(ada)) == (decision != "misconduct")
    assert decide(olga, incident, "no_action").status_code == 422, "decided already"


def test_extra_time_for_the_whole_sitting_names_whom_it_cannot_reach(visit, ada, olga):
    sitting, bo = sitting_of(), PersonFactory(name="Bo Example")
    browser, ivo, _seat = writing(visit, sitting, ada)
    seat_for(sitting, bo)
    incident = note(ivo, sitting, kind="disturbance")
    hand_in(browser, ada)

    answer = decide(olga, incident, "extra_time", minutes="10")

    page = text(olga.get(answer.headers["Location"]))
    assert "Ada Example: The attempt is over" in page
    assert attempt_of(bo).extended_seconds == 600


def test_two_officers_decide_at_once_and_it_is_decided_once(visit, app, ada):
    sitting = sitting_of()
    _browser, ivo, seat = writing(visit, sitting, ada)
    public_id = note(ivo, sitting, seat).public_id

    def settle(who):
        incidents.decide(queries.get_incident(public_id, lock=True), Decision("new_attempt", "x"), who, clock.now())

    ended = at_once(app, [lambda n=n: settle(f"officer-{n}") for n in range(10)])

    assert ended == {"done": 1, "DomainError": 9}
    assert db.session.scalar(select(func.count()).select_from(AttemptAllowance)) == 1


# ---- late answers


def late_of(visit, ada):
    """A candidate whose answer came while the clock stood still."""
    sitting = sitting_of()
    browser, ivo, seat = writing(visit, sitting, ada)
    act = f"/sittings/{sitting.public_id}/console/act"
    ivo.post(act, {"do": f"pause:{seat.public_id}", "reason": "Alarm"})
    attempt = attempt_of(ada).public_id
    browser.put(f"/attempts/{attempt}/answers/1", {"seq": 1, "answer": "b"})
    browser.put(f"/attempts/{attempt}/answers/2", {"seq": 1, "answer": "a"})
    assert db.session.scalar(select(func.count()).select_from(LateAnswer)) == 2
    return sitting, browser, ivo, seat, attempt


def answers_of(attempt):
    statement = select(AttemptItem.position, AttemptItem.response).join(Attempt).where(Attempt.public_id == attempt)
    return dict(db.session.execute(statement.where(AttemptItem.response.is_not(None))).all())


def test_late_answers_are_flagged_listed_with_their_incident_and_counted_one_by_one(visit, ada, olga):
    sitting, _browser, ivo, seat, attempt = late_of(visit, ada)
    note(ivo, sitting, seat, text="The alarm rang")
    assert "2 late answers wait" in ivo.get(f"/sittings/{sitting.public_id}/console/roster").json["rows"][0]["flags"]
    page = olga.get("/office/incidents").get_data(as_text=True)
    assert "The alarm rang" in page.split("Late answers of", 1)[1]
    assert "while the clock stood still" in page
    assert SECRET_MARK not in page
    assert "Stem of" not in page
    late = {row.attempt_item_id: row.public_id for row in db.session.scalars(select(LateAnswer))}
    first, second = [late[key] for key in sorted(late)]
    address = f"/office/incidents/late/{attempt}"
    assert "Say why" in text(olga.post(address, {"answer": [first], "counted": "yes", "reason": ""}))

    assert olga.post(address, {"answer": [first], "counted": "yes", "reason": "The alarm was ours"}).status_code == 302
    assert olga.post(address, {"answer": [second], "counted": "no", "reason": "Came later"}).status_code == 302

    assert answers_of(attempt) == {1: "b"}
    told = mails_to(ada)
    assert "1 answer that came late counts." in told[0]
    assert "1 answer that came late does not count." in told[1]
    assert "The alarm was ours" in told[0]
    assert olga.post(address, {"answer": [first], "counted": "no", "reason": "again"}).status_code == 422


def test_answers_of_other_attempts_cannot_be_decided_by_the_way(visit, ada, olga):
    _sitting, _browser, _ivo, _seat, _attempt = late_of(visit, ada)
    bo = PersonFactory()
    _b, _i, _s = writing(visit, sitting_of(), bo)
    late = db.session.scalars(select(LateAnswer.public_id)).first()

    answer = olga.post(
        f"/office/incidents/late/{attempt_of(bo).public_id}", {"answer": [late], "counted": "yes", "reason": "x"}
    )

    assert answer.status_code == 422
    assert set(db.session.scalars(select(LateAnswer.decision))) == {""}


def test_members_and_invigilators_find_no_incidents(visit, ada):
    sitting = sitting_of()
    for person in (ada, invigilator_of(sitting), PersonFactory(holding=["assessor"])):
        browser = visit.another().sign_in(person)
        assert browser.get("/office/incidents").status_code == 403
        assert browser.post("/office/incidents/nothinghere").status_code == 403


# ---- the desk and privacy


def test_the_desk_says_what_waits(visit, ada, olga):
    late_of(visit, ada)
    sitting = sitting_of()
    _browser, ivo, seat = writing(visit, sitting, PersonFactory())
    note(ivo, sitting, seat)

    page = text(olga.get("/office"))

    for line in ("2 sittings today", "1 incident to decide on", "Late answers of 1 candidate"):
        assert line in page


def test_a_copy_holds_seats_and_erasing_empties_words(visit, ada):
    sitting = sitting_of(place="Room 4")
    browser, ivo, seat = writing(visit, sitting, ada)
    note(ivo, sitting, seat, text="Ada Example fainted")
    browser.get(f"/attempts/{attempt_of(ada).public_id}/clock", environ_overrides={"REMOTE_ADDR": "192.0.2.8"})

    told = personal.PERSONAL.export(ada)
    assert told["seats"][0]["place"] == "Room 4"
    assert {"technical", "network"} <= {row["kind"] for row in told["incidents"]}
    assert seat.public_id in personal.PERSONAL.subjects(ada)
    assert personal.PERSONAL.export(ivo.person)["watched"][0]["title"] == "December sitting"
    personal.PERSONAL.erase(ada, clock.now())
    transaction.commit()

    rows = db.session.scalars(select(Incident)).all()
    assert {(row.text, row.decision_note) for row in rows} == {("", "")}
    assert all(row.data is None for row in rows)
    assert results.find_by_attempt(attempt_of(ada).id) is None
