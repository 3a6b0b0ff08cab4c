"""What sharing holds of a person: links to their certificates with the log, and how many addresses watch each."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts.models import Person
from app.extensions import db
from app.privacy.personal import Personal, pick
from certificates.models import Credential
from certificates.sharing import services as sharing
from certificates.sharing import watching
from certificates.sharing.models import Share, ShareDay, ShareOpening


def _export(person: Person) -> dict[str, Any]:
    statement = select(Share).join(Share.credential).options(joinedload(Share.credential))
    shares = db.session.scalars(statement.where(Credential.person_id == person.id).order_by(Share.id)).all()
    own = select(Credential.id, Credential.number).where(Credential.person_id == person.id)
    numbers = {row[0]: row[1] for row in db.session.execute(own)}
    watches = watching.count_watches(list(numbers), clock.now())
    return {
        "links": [_share(share) for share in shares],
        "watched_by": [{"number": numbers[found], "addresses": count} for found, count in sorted(watches.items())],
    }


def _share(share: Share) -> dict[str, Any]:
    opened = select(ShareOpening).where(ShareOpening.share_id == share.id).order_by(ShareOpening.id)
    counted = select(ShareDay).where(ShareDay.share_id == share.id).order_by(ShareDay.day)
    names = ("at", "opened_by", "network", "browser", "fetched_document")
    return {
        "number": share.credential.number,
        **pick(share, "audience", "with_document", "made_at", "ends_at", "ended_at"),
        "openings": [pick(row, *names) for row in db.session.scalars(opened)],
        "openings_by_day": [pick(row, "day", "openings") for row in db.session.scalars(counted)],
    }


def _erase(person: Person, _now: datetime) -> None:
    """Links and logs go; whoever watches hears of what becomes of the certificates, and is forgotten with them."""
    sharing.forget_all_of(person.id)


PERSONAL = Personal(name="shares", export=_export, erase=_erase)
