"""Writing items in the bank: a new item, or a new version of one, as a draft that is saved as often as its writers like.

Only a draft is ever changed. What is in review waits as it is; what has been in use stays as it was asked, and whoever
wants it otherwise writes the next version.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from app import ids, rows
from app.audit.services import record
from app.errors import DomainError, Stale
from app.extensions import db
from app.policy import Actor, Permission, can
from assessments.grading.canonical import plain
from assessments.items import finding
from assessments.items.definitions import Definition, content_hash
from assessments.items.models import Item, ItemBank, ItemVersion, VersionState

_WIDTHS = {"topic": 40, "objective": 40, "thinking": 20, "technique": 40, "kind": 30}


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer hands in: the definition as far as it goes, faults and all, and what stands around it.

    `stimulus_version_id`: the case it is asked about. `reason`: why this version is written.
    """

    definition: Definition
    reason: str = ""
    language: str = "en"
    stimulus_version_id: int | None = None

    @property
    def mark(self) -> str:
        """What changes whenever anything of it changes; a draft keeps it as its hash."""
        return content_hash(self.definition)


def begin_item(bank: ItemBank, written: Written, *, actor: Actor, now: datetime) -> ItemVersion:
    """A new item with its first draft, in no use yet. Raises DomainError at `code` for one that is taken."""
    check_may_write(actor)
    code = str(written.definition.get("code", ""))
    if finding.find_item(bank.id, code) is not None:
        raise DomainError(_("There is an item %(code)s in this bank already.", code=code), "code")
    item = Item(
        public_id=ids.new_public_id(),
        bank_id=bank.id,
        code=code,
        number=0,
        is_public=bank.is_practice,
        made_by=actor.public_id,
    )
    db.session.add(item)
    version = _draft(item, 1, written, actor, now)
    record("item.begun", actor=actor.public_id, subject=("item", item.public_id), detail={"code": code})
    return version


def begin_version(item: Item, written: Written, *, actor: Actor, now: datetime) -> ItemVersion:
    """The next version of an item as a draft. Raises DomainError while another one is being written or reviewed."""
    check_may_write(actor)
    finding.lock(item)
    if finding.find_open_version(item.id) is not None:
        raise Stale(_("Somebody has begun a version of this item meanwhile. Load the page to go on with theirs."))
    version = _draft(item, finding.last_number(item.id) + 1, written, actor, now)
    detail = {"code": item.code, "number": version.number}
    record("item.version_begun", actor=actor.public_id, subject=("item", item.public_id), detail=detail)
    return version


def save_draft(version: ItemVersion, written: Written, *, expected: str, actor: Actor, now: datetime) -> None:
    """Put what is written into a draft; `expected` is the hash of what the writer began with.

    Raises Stale when somebody else saved meanwhile, DomainError for anything that is no draft.
    """
    check_may_write(actor)
    check_draft(version)
    written = _under_its_code(version, written)
    own = ItemVersion.id == version.id
    values = _values(written) | {"writers": _writers(version, actor), "made_at": now}
    guarded = update(ItemVersion).where(
        own, ItemVersion.state == VersionState.DRAFT, ItemVersion.content_hash == expected
    )
    if not rows.run(guarded.values(values)).rowcount:
        raise Stale(_("Somebody else has saved this draft since you opened it. Compare, then save again."))
    db.session.refresh(version)


def check_may_write(actor: Actor) -> None:
    """Raises DomainError for anybody who may not write items."""
    if not can(actor, Permission.ITEMS_WRITE):
        raise DomainError(_("Items are written by authors and officers."))


def check_draft(version: ItemVersion) -> None:
    """Raises DomainError for a version that is no draft any more."""
    if version.state != VersionState.DRAFT:
        raise DomainError(_("This version is no draft any more. It stays as it is; begin a new version to change it."))


def _under_its_code(version: ItemVersion, written: Written) -> Written:
    """An item keeps its code for ever, whatever a definition says."""
    kept = dict(written.definition) | {"code": version.content.get("code", "")}
    return Written(kept, written.reason, written.language, written.stimulus_version_id)


def _writers(version: ItemVersion, actor: Actor) -> list[str]:
    return [*version.writers, *([actor.public_id] if actor.public_id not in version.writers else [])]


def _draft(item: Item, number: int, written: Written, actor: Actor, now: datetime) -> ItemVersion:
    version = ItemVersion(
        item=item,
        number=number,
        state=VersionState.DRAFT,
        made_at=now,
        made_by=actor.public_id,
        writers=[actor.public_id],
        **_values(written),
    )
    db.session.add(version)
    db.session.flush()
    return version


def _values(written: Written) -> dict[str, Any]:
    """The columns of a version; what a draft lacks is empty there."""
    given = written.definition
    placed = {name: str(given.get(name) or "")[:width] for name, width in _WIDTHS.items()}
    return placed | {
        "content": plain(given),
        "content_hash": written.mark,
        "language": written.language,
        "reason": written.reason,
        "stimulus_version_id": written.stimulus_version_id,
    }
