"""Links to one certificate: made by its holder for somebody, open for some days, ended at any time, each opening logged.

A link shows everything of the certificate, whatever its page shows to others; a withdrawn one shows no more than that.
The log is bounded: of each day a link lists so many openings, counts on up to a limit, and then keeps no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, joinedload

from app import ids, transaction
from app.accounts.models import Person
from app.accounts.sessions import hash_secret
from app.audit.services import record
from app.errors import DomainError, Missing
from app.extensions import db
from app.rows import insert_of
from certificates.models import Credential, CredentialState
from certificates.sharing.models import OpenedBy, Share, ShareDay, ShareOpening

DAYS, FEWEST_DAYS, MOST_DAYS = 14, 1, 90
MOST_LIVE = 20
"""Links to one certificate that may be open at a time."""
LISTED_A_DAY, COUNTED_A_DAY = 100, 1_000
SHOWN = 30
"""Openings of one link that the holder's page lists; the copy of one's data has them all."""
LOG_PATIENCE_MS = 2_000
"""How long an opening waits to be logged while others write."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Wish:
    """For whom a link is, for how many days, and whether it gives the signed document too."""

    audience: str
    days: int = DAYS
    with_document: bool = False


@dataclass(frozen=True)
class Visit:
    """What is logged of one opening; see certificates.sharing.visitors."""

    opened_by: OpenedBy
    network: str
    browser: str
    fetched_document: bool = False


@dataclass(frozen=True)
class OpenShare:
    """A link that opens now, as plain values."""

    share_id: int
    credential_public_id: str
    number: str
    person_id: int
    with_document: bool
    ends_at: datetime


@dataclass(frozen=True)
class ShareLog:
    """A link with the newest of its openings, and how many there were in all."""

    share: Share
    openings: tuple[ShareOpening, ...]
    total: int


def make(public_id: str, person: Person, wish: Wish, now: datetime) -> tuple[Share, str]:
    """Make a link to an issued certificate of this person; return it with its token, which is told this once.

    Raises Missing for one of somebody else; DomainError for days out of range, one not issued, and too many links.
    """
    if not FEWEST_DAYS <= wish.days <= MOST_DAYS:
        raise DomainError(_("Choose from 1 to %(most)s days.", most=MOST_DAYS), "days")
    credential = _lock_own(public_id, person.id)
    if credential.state != CredentialState.ISSUED:
        raise DomainError(_("This certificate has not been issued yet."))
    if _count_live(credential.id, now) >= MOST_LIVE:
        raise DomainError(_("%(most)s links to it are open. End one of them first.", most=MOST_LIVE))
    token = ids.new_secret()
    share = Share(
        public_id=ids.new_public_id(),
        credential_id=credential.id,
        token_hash=hash_secret(token),
        audience=wish.audience,
        with_document=wish.with_document,
        made_at=now,
        ends_at=now + timedelta(days=wish.days),
    )
    db.session.add(share)
    db.session.flush()
    detail = {"days": str(wish.days), "document": "yes" if wish.with_document else "no"}
    record("credential.shared", actor=person.public_id, subject=("credential", public_id), detail=detail)
    return share, token


def _lock_own(public_id: str, person_id: int) -> Credential:
    """The certificate, locked: two links made at once are counted one after the other. Raises Missing."""
    statement = select(Credential).where(Credential.public_id == public_id, Credential.person_id == person_id)
    found = db.session.scalars(statement.with_for_update(key_share=True)).first()
    if found is None:
        raise Missing
    return found


def _is_live(now: datetime) -> ColumnElement[bool]:
    return Share.ended_at.is_(None) & (Share.ends_at > now)


def _count_live(credential_id: int, now: datetime) -> int:
    statement = select(func.count()).where(Share.credential_id == credential_id, _is_live(now))
    return db.session.scalar(statement) or 0


def end(public_id: str, person: Person, now: datetime) -> Share:
    """End a link at once; one that has ended stays as it is. Raises Missing for one of somebody else."""
    statement = select(Share).join(Share.credential).options(joinedload(Share.credential))
    statement = statement.where(Share.public_id == public_id, Credential.person_id == person.id)
    share = db.session.scalars(statement.with_for_update(of=Share)).first()
    if share is None:
        raise Missing
    if share.is_live(now):
        share.ended_at = now
        subject = ("credential", share.credential.public_id)
        record("credential.share_ended", actor=person.public_id, subject=subject)
    return share


def is_known(token: str) -> bool:
    """Whether a link with this token was made and is not forgotten yet, open or ended."""
    return db.session.scalar(select(Share.id).where(Share.token_hash == hash_secret(token))) is not None


