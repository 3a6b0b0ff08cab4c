"""Putting messages into the outbox and letting them leave."""

from datetime import datetime
from functools import partial

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import ColumnElement, delete, select

from app import clock, ids, transaction
from app.body.queries import get_body
from app.extensions import db
from app.jobs import runner
from app.jobs.ledger import Claim
from app.mail.kinds import MailKind, fill, one_line
from app.mail.models import MailMessage, MailState, MailText

JOB = "mail.deliver"
NOWHERE = "@erased.invalid"  # the address of people who were erased (RFC 6761: no such domain can ever exist)
MOST_TRIES = 46  # with the ledger's growing waits, three days


def send(
    kind_code: str, recipient: str, values: dict[str, str], *, person: str = "", language: str = "en"
) -> MailMessage:
    """Write a message into the outbox in the running transaction; a job delivers it after the commit."""
    kind = current_app.extensions["mail_kinds"].get(kind_code)
    subject, text = compose(kind, values, language)
    message = MailMessage(
        public_id=ids.new_public_id(),
        kind=kind_code,
        person=person,
        recipient=recipient,
        subject=subject,
        text=text,
        state=MailState.QUEUED,
        created_at=clock.now(),
    )
    db.session.add(message)
    db.session.flush()
    runner.order(JOB, {"message": message.public_id}, key=f"{JOB}:{message.public_id}", most_attempts=MOST_TRIES)
    return message


def compose(kind: MailKind, values: dict[str, str], language: str) -> tuple[str, str]:
    """Subject and text of a message, in the officer's wording where there is one."""
    own = find_wording(kind, language)
    with force_locale(language):
        subject, text = (own.subject, own.text) if own else (str(kind.subject), str(kind.text))
    body = get_body()
    known = values | {"body": body.name, "site": body.base_address, "contact": body.contact_email}
    return one_line(fill(subject, known))[:300], fill(text, known).strip() + "\n"


def find_wording(kind: MailKind, language: str) -> MailText | None:
    """An officer's wording of this message, if there is one."""
    return db.session.scalars(select(MailText).where(MailText.kind == kind.code, MailText.language == language)).first()


def reword(kind: MailKind, language: str, subject: str, text: str, *, actor: str, now: datetime) -> None:
    """Keep an officer's wording of a message."""
    own = find_wording(kind, language)
    if own is None:
        own = MailText(kind=kind.code, language=language)
        db.session.add(own)
    own.subject, own.text, own.changed_at, own.changed_by = subject, text, now, actor


def restore_wording(kind: MailKind, language: str) -> None:
    """Go back to the built-in wording."""
    own = find_wording(kind, language)
    if own is not None:
        db.session.delete(own)


@transaction.slow_first
def deliver(claim: Claim) -> None:
    """The job: hand one message to the transport. At least once; the Message-ID tells a second copy."""
    public_id = claim.payload["message"]
    message = db.session.scalars(select(MailMessage).where(MailMessage.public_id == public_id)).first()
    if message is None or message.state == MailState.SENT:
        return  # erased with its person, or delivered by an earlier try
    if message.recipient.endswith(NOWHERE):
        _mark(public_id, MailState.SENT)
        return
    db.session.expunge(message)
    try:
        current_app.extensions["mail_transport"].deliver(message)
    except Exception:
        if claim.attempt >= claim.most_attempts:
            _mark(public_id, MailState.FAILED)
            transaction.commit()
        raise
    _mark(public_id, MailState.SENT)


def _mark(public_id: str, state: MailState) -> None:
    transaction.begin_write()
    message = db.session.scalars(select(MailMessage).where(MailMessage.public_id == public_id)).one()
    message.state = state
    if state == MailState.SENT:
        message.sent_at = clock.now()
        kind = current_app.extensions["mail_kinds"].find(message.kind)
        if kind is None or not kind.keeps_text:
            message.text = ""
    db.session.flush()


def forget(which: ColumnElement[bool]) -> None:
    """Delete these messages for good; what the transport keeps of them goes once the transaction is committed."""
    transport = current_app.extensions["mail_transport"]
    for public_id, created_at in db.session.execute(
        delete(MailMessage).where(which).returning(MailMessage.public_id, MailMessage.created_at)
    ).all():
        transaction.after_commit(partial(transport.forget, public_id, created_at))
