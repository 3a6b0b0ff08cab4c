"""Signing heads in tests with the real keys of the body, and checking everything."""

from flask import current_app

from app import clock, transaction
from app.extensions import db
from certificates.keys import published as published_keys
from certificates.keys.records import KeyPurpose
from certificates.register import examining, heads
from tests.factories.certificates import open_keys


def raw_keys() -> list[bytes]:
    """The public keys of the log, 32 bytes each."""
    return [raw for _, raw in heads.log_keys().values()]


def sign() -> list[bytes]:
    """Sign the register as it is; the public keys."""
    db.session.commit()
    if not heads.log_keys():
        open_keys()
    heads.sign_now(published_keys.signer_for(KeyPurpose.LOG, clock.now()), clock.now())
    transaction.commit()
    keys = raw_keys()
    db.session.rollback()
    return keys


def whole(*, with_files: bool = True) -> examining.Report:
    """The whole check, as the command line does it."""
    db.session.commit()
    keys = {key_id: raw for key_id, (_, raw) in heads.log_keys().items()}
    db.session.rollback()
    read = current_app.extensions["store"].get if with_files else None
    report = examining.examine(db.session(), keys, read)
    db.session.rollback()
    return report
