"""Coming back after the time for a renewal has passed: the level is earned again, and nothing old counts for it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app import clock
from app.extensions import db
from app.policy import Actor
from assessments.results.models import Result
from certificates import queries
from certificates.awarding import reentry
from certificates.awarding import services as awards
from certificates.changes import outlooks
from certificates.changes.periods import Phase
from certificates.models import AwardCase, AwardDecision, CaseState, Credential
from courses.models import Scheme
from tests.factories.certificates import pass_exam, run_jobs
from tests.factories.people import PersonFactory
from tests.factories.renewals import certify_for, days_left, newest, person_of


@pytest.fixture
def late(app):
    """A certificate whose renewal window closed: it ended a hundred days ago, on an exam of three years before."""
    credential = certify_for()
    days_left(credential, -100)
    long_ago = clock.now() - timedelta(days=3 * 365)
    db.session.execute(update(Result).values(released_at=long_ago))
    db.session.commit()
    return newest()


def numbers(person):
    statement = select(Credential.number).where(Credential.person_id == person.id).order_by(Credential.id)
    return db.session.scalars(statement).all()


def test_what_was_passed_before_does_not_bring_it_back(late):
    person = person_of(late)
    assert awards.consider_award(person.id, "foundation", clock.now()) is None
    db.session.commit()
    assert numbers(person) == [late.number]


def test_the_exam_passed_anew_makes_a_new_certificate_with_a_period_of_its_own(late):
    person = person_of(late)
    pass_exam(person)
    db.session.commit()
    run_jobs()
    made = newest()
    assert numbers(person) == [late.number, made.number]
    assert (made.state, made.supersedes_id, made.decision.cycle) == ("issued", None, 2)
    assert made.issued_on == awards.today(clock.now())
    assert queries.standing_of(made, clock.now()).status == "valid"
    assert queries.standing_of(queries.get_credential(late.public_id), clock.now()).status == "expired"
    assert len(made.decision.sources) == 1, "it rests on the new result alone"


def test_once_come_back_another_result_gives_no_third_one(late):
    person = person_of(late)
    pass_exam(person)
    run_jobs()
    pass_exam(person)
    run_jobs()
    awards.consider_award(person.id, "foundation", clock.now())
    db.session.commit()
    assert len(numbers(person)) == 2
    assert reentry.list_open(person.id, clock.now()) == {}


@pytest.mark.parametrize("left", [200, 30, -30])
def test_while_it_can_be_renewed_or_will_be_nothing_is_earned_again(app, left):
    credential = certify_for()
    days_left(credential, left)
    person = person_of(credential)
    pass_exam(person)
    run_jobs()
    assert numbers(person) == [credential.number]


def test_where_a_person_decides_it_waits_for_one_who_sees_the_new_evidence_alone(late):
    db.session.execute(update(Scheme).values(decider="person"))
    db.session.commit()
    person = person_of(late)
    result = pass_exam(person)
    case = db.session.scalars(select(AwardCase).where(AwardCase.cycle == 2)).one()
    assert case.state == CaseState.PERSON
    found = awards.findings_of(case, clock.now())
    assert [source.public_id for source in found.gathered.sources] == [result.public_id]
    officer = PersonFactory(holding=["officer"])
    actor = Actor(person_id=officer.id, public_id=officer.public_id, roles=frozenset({"officer"}))
    awards.decide_as_person(case.public_id, "award", "", declared=True, actor=actor, now=clock.now())
    db.session.commit()
    assert db.session.scalar(select(func.max(AwardDecision.cycle))) == 2


def test_the_page_says_the_way_back_and_leads_there(visit, late):
    visit.sign_in(person_of(late))
    page = visit.get(f"/certificates/{late.public_id}/renew").get_data(as_text=True)
    for words in (
        "The way back is to earn the level again",
        "Lessons that you have read stay read",
        'href="/exams/EX"',
        'href="/path"',
    ):
        assert words in page
    own = visit.get("/certificates").get_data(as_text=True)
    assert "See the way back" in own
    assert f'href="/certificates/{late.public_id}/renew"' in own


def test_the_old_one_says_nothing_of_a_renewal_once_the_level_is_earned_again(visit, late):
    person = person_of(late)
    pass_exam(person)
    run_jobs()
    visit.sign_in(person)
    assert "See the way back" not in visit.get("/certificates").get_data(as_text=True)
    page = visit.get(f"/certificates/{late.public_id}/renew").get_data(as_text=True)
    assert "cannot be renewed as it stands" in page


def test_my_path_is_told_in_one_statement(late):
    [row] = outlooks.list_renewals(late.person_id, clock.now())
    assert (row.phase, row.level_code, row.hours, row.asked) == (Phase.OVER, "foundation", 60, False)
