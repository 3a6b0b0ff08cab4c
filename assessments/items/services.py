"""Bringing items into banks. A changed definition becomes a new version; nothing that was asked is ever changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app import ids
from app.audit.services import SYSTEM, record
from app.extensions import db
from assessments.grading.canonical import plain
from assessments.items import queries
from assessments.items.definitions import Definition, ItemsInvalid, check_items, content_hash
from assessments.items.models import Item, ItemBank, ItemVersion


@dataclass
class ItemReport:
    """Codes of the items that an import made, changed, left alone and retired."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)

    @property
    def is_change(self) -> bool:
        """Whether the import changed anything."""
        return bool(self.created or self.updated or self.retired)

    @property
    def words(self) -> str:
        """The numbers in one line: 3 created, 40 unchanged."""
        counted = [(len(codes), name) for name, codes in vars(self).items() if codes]
        return ", ".join(f"{count} {name}" for count, name in counted) or "none"


def keep_bank(code: str, title: str, *, is_practice: bool) -> ItemBank:
    """The bank of this code, made if it is not there. Raises ItemsInvalid if it serves the other purpose."""
    bank = queries.find_bank(code)
    if bank is None:
        bank = ItemBank(code=code, title=title, is_practice=is_practice)
        db.session.add(bank)
        db.session.flush()
    if bank.is_practice is not is_practice:
        raise ItemsInvalid([(code, "bank", "serves exams or practice, never both")])
    return bank


def import_items(
    definitions: Sequence[Definition],
    bank: ItemBank,
    now: datetime,
    *,
    is_public: bool = True,
    language: str = "en",
    actor: str = SYSTEM,
) -> ItemReport:
    """Make the bank hold these items in these wordings; the same definitions twice change nothing.

    Items of the same openness that are not among them are retired: they stay with the attempts that asked them.
    Raises ItemsInvalid with every fault, and then nothing is changed.
    """
    check_items(definitions)
    _keep_apart(definitions, bank)
    known = {item.code: (item, version) for item, version in queries.list_with_versions(bank.id)}
    run = _Import(bank, now, is_public, language)
    for definition in definitions:
        run.take(definition, known.get(definition["code"]))
    run.retire_others(definitions, [item for item, _version in known.values()])
    report = run.report
    db.session.flush()
    if report.is_change:
        counts = {name: len(codes) for name, codes in vars(report).items()}
        record("items.imported", actor=actor, subject=("bank", bank.code), detail=counts)
    return report


def _keep_apart(definitions: Sequence[Definition], bank: ItemBank) -> None:
    """An item that people practise with must not come up in an exam. Raises ItemsInvalid."""
    others = queries.stems(of_practice=not bank.is_practice)
    message = "asks the same as {} of the other kind of bank: exam items are never practised with"
    faults = [
        (definition["code"], "stem", message.format(others[definition["stem"]]))
        for definition in definitions
        if definition["stem"] in others
    ]
    if faults:
        raise ItemsInvalid(faults)


@dataclass
class _Import:
    """One run of an import: where to, how, and what it did so far."""

    bank: ItemBank
    now: datetime
    is_public: bool
    language: str
    report: ItemReport = field(default_factory=ItemReport)

    def take(self, definition: Definition, known: tuple[Item, ItemVersion] | None) -> None:
        """Make or renew one item."""
        made = content_hash(definition)
        item, last_hash = self._make(definition["code"]) if known is None else self._renew(*known, made)
        if last_hash != made:
            db.session.add(_version(item, definition, made, self.language, self.now))

    def _make(self, code: str) -> tuple[Item, str]:
        item = Item(public_id=ids.new_public_id(), bank_id=self.bank.id, code=code, number=1, is_public=self.is_public)
        db.session.add(item)
        self.report.created.append(code)
        return item, ""

    def _renew(self, item: Item, version: ItemVersion, made: str) -> tuple[Item, str]:
        is_same = version.content_hash == made and item.is_public is self.is_public and item.retired_at is None
        (self.report.unchanged if is_same else self.report.updated).append(item.code)
        item.is_public, item.retired_at = self.is_public, None
        if version.content_hash != made:
            item.number += 1
        return item, version.content_hash

    def retire_others(self, definitions: Sequence[Definition], items: Sequence[Item]) -> None:
        """Retire what this openness held and the definitions no longer name."""
        kept = {definition["code"] for definition in definitions}
        for item in items:
            if item.code not in kept and item.retired_at is None and item.is_public is self.is_public:
                item.retired_at = self.now
                self.report.retired.append(item.code)


def _version(item: Item, definition: Definition, made: str, language: str, now: datetime) -> ItemVersion:
    return ItemVersion(
        item=item,
        number=item.number,
        kind=definition["kind"],
        content=plain(definition),
        topic=definition["topic"],
        objective=definition["objective"],
        thinking=definition["thinking"],
        technique=definition.get("technique", ""),
        language=language,
        content_hash=made,
        made_at=now,
    )
