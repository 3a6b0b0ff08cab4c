"""Finding banks, items, versions and cases for those who write and review them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.errors import Missing
from app.extensions import db
from assessments.items.models import (
    Item,
    ItemBank,
    ItemComment,
    ItemEnemy,
    ItemReview,
    ItemTag,
    ItemVersion,
    Stimulus,
    StimulusVersion,
    VersionState,
)

OPEN = (VersionState.DRAFT, VersionState.IN_REVIEW)


def list_banks() -> Sequence[ItemBank]:
    """Every bank, those of exams first, by title."""
    return db.session.scalars(select(ItemBank).order_by(ItemBank.is_practice, ItemBank.title, ItemBank.code)).all()


def get_bank(code: str) -> ItemBank:
    """The bank of this code. Raises Missing."""
    bank = db.session.scalars(select(ItemBank).where(ItemBank.code == code)).first()
    if bank is None:
        raise Missing
    return bank


def get_item(public_id: str) -> Item:
    """An item with its bank. Raises Missing."""
    statement = select(Item).options(joinedload(Item.bank)).where(Item.public_id == public_id)
    item = db.session.scalars(statement).first()
    if item is None:
        raise Missing
    return item


def find_item(bank_id: int, code: str) -> Item | None:
    """The item of this code in a bank, or None."""
    return db.session.scalars(select(Item).where(Item.bank_id == bank_id, Item.code == code)).first()


def list_versions(item_id: int) -> Sequence[ItemVersion]:
    """Every version of an item with the case it is asked about, the newest first."""
    statement = (
        select(ItemVersion)
        .options(joinedload(ItemVersion.stimulus).joinedload(StimulusVersion.stimulus))
        .where(ItemVersion.item_id == item_id)
        .order_by(ItemVersion.number.desc())
    )
    return db.session.scalars(statement).all()


def get_version(item_id: int, number: int) -> ItemVersion:
    """One version of an item, with the item. Raises Missing."""
    statement = (
        select(ItemVersion)
        .join(ItemVersion.item)
        .options(contains_eager(ItemVersion.item))
        .where(ItemVersion.item_id == item_id, ItemVersion.number == number)
    )
    version = db.session.scalars(statement).first()
    if version is None:
        raise Missing
    return version


def find_open_version(item_id: int) -> ItemVersion | None:
    """The version that is being written or reviewed, with its item; None when there is none."""
    statement = (
        select(ItemVersion)
        .options(joinedload(ItemVersion.item))
        .where(ItemVersion.item_id == item_id, ItemVersion.state.in_(OPEN))
        .order_by(ItemVersion.number.desc())
    )
    return db.session.scalars(statement).first()


def find_in_use(item: Item) -> ItemVersion | None:
    """The version of an item that is in use, or None before there is one."""
    statement = select(ItemVersion).where(ItemVersion.item_id == item.id, ItemVersion.number == item.number)
    return db.session.scalars(statement).first()


def find_case_of(item: Item) -> int | None:
    """The id of the case that the version in use is asked about; None without one."""
    statement = (
        select(StimulusVersion.stimulus_id)
        .join(ItemVersion, ItemVersion.stimulus_version_id == StimulusVersion.id)
        .where(ItemVersion.item_id == item.id, ItemVersion.number == item.number)
    )
    return db.session.scalar(statement)


def last_number(item_id: int) -> int:
    """The number of an item's newest version, 0 before the first."""
    return db.session.scalar(select(func.max(ItemVersion.number)).where(ItemVersion.item_id == item_id)) or 0


def lock(item: Item) -> None:
    """Hold an item until this transaction ends, so that two acts on it come one after the other."""
    db.session.execute(select(Item.id).where(Item.id == item.id).with_for_update())


def list_reviews(item_id: int) -> Sequence[tuple[int, ItemReview]]:
    """What was decided about the versions of an item, the latest first, each with the number of its version."""
    statement = (
        select(ItemVersion.number, ItemReview)
        .join(ItemVersion, ItemVersion.id == ItemReview.item_version_id)
        .where(ItemVersion.item_id == item_id)
        .order_by(ItemReview.at.desc(), ItemReview.id.desc())
    )
    return [(number, review) for number, review in db.session.execute(statement)]


def list_comments(item_id: int) -> Sequence[ItemComment]:
    """What colleagues said about an item, the earliest first."""
    statement = select(ItemComment).where(ItemComment.item_id == item_id).order_by(ItemComment.at, ItemComment.id)
    return db.session.scalars(statement).all()


def get_comment(item_id: int, public_id: str) -> ItemComment:
    """A comment on this item. Raises Missing, also for one on another item."""
    statement = select(ItemComment).where(ItemComment.item_id == item_id, ItemComment.public_id == public_id)
    comment = db.session.scalars(statement).first()
    if comment is None:
        raise Missing
    return comment


def list_tags(item_id: int) -> list[str]:
    """The tags of an item in alphabetical order."""
    return list(db.session.scalars(select(ItemTag.tag).where(ItemTag.item_id == item_id).order_by(ItemTag.tag)))


def list_enemies(item_id: int) -> Sequence[tuple[ItemEnemy, Item]]:
    """The pairs that keep an item away from others, each with the other one, by code."""
    pair = (ItemEnemy.item_id == item_id) | (ItemEnemy.other_id == item_id)
    statement = (
        select(ItemEnemy, Item)
        .join(Item, ((Item.id == ItemEnemy.item_id) | (Item.id == ItemEnemy.other_id)) & (Item.id != item_id))
        .where(pair)
        .order_by(Item.code)
    )
    return [(found, other) for found, other in db.session.execute(statement)]


def list_cases(bank_id: int) -> Sequence[StimulusVersion]:
    """The newest wording of each case of a bank, with the case, by code."""
    statement = (
        select(StimulusVersion)
        .join(StimulusVersion.stimulus)
        .options(contains_eager(StimulusVersion.stimulus))
        .where(Stimulus.bank_id == bank_id, StimulusVersion.number == Stimulus.number)
        .order_by(Stimulus.code)
    )
    return db.session.scalars(statement).all()


def get_case(public_id: str) -> Stimulus:
    """A case. Raises Missing."""
    case = db.session.scalars(select(Stimulus).where(Stimulus.public_id == public_id)).first()
    if case is None:
        raise Missing
    return case


def list_case_versions(stimulus_id: int) -> Sequence[StimulusVersion]:
    """Every wording of a case, the newest first."""
    statement = select(StimulusVersion).where(StimulusVersion.stimulus_id == stimulus_id)
    return db.session.scalars(statement.order_by(StimulusVersion.number.desc())).all()
