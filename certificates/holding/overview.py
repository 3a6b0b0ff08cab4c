"""What stands beside each certificate on its holder's page: which forms there are, open links, and who waits for news."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db
from certificates.badging.models import BadgeArtefact, BadgePlace
from certificates.sharing import watching
from certificates.sharing.models import Share


@dataclass(frozen=True)
class Beside:
    """Whether there is a badge to fetch, how many links are open, and how many addresses watch."""

    has_badge: bool = False
    open_links: int = 0
    watches: int = 0


def list_beside(credential_ids: Sequence[int], now: datetime) -> dict[int, Beside]:
    """The same for each certificate, by its id, in three statements however many there are."""
    known = list(credential_ids)
    badges = _with_badge(known)
    links = _open_links(known, now)
    watches = watching.count_watches(known, now)
    return {found: Beside(found in badges, links.get(found, 0), watches.get(found, 0)) for found in known}


def _with_badge(credential_ids: list[int]) -> set[int]:
    """Those with a badge that counts; certificates from before there were badges have none."""
    statement = select(BadgeArtefact.credential_id).join(BadgeArtefact.place)
    statement = statement.where(BadgeArtefact.credential_id.in_(credential_ids), BadgePlace.live == 1)
    return set(db.session.scalars(statement))


def _open_links(credential_ids: list[int], now: datetime) -> dict[int, int]:
    statement = select(Share.credential_id, func.count()).where(
        Share.credential_id.in_(credential_ids), Share.ended_at.is_(None), Share.ends_at > now
    )
    return {row[0]: row[1] for row in db.session.execute(statement.group_by(Share.credential_id))}
