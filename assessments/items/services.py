"""Bringing items into banks. A changed definition becomes a new version; nothing that was asked is ever changed.

What a folder brings in is ready at once and has no writer. What people wrote in the bank itself is never taken away
without a word: the report names each item whose wording gave way, and each that has a draft besides.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app import ids
from app.audit.services import SYSTEM, record
from app.extensions import db
from assessments.grading.canonical import plain
from assessments.items import queries
from assessments.items.definitions import Definition, ItemsInvalid, check_items, content_hash
from assessments.items.models import Item, ItemBank, ItemVersion, VersionState


@dataclass
class ItemReport:
    """Codes of the items that an import made, changed, left alone and retired.

    `kept`: written anew or retired in the bank since the folder's wording, which brings nothing new; they stay so.
    `gave_way`: written in the bank, and replaced since the folder's wording is new. `drafts`: changed, with a draft of
    somebody waiting beside it.
    """

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    gave_way: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)

    @property
    def is_change(self) -> bool:
        """Whether the import changed anything."""
        return bool(self.created or self.updated or self.retired)

    @property
    def words(self) -> str:
        """The numbers in one line: 3 created, 40 unchanged."""
        names = {"kept": "kept as people left them", "gave_way": "of them written in the bank"}
        names["drafts"] = "with a draft in the bank"
        counted = [(codes, names.get(name, name)) for name, codes in vars(self).items() if codes]
        told = {id(self.kept), id(self.gave_way), id(self.drafts)}
        lines = [f"{len(c)} {name}" + (f" ({', '.join(c)})" if id(c) in told else "") for c, name in counted]
        return ", ".join(lines) or "none"


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
    run = _Import(bank, now, is_public, language, queries.last_versions(bank.id), queries.written_since(bank.id))
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
    """One run of an import: where to, how, what each item has by now, and what was done so far."""

    bank: ItemBank
    now: datetime
    is_public: bool
    language: str
    last: dict[int, tuple[int, str]]
    written: Mapping[int, Collection[str]]
    report: ItemReport = field(default_factory=ItemReport)

    def take(self, definition: Definition, known: tuple[Item, ItemVersion | None] | None) -> None:
        """Make or renew one item."""
        made = content_hash(definition)
        if known is None:
            self._write(self._make(definition["code"]), definition, made, 1)
        elif self._is_theirs(*known, made):
            self.report.kept.append(definition["code"])
        else:
            self._renew(*known, definition, made)

    def _is_theirs(self, item: Item, version: ItemVersion | None, made: str) -> bool:
        """Whether people wrote on from this very wording, or took it out of use: theirs is the newer word."""
        if version is None:
            return False
        is_laid_aside = version.state == VersionState.RETIRED and version.content_hash == made
        return is_laid_aside or made in self.written.get(item.id, ())

    def _make(self, code: str) -> Item:
        item = Item(public_id=ids.new_public_id(), bank_id=self.bank.id, code=code, number=1, is_public=self.is_public)
        db.session.add(item)
        self.report.created.append(code)
        return item

    def _renew(self, item: Item, version: ItemVersion | None, definition: Definition, made: str) -> None:
        same_words = version is not None and version.content_hash == made
        is_same = same_words and item.is_public is self.is_public and item.retired_at is None
        (self.report.unchanged if is_same else self.report.updated).append(item.code)
        item.is_public, item.retired_at = self.is_public, None
        if same_words:
            return
        self._note_writers(item, version)
        if version is not None:
            version.state = VersionState.RETIRED
        self._write(item, definition, made, self.last[item.id][0] + 1)

    def _note_writers(self, item: Item, version: ItemVersion | None) -> None:
        """Whose work this import touches, for the report."""
        if version is not None and version.made_by:
            self.report.gave_way.append(item.code)
        if self.last[item.id][1] in (VersionState.DRAFT, VersionState.IN_REVIEW):
            self.report.drafts.append(item.code)

    def _write(self, item: Item, definition: Definition, made: str, number: int) -> None:
        item.number = number
        db.session.add(_version(item, definition, made, self.language, self.now))

    def retire_others(self, definitions: Sequence[Definition], items: Sequence[Item]) -> None:
        """Retire what this openness held from folders and the definitions no longer name; never what people wrote."""
        kept = {definition["code"] for definition in definitions}
        for item in items:
            is_theirs = item.is_public is self.is_public and not item.made_by
            if item.code not in kept and item.retired_at is None and is_theirs:
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
        ready_at=now,
    )
