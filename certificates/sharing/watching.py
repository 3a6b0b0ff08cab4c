"""Hearing of a certificate: an address asks, confirms by a mailed link, and gets one message for each change of status.

Messages say the number and what its page says, never a reason and never a name. Whoever watches is told to nobody; the
holder sees how many there are. A watch ends when its owner ends it, after three years, and with the certificate. What a
mailed link carries is the public id of the watch and a seal made with the secret of the site, so nothing that opens a
watch is kept.
"""

import hashlib
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from itsdangerous import BadSignature, Signer
from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app import clock, ids
from app.body.queries import get_body
from app.errors import DomainError
from app.extensions import db
from app.jobs import ledger, runner
from app.jobs.ledger import Claim
from app.mail import services as mail
from app.mail.models import MailMessage, MailState
from app.mail.services import send
from app.privacy.ground import NOBODYS_NAME
from certificates import queries, words
from certificates.awarding import services as awards
from certificates.lifecycle import history
from certificates.lifecycle.status import Status
from certificates.models import Credential, CredentialState
from certificates.sharing.models import Watch

ASK_JOB, ROUND_JOB, ROUND_EVERY_SECONDS = "certificates.ask-to-watch", "certificates.watch-round", 3_600
TO_CONFIRM = timedelta(days=3)
YEARS = 3
KEPT_FOR = timedelta(days=YEARS * 365)
MOST_OF_ADDRESS, MOST_UNCONFIRMED, MOST_OF_CERTIFICATE = 100, 5, 1_000
LAST_STATUSES = (Status.REVOKED, Status.SUPERSEDED, Status.EXPIRED)
"""After these a certificate does not come back, and a watch has nothing more to tell."""


def order(number: str, email: str, language: str) -> None:
    """Order that an address is asked whether it wants to watch: whether it does already shows to nobody who waits."""
    runner.order(ASK_JOB, {"number": number, "email": email, "language": language})


def ask(claim: Claim) -> None:
    """The job: mail the link that confirms, or what else there is to say to this address."""
    given = dict(claim.payload)
    _ask(given["number"], given["email"].strip().lower(), given["language"], clock.now())
    ledger.forget_payload(db.session(), claim)


def _ask(number: str, email: str, language: str, now: datetime) -> None:
    credential = _lock(number)
    if credential is None or _is_over(credential, now):
        return
    watch = _find_live(credential.id, email, now)
    if watch is not None and watch.confirmed_at is not None:
        with force_locale(watch.language):
            until = history.day_of(watch.ends_at)
        _send("certificates.watch-known", watch, number, until=until)
        return
    if watch is None:
        if _is_full(credential.id, email, now):
            return
        watch = _make(credential.id, email, language, now)
    watch.asked_at, watch.ends_at, watch.language = now, now + TO_CONFIRM, language
    _send("certificates.watch-confirm", watch, number, days=str(TO_CONFIRM.days))


def _lock(number: str) -> Credential | None:
    """The certificate, locked against another request for the same address."""
    statement = select(Credential).options(selectinload(Credential.history)).with_for_update(key_share=True)
    statement = statement.where(Credential.number == number, Credential.state == CredentialState.ISSUED)
    return db.session.scalars(statement).first()


def _is_over(credential: Credential, now: datetime) -> bool:
    """Whether nothing can change any more, or its holder's name went for good."""
    return credential.holder_name == NOBODYS_NAME or queries.standing_of(credential, now).status in LAST_STATUSES


def _find_live(credential_id: int, email: str, now: datetime) -> Watch | None:
    found = db.session.scalars(select(Watch).where(Watch.credential_id == credential_id, Watch.email == email)).first()
    if found is not None and found.ends_at <= now:  # over, and not forgotten yet
        _forget(found.public_id)
        return None
    return found


def _is_full(credential_id: int, email: str, now: datetime) -> bool:
    """Whether the address has enough watches, enough letters to answer first, or the certificate enough addresses."""
    own = Watch.email == email
    limits = (
        (and_(own, Watch.confirmed_at.is_not(None)), MOST_OF_ADDRESS),
        (and_(own, Watch.confirmed_at.is_(None)), MOST_UNCONFIRMED),
        (Watch.credential_id == credential_id, MOST_OF_CERTIFICATE),
    )
    return any(_count(which, now) >= most for which, most in limits)


def _count(which: ColumnElement[bool], now: datetime) -> int:
    return db.session.scalar(select(func.count()).select_from(Watch).where(which, Watch.ends_at > now)) or 0


def _make(credential_id: int, email: str, language: str, now: datetime) -> Watch:
    watch = Watch(
        public_id=ids.new_public_id(),
        credential_id=credential_id,
        email=email,
        language=language,
        asked_at=now,
        ends_at=now + TO_CONFIRM,
    )
    db.session.add(watch)
    db.session.flush()
    return watch


