"""Reading items. An exam bank and a practice bank are never mixed: each query says which it wants."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select

from app.errors import Missing
from app.extensions import db
from assessments.grading.blueprint import ItemRef
from assessments.items.models import Item, ItemBank, ItemVersion


@dataclass(frozen=True, slots=True)
class BankItem:
    """An item as far as a draw is concerned: its reference and the id of its newest version."""

    ref: ItemRef
    version_id: int
    is_public: bool


def find_bank(code: str) -> ItemBank | None:
    """The bank of this code, or None."""
    return db.session.scalars(select(ItemBank).where(ItemBank.code == code)).first()


def _current() -> Any:
    """Join condition: the newest version of an item."""
    return and_(ItemVersion.item_id == Item.id, ItemVersion.number == Item.number)


def _in_use(bank_id: int) -> Select[str, str, str, int, bool]:
    return (
        select(Item.code, ItemVersion.topic, ItemVersion.thinking, ItemVersion.id, Item.is_public)
        .join(ItemVersion, _current())
        .where(Item.bank_id == bank_id, Item.retired_at.is_(None))
        .order_by(Item.code)
    )


def list_bank(bank_id: int, *, private_only: bool = False) -> list[BankItem]:
    """Every item of the bank that is in use, without its content, by code."""
    statement = _in_use(bank_id)
    if private_only:
        statement = statement.where(Item.is_public.is_(False))
    rows = db.session.execute(statement)
    return [
        BankItem(ItemRef(code, topic, thinking), version, public) for code, topic, thinking, version, public in rows
    ]


def contents(version_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The definitions of these versions, keys included, by version id."""
    statement = select(ItemVersion.id, ItemVersion.content).where(ItemVersion.id.in_(version_ids))
    return dict(db.session.execute(statement).all())


def bank_stamp(bank_id: int) -> tuple[int, int, int]:
    """A mark that changes whenever the items in use of a bank change: newest version, their number, how many public."""
    statement = (
        select(func.max(ItemVersion.id), func.count(), func.count().filter(Item.is_public))
        .select_from(Item)
        .join(ItemVersion, _current())
        .where(Item.bank_id == bank_id, Item.retired_at.is_(None))
    )
    newest, count, public = db.session.execute(statement).one()
    return newest or 0, count, public


def list_with_versions(bank_id: int) -> Sequence[tuple[Item, ItemVersion]]:
    """Every item of a bank, the retired ones too, with its newest version."""
    statement = select(Item, ItemVersion).join(ItemVersion, _current()).where(Item.bank_id == bank_id)
    return [(item, version) for item, version in db.session.execute(statement)]


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
    """The newest version of a practice item. Raises Missing, also for the items of exams."""
    statement = (
        select(ItemVersion)
        .join(Item, _current())
        .join(ItemBank, ItemBank.id == Item.bank_id)
        .where(
            ItemBank.code == bank_code,
            ItemBank.is_practice.is_(True),
            Item.code == item_code,
            Item.retired_at.is_(None),
        )
    )
    version = db.session.scalars(statement).first()
    if version is None:
        raise Missing
    return version
