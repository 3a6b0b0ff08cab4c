"""Signed heads: made when they are due, never over another past, kept for ever; and proofs kept with certificates."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from app import clock
from app.extensions import db
from app.jobs import runner
from app.jobs.ledger import Claim
from app.jobs.models import Job
from certificates.register import heads, note, services
from certificates.register.models import RegisterNode, RegisterProof, SignedHead
from tests.certificates.register.signing import raw_keys, sign
from tests.factories.certificates import certify, open_keys, run_jobs


def enter(count=1):
    for n in range(count):
        services.append("lifted", f"N-{n}", clock.now())
    db.session.commit()


def signed():
    return [(head.size, head.at) for head in heads.list_heads()]


def order_and_run():
    runner.order(heads.HEAD_JOB, {})
    db.session.commit()
    run_jobs()


@pytest.fixture
def keys(app):
    open_keys()


def test_a_head_says_size_root_and_time_and_is_signed(keys):
    enter(3)
    order_and_run()
    [head] = heads.list_heads()
    opened = note.open_head(head.note, raw_keys())
    assert (opened.origin, opened.size, opened.root.hex(), opened.at) == ("body.test/register", 3, head.root, head.at)


def test_nothing_new_is_signed_once_a_day(keys, monkeypatch):
    enter()
    order_and_run()
    order_and_run()
    assert len(signed()) == 1
    later = clock.now() + timedelta(days=1, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    order_and_run()
    assert [size for size, _ in signed()] == [1, 1]


def test_an_empty_register_is_not_signed(keys):
    order_and_run()
    assert signed() == []


def test_every_hour_and_after_a_hundred_events(keys, app):
    assert app.extensions["jobs"].periodic[heads.HEAD_JOB] == 3_600
    enter(99)
    assert run_jobs() == 0
    enter(1)
    run_jobs()
    assert [size for size, _ in signed()] == [100]


def test_a_body_without_a_key_of_the_log_works_on(app):
    enter()
    order_and_run()
    assert signed() == []
    assert db.session.scalars(select(Job.state)).all() == ["done"]


def test_another_past_is_never_signed(keys):
    enter(3)
    sign()
    db.session.execute(update(RegisterNode).where(RegisterNode.level == 1).values(hash="0" * 64))
    db.session.commit()
    enter(1)
    with pytest.raises(heads.RegisterBroken):
        sign()
    db.session.rollback()
    assert len(signed()) == 1


def test_a_head_that_comes_too_late_is_left_out(keys, monkeypatch):
    """Two jobs sign at once, and the slower one has seen less: the sizes of what is kept never shrink."""
    enter(2)
    before = clock.now()

    class Slow:
        def __init__(self, signer):
            self.key_id, self.public_bytes, self._sign = signer.key_id, signer.public_bytes, signer.sign

        def sign(self, data):
            made = self._sign(data)
            db.session.rollback()
            enter(2)
            sign()
            return made

    from certificates.keys import published as published_keys
    from certificates.keys.records import KeyPurpose

    heads.sign_now(Slow(published_keys.signer_for(KeyPurpose.LOG, before)), before)
    db.session.commit()
    assert [size for size, _ in signed()] == [4]


class TestKeptProofs:
    def test_each_certificate_gets_one_half_a_minute_after_its_batch(self, app, monkeypatch):
        credential = certify()
        assert heads.find_kept_proof(credential.number) is None
        later = clock.now() + timedelta(seconds=31)
        monkeypatch.setattr(clock, "now", lambda: later)
        run_jobs()
        heads.find_kept_proof(credential.number).check(raw_keys())
        assert len(signed()) == 1

    def test_it_holds_later_and_can_be_brought_up_to_date(self, app):
        credential = certify()
        sign()
        heads.refresh_proof(credential.number, clock.now())
        enter(9)
        sign()
        kept = heads.find_kept_proof(credential.number)
        kept.check(raw_keys())
        assert kept.size == 1
        assert heads.refresh_proof(credential.number, clock.now()).size == 10
        heads.find_kept_proof(credential.number).check(raw_keys())
        assert len(db.session.scalars(select(RegisterProof)).all()) == 1

    def test_without_a_head_or_an_entry_there_is_none(self, app):
        credential = certify()
        assert heads.refresh_proof(credential.number, clock.now()) is None
        sign()
        assert heads.refresh_proof("N-1", clock.now()) is None

    def test_the_job_goes_on_where_it_stopped(self, keys, monkeypatch):
        monkeypatch.setattr(heads, "PROOFS_AT_ONCE", 3)
        for n in range(8):
            services.append("issued", f"N-{n}", clock.now())
        db.session.commit()
        sign()
        runner.order(heads.PROOF_JOB, {})
        db.session.commit()
        run_jobs()
        assert len(db.session.scalars(select(RegisterProof)).all()) == 8

    def test_run_twice_it_changes_nothing(self, keys):
        services.append("issued", "N-1", clock.now())
        sign()
        claim = Claim(1, heads.PROOF_JOB, {}, 1, 1)
        heads.keep_proofs(claim)
        db.session.commit()
        before = db.session.execute(select(RegisterProof.__table__)).all()
        heads.keep_proofs(claim)
        db.session.commit()
        assert db.session.execute(select(RegisterProof.__table__)).all() == before


def test_heads_are_listed_in_order_and_paged(keys):
    for _ in range(3):
        enter()
        sign()
    rows = heads.list_heads(most=2)
    assert [row.size for row in rows] == [1, 2]
    assert [row.size for row in heads.list_heads(rows[-1].id)] == [3]
    assert [row.size for row in heads.list_latest(2)] == [3, 2]
    assert db.session.scalar(text("SELECT count(*) FROM register_signed_head")) == len(
        db.session.scalars(select(SignedHead)).all()
    )
