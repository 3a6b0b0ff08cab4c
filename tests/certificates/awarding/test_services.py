"""Who gets an award, when, by whose decision; and nobody twice."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from app import clock, transaction
from app.errors import DomainError, Stale
from app.extensions import db
from app.mail.models import MailMessage
from app.policy import Actor, Role
from assessments.exams.models import Attempt
from assessments.practicals.models import Marking, Rubric, Submission
from assessments.results.models import Result
from assessments.results.services import release
from certificates import queries
from certificates.awarding import services as awards
from certificates.awarding.award import Tie
from certificates.holding import services as holding
from certificates.lifecycle import revocations
from certificates.lifecycle.revocations import ReasonClass
from certificates.models import AwardCase, AwardDecision, Credential
from tests.factories.certificates import (
    PRACTICAL_REQUIREMENT,
    certify,
    do_practical,
    find_credential,
    make_candidate,
    make_level,
    open_keys,
    pass_exam,
    run_jobs,
    sit_exam,
)
from tests.factories.people import AffiliationFactory, PersonFactory


def how_many(table):
    return db.session.scalar(select(func.count()).select_from(table))


def case_state(person, level="foundation"):
    case = queries.find_case(person.id, level, 1)
    return case.state if case else None


def an_officer(**kwargs):
    person = PersonFactory(holding=["officer"], **kwargs)
    return Actor(person.id, person.public_id, person.name, roles=frozenset({Role.OFFICER}), is_authenticated=True)


def in_threads(app, count, act):
    faults = []

    def run(n):
        try:
            with app.app_context(), transaction.standalone():
                act(n)
        except Exception as fault:  # told to the test below
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_the_release_of_a_pass_makes_the_award_under_the_boards_standing_decision(app):
    make_level()
    person = make_candidate()
    pass_exam(person, "70")

    decision = db.session.scalars(select(AwardDecision)).one()
    assert (decision.person_id, decision.outcome, decision.scheme_version) == (person.id, "award", 1)
    assert decision.decided_by.startswith("standing:")
    assert decision.inputs["exams"]["EX"]["percents"] == ["70"]
    assert find_credential(person).state == "ordered"


def test_an_unreleased_pass_is_nobodys_business(app):
    make_level()
    person = make_candidate()
    sit_exam(person, "95")
    assert awards.consider_award(person.id, "foundation", clock.now()) is None
    assert case_state(person) is None


def test_a_result_below_the_minimum_earns_nothing(app):
    make_level()
    person = make_candidate()
    pass_exam(person, "69.9")
    assert how_many(AwardDecision) == 0


def test_every_part_has_to_be_there_whichever_comes_last(app):
    make_level(more=(PRACTICAL_REQUIREMENT,))
    ada, ben = make_candidate("Ada"), make_candidate("Ben")
    pass_exam(ada)
    assert find_credential(ada) is None
    release(do_practical(ada), "officer", clock.now())
    release(do_practical(ben), "officer", clock.now())
    db.session.commit()
    assert find_credential(ben) is None
    pass_exam(ben)
    assert find_credential(ada).state == find_credential(ben).state == "ordered"


def test_a_voided_attempt_counts_no_more(app):
    make_level(has_standing=False)
    person = make_candidate()
    pass_exam(person)
    assert case_state(person) == "standing"
    db.session.execute(update(Attempt).values(state="voided"))
    awards.consider_award(person.id, "foundation", clock.now())
    assert case_state(person) == "lapsed"


def test_considering_again_and_again_changes_nothing(app):
    make_level()
    person = make_candidate()
    pass_exam(person)
    for _ in range(5):
        assert awards.consider_award(person.id, "foundation", clock.now()) is None
    pass_exam(person, "99")
    assert (how_many(AwardDecision), how_many(Credential), how_many(AwardCase)) == (1, 1, 1)


def test_fifty_at_once_make_one_award(app):
    make_level()
    person = make_candidate()
    result = sit_exam(person)
    result.released_at = clock.now()
    db.session.commit()
    person_id = person.id
    db.session.remove()

    in_threads(app, 50, lambda n: awards.consider_award(person_id, "foundation", clock.now()))
    assert (how_many(AwardDecision), how_many(Credential), how_many(AwardCase)) == (1, 1, 1)


def test_two_parts_released_at_the_same_moment_still_make_the_award(app):
    make_level(more=(PRACTICAL_REQUIREMENT,))
    people = [make_candidate(f"Person {n}") for n in range(6)]
    ids = [r.id for person in people for r in (sit_exam(person), do_practical(person))]
    db.session.remove()

    def release_one(n):
        release(db.session.get(Result, ids[n]), "officer", clock.now())

    in_threads(app, len(ids), release_one)
    assert how_many(AwardDecision) == 6


def test_the_name_is_asked_for_once_and_confirming_it_makes_the_award(app):
    make_level(more=(PRACTICAL_REQUIREMENT,))
    person = make_candidate(is_confirmed=False)
    release(do_practical(person), "officer", clock.now())
    pass_exam(person)
    pass_exam(person)
    assert case_state(person) == "name"
    sent = db.session.scalars(select(MailMessage.kind).where(MailMessage.kind == "certificates.confirm-name")).all()
    assert len(sent) == 1

    holding.confirm_name(person, "Ada M. Beispiel", clock.now())
    db.session.commit()
    assert find_credential(person).holder_name == "Ada M. Beispiel"


def test_a_level_without_a_standing_decision_waits_until_the_board_has_one(app):
    make_level(has_standing=False)
    person = make_candidate()
    pass_exam(person)
    assert case_state(person) == "standing"

    awards.record_standing("foundation", "So decided.", date(2026, 1, 1), actor=an_officer(), now=clock.now())
    db.session.commit()
    assert find_credential(person).state == "ordered"


def test_one_standing_decision_at_a_time_and_none_from_the_future(app):
    make_level()
    officer, now = an_officer(), clock.now()
    with pytest.raises(DomainError, match="in force"):
        awards.record_standing("foundation", "Again.", date(2026, 1, 1), actor=officer, now=now)
    awards.end_standing(queries.find_standing("foundation").public_id, actor=officer, now=now)
    tomorrow = awards.today(now) + timedelta(days=1)
    with pytest.raises(DomainError, match="has not come"):
        awards.record_standing("foundation", "Early.", tomorrow, actor=officer, now=now)


class TestDecisionsByAPerson:
    """Levels above the first are decided by somebody without a tie to the candidate."""

    @pytest.fixture
    def case(self, app):
        make_level(decider="person", more=(PRACTICAL_REQUIREMENT,))
        person = make_candidate()
        release(do_practical(person), "rule", clock.now())
        pass_exam(person)
        return queries.find_case(person.id, "foundation", 1)

    def decide(self, case, officer, outcome="award", reason="", declared=True):
        now = clock.now()
        return awards.decide_as_person(case.public_id, outcome, reason, declared=declared, actor=officer, now=now)

    def test_nothing_happens_before_the_decision_and_the_name_of_who_decided_is_kept(self, case):
        assert (case.state, how_many(Credential)) == ("person", 0)
        officer = an_officer()
        assert self.decide(case, officer).decided_by == officer.public_id
        assert how_many(Credential) == 1

    def test_a_second_decision_is_stale(self, case):
        self.decide(case, an_officer())
        with pytest.raises(Stale):
            self.decide(case, an_officer())

    def test_nobody_decides_on_themselves(self, case):
        own = Actor(case.person_id, "me", "Me", roles=frozenset({Role.OFFICER}), is_authenticated=True)
        with pytest.raises(DomainError, match="of their own"):
            self.decide(case, own)

    def test_who_marked_the_candidate_may_not_decide(self, case):
        officer = an_officer()
        submission_id = db.session.scalar(select(Submission.id))
        rubric = Rubric(
            code="R", version=1, title="R", levels=["a", "b"], pass_level="b", content_hash="x", made_at=clock.now()
        )
        db.session.add(rubric)
        db.session.flush()
        db.session.add(
            Marking(
                public_id="m1", submission_id=submission_id, assessor_id=officer.person_id, rubric_id=rubric.id,
                began_at=clock.now(), lease_until=clock.now(), state="done",
            )
        )  # fmt: skip
        db.session.commit()
        with pytest.raises(DomainError, match="marked or released"):
            self.decide(case, officer)

    def test_who_released_a_result_may_not_decide(self, case):
        officer = an_officer()
        db.session.execute(update(Result).values(released_by=officer.public_id))
        with pytest.raises(DomainError, match="marked or released"):
            self.decide(case, officer)

    def test_nor_who_released_an_earlier_result_that_did_not_count(self, case):
        officer = an_officer()
        person = queries.lock_person(case.person_id)
        earlier = sit_exam(person, "20")
        earlier.finalised_by = officer.public_id
        db.session.commit()
        with pytest.raises(DomainError, match="marked or released"):
            self.decide(case, officer)

    def test_who_took_part_in_a_revocation_may_not_decide(self, case):
        officer, made = an_officer(), certify("Ben Beispiel", code="practitioner", exam="EX2")
        revocations.propose_revocation(made.public_id, ReasonClass.REQUEST, "Asked.", actor=officer, now=clock.now())
        db.session.execute(update(Credential).values(person_id=case.person_id))
        db.session.commit()
        with pytest.raises(DomainError, match="part in a revocation"):
            self.decide(case, officer)

    @pytest.mark.parametrize(("tie", "words"), [(Tie.TAUGHT, "taught"), (Tie.EXAMINED, "marked or released")])
    def test_what_other_features_know_of_teaching_and_examining_counts(self, app, case, tie, words):
        officer, asked = an_officer(), []

        def tell(decider_id, decider, person_id):
            asked.append((decider, person_id))
            return tie if decider == officer.public_id else None

        app.extensions["examiners"].append(tell)
        try:
            with pytest.raises(DomainError, match=words):
                self.decide(case, officer)
            db.session.rollback()
            assert self.decide(case, an_officer()).outcome == "award"
        finally:
            app.extensions["examiners"].clear()
        assert asked[0] == (officer.public_id, case.person_id)

    def test_nobody_decides_without_declaring_it_and_the_words_are_kept(self, case):
        with pytest.raises(DomainError, match="neither taught nor examined") as refused:
            self.decide(case, an_officer(), declared=False)
        assert refused.value.field == "independent"
        db.session.rollback()
        assert self.decide(case, an_officer()).declaration == "I neither taught nor examined this candidate"

    def test_who_shares_the_employer_may_not_decide(self, case):
        AffiliationFactory(person_id=case.person_id, employer="Acme")
        with pytest.raises(DomainError, match="same employer"):
            self.decide(case, an_officer(working_for="Acme"))

    def test_a_refusal_needs_a_reason_that_the_candidate_reads(self, case):
        with pytest.raises(DomainError, match="Say why"):
            self.decide(case, an_officer(), "declined")
        db.session.rollback()
        self.decide(case, an_officer(), "declined", "The practical is not your own.")
        db.session.commit()
        assert how_many(Credential) == 0
        text = db.session.scalars(select(MailMessage.text).where(MailMessage.kind == "certificates.declined")).one()
        assert "The practical is not your own." in text
        assert awards.consider_award(case.person_id, "foundation", clock.now()) is None

    def test_evidence_that_went_away_leaves_nothing_to_decide(self, case):
        db.session.execute(update(Attempt).values(state="voided"))
        with pytest.raises(Stale):
            self.decide(case, an_officer())

    def test_two_people_deciding_at_once_make_one_decision(self, app, case):
        officers, public_id = [an_officer() for _ in range(6)], case.public_id
        db.session.remove()
        refused = []

        def decide(n):
            try:
                awards.decide_as_person(public_id, "award", "", declared=True, actor=officers[n], now=clock.now())
            except Stale:
                refused.append(n)
                raise

        threads = [threading.Thread(target=_quietly, args=(app, decide, n)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (how_many(AwardDecision), how_many(Credential), len(refused)) == (1, 1, 5)


def _quietly(app, act, n):
    try:
        with app.app_context(), transaction.standalone():
            act(n)
    except Stale:
        pass


def test_the_next_level_follows_when_the_one_before_is_held(app):
    open_keys()
    make_level()
    make_level("practitioner", exam="EX2", requires="foundation")
    person = make_candidate()
    pass_exam(person, code="EX2")
    assert find_credential(person, "practitioner") is None
    pass_exam(person)
    run_jobs()
    assert find_credential(person, "practitioner").state == "issued"
