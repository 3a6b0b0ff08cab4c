"""An assessor takes a script, marks it bit by bit, gives it back or hands the marks in."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from app import clock, transaction
from app.accounts.models import Affiliation
from app.accounts.services import employer_key
from app.audit.models import AuditEntry
from app.errors import DomainError, Missing, Stale
from assessments.grading.replay import replay
from assessments.practicals import catalogue, judging, marking, marking_queries, queries, rules
from assessments.practicals.marking import Entry, Outdated
from assessments.practicals.models import AgreedMark, Marking, Submission
from assessments.results.models import Result
from assessments.results.queries import record_of
from tests.factories.people import AffiliationFactory, PersonFactory
from tests.factories.practicals import RubricFactory, actor_of, assessor, finish, hand_in, mark, take


def waiting_for(person) -> list[str]:
    return [script.candidate_number for script in marking_queries.list_waiting(person.id, clock.now())]


def reload(found: Marking) -> Marking:
    return marking_queries.get_marking(found.public_id, found.assessor_id)


def test_the_longest_waiting_comes_first(app):
    late, early = hand_in(days_ago=1), hand_in(days_ago=9)
    assert waiting_for(assessor()) == [early.candidate_number, late.candidate_number]


def test_a_script_that_is_read_waits_no_more(app):
    script, reader = hand_in(), assessor()
    take(script, reader)
    assert waiting_for(reader) == []
    assert waiting_for(assessor()) == []
    assert [m.submission_id for m in marking_queries.list_held(reader.id)] == [script.id]


def test_ones_own_work_is_neither_shown_nor_given(app):
    reader = assessor()
    script = hand_in(reader)
    assert waiting_for(reader) == []
    with pytest.raises(Missing):
        marking.take(script.public_id, actor_of(reader), clock.now())


def test_a_colleagues_work_is_neither_shown_nor_given(app):
    script = hand_in(PersonFactory(working_for="Acme"))
    reader = assessor(working_for="Acme")
    assert waiting_for(reader) == []
    with pytest.raises(Missing):
        marking.take(script.public_id, actor_of(reader), clock.now())
    assert waiting_for(assessor(working_for="Bolt")) == [script.candidate_number]


def test_the_work_of_somebody_with_ties_to_ones_employer_is_not_given(app):
    learner = PersonFactory()
    AffiliationFactory(person_id=learner.id, employer="", ties="Adviser to ACME, Ltd.")
    script, reader = hand_in(learner), assessor(working_for="Acme")
    assert waiting_for(reader) == []
    with pytest.raises(Missing):
        marking.take(script.public_id, actor_of(reader), clock.now())


def test_who_becomes_a_colleague_loses_the_script(app):
    learner, reader = PersonFactory(), assessor(working_for="Acme")
    found = take(hand_in(learner), reader)
    AffiliationFactory(person_id=learner.id, employer="Acme")
    with pytest.raises(Missing):
        reload(found)
    assert marking_queries.list_held(reader.id) == []


EMPLOYERS = st.lists(st.sampled_from(["Acme", "ACME Ltd", "Bolt", "Wind"]), max_size=2)
TIES = st.sampled_from(["", "adviser to Acme", "none to speak of", "Bolt; Wind"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EMPLOYERS, TIES, EMPLOYERS, TIES)
def test_queue_and_object_agree_with_the_rule_for_all_declarations(people, theirs, their_ties, ours, our_ties):
    learner, reader, script = people
    transaction.commit()
    for person, employers, ties in ((learner, theirs, their_ties), (reader, ours, our_ties)):
        declare(person.id, employers, ties)
    allowed = rules.may_mark(learner.id, known(theirs, their_ties), reader.id, known(ours, our_ties))
    assert (script in waiting_for(reader)) == allowed
    assert marking_queries.may_mark(learner.id, reader.id) == allowed


@pytest.fixture
def people(app):
    """A learner, an assessor, and the candidate number of the learner's work."""
    learner, reader = PersonFactory(), assessor()
    return learner, reader, hand_in(learner).candidate_number


def declare(person_id: int, employers: list[str], ties: str) -> None:
    session = transaction.db.session
    session.execute(delete(Affiliation).where(Affiliation.person_id == person_id))
    for employer in employers or [""]:
        AffiliationFactory(person_id=person_id, employer=employer, employer_key=employer_key(employer), ties=ties)


