"""Renewal: hours first, in its window, decided by a stranger to the holder, and never twice."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from app import clock, transaction
from app.audit.models import AuditEntry
from app.errors import DomainError, Missing, Stale
from app.extensions import db
from app.mail.models import MailMessage
from assessments.results.models import Result
from certificates import queries
from certificates.awarding import services as awards
from certificates.changes import deciding, renewing
from certificates.changes import queries as changes
from certificates.changes.models import ChangeRequest
from certificates.changes.periods import Phase
from certificates.checking import verification
from certificates.cpd import services
from certificates.cpd.hours import CpdKind, Hours
from certificates.holding import services as holding
from certificates.issuing import ordering
from certificates.lifecycle import succession
from certificates.lifecycle import suspending as lifecycle
from certificates.models import AwardDecision, Credential
from certificates.register.models import RegisterEntry
from courses.models import Scheme
from tests.factories.certificates import run_jobs
from tests.factories.people import AffiliationFactory, PersonFactory
from tests.factories.renewals import certify_for, days_left, entry, learn, newest, officer, person_of


@pytest.fixture
def credential(app):
    """A certificate of three years with 100 days left, whose holder has the hours."""
    made = certify_for()
    days_left(made, 100)
    learn(person_of(made), "20", "20", "20")
    return newest()


def outlook(credential):
    return renewing.find_outlook(queries.get_credential(credential.public_id), clock.now())


def ask(credential):
    request = renewing.ask(credential.public_id, person_of(credential), clock.now())
    transaction.commit()
    return request.public_id


def agree(public_id, actor=None, declared=True, sampled=True):
    made = renewing.agree(public_id, declared=declared, sampled=sampled, actor=actor or officer(), now=clock.now())
    transaction.commit()
    return made.public_id


def status(credential, after=None):
    return verification.verify_number(credential.number, clock.now() + (after or timedelta())).status.value


def let_days_pass(monkeypatch, days):
    future = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: future)
    run_jobs()


class TestAsking:
    def test_in_the_window_with_the_hours_it_can_be_asked_for_once(self, credential):
        found = outlook(credential)
        assert (found.phase, found.account.total, found.can_be_asked) == (Phase.OPEN, 60, True)
        ask(credential)
        assert not outlook(credential).can_be_asked
        with pytest.raises(DomainError, match="already"):
            ask(credential)

    @pytest.mark.parametrize(("left", "words"), [(200, "too early"), (-100, "has passed")])
    def test_not_outside_the_window(self, credential, left, words):
        days_left(credential, left)
        with pytest.raises(DomainError, match=words):
            ask(credential)

    def test_for_three_months_after_the_end_it_can_still_be_asked_for(self, credential):
        days_left(credential, -80)
        assert outlook(credential).phase is Phase.LATE
        assert ask(credential)

    def test_hours_that_are_missing_are_missing(self, app):
        made = certify_for()
        days_left(made, 50)
        learn(person_of(made), "30")
        learn(person_of(made), "29.75", kind=CpdKind.SELF_DIRECTED)
        with pytest.raises(DomainError, match="missing"):
            ask(made)
        learn(person_of(made), "0.25", kind=CpdKind.SELF_DIRECTED)
        assert ask(made)

    def test_what_was_done_before_the_award_does_not_count(self, app):
        made = certify_for()
        days_left(made, 50)
        before = newest().issued_on - timedelta(days=1)
        services.record_activity(person_of(made), entry("60", day=before), clock.now())
        assert outlook(made).account.total == 0

    def test_an_award_for_life_is_never_renewed(self, app):
        assert renewing.find_outlook(certify_for(years=0, hours=0, structured=0), clock.now()) is None

    def test_nor_one_that_is_suspended_withdrawn_or_somebody_elses(self, credential):
        with pytest.raises(Missing):
            renewing.ask(credential.public_id, PersonFactory(), clock.now())
        lifecycle.suspend(credential.public_id, 3, "Why.", actor=officer(), now=clock.now())
        with pytest.raises(DomainError, match="as it stands"):
            ask(credential)
        lifecycle.lift(credential.public_id, "Fine.", actor=officer(), now=clock.now())
        holding.withdraw(credential.public_id, person_of(credential), clock.now())
        with pytest.raises(DomainError, match="as it stands"):
            ask(credential)

    def test_a_later_scheme_asks_nothing_more_of_a_certificate_under_the_older_one(self, credential):
        old = db.session.scalars(select(Scheme)).one()
        values = {c.name: getattr(old, c.name) for c in Scheme.__table__.columns if c.name != "id"}
        db.session.add(Scheme(**values | {"version": 2, "cpd_hours": 500, "validity_years": 5}))
        transaction.commit()
        assert outlook(credential).account.terms.hours == 60
        made = queries.get_credential(agree(ask(credential)))
        assert (made.scheme_version, made.valid_until.year - made.issued_on.year) == (2, 5)

    def test_other_features_may_tell_of_hours_which_nobody_can_edit(self, app):
        made = certify_for(hours=10, structured=0)
        days_left(made, 50)
        day = awards.today(clock.now())
        told = Hours("marking:7", day, Decimal(10), CpdKind.CONTRIBUTION, "Marked ten scripts")
        app.extensions["cpd_sources"].append(lambda person_id, first: [told])
        try:
            request = ask(made)
            assert outlook(made).account.total == 10
            kept = db.session.scalars(select(ChangeRequest).where(ChangeRequest.public_id == request)).one()
            assert kept.development["activities"][0]["ref"] == "marking:7"
            agree(request)
            assert changes.used_refs(made.person_id, "foundation") == {"marking:7"}, "it counts once for a level"
            assert changes.used_refs(made.person_id, "advanced") == set()
        finally:
            app.extensions["cpd_sources"].clear()

    def test_what_a_renewal_rests_on_can_no_longer_be_changed_until_it_is_taken_back(self, credential):
        person, activity = person_of(credential), learn(person_of(credential), "1")[0]
        request = ask(credential)
        for change in (
            lambda: services.withdraw_activity(activity, person, clock.now()),
            lambda: services.change_activity(activity, person, entry("2"), clock.now()),
        ):
            with pytest.raises(DomainError, match="rests on this activity"):
                change()
        deciding.take_back(request, person.id, clock.now())
        services.withdraw_activity(activity, person, clock.now())
        assert outlook(credential).account.total == 60

    def test_some_activities_are_drawn_for_a_closer_look(self, credential):
        learn(person_of(credential), *["0.25"] * 20)
        request = ask(credential)
        kept = db.session.scalars(select(ChangeRequest).where(ChangeRequest.public_id == request)).one().development
        refs = {activity["ref"] for activity in kept["activities"]}
        assert len(kept["sample"]) == 5
        assert set(kept["sample"]) <= refs
        assert "Workshop" not in str(kept), "no word that somebody wrote"


class TestDeciding:
    def test_early_the_new_one_waits_and_the_old_one_stands_until_its_end(self, credential, monkeypatch):
        old_end = newest().valid_until
        made = agree(ask(credential))
        run_jobs()
        new = queries.get_credential(made)
        assert (new.state, new.issued_on, new.holder_name) == ("issued", old_end + timedelta(days=1), "Ada Beispiel")
        assert new.number != credential.number
        assert (status(credential), status(new)) == ("valid", "not-yet-valid")
        let_days_pass(monkeypatch, 101)
        assert (status(credential), status(new)) == ("superseded", "valid")
        assert verification.verify_number(credential.number, clock.now()).replaced_by == new.number
        kinds = db.session.scalars(select(RegisterEntry.kind).order_by(RegisterEntry.seq)).all()
        assert kinds == ["issued", "issued", "superseded"]

    def test_late_it_begins_with_the_decision_and_ends_with_the_cycle(self, credential):
        days_left(credential, -30)
        old_end = newest().valid_until
        made = agree(ask(credential))
        run_jobs()
        new = queries.get_credential(made)
        assert new.issued_on == awards.today(clock.now())
        assert new.valid_until == old_end.replace(year=old_end.year + 3)
        assert (status(credential), status(new)) == ("superseded", "valid")

    def test_the_decision_keeps_rule_hours_declaration_and_who(self, credential):
        actor = officer()
        made = queries.get_credential(agree(ask(credential), actor))
        decision = made.decision
        assert (decision.cycle, decision.outcome, decision.decided_by) == (2, "award", actor.public_id)
        assert decision.declaration == "I neither taught nor examined this candidate"
        assert decision.rule["renewal"]["hours"] == 60
        assert Decimal(decision.inputs["total"]) == 60
        assert "60 hours of continuing professional development" in made.model["evidence"]
        trail = db.session.scalars(select(AuditEntry.action)).all()
        assert {"change.asked", "change.agreed", "credential.ordered"} <= set(trail)

    def test_the_next_cycle_counts_from_the_day_of_asking_and_nothing_twice(self, credential, monkeypatch):
        asked_on = awards.today(clock.now())
        made = agree(ask(credential))
        run_jobs()
        assert queries.get_credential(made).development_from == asked_on
        let_days_pass(monkeypatch, 110)
        learn(person_of(credential), "7")
        found = outlook(queries.get_credential(made))
        assert (found.account.total, found.phase) == (7, Phase.EARLY)

    def test_without_the_declaration_or_the_closer_look_nothing_is_decided(self, credential):
        request = ask(credential)
        for missing in ("declared", "sampled"):
            with pytest.raises(DomainError) as refused:
                agree(request, **{missing: False})
            assert refused.value.field == missing
            db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(AwardDecision)) == 1

    def test_nobody_decides_who_examined_released_or_shares_the_employer(self, credential):
        request, examiner = ask(credential), officer()
        db.session.execute(update(Result).values(released_by=examiner.public_id))
        with pytest.raises(DomainError, match="marked or released"):
            agree(request, examiner)
        db.session.rollback()
        AffiliationFactory(person_id=credential.person_id, employer="Acme")
        with pytest.raises(DomainError, match="same employer"):
            agree(request, officer(working_for="Acme"))

    def test_nor_the_holder(self, credential):
        own = officer()
        request = ask(credential)
        db.session.execute(update(ChangeRequest).values(person_id=own.person_id))
        db.session.execute(update(Credential).values(person_id=own.person_id))
        transaction.commit()
        with pytest.raises(DomainError, match="of their own"):
            agree(request, own)

    def test_a_refusal_has_a_reason_which_the_holder_reads_and_can_ask_again(self, credential):
        request = ask(credential)
        with pytest.raises(DomainError, match="Say why not"):
            deciding.refuse(request, "", actor=officer(), now=clock.now())
        db.session.rollback()
        deciding.refuse(request, "The proofs do not fit.", actor=officer(), now=clock.now())
        transaction.commit()
        text = db.session.scalars(
            select(MailMessage.text).where(MailMessage.kind == "certificates.change-refused")
        ).one()
        assert "The proofs do not fit." in text
        assert ask(credential)

    def test_two_officers_at_once_make_one_certificate(self, app, credential):
        request, officers = ask(credential), [officer() for _ in range(5)]
        db.session.remove()
        refused = []

        def decide(actor):
            try:
                with app.app_context(), transaction.standalone():
                    renewing.agree(request, declared=True, sampled=True, actor=actor, now=clock.now())
            except Stale:
                refused.append(actor)

        threads = [threading.Thread(target=decide, args=(actor,)) for actor in officers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 4
        assert db.session.scalar(select(func.count()).select_from(Credential)) == 2

    def test_one_that_was_suspended_meanwhile_is_not_renewed(self, credential):
        request = ask(credential)
        lifecycle.suspend(credential.public_id, 3, "Why.", actor=officer(), now=clock.now())
        transaction.commit()
        with pytest.raises(DomainError, match="not in force"):
            agree(request)

    def test_the_job_of_the_day_run_twice_does_nothing_twice(self, credential, monkeypatch):
        agree(ask(credential))
        run_jobs()
        let_days_pass(monkeypatch, 101)
        new = newest()
        with transaction.standalone():
            succession.take_over(new, clock.now())
        kinds = db.session.scalars(select(RegisterEntry.kind)).all()
        assert kinds.count("superseded") == 1

    def test_a_renewed_certificate_has_no_other_successor(self, credential):
        agree(ask(credential))
        old = queries.get_credential(credential.public_id)
        assert not ordering.can_be_replaced(old, clock.now())
        assert renewing.find_outlook(old, clock.now()) is None
