"""Badges by themselves: for certificates from before there were badges, and anew where a stolen key signed the one there is.

Nothing is issued here. Number, award, dates and the bytes of the document stay as they are; the register gets an entry that
commits to the new badge alone. It happens when an officer asks for it, never because the program was updated.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, or_, select

from app import clock, transaction
from app.audit.services import record
from app.body.queries import get_body
from app.errors import DomainError
from app.extensions import db
from app.jobs import runner
from app.jobs.ledger import Claim
from certificates import queries
from certificates.badging import keeping as badge_keeping
from certificates.badging import places as badge_places
from certificates.badging.models import BadgeArtefact, BadgePlace
from certificates.checking import issued
from certificates.keys import published as published_keys
from certificates.keys.records import KeyPurpose, KeyState, KeyStoreError
from certificates.lifecycle import history
from certificates.lifecycle.status import Event, Status
from certificates.models import Artefact, Credential, CredentialState, CredentialStatus
from certificates.register import services as register
from certificates.resigning.stolen import BADGES, Later, list_badges_later, rests_on_stolen

JOB = "certificates.make-badge"
ADDED_TO = (Status.VALID, Status.NOT_YET_VALID)
MADE_FOR = (*ADDED_TO, Status.EXPIRED)
_AT_ONCE, _FEW = 500, 50


def list_without(now: datetime) -> list[tuple[str, str]]:
    """Public id and number of the certificates that are valid and have no badge, the oldest first."""
    found = [(row[0], row[1]) for row in db.session.execute(_without(now))]
    return [row for first in range(0, len(found), _AT_ONCE) for row in _valid(found[first : first + _AT_ONCE], now)]


def are_missing(now: datetime) -> bool:
    """Whether a valid certificate without a badge is among the first few that have none: two statements at most."""
    found = [(row[0], row[1]) for row in db.session.execute(_without(now).limit(_FEW))]
    return bool(_valid(found, now))


def _valid(rows: Sequence[tuple[str, str]], now: datetime) -> list[tuple[str, str]]:
    facts = issued.find_many({number for _id, number in rows}, now)
    return [row for row in rows if row[1] in facts and facts[row[1]].status in ADDED_TO]


def _without(now: datetime) -> Select[str, str]:
    """Issued certificates without a badge that counts; those that ended long ago or for good are left out already here."""
    badge = select(BadgeArtefact.id).join(BadgePlace, BadgePlace.id == BadgeArtefact.place_id)
    badge = badge.where(BadgeArtefact.credential_id == Credential.id, BadgePlace.live == 1)
    ended = select(CredentialStatus.id).where(
        CredentialStatus.credential_id == Credential.id, CredentialStatus.kind.in_((Event.REVOKED, Event.SUPERSEDED))
    )
    yesterday = now.date() - timedelta(days=1)
    return (
        select(Credential.public_id, Credential.number)
        .join(Artefact, Artefact.credential_id == Credential.id)
        .where(Credential.state == CredentialState.ISSUED, ~badge.exists(), ~ended.exists())
        .where(or_(Credential.valid_until.is_(None), Credential.valid_until >= yesterday))
        .order_by(Credential.id)
    )


def order_missing(actor: str, now: datetime) -> int:
    """Order a badge for every valid certificate that has none, in the running transaction; how many.

    Raises DomainError while no key can sign badges.
    """
    try:
        refuse_without_keys(now)
    except KeyStoreError as problem:
        raise DomainError(
            _("No key can sign badges now. Whoever runs the server makes one: `laurel keys init`.")
        ) from problem
    found = list_without(now)
    for public_id, _ignored in found:
        runner.order(JOB, {"credential": public_id}, key=f"{JOB}:{public_id}:{int(now.timestamp())}")
    if found:
        record("badges.ordered", actor=actor, detail={"certificates": len(found)})
    return len(found)


def refuse_without_keys(now: datetime) -> None:
    """Raise KeyStoreError unless both keys of badges can sign."""
    for purpose in BADGES:
        published_keys.signer_for(purpose, now)


def order_stolen(later: Sequence[Later], now: datetime) -> int:
    """Order new badges in the running transaction; how many. None while a key for badges is missing."""
    active = [_active_key(purpose, now) for purpose in BADGES]
    if not all(active):
        return 0
    for badge in later:
        key = f"{JOB}:{badge.public_id}:{badge.sha256[:16]}:{'+'.join(active)}"
        runner.order(JOB, {"credential": badge.public_id}, key=key)
    return len(later)


def order_waiting(now: datetime) -> int:
    """Order new badges for whatever still rests on a stolen key; how many."""
    keys = [key for purpose in BADGES for key in published_keys.list_keys(purpose) if key.compromised_at is not None]
    return order_stolen(list_badges_later(keys), now)


def _active_key(purpose: KeyPurpose, now: datetime) -> str:
    """The id of the newest key that may sign, or nothing."""
    keys = published_keys.list_keys(purpose)
    found = [key.key_id for key in keys if key.state == KeyState.ACTIVE and key.not_before <= now <= key.not_after]
    return found[-1] if found else ""


@transaction.slow_first
def make_badge(claim: Claim) -> None:
    """The job: the badge of one certificate by itself. Run twice, the second run finds it done."""
    make(claim.payload["credential"], clock.now())


def make(public_id: str, now: datetime) -> bool:
    """Make the badge of a certificate that has none, or has one from a stolen key; whether one was made.

    To be called where nothing was written yet: it commits what it keeps (see `badge_keeping.keep`). Raises KeyStoreError,
    before anything is given up, and FactsInvalid.
    """
    credential = queries.get_credential(public_id)
    if credential.state != CredentialState.ISSUED or credential.artefact is None:
        return False
    if queries.standing_of(credential, now).status not in MADE_FOR:
        return False
    kept = badge_keeping.find(credential.id)
    was_stolen = kept is not None and rests_on_stolen(kept, published_keys.list_keys())
    if kept is not None and not was_stolen:
        return False
    refuse_without_keys(now)
    if was_stolen:
        _give_up(credential.id, now)
        credential = queries.get_credential(public_id)
    number, made = credential.number, []

    def note(badge: BadgeArtefact) -> None:
        made.append(badge.sha256)
        _note(public_id, number, badge, was_stolen=was_stolen, now=now)

    badge_keeping.keep(credential, now, note)
    return bool(made)


def _give_up(credential_id: int, now: datetime) -> None:
    """Set the bit of the badge that is not believed any more, for ever, and give a new place, in a transaction of its own."""
    badge_keeping.begin_alone(credential_id)
    kept = badge_keeping.find(credential_id)
    if kept is not None and rests_on_stolen(kept, published_keys.list_keys()):
        badge_places.burn(credential_id, now)
        badge_places.give_place(credential_id, now)
    transaction.commit()
    transaction.begin_read()


def _note(public_id: str, number: str, badge: BadgeArtefact, *, was_stolen: bool, now: datetime) -> None:
    """Enter a badge into the register and the trail; who had one from a stolen key is told."""
    register.append(register.BADGE, number, now, badge_sha256=badge.sha256)
    detail = {"key": badge.key_id, "token_key": badge.token_key_id}
    record("credential.badge_made", subject=("credential", public_id), detail=detail)
    if was_stolen:
        link = f"{get_body().base_address}/certificates"
        history.notify("certificates.badge-re-signed", queries.get_credential(public_id), link=link)
