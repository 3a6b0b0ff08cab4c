"""What exams, practicals and certificates tell My path: released things only, and the same as the award is made from."""

import pytest

from app import clock
from app.accounts.models import Person
from app.extensions import db
from app.home.gathering import Asked, rule_of
from app.home.path_certificates import certificates
from app.home.path_exams import exams
from app.home.path_practicals import practicals
from assessments.exams.models import Attempt
from assessments.exams.rules import AttemptState
from assessments.practicals.models import Submission
from assessments.results.services import release
from certificates.awarding import evidence
from certificates.lifecycle import history
from certificates.lifecycle.status import Event
from courses import queries
from tests.factories.certificates import PRACTICAL_REQUIREMENT, certify, do_practical, make_level, pass_exam, sit_exam
from tests.factories.people import PersonFactory
from tests.support.queries import counted


@pytest.fixture
def person(session):
    make_level(more=(PRACTICAL_REQUIREMENT,))
    return PersonFactory()


def ask(person):
    scheme = queries.current_scheme("foundation", clock.now().date())
    return Asked(person.id, "foundation", rule_of(scheme), {}, clock.now())


def as_for_the_award(person):
    terms = evidence.find_terms("foundation", clock.now().date())
    return evidence.gather(person.id, terms, clock.now()).evidence


def let_go(result):
    release(result, "officer-of-tests", clock.now())
    if result.kind == "practical":
        db.session.get(Submission, result.submission_id).state = "released"
    db.session.commit()


def test_with_nothing_done_there_is_an_exam_to_open(person):
    found = exams(ask(person))
    assert found.evidence.exams["EX"].percents == ()
    assert found.evidence.exams["EX"].attempts_left == 3
    assert found.notes["EX"].href == "/exams/EX"


def test_nothing_is_told_before_its_release(person):
    sit_exam(person, "90")
    do_practical(person)
    assert exams(ask(person)).evidence.exams["EX"].percents == ()
    work = practicals(ask(person))
    assert work.evidence.practicals["PR"].released == ()
    assert work.evidence.practicals["PR"].awaiting


def test_the_evidence_is_the_one_the_award_is_made_from(person):
    for percent in ("40", "75"):
        let_go(sit_exam(person, percent))
    let_go(do_practical(person, "absent"))
    award = as_for_the_award(person)
    assert exams(ask(person)).evidence.exams["EX"].percents == award.exams["EX"].percents
    assert practicals(ask(person)).evidence.practicals["PR"].released == award.practicals["PR"].released


def test_an_attempt_that_was_voided_does_not_count(person):
    result = pass_exam(person)
    db.session.get(Attempt, result.attempt_id).state = AttemptState.VOIDED
    db.session.commit()
    found = exams(ask(person)).evidence.exams["EX"]
    assert found.percents == as_for_the_award(person).exams["EX"].percents == ()
    assert found.attempts_left == 3


def test_after_a_pass_there_is_a_result_to_see_and_no_exam_to_open(person):
    result = sit_exam(person, "90")
    db.session.get(Attempt, result.attempt_id).released_at = clock.now()
    let_go(result)
    note = exams(ask(person)).notes["EX"]
    assert (note.action, note.href) == ("See your result", "/results")


def test_a_running_attempt_is_the_way_back_into_it(person):
    result = sit_exam(person, "0")
    db.session.get(Attempt, result.attempt_id).state = AttemptState.IN_PROGRESS
    db.session.commit()
    note = exams(ask(person)).notes["EX"]
    assert (note.line, note.locked) == ("The clock is running", "")


def test_after_a_failed_attempt_the_wait_is_named(app, person):
    result = sit_exam(person, "40")
    db.session.get(Attempt, result.attempt_id).released_at = clock.now()
    let_go(result)
    with app.test_request_context("/path"):
        assert exams(ask(person)).notes["EX"].locked.startswith("wait until ")


def test_a_draft_is_under_way(app, person):
    result = do_practical(person)
    db.session.get(Submission, result.submission_id).state = "draft"
    db.session.commit()
    with app.test_request_context("/path"):
        note = practicals(ask(person)).notes["PR"]
    assert note.under_way
    assert note.href == "/practicals/PR"


def test_a_certificate_in_force_is_held(session):
    credential = certify()
    assert [held.level_code for held in certificates(credential.person_id, clock.now())] == ["foundation"]
    assert list(certificates(PersonFactory().id, clock.now())) == []


def test_a_revoked_certificate_says_so_and_is_not_held(session):
    credential = certify()
    history.add(credential, Event.REVOKED, clock.now(), "officer-of-tests")
    db.session.commit()
    [held] = certificates(credential.person_id, clock.now())
    assert (held.level_code, held.ended) == ("foundation", "revoked")


def test_the_page_of_a_holder_stays_within_its_queries(session, visit):
    credential = certify()
    visit.sign_in(session.get(Person, credential.person_id))
    visit.get("/path")
    with counted() as sent:
        page = visit.get("/path")
    assert "You hold Foundation" in page.get_data(as_text=True)
    assert len(sent) <= 8, sent
