"""From a draft to a version in use: two people, or one where the body has declared openly that it is too small.

Whoever has saved anything of a version never approves it. Each step is one compare-and-set, so that two decisions on
one version end with the first.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from app import rows
from app.audit.services import record
from app.body.queries import get_body
from app.errors import DomainError, Stale
from app.extensions import db
from app.policy import Actor, Permission, can
from assessments.items import finding, queries
from assessments.items.definitions import ItemFault, ItemsInvalid, check_written
from assessments.items.models import Item, ItemBank, ItemReview, ItemVersion, VersionState
from assessments.items.writing import check_draft, check_may_write

ALONE = "alone"


def send(version: ItemVersion, *, actor: Actor, now: datetime) -> None:
    """Hand a draft to whoever reviews it. Raises ItemsInvalid with every fault, DomainError without a reason."""
    check_may_write(actor)
    check_draft(version)
    if not version.reason.strip():
        raise DomainError(_("Say why this version is written; the reviewer reads it first."), "reason")
    faults = [*faults_of(version), *_asked_elsewhere(version)]
    if faults:
        raise ItemsInvalid(faults)
    _move(version, VersionState.DRAFT, VersionState.IN_REVIEW)
    _record("item.sent", version, actor)


def faults_of(version: ItemVersion) -> list[ItemFault]:
    """What stands between a draft and its review, as triples of code, path and message."""
    code = str(version.content.get("code", "?"))
    return [(code, found.path, found.message.english) for found in check_written(version.content)]


def _asked_elsewhere(version: ItemVersion) -> list[ItemFault]:
    """An item that people practise with must not come up in an exam."""
    item, stem = _item(version), version.content.get("stem", "")
    bank = db.session.get_one(ItemBank, item.bank_id)
    other = queries.stems(of_practice=not bank.is_practice).get(stem)
    message = _("asks the same as %(code)s of the other kind of bank: exam items are never practised with", code=other)
    return [(item.code, "stem", message)] if other else []


def take_back(version: ItemVersion, *, actor: Actor, now: datetime) -> None:
    """Its writer goes on writing before anybody has decided. Raises DomainError for others."""
    if actor.public_id not in version.writers:
        raise DomainError(_("Only a writer of this version can take it back."))
    _move(version, VersionState.IN_REVIEW, VersionState.DRAFT)
    _record("item.taken_back", version, actor)


def approve(version: ItemVersion, note: str, *, actor: Actor, now: datetime) -> None:
    """Put a version into use; the one before it is retired and stays with the attempts that asked it.

    Raises DomainError for its own writers (see `why_not`), Stale when it does not wait for a decision any more.
    """
    refusal = why_not(version, actor, now)
    if refusal:
        raise DomainError(refusal)
    item = _item(version)
    if item.is_pilot and version.stimulus_version_id is not None:
        raise DomainError(_("A pilot stands alone, and this version is asked about a case. End the pilot first."))
    finding.lock(item)
    _move(version, VersionState.IN_REVIEW, VersionState.READY, ready_at=now)
    _retire_before(item, version)
    db.session.execute(update(Item).where(Item.id == item.id).values(number=version.number, retired_at=None))
    db.session.refresh(item)
    is_alone = is_own(version, actor)
    _decide(version, "approved", _with_declaration(note, is_alone), actor, now)
    _record("item.approved", version, actor, **({ALONE: True} if is_alone else {}))


def return_(version: ItemVersion, note: str, *, actor: Actor, now: datetime) -> None:
    """Give a version back to its writers with what is missing. Raises DomainError at `note` without a word."""
    check_may_review(actor)
    if not note.strip():
        raise DomainError(_("Say what has to change, so that its writer can go on."), "note")
    _move(version, VersionState.IN_REVIEW, VersionState.DRAFT)
    _decide(version, "returned", note, actor, now)
    _record("item.returned", version, actor)


def why_not(version: ItemVersion, actor: Actor, now: datetime) -> str:
    """Why this person may not approve this version, in a sentence; empty when nothing stands against it."""
    if not can(actor, Permission.ITEMS_APPROVE):
        return _("Items are approved by authors and officers.")
    if is_own(version, actor) and not may_stand_alone(now):
        return _("You have written on this version. Another person has to approve it.")
    return ""


def is_own(version: ItemVersion, actor: Actor) -> bool:
    """Whether this person has saved anything of this version."""
    return actor.public_id in (version.made_by, *version.writers)


def may_stand_alone(now: datetime) -> bool:
    """Whether the body has declared that it has too few people for two signatures, and that time has not ended."""
    return get_body().is_small(now)


def check_may_review(actor: Actor) -> None:
    """Raises DomainError for anybody who may not decide on items."""
    if not can(actor, Permission.ITEMS_APPROVE):
        raise DomainError(_("Items are approved by authors and officers."))


def _with_declaration(note: str, is_alone: bool) -> str:
    if not is_alone:
        return note
    said = _("Approved by its own writer under the body’s declaration that it is too small for two signatures.")
    return f"{said} {note}".strip()[:2_000]


def _retire_before(item: Item, version: ItemVersion) -> None:
    others = (ItemVersion.item_id == item.id, ItemVersion.id != version.id, ItemVersion.state == VersionState.READY)
    db.session.execute(update(ItemVersion).where(*others).values(state=VersionState.RETIRED))


def _move(version: ItemVersion, before: VersionState, after: VersionState, **values: Any) -> None:
    """Compare and set. Raises Stale when the version stands elsewhere by now."""
    statement = update(ItemVersion).where(ItemVersion.id == version.id, ItemVersion.state == before)
    if not rows.run(statement.values(state=after, **values)).rowcount:
        raise Stale(_("Somebody has decided on this version meanwhile. Load the page again."))
    db.session.refresh(version, ["state", "ready_at"])


def _decide(version: ItemVersion, decision: str, note: str, actor: Actor, now: datetime) -> None:
    db.session.add(ItemReview(item_version_id=version.id, decision=decision, note=note, by=actor.public_id, at=now))


def _record(act: str, version: ItemVersion, actor: Actor, **more: Any) -> None:
    item = _item(version)
    detail = {"code": item.code, "number": version.number, **more}
    record(act, actor=actor.public_id, subject=("item", item.public_id), detail=detail)


def _item(version: ItemVersion) -> Item:
    return db.session.get_one(Item, version.item_id)
