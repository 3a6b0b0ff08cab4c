"""Telling holders that a certificate ends: 90, 60, 30 and 7 days before, each once, by a daily job."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.extensions import db
from app.jobs.ledger import Claim
from app.rows import insert_of
from certificates.awarding import services as awards
from certificates.changes import renewing
from certificates.changes.models import RenewalReminder
from certificates.changes.periods import REMIND_BEFORE, reminder_due
from certificates.cpd.hours import Account
from certificates.holding import services as holding
from certificates.lifecycle import history
from certificates.models import Credential, CredentialState

JOB = "certificates.remind"
EVERY_SECONDS = 86_400


def remind(claim: Claim) -> None:
    """The job: one message to each holder whose certificate has come so near to its end. Run again, it sends nothing."""
    now = clock.now()
    today = awards.today(now)
    for credential in _ending(today):
        due = reminder_due(credential.valid_until or today, today)
        outlook = renewing.find_outlook(credential, now)
        if due is None or outlook is None or outlook.asked is not None or credential.person.closed_at is not None:
            continue
        if _claim_once(credential, due, now):
            _send(credential, outlook.account)


def _ending(today: date) -> list[Credential]:
    """Issued certificates whose last day is near, with what their outlook needs."""
    statement = (
        select(Credential)
        .options(
            selectinload(Credential.history), joinedload(Credential.person), joinedload(Credential.successor),
        )
        .where(
            Credential.state == CredentialState.ISSUED,
            Credential.valid_until >= today,
            Credential.valid_until <= today + timedelta(days=max(REMIND_BEFORE)),
        )
        .order_by(Credential.valid_until, Credential.id)
    )  # fmt: skip
    return list(db.session.scalars(statement).unique())


def _claim_once(credential: Credential, days: int, now: datetime) -> bool:
    """Note that this reminder goes out; False when it went before, under whatever number the certificate had then."""
    own_insert = insert_of(db.session.get_bind().dialect.name)
    statement = own_insert(RenewalReminder).on_conflict_do_nothing().returning(RenewalReminder.id)
    values = {
        "person_id": credential.person_id,
        "level_code": credential.level_code,
        "valid_until": credential.valid_until,
        "days": days,
        "sent_at": now,
    }
    return db.session.scalars(statement, values).first() is not None


def _send(credential: Credential, account: Account) -> None:
    history.notify(
        "certificates.ending",
        credential,
        until=history.day_words(credential.valid_until or credential.issued_on),
        have=f"{account.total.normalize():f}",
        asked=str(account.terms.hours),
        link=holding.own_page(),
    )
