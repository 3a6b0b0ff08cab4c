"""Suspending and revoking: one officer for a week, two people for good, and an appeal in between."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.errors import DomainError, Missing, Stale
from app.extensions import db
from app.jobs.models import Job
from app.mail.models import MailMessage
from app.policy import Actor, Role
from certificates import queries
from certificates.awarding import services as awards
from certificates.checking import verification
from certificates.lifecycle import revocations
from certificates.lifecycle import suspending as lifecycle
from certificates.lifecycle.revocations import ReasonClass
from certificates.models import Credential, Revocation
from certificates.register import checking
from certificates.register.models import RegisterEntry
from tests.factories.certificates import certify, pass_exam, run_jobs
from tests.factories.people import PersonFactory


@pytest.fixture
def credential(app):
    return certify()


@pytest.fixture
def officers(app):
    people = [PersonFactory(holding=["officer"]) for _ in range(3)]
    return [Actor(p.id, p.public_id, p.name, roles=frozenset({Role.OFFICER}), is_authenticated=True) for p in people]


def status(credential, after=None):
    moment = clock.now() + (after or timedelta())
    return verification.verify_number(credential.number, moment).status.value


def last_mail(kind):
    return db.session.scalars(select(MailMessage.text).where(MailMessage.kind == kind)).one()


def proposed(credential, officer, reason=ReasonClass.MISCONDUCT):
    return revocations.propose_revocation(
        credential.public_id, reason, "The practical was bought.", actor=officer, now=clock.now(), case="C-2026-7"
    ).public_id


def confirmed(credential, officers, reason=ReasonClass.MISCONDUCT):
    public_id = proposed(credential, officers[0], reason)
    revocations.confirm_revocation(public_id, actor=officers[1], now=clock.now())
    db.session.commit()
    return public_id


def let_time_pass(monkeypatch, days):
    """Be so many days ahead, with what has become due."""
    future = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: future)
    run_jobs()


class TestSuspending:
    def test_one_officer_suspends_for_a_week_and_it_ends_by_itself(self, credential, officers):
        lifecycle.suspend(credential.public_id, 7, "A complaint came in.", actor=officers[0], now=clock.now())
        db.session.commit()
        assert status(credential) == "suspended"
        assert status(credential, timedelta(days=7, seconds=5)) == "valid"
        assert "A complaint came in." in last_mail("certificates.suspended")

    @pytest.mark.parametrize("days", [0, 8, -1])
    def test_never_for_longer_than_a_week(self, credential, officers, days):
        with pytest.raises(DomainError, match="one day to seven"):
            lifecycle.suspend(credential.public_id, days, "Why.", actor=officers[0], now=clock.now())

    def test_the_same_officer_cannot_string_weeks_together(self, credential, officers):
        now = clock.now()
        lifecycle.suspend(credential.public_id, 7, "Why.", actor=officers[0], now=now)
        later = now + timedelta(days=8)
        with pytest.raises(DomainError, match="less than four weeks ago"):
            lifecycle.suspend(credential.public_id, 7, "Why.", actor=officers[0], now=later)
        lifecycle.suspend(credential.public_id, 7, "Why.", actor=officers[1], now=later)

    def test_a_lift_ends_it_and_only_what_is_suspended_can_be_lifted(self, credential, officers):
        with pytest.raises(DomainError, match="not suspended"):
            lifecycle.lift(credential.public_id, "Nothing.", actor=officers[0], now=clock.now())
        lifecycle.suspend(credential.public_id, 3, "Why.", actor=officers[0], now=clock.now())
        lifecycle.lift(credential.public_id, "Cleared up.", actor=officers[1], now=clock.now())
        db.session.commit()
        assert status(credential) == "valid"
        kinds = db.session.scalars(select(RegisterEntry.kind).order_by(RegisterEntry.seq)).all()
        assert kinds == ["issued", "suspended", "lifted"]

    def test_nobody_acts_on_a_certificate_of_their_own(self, credential):
        own = Actor(credential.person_id, "me", "Me", roles=frozenset({Role.OFFICER}), is_authenticated=True)
        with pytest.raises(DomainError, match="of their own"):
            lifecycle.suspend(credential.public_id, 1, "Why.", actor=own, now=clock.now())


class TestSevenDaysWithACaseOpen:
    """One person's seven days are over when they are over: what lasts longer is for two."""

    def suspend(self, credential, officer, days=7):
        lifecycle.suspend(credential.public_id, days, "A complaint came in.", actor=officer, now=clock.now())
        db.session.commit()

    def test_a_proposal_alone_does_not_prolong_them(self, credential, officers, monkeypatch):
        self.suspend(credential, officers[0])
        proposed(credential, officers[0])
        db.session.commit()
        let_time_pass(monkeypatch, 6)
        assert status(credential) == "suspended"
        let_time_pass(monkeypatch, 1.01)
        assert status(credential) == "valid"

    def test_confirmed_within_them_there_is_no_gap(self, credential, officers, monkeypatch):
        self.suspend(credential, officers[0])
        confirmed(credential, officers)
        for days in (0, 6.9, 7.1, 20):
            assert status(credential, timedelta(days=days)) == "suspended"
        let_time_pass(monkeypatch, 29)
        assert status(credential) == "revoked"

    def test_confirmed_after_them_it_is_suspended_anew(self, credential, officers, monkeypatch):
        self.suspend(credential, officers[0])
        public_id = proposed(credential, officers[0])
        db.session.commit()
        let_time_pass(monkeypatch, 8)
        assert status(credential) == "valid"
        revocations.confirm_revocation(public_id, actor=officers[1], now=clock.now())
        db.session.commit()
        assert status(credential) == "suspended"

    def test_with_an_appeal_open_the_end_of_the_week_changes_nothing(self, credential, officers, monkeypatch):
        self.suspend(credential, officers[0])
        public_id = confirmed(credential, officers)
        revocations.note_appeal(public_id, actor=officers[0], now=clock.now())
        db.session.commit()
        let_time_pass(monkeypatch, 40)
        answer = verification.verify_number(credential.number, clock.now())
        assert (answer.status.value, answer.reason) == ("suspended", None)

    def test_an_appeal_upheld_within_the_week_ends_the_week_too(self, credential, officers):
        self.suspend(credential, officers[0])
        public_id = confirmed(credential, officers)
        revocations.note_appeal(public_id, actor=officers[0], now=clock.now())
        revocations.end_appeal(public_id, stands=False, actor=officers[2], now=clock.now())
        db.session.commit()
        assert status(credential, timedelta(seconds=1)) == "valid"

    def test_a_dropped_proposal_leaves_the_week_as_it_was(self, credential, officers):
        self.suspend(credential, officers[0], days=2)
        revocations.drop_proposal(proposed(credential, officers[1]), actor=officers[0], now=clock.now())
        db.session.commit()
        assert status(credential, timedelta(days=1)) == "suspended"
        assert status(credential, timedelta(days=3)) == "valid"


