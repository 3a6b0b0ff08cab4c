"""Reading items. An exam bank and a practice bank are never mixed: each query says which it wants."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select

from app import rows
from app.errors import Missing
from app.extensions import db
from assessments.grading.blueprint import ItemRef
from assessments.items.models import Item, ItemBank, ItemEnemy, ItemVersion, Stimulus, StimulusVersion, VersionState


@dataclass(frozen=True, slots=True)
class BankItem:
    """An item as far as a draw is concerned: its reference and the id of its version in use.

    `stimulus` is the code of the case it is asked about, None without one; `exposure` counts the attempts it was in;
    `sha256` is the hash of the version's content.
    """

    ref: ItemRef
    version_id: int
    is_public: bool
    stimulus: str | None = None
    exposure: int = 0
    sha256: str = ""


def find_bank(code: str) -> ItemBank | None:
    """The bank of this code, or None."""
    return db.session.scalars(select(ItemBank).where(ItemBank.code == code)).first()


_items, _versions, _cases = Item.__table__.c, ItemVersion.__table__.c, StimulusVersion.__table__.c


def _current() -> Any:
    """Join condition: the version of an item that is in use."""
    return and_(ItemVersion.item_id == Item.id, ItemVersion.number == Item.number)


def _in_use() -> Any:
    """What may be drawn: ready, not retired, not resting."""
    return and_(_versions.state == VersionState.READY, _items.retired_at.is_(None), _items.is_resting.is_(False))


@cache
def _bank(is_pilot: bool, private_only: bool) -> Select[Any]:
    case = Stimulus.__table__
    statement = (
        select(
            _items.code, _versions.topic, _versions.thinking, _versions.id, _items.is_public, case.c.code,
            _items.times_asked, _versions.content_hash,
        )
        .select_from(Item.__table__)
        .join(ItemVersion.__table__, _current())
        .outerjoin(StimulusVersion.__table__, _cases.id == _versions.stimulus_version_id)
        .outerjoin(case, case.c.id == _cases.stimulus_id)
        .where(_items.bank_id == bindparam("bank_id"), _in_use(), _items.is_pilot.is_(is_pilot))
        .order_by(_items.code)
    )  # fmt: skip
    return statement.where(_items.is_public.is_(False)) if private_only else statement


def list_bank(bank_id: int, *, private_only: bool = False) -> list[BankItem]:
    """Every item of the bank that may be drawn and scored, without its content, by code. One statement."""
    return _bank_items(bank_id, is_pilot=False, private_only=private_only)


def list_pilots(bank_id: int, *, private_only: bool = False) -> list[BankItem]:
    """The items of the bank that are asked to learn about them and never scored, by code. One statement."""
    return _bank_items(bank_id, is_pilot=True, private_only=private_only)


def _bank_items(bank_id: int, *, is_pilot: bool, private_only: bool) -> list[BankItem]:
    found = rows.run(_bank(is_pilot, private_only), {"bank_id": bank_id})
    return [
        BankItem(ItemRef(code, topic, thinking), version, public, case, asked, made)
        for code, topic, thinking, version, public, case, asked, made in found
    ]


def enemies(bank_id: int) -> set[frozenset[str]]:
    """Pairs of codes of items that must never be asked together. One statement."""
    return {frozenset((one, other)) for one, other in rows.run(_enemies(), {"bank_id": bank_id})}


@cache
def _enemies() -> Select[Any]:
    pairs, first, second = ItemEnemy.__table__, Item.__table__.alias("first"), Item.__table__.alias("second")
    return (
        select(first.c.code, second.c.code)
        .select_from(pairs)
        .join(first, first.c.id == pairs.c.item_id)
        .join(second, second.c.id == pairs.c.other_id)
        .where(first.c.bank_id == bindparam("bank_id"))
    )


def contents(version_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The definitions of these versions, keys included, by version id."""
    statement = select(ItemVersion.id, ItemVersion.content).where(ItemVersion.id.in_(version_ids))
    return dict(db.session.execute(statement).all())


def bank_stamp(bank_id: int) -> tuple[int, int, int, int]:
    """A mark that changes whenever what may be drawn from a bank changes.

    The newest version, the sum of the versions' ids, their number, and how many are public.
    """
    statement = (
        select(func.max(_versions.id), func.sum(_versions.id), func.count(), func.count().filter(_items.is_public))
        .select_from(Item.__table__)
        .join(ItemVersion.__table__, _current())
        .where(_items.bank_id == bank_id, _in_use(), _items.is_pilot.is_(False))
    )
    newest, together, count, public = rows.run(statement).one()
    return newest or 0, int(together or 0), count, public


def list_with_versions(bank_id: int) -> Sequence[tuple[Item, ItemVersion | None]]:
    """Every item of a bank, the retired ones too, each with its version in use, or None before there is one."""
    statement = select(Item, ItemVersion).outerjoin(ItemVersion, _current()).where(Item.bank_id == bank_id)
    return [(item, version) for item, version in db.session.execute(statement)]


def last_versions(bank_id: int) -> dict[int, tuple[int, str]]:
    """The number and the state of the newest version of each item of a bank, drafts included, by item id."""
    statement = (
        select(ItemVersion.item_id, ItemVersion.number, ItemVersion.state)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.bank_id == bank_id)
        .order_by(ItemVersion.number)
    )
    return {item_id: (number, state) for item_id, number, state in db.session.execute(statement)}


def written_since(bank_id: int) -> dict[int, set[str]]:
    """The hashes of what folders brought in, of items whose version in use was written by a person; by item id."""
    statement = (
        select(ItemVersion.item_id, ItemVersion.content_hash)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.bank_id == bank_id, ItemVersion.made_by == "", ItemVersion.number < Item.number)
        .where(Item.id.in_(select(Item.id).join(ItemVersion, _current()).where(ItemVersion.made_by != "")))
    )
    found: dict[int, set[str]] = {}
    for item_id, made in db.session.execute(statement):
        found.setdefault(item_id, set()).add(made)
    return found


def stems(*, of_practice: bool) -> dict[str, str]:
    """Stem to item code, of every item in use in practice banks, or in exam banks."""
    statement = (
        select(Item.code, ItemVersion.content)
        .join(ItemVersion, _current())
        .join(ItemBank, ItemBank.id == Item.bank_id)
        .where(ItemBank.is_practice.is_(of_practice), Item.retired_at.is_(None))
    )
    return {content["stem"]: code for code, content in db.session.execute(statement)}


def get_practice_item(bank_code: str, item_code: str) -> ItemVersion:
    """The version of a practice item that is in use. Raises Missing, also for the items of exams."""
    statement = (
        select(ItemVersion)
        .join(Item, _current())
        .join(ItemBank, ItemBank.id == Item.bank_id)
        .where(
            ItemBank.code == bank_code,
            ItemBank.is_practice.is_(True),
            Item.code == item_code,
            Item.retired_at.is_(None),
            ItemVersion.state == VersionState.READY,
        )
    )
    version = db.session.scalars(statement).first()
    if version is None:
        raise Missing
    return version