def known(employers: list[str], ties: str) -> rules.Ties:
    words = " ".join(employer_key(ties) for _each in employers or [""]).strip()
    return rules.Ties(frozenset(employer_key(employer) for employer in employers), words)


def test_a_held_script_is_not_given_to_another(app):
    script = hand_in()
    take(script, assessor())
    with pytest.raises(Stale):
        marking.take(script.public_id, actor_of(assessor()), clock.now())


def test_taking_again_what_one_holds_changes_nothing(app, session):
    script, reader = hand_in(), assessor()
    assert take(script, reader).id == take(script, reader).id
    assert len(session.scalars(select(Marking)).all()) == 1


def test_the_next_script_is_the_longest_waiting_one_that_is_free(app):
    first, second, reader = hand_in(days_ago=3), hand_in(days_ago=2), assessor()
    take(first, assessor())
    assert marking.take_next(actor_of(reader), clock.now()).submission_id == second.id
    with pytest.raises(DomainError, match="Nothing waits"):
        marking.take_next(actor_of(assessor(working_for="x")), clock.now())


def test_after_eight_hours_without_work_another_may_take_it_and_the_drafts_stay(app, session):
    script, slow, quick = hand_in(), assessor(), assessor()
    found = take(script, slow)
    mark(found)
    later = clock.now() + timedelta(hours=8, minutes=1)
    assert [s.public_id for s in marking_queries.list_waiting(quick.id, later)] == [script.public_id]
    marking.take(script.public_id, actor_of(quick), later)
    transaction.commit()
    old = reload(found)
    assert (old.state, len(old.marks)) == ("lapsed", 2)
    with pytest.raises(Stale, match="no longer hold"):
        marking.save(old, {"care": Entry("meets", "Too late.", 1)}, later)


def test_an_ended_hold_that_nobody_took_goes_on_with_the_next_save(app):
    found = take(hand_in(), assessor())
    later = clock.now() + timedelta(days=2)
    marking.save(found, {"care": Entry("meets", "Back again.", 0)}, later)
    assert found.lease_until == later + rules.LEASE


def test_each_save_holds_the_script_for_another_eight_hours(app):
    found = take(hand_in(), assessor())
    later = clock.now() + timedelta(hours=5)
    marking.save(found, {"care": Entry(None, "Half a thought", 0)}, later)
    assert found.lease_until == later + timedelta(hours=8)


def test_what_was_given_back_comes_back_with_its_drafts(app):
    script, reader = hand_in(), assessor()
    found = take(script, reader)
    mark(found, "exceeds")
    marking.give_back(reload(found), actor_of(reader))
    transaction.commit()
    assert waiting_for(reader) == [script.candidate_number]
    assert marking_queries.list_waiting(reader.id, clock.now())[0].has_draft
    assert {m.level for m in take(script, reader).marks} == {"exceeds"}


def test_a_save_over_something_newer_is_refused_whole(app):
    found = take(hand_in(), assessor())
    mark(found, "meets")
    with pytest.raises(Outdated) as caught:
        marking.save(
            reload(found), {"selection": Entry("absent", "No.", 0), "care": Entry("exceeds", "Yes.", 1)}, clock.now()
        )
    transaction.db.session.rollback()
    assert caught.value.codes == ["selection"]
    assert {m.level for m in reload(found).marks} == {"meets"}


def test_the_same_save_twice_is_no_conflict(app):
    found = take(hand_in(), assessor())
    for _time in range(2):
        marking.save(found, {"care": Entry("meets", "Good.", 0)}, clock.now())
    assert [m.version for m in found.marks] == [1]


def test_closing_words_have_a_version_of_their_own(app):
    found = take(hand_in(), assessor())
    marking.save(found, {}, clock.now(), Entry(None, "Well done.", 0))
    with pytest.raises(Outdated) as caught:
        marking.save(found, {}, clock.now(), Entry(None, "Try again.", 0))
    assert caught.value.codes == [""]


@pytest.mark.parametrize("entries", [{"nothing": Entry("meets", "", 0)}, {"care": Entry("superb", "", 0)}])
def test_only_what_the_rubric_knows_is_saved(app, entries):
    with pytest.raises(DomainError):
        marking.save(take(hand_in(), assessor()), entries, clock.now())


