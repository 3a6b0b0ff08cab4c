"""Results are released by a person, and only then does the learner hear of them; reminders go to assessors."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.audit.models import AuditEntry
from app.jobs.ledger import Claim
from app.mail.models import MailMessage
from assessments.practicals import handlers, marking, queries, submissions
from assessments.practicals.models import Submission
from assessments.results.models import Result
from tests.factories.people import PersonFactory
from tests.factories.practicals import actor_of, assessor, finish, hand_in, mark, take
from tests.support.visitor import Visitor

HERE = "/office/results"


@pytest.fixture
def officer(visit: Visitor) -> Visitor:
    """An officer, signed in."""
    return visit.sign_in(PersonFactory(name="Ole Fisk", holding=["officer"]))


def result_of(session, script: Submission) -> Result:
    session.expire_all()
    return session.scalars(select(Result).where(Result.submission_id == script.id)).one()


def mails_to(session, person) -> list[str]:
    return list(session.scalars(select(MailMessage.kind).where(MailMessage.recipient == person.email)))


def test_assessors_and_members_release_nothing(visit):
    for roles in ([], ["assessor"]):
        other = visit.another().sign_in(PersonFactory(holding=roles))
        assert other.get(HERE).status_code == 403
        assert other.post(HERE, {"result": "x"}).status_code == 403


def test_an_officer_sees_codes_and_outcomes_and_no_names(officer):
    learner = PersonFactory(name="Zzyzxqua Moor", email="zzyzxqua@people.test")
    script = hand_in(learner)
    finish(script, assessor())
    text = officer.get(HERE).get_data(as_text=True)
    assert script.candidate_number in text
    assert "zzyzxqua" not in text.casefold()


def test_several_results_are_released_in_one_act(officer, session):
    learners = [PersonFactory(), PersonFactory()]
    scripts = [hand_in(learner) for learner in learners]
    for script in scripts:
        finish(script, assessor())
    chosen = [result_of(session, script).public_id for script in scripts]
    assert officer.post(HERE, {"result": chosen}).status_code == 302
    assert all(result_of(session, script).released_by == officer.person.public_id for script in scripts)
    assert {session.get(Submission, script.id).state for script in scripts} == {"released"}
    assert all(mails_to(session, learner) == ["practicals.received", "results.released"] for learner in learners)
    assert session.scalars(select(AuditEntry.action)).all().count("result.released") == 2
    assert "No result waits" in officer.get(HERE).get_data(as_text=True)


def test_releasing_twice_tells_once(officer, session):
    learner = PersonFactory()
    script = hand_in(learner)
    finish(script, assessor())
    for _time in range(2):
        assert officer.post(HERE, {"result": result_of(session, script).public_id}).status_code == 302
    assert mails_to(session, learner).count("results.released") == 1


def test_choosing_none_or_an_unknown_one_releases_none(officer, session):
    script = hand_in()
    finish(script, assessor())
    assert officer.post(HERE).status_code == 302
    assert officer.post(HERE, {"result": "unknown"}).status_code == 302
    assert result_of(session, script).released_at is None


def test_ones_own_result_is_released_by_somebody_else(officer, session):
    own, other = hand_in(officer.person), hand_in()
    for script in (own, other):
        finish(script, assessor())
    both = [result_of(session, script).public_id for script in (own, other)]
    assert officer.post(HERE, {"result": both}).status_code == 403
    assert result_of(session, other).released_at is None
    assert "somebody else releases it" in officer.get(HERE).get_data(as_text=True)


def test_whoever_marked_a_work_does_not_release_its_result(visit, session):
    """Two people look at each result, however many roles one of them holds."""
    both = visit.sign_in(PersonFactory(holding=["officer", "assessor"]))
    own_marking, others = hand_in(), hand_in()
    finish(own_marking, both.person)
    finish(others, assessor())
    ids = [result_of(session, script).public_id for script in (own_marking, others)]
    for chosen in (ids, ids[:1]):
        refused = both.post(HERE, {"result": chosen})
        assert refused.status_code == 403
        assert "You marked this work yourself, so another officer has to release its result." in refused.text
    assert result_of(session, others).released_at is None, "all or none"
    assert "marked by you: another officer releases it" in both.get(HERE).get_data(as_text=True)

    another = visit.another().sign_in(PersonFactory(holding=["officer"]))
    assert another.post(HERE, {"result": ids}).status_code == 302
    assert result_of(session, own_marking).released_by == another.person.public_id


def test_whoever_gave_a_script_back_unmarked_may_release_its_result(visit, session):
    both = visit.sign_in(PersonFactory(holding=["officer", "assessor"]))
    script = hand_in()
    marking.give_back(take(script, both.person), actor_of(both.person))
    transaction.commit()
    finish(script, assessor())
    assert both.post(HERE, {"result": result_of(session, script).public_id}).status_code == 302
    assert result_of(session, script).released_at is not None


def released(officer: Visitor, session, script: Submission, level: str) -> None:
    finish(script, assessor(), level)
    officer.post(HERE, {"result": result_of(session, script).public_id})


def test_after_a_pass_there_is_nothing_to_hand_in_again(officer, visit, session):
    learner = visit.another().sign_in(PersonFactory())
    released(officer, session, hand_in(learner.person), "meets")
    assert "You have passed this practical" in learner.get("/practicals/T-P1").get_data(as_text=True)
    assert learner.post("/practicals/T-P1/begin").status_code == 409


def test_the_next_attempt_goes_on_from_the_last_and_leaves_it_whole(officer, visit, session):
    learner = visit.another().sign_in(PersonFactory())
    first = hand_in(learner.person, "First text.", diary=b"a diary")
    released(officer, session, first, "developing")
    learner.post("/practicals/T-P1/begin")
    draft = queries.lock_draft(learner.person.id, first.practical_id)
    assert (draft.number, draft.text, len(draft.files)) == (2, "First text.", 1)
    stored = draft.files[0].stored
    submissions.remove_file(draft, stored.public_id, clock.now())
    submissions.save_text(draft, "Second text.", draft.version, clock.now())
    transaction.commit()
    assert learner.get(f"/practicals/T-P1/files/{stored.public_id}").data == b"a diary"
    session.expire_all()
    assert session.get(Submission, first.id).text == "First text."


def run_reminders() -> None:
    handlers.remind(Claim(0, handlers.REMIND, {}, 1, 8))
    transaction.commit()


def test_assessors_are_reminded_of_what_is_due_and_of_nothing_else(app, session):
    idle, busy = assessor(), assessor()
    take(hand_in(days_ago=13), busy)
    hand_in(days_ago=12)
    hand_in(days_ago=1)
    run_reminders()
    mail = session.scalars(select(MailMessage).where(MailMessage.recipient == busy.email)).one()
    assert "1 with you, 1 waiting" in mail.subject
    assert mails_to(session, idle) == ["practicals.reminder"]


def test_nobody_is_reminded_of_ones_own_houses_work(app, session):
    colleague = assessor(working_for="Acme")
    hand_in(PersonFactory(working_for="Acme"), days_ago=13)
    run_reminders()
    assert mails_to(session, colleague) == []


def test_nothing_due_no_mail(app, session):
    reader = assessor()
    hand_in(days_ago=1)
    run_reminders()
    assert mails_to(session, reader) == []


def test_a_mark_before_the_hold_ended_counts_after_it(app, session, monkeypatch):
    """A slow assessor whom nobody replaced may hand in late."""
    reader, script = assessor(), hand_in()
    mark(take(script, reader))
    later = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    finish(script, reader)
    assert result_of(session, script).outcome == "pass"
