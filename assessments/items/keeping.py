"""What is decided about items beside their words: in use or not, resting, pilot, tags, and which are kept apart."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete

from app.audit.services import record
from app.errors import DomainError
from app.extensions import db
from app.forms import squeeze
from app.policy import Actor
from assessments.items import finding
from assessments.items.models import Item, ItemEnemy, ItemTag, VersionState
from assessments.items.writing import check_may_write

MOST_TAGS, LONGEST_TAG = 12, 40


def retire(item: Item, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take an item out of use; attempts that asked it keep it. Raises DomainError at `reason` without a word."""
    check_may_write(actor)
    if not reason.strip():
        raise DomainError(_("Say why the item is retired."), "reason")
    if item.retired_at is not None:
        return
    item.retired_at = now
    _set_state(item, VersionState.READY, VersionState.RETIRED)
    _record("item.retired", item, actor, personal={"reason": reason})


def bring_back(item: Item, *, actor: Actor, now: datetime) -> None:
    """Put a retired item into use again, in the wording it had. Raises DomainError for one that never was in use."""
    check_may_write(actor)
    if item.number == 0:
        raise DomainError(_("No version of this item has been approved yet."))
    if item.retired_at is None:
        return
    item.retired_at = None
    _set_state(item, VersionState.RETIRED, VersionState.READY)
    _record("item.brought_back", item, actor)


def _set_state(item: Item, before: VersionState, after: VersionState) -> None:
    version = finding.find_in_use(item)
    if version is not None and version.state == before:
        version.state = after


def set_resting(item: Item, is_resting: bool, *, actor: Actor) -> None:
    """Leave an item out of draws until somebody wakes it, or wake it."""
    check_may_write(actor)
    if item.is_resting is not is_resting:
        item.is_resting = is_resting
        _record("item.rested" if is_resting else "item.woken", item, actor)


def set_pilot(item: Item, is_pilot: bool, *, actor: Actor) -> None:
    """Ask an item without scoring it, to learn about it, or let it count from now on.

    Raises DomainError for one that is asked about a case: a case is drawn whole.
    """
    check_may_write(actor)
    if is_pilot and finding.find_case_of(item) is not None:
        raise DomainError(_("This item is asked about a case, and a case is drawn whole. A pilot stands alone."))
    if item.is_pilot is not is_pilot:
        item.is_pilot = is_pilot
        _record("item.pilot_begun" if is_pilot else "item.pilot_ended", item, actor)


def read_tags(text: str) -> list[str]:
    """The tags that somebody typed, separated by commas or lines; each once, in the order typed."""
    words = (squeeze(word) or "" for word in re.split(r"[,;\n]", text))
    return list(dict.fromkeys(word.casefold() for word in words if word))


def set_tags(item: Item, tags: Iterable[str], *, actor: Actor) -> None:
    """Let an item have these tags and no others. Raises DomainError at `tags`."""
    check_may_write(actor)
    wanted = set(tags)
    if len(wanted) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in wanted):
        message = _("At most %(most)s tags of up to %(long)s characters.", most=MOST_TAGS, long=LONGEST_TAG)
        raise DomainError(message, "tags")
    held = set(finding.list_tags(item.id))
    if held == wanted:
        return
    db.session.execute(delete(ItemTag).where(ItemTag.item_id == item.id, ItemTag.tag.in_(held - wanted)))
    db.session.add_all([ItemTag(item_id=item.id, tag=tag) for tag in sorted(wanted - held)])
    _record("item.tagged", item, actor, detail={"tags": sorted(wanted)})


def keep_apart(item: Item, other: Item | None, reason: str, *, actor: Actor, now: datetime) -> None:
    """Never ask two items together. Raises DomainError at `other` for one that cannot be meant."""
    check_may_write(actor)
    if other is None or other.bank_id != item.bank_id or other.id == item.id:
        raise DomainError(_("Enter the code of another item of this bank."), "other")
    if finding.find_case_of(item) is not None and finding.find_case_of(item) == finding.find_case_of(other):
        raise DomainError(_("Both are asked about the same case, and a case is drawn whole."), "other")
    low, high = sorted((item, other), key=lambda one: one.id)
    if db.session.get(ItemEnemy, (low.id, high.id)) is None:
        db.session.add(ItemEnemy(item_id=low.id, other_id=high.id, reason=reason, made_by=actor.public_id, made_at=now))
        _record("item.kept_apart", item, actor, detail={"other": other.code})


def let_together(item: Item, other: Item | None, *, actor: Actor) -> None:
    """Let two items be asked together again."""
    check_may_write(actor)
    if other is None:
        return
    low, high = sorted((item.id, other.id))
    db.session.execute(delete(ItemEnemy).where(ItemEnemy.item_id == low, ItemEnemy.other_id == high))
    _record("item.let_together", item, actor, detail={"other": other.code})


def _record(act: str, item: Item, actor: Actor, *, detail: dict[str, Any] | None = None, **more: Any) -> None:
    whole = {"code": item.code, **(detail or {})}
    record(act, actor=actor.public_id, subject=("item", item.public_id), detail=whole, **more)