def test_the_rubric_is_frozen_by_its_first_mark(app, session):
    found = take(hand_in(), assessor())
    marking.save(found, {"care": Entry(None, "A word, no mark.", 0)}, clock.now())
    transaction.commit()
    assert queries.get_rubric("T-R1").frozen_at is None
    now = clock.now()
    marking.save(reload(found), {"care": Entry("meets", "A mark.", 1)}, now)
    transaction.commit()
    assert queries.get_rubric("T-R1").frozen_at == now


def test_work_is_marked_by_the_rubric_of_the_day_it_was_handed_in(app):
    script = hand_in()
    RubricFactory(version=2, title="A stricter one", content_hash="1" * 64)
    found = take(script, assessor())
    assert found.rubric.version == 1
    assert take(hand_in(), assessor()).rubric.version == 2


@pytest.mark.parametrize("said", [Entry(None, "A word.", 0), Entry("meets", "   ", 0)])
def test_marks_are_not_handed_in_while_a_level_or_a_comment_is_missing(app, said):
    reader = assessor()
    found = take(hand_in(), reader)
    marking.save(found, {"selection": Entry("meets", "Good.", 0), "care": said}, clock.now())
    with pytest.raises(DomainError, match="missing") as caught:
        marking.finish(found, actor_of(reader), clock.now())
    assert caught.value.field == "care"


@pytest.mark.parametrize(("weakest", "outcome"), [("meets", "pass"), ("developing", "refer"), ("absent", "refer")])
def test_finished_marks_are_agreed_judged_and_can_be_computed_again(app, session, weakest, outcome):
    script = hand_in()
    finish(script, assessor(), "exceeds", care=weakest)
    session.expire_all()
    result = session.scalars(select(Result)).one()
    assert (result.outcome, result.percent, result.released_at) == (outcome, None, None)
    assert result.submission_id == script.id
    assert replay(record_of(result.id)) == []
    agreed = session.scalars(select(AgreedMark).order_by(AgreedMark.criterion_id)).all()
    assert [(a.level, a.comment) for a in agreed] == [("exceeds", "A word on selection."), (weakest, "A word on care.")]
    assert session.get(Submission, script.id).state == "marked"


def test_finishing_twice_changes_nothing(app, session):
    reader = assessor()
    found = finish(hand_in(), reader)
    marking.finish(reload(found), actor_of(reader), clock.now())
    transaction.commit()
    assert len(session.scalars(select(Result)).all()) == 1
    assert len(session.scalars(select(AgreedMark)).all()) == 2
    assert session.scalars(select(AuditEntry.action)).all().count("marking.finished") == 1


def test_handed_in_marks_can_no_longer_be_changed_or_given_back(app, session):
    reader = assessor()
    found = finish(hand_in(), reader)
    with pytest.raises(Stale):
        marking.save(reload(found), {"care": Entry("absent", "Second thoughts.", 1)}, clock.now())
    marking.give_back(reload(found), actor_of(reader))
    assert reload(found).state == "done"


def test_a_marked_script_is_taken_by_nobody(app):
    script = hand_in()
    finish(script, assessor())
    with pytest.raises(Missing):
        marking.take(script.public_id, actor_of(assessor()), clock.now())


def test_each_act_stands_in_the_trail(app, session):
    reader = assessor()
    finish(hand_in(), reader)
    actions = session.execute(select(AuditEntry.action, AuditEntry.actor)).all()
    assert ("marking.taken", reader.public_id) in actions
    assert ("marking.finished", reader.public_id) in actions


def test_the_judgement_names_what_falls_short(app):
    reader = assessor()
    found = mark(take(hand_in(), reader), care="developing")
    assert judging.judge(found.rubric, judging.said_of(found)).below == ("care",)


def test_importing_leaves_a_frozen_rubric_as_it_is(app):
    finish(hand_in(), assessor())
    old = queries.get_rubric("T-R1")
    data = {"code": "T-R1", "title": "New", "levels": old.levels, "pass_level": "meets", "criterion": []}
    made, outcome = catalogue._import_rubric(data, clock.now())
    assert (made.version, outcome, old.title) == (2, "updated", "Two criteria")