class TestRevoking:
    def test_without_the_reference_of_a_case_only_the_holder_can_have_it(self, credential, officers):
        for reason in (ReasonClass.ERROR, ReasonClass.MISCONDUCT):
            with pytest.raises(DomainError, match="reference of the case") as refused:
                revocations.propose_revocation(credential.public_id, reason, "Why.", actor=officers[0], now=clock.now())
            assert refused.value.field == "case"
        revocations.propose_revocation(
            credential.public_id, ReasonClass.REQUEST, "Asked.", actor=officers[0], now=clock.now()
        )

    def test_a_proposal_alone_changes_nothing(self, credential, officers):
        proposed(credential, officers[0])
        db.session.commit()
        assert status(credential) == "valid"

    def test_the_one_who_proposed_cannot_confirm(self, credential, officers):
        public_id = proposed(credential, officers[0])
        with pytest.raises(DomainError, match="second person"):
            revocations.confirm_revocation(public_id, actor=officers[0], now=clock.now())

    def test_the_database_itself_refuses_one_person_twice(self, credential, officers):
        public_id = proposed(credential, officers[0])
        row = db.session.scalars(select(Revocation).where(Revocation.public_id == public_id)).one()
        row.confirmed_by = officers[0].public_id
        with pytest.raises(IntegrityError):
            db.session.flush()

    def test_the_holder_cannot_confirm(self, credential, officers):
        public_id = proposed(credential, officers[0])
        own = Actor(credential.person_id, "me", "Me", roles=frozenset({Role.OFFICER}), is_authenticated=True)
        with pytest.raises(DomainError, match="of their own"):
            revocations.confirm_revocation(public_id, actor=own, now=clock.now())

    def test_confirmed_it_is_suspended_without_a_reason_and_the_holder_is_told(self, credential, officers):
        confirmed(credential, officers)
        answer = verification.verify_number(credential.number, clock.now())
        assert (answer.status.value, answer.reason) == ("suspended", None)
        assert "misconduct" not in str(answer.to_json_dict())
        notice = last_mail("certificates.revocation-notice")
        assert "Finding of misconduct" in notice
        assert "The practical was bought." in notice
        assert "You can appeal until" in notice

    def test_after_the_time_for_an_appeal_it_is_revoked_with_the_kind_of_reason_only(
        self, credential, officers, monkeypatch
    ):
        confirmed(credential, officers)
        run_jobs()
        assert status(credential) == "suspended"
        let_time_pass(monkeypatch, 29)
        answer = verification.verify_number(credential.number, clock.now())
        assert (answer.status.value, answer.reason, answer.exit_code) == ("revoked", "misconduct", 1)
        assert "bought" not in str(answer)
        assert checking.check(db.session())[1] is None
        assert last_mail("certificates.revoked")

    def test_at_the_holders_own_request_it_takes_effect_at_once(self, credential, officers):
        confirmed(credential, officers, ReasonClass.REQUEST)
        assert status(credential) == "revoked"

    def test_an_appeal_holds_it_until_somebody_else_has_ended_the_appeal(self, credential, officers, monkeypatch):
        public_id = confirmed(credential, officers)
        revocations.note_appeal(public_id, actor=officers[0], now=clock.now())
        db.session.commit()
        let_time_pass(monkeypatch, 60)
        assert status(credential) == "suspended"
        for officer in officers[:2]:
            with pytest.raises(DomainError, match="somebody else"):
                revocations.end_appeal(public_id, stands=True, actor=officer, now=clock.now())
        revocations.end_appeal(public_id, stands=True, actor=officers[2], now=clock.now())
        db.session.commit()
        assert status(credential) == "revoked"

    def test_an_appeal_that_is_upheld_gives_the_certificate_back(self, credential, officers, monkeypatch):
        public_id = confirmed(credential, officers)
        revocations.note_appeal(public_id, actor=officers[0], now=clock.now())
        revocations.end_appeal(public_id, stands=False, actor=officers[2], now=clock.now())
        db.session.commit()
        assert status(credential) == "valid"
        let_time_pass(monkeypatch, 60)
        assert status(credential) == "valid"

    def test_an_appeal_that_comes_too_late_is_refused(self, credential, officers):
        public_id = confirmed(credential, officers)
        with pytest.raises(DomainError, match="has passed"):
            revocations.note_appeal(public_id, actor=officers[0], now=clock.now() + timedelta(days=29))

    def test_a_suspension_that_awaits_an_appeal_cannot_be_lifted(self, credential, officers):
        confirmed(credential, officers)
        with pytest.raises(DomainError, match="end of the appeal"):
            lifecycle.lift(credential.public_id, "Why not.", actor=officers[2], now=clock.now())

    def test_one_at_a_time_and_a_dropped_one_makes_room(self, credential, officers):
        public_id = proposed(credential, officers[0])
        with pytest.raises(DomainError, match="on its way"):
            proposed(credential, officers[1])
        revocations.drop_proposal(public_id, actor=officers[0], now=clock.now())
        with pytest.raises(Stale):
            revocations.confirm_revocation(public_id, actor=officers[1], now=clock.now())
        proposed(credential, officers[1])

    def test_revoked_stays_revoked(self, credential, officers):
        confirmed(credential, officers, ReasonClass.REQUEST)
        with pytest.raises(DomainError, match="stays so"):
            lifecycle.suspend(credential.public_id, 1, "Why.", actor=officers[0], now=clock.now())
        with pytest.raises(DomainError, match="stays so"):
            proposed(credential, officers[0])

    def test_what_is_not_there_is_missing(self, app, officers):
        with pytest.raises(Missing):
            revocations.confirm_revocation("nothing", actor=officers[0], now=clock.now())

    def test_the_job_is_due_when_the_time_for_an_appeal_ends_and_not_before(self, credential, officers):
        public_id = confirmed(credential, officers)
        row = db.session.scalars(select(Revocation).where(Revocation.public_id == public_id)).one()
        job = db.session.scalars(select(Job).where(Job.kind == revocations.EFFECT_JOB)).one()
        assert job.run_at == row.appeal_until

    def test_a_revoked_award_does_not_come_back_by_itself(self, credential, officers):
        confirmed(credential, officers, ReasonClass.REQUEST)
        person = queries.get_credential(credential.public_id).person
        pass_exam(person, "99")
        run_jobs()
        assert awards.consider_award(person.id, "foundation", clock.now()) is None
        assert len(db.session.scalars(select(Credential)).all()) == 1
        assert queries.levels_held(person.id, clock.now()) == set()