def find_open(token: str, now: datetime) -> OpenShare | None:
    """The link that opens with this token at `now`; None for an unknown, an ended one, and while the account is closed."""
    statement = (
        select(
            Share.id, Credential.public_id, Credential.number, Credential.person_id, Share.with_document, Share.ends_at
        )
        .join(Share.credential)
        .join(Credential.person)
        .where(Share.token_hash == hash_secret(token), _is_live(now), Person.closed_at.is_(None))
    )
    row = db.session.execute(statement).first()
    return OpenShare(*row) if row else None


def note_opening(share_id: int, visit: Visit, now: datetime) -> bool:
    """Log one opening in a transaction aside; False when the link has ended in between.

    While the database takes no writes the link opens all the same, unlogged: nobody can end it then either.
    """
    try:
        with transaction.aside(LOG_PATIENCE_MS) as session:
            live = select(Share.id).where(Share.id == share_id, _is_live(now)).with_for_update(read=True)
            if session.scalar(live) is None:
                return False
            _write(session, share_id, visit, now)
    except SQLAlchemyError:
        log.warning("share_opening_not_logged")
    return True


def _write(session: Session, share_id: int, visit: Visit, now: datetime) -> None:
    own_insert = insert_of(session.get_bind().dialect.name)
    counted = own_insert(ShareDay).values(share_id=share_id, day=now.astimezone(UTC).date(), openings=1)
    counted = counted.on_conflict_do_update(
        index_elements=[ShareDay.share_id, ShareDay.day],
        set_={"openings": ShareDay.openings + 1},
        where=ShareDay.openings < COUNTED_A_DAY,
    )
    times = session.scalar(counted.returning(ShareDay.openings))
    if times is not None and times <= LISTED_A_DAY:
        values = {"opened_by": visit.opened_by, "network": visit.network, "browser": visit.browser}
        session.add(ShareOpening(share_id=share_id, at=now, fetched_document=visit.fetched_document, **values))


def list_logs(credential_id: int, now: datetime) -> list[ShareLog]:
    """The links to a certificate with their logs: those that open first, the newest first."""
    statement = select(Share).where(Share.credential_id == credential_id).order_by(Share.id.desc())
    shares = sorted(db.session.scalars(statement), key=lambda share: not share.is_live(now))
    openings = _newest([share.id for share in shares])
    totals = _totals([share.id for share in shares])
    return [ShareLog(share, tuple(openings.get(share.id, ())), totals.get(share.id, 0)) for share in shares]


def _newest(share_ids: Sequence[int]) -> dict[int, list[ShareOpening]]:
    """The newest openings of each link, by its id, in one statement."""
    place = func.row_number().over(partition_by=ShareOpening.share_id, order_by=ShareOpening.id.desc())
    placed = select(ShareOpening.id, place.label("place")).where(ShareOpening.share_id.in_(share_ids)).subquery()
    statement = select(ShareOpening).join(placed, placed.c.id == ShareOpening.id).where(placed.c.place <= SHOWN)
    found: dict[int, list[ShareOpening]] = {}
    for opening in db.session.scalars(statement.order_by(ShareOpening.id.desc())):
        found.setdefault(opening.share_id, []).append(opening)
    return found


def _totals(share_ids: Sequence[int]) -> dict[int, int]:
    statement = select(ShareDay.share_id, func.sum(ShareDay.openings)).where(ShareDay.share_id.in_(share_ids))
    return {share_id: int(total) for share_id, total in db.session.execute(statement.group_by(ShareDay.share_id))}


def forget_all_of(person_id: int) -> None:
    """End and delete every link to the certificates of a person, with the logs: the person is being erased."""
    own = select(Share.id).join(Share.credential).where(Credential.person_id == person_id)
    _delete(list(db.session.scalars(own)))


def forget_openings(before: datetime) -> None:
    """Delete what was logged before a moment."""
    db.session.execute(delete(ShareOpening).where(ShareOpening.at < before))
    db.session.execute(delete(ShareDay).where(ShareDay.day < before.astimezone(UTC).date()))


def forget_ended(before: datetime) -> None:
    """Delete links that ended before a moment, with what is left of their logs."""
    ended = or_(Share.ended_at < before, Share.ends_at < before)
    _delete(list(db.session.scalars(select(Share.id).where(ended))))


def _delete(share_ids: Sequence[int]) -> None:
    for table in (ShareOpening, ShareDay):
        db.session.execute(delete(table).where(table.share_id.in_(share_ids)))
    db.session.execute(delete(Share).where(Share.id.in_(share_ids)))