def _signer() -> Signer:
    secrets = [*current_app.config.get("SECRET_KEY_FALLBACKS", ()), str(current_app.secret_key)]
    return Signer(secrets, salt="certificates.watch", digest_method=hashlib.sha256)


def seal(public_id: str) -> str:
    """What a mailed link carries to open one watch."""
    return _signer().sign(public_id).decode()


def find(sealed: str, now: datetime) -> Watch | None:
    """The live watch, with its certificate, that a mailed link opens; None for an ended one and a made-up seal."""
    try:
        public_id = _signer().unsign(sealed).decode()
    except (BadSignature, UnicodeError):
        return None
    statement = select(Watch).options(joinedload(Watch.credential).selectinload(Credential.history))
    return db.session.scalars(statement.where(Watch.public_id == public_id, Watch.ends_at > now)).first()


def confirm(sealed: str, now: datetime) -> Watch:
    """Begin to watch. Once more changes nothing. Raises DomainError for a link that is over."""
    watch = find(sealed, now)
    if watch is None:
        raise DomainError(_("This link is over. Ask for a new one on the page of the certificate."))
    if watch.confirmed_at is None:
        watch.confirmed_at, watch.ends_at = now, now + KEPT_FOR
        watch.said_status = queries.standing_of(watch.credential, now).status
    return watch


def stop(sealed: str, now: datetime) -> None:
    """End a watch and forget its address at once, with every message to it. An ended one stays ended."""
    watch = find(sealed, now)
    if watch is not None:
        _forget(watch.public_id)


def _forget(public_id: str) -> None:
    mail.forget(MailMessage.person == public_id)
    db.session.execute(delete(Watch).where(Watch.public_id == public_id))


def tell(claim: Claim) -> None:
    """The job: tell whoever watches one certificate how it stands, where they do not know it yet."""
    _tell(claim.payload["credential"], clock.now())


def go_round(claim: Claim) -> None:
    """The job: the same for certificates whose dates have changed how they stand, and for what was missed."""
    now = clock.now()
    for public_id in db.session.scalars(_overdue(now)).all():
        _tell(public_id, now)


def _overdue(now: datetime) -> Select[str]:
    """Watched certificates that may stand otherwise than was said. Valid ones change by an event or on their last day."""
    may_differ = or_(Credential.valid_until <= awards.today(now), Watch.said_status != Status.VALID)
    statement = select(Credential.public_id).join(Watch, Watch.credential_id == Credential.id)
    return statement.where(Watch.confirmed_at.is_not(None), Watch.ends_at > now, may_differ).distinct()


def _tell(public_id: str, now: datetime) -> None:
    credential = queries.get_credential(public_id)
    status, is_over = queries.standing_of(credential, now).status, _is_over(credential, now)
    live = Watch.confirmed_at.is_not(None) & (Watch.ends_at > now)
    statement = select(Watch).where(Watch.credential_id == credential.id, live).with_for_update()
    for watch in db.session.scalars(statement).all():
        if watch.said_status != status:
            _send_status(watch, credential.number, status, is_last=is_over)
            watch.said_status = status
        if is_over:
            watch.ends_at = now


def _send_status(watch: Watch, number: str, status: Status, *, is_last: bool) -> None:
    with force_locale(watch.language):
        head = words.status_head(status)
        after = (
            _("This was the last message about it; we now forget your address.")
            if is_last
            else _("To hear no more of it: %(link)s", link=_link(watch))
        )
    values = {"status": head.word, "advice": head.advice, "after": after}
    _send("certificates.watch-told", watch, number, page=f"{get_body().base_address}/v/{number}", **values)


def _send(kind: str, watch: Watch, number: str, **values: str) -> None:
    known = {"number": number, "link": _link(watch)}
    send(kind, watch.email, known | values, person=watch.public_id, language=watch.language)


def _link(watch: Watch) -> str:
    return f"{get_body().base_address}/watches/{seal(watch.public_id)}"


def count_watches(credential_ids: list[int], now: datetime) -> dict[int, int]:
    """How many addresses watch each certificate, by its id; those that nobody watches are left out."""
    statement = select(Watch.credential_id, func.count()).where(
        Watch.credential_id.in_(credential_ids), Watch.confirmed_at.is_not(None), Watch.ends_at > now
    )
    return {row[0]: row[1] for row in db.session.execute(statement.group_by(Watch.credential_id))}


def forget_ended(before: datetime) -> None:
    """Delete watches that ended before a moment, with the messages to their addresses that have left or were given up."""
    waits = select(MailMessage.id).where(MailMessage.person == Watch.public_id, MailMessage.state == MailState.QUEUED)
    ended = db.session.scalars(select(Watch.public_id).where(Watch.ends_at < before, ~waits.exists()))
    for public_id in ended.all():
        _forget(public_id)
