"""Reading banks for their authors: the whole table in a few statements, whatever its length."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from app.accounts.models import Person
from app.extensions import db
from assessments.authoring.figures import NOT_COUNTED
from assessments.authoring.listing import Row
from assessments.exams.models import Attempt, Exam
from assessments.items.finding import OPEN
from assessments.items.models import Item, ItemBank, ItemStatistic, ItemTag, ItemVersion, VersionState


@dataclass(frozen=True, slots=True)
class BankExam:
    """An exam that draws from a bank: what its cells ask for, and how often it was sat."""

    code: str
    title: str
    blueprint: Sequence[Mapping[str, Any]]
    topics: Mapping[str, str]
    exposure_cap: int | None
    allowed: int
    attempts: int


def list_rows(bank: ItemBank, exams: Sequence[BankExam]) -> list[Row]:
    """Every item of a bank as the table shows it, by code. Two statements."""
    tags: dict[int, list[str]] = {}
    held = select(ItemTag.item_id, ItemTag.tag).join(Item, Item.id == ItemTag.item_id).where(Item.bank_id == bank.id)
    for item, tag in db.session.execute(held.order_by(ItemTag.tag)):
        tags.setdefault(item, []).append(tag)
    return [_row(row, tuple(tags.get(row.id, ())), exams) for row in db.session.execute(_table(bank.id))]


def _table(bank_id: int) -> Select[*tuple[Any, ...]]:
    shown, newer = aliased(ItemVersion), aliased(ItemVersion)
    newest = select(func.max(ItemVersion.number)).where(ItemVersion.item_id == Item.id).scalar_subquery()
    number = func.coalesce(func.nullif(Item.number, 0), newest)
    return (
        select(
            Item.id,
            Item.public_id,
            Item.code,
            _stem(shown),
            shown.kind,
            shown.topic,
            shown.thinking,
            shown.number,
            shown.id.label("version_id"),
            shown.state,
            newer.state.label("open_state"),
            newer.number.label("open_number"),
            Item.retired_at,
            Item.is_pilot,
            Item.is_resting,
            Item.is_public,
            Item.times_asked,
            ItemStatistic.answers,
            ItemStatistic.facility,
            ItemStatistic.discrimination,
            ItemStatistic.flags,
            ItemStatistic.detail["interval"].label("interval"),
        )
        .select_from(Item)
        .join(shown, and_(shown.item_id == Item.id, shown.number == number))
        .outerjoin(newer, and_(newer.item_id == Item.id, newer.state.in_(OPEN)))
        .outerjoin(ItemStatistic, ItemStatistic.item_version_id == shown.id)
        .where(Item.bank_id == bank_id)
        .order_by(Item.code)
    )


def _stem(version: Any) -> ColumnElement[str]:
    """The stem alone: the rest of a definition is not needed for a table of a thousand."""
    stem: ColumnElement[str] = version.content["stem"].as_string().label("stem")
    return stem


def _row(row: Any, tags: tuple[str, ...], exams: Iterable[BankExam]) -> Row:
    states = {row.open_state} if row.open_state else set()
    if row.retired_at is not None:
        states = {VersionState.RETIRED}
    elif row.state in (VersionState.READY, VersionState.RETIRED):
        states.add(row.state)
    return Row(
        public_id=row.public_id,
        code=row.code,
        stem=row.stem or "",
        kind=row.kind,
        topic=row.topic,
        thinking=row.thinking,
        number=row.number,
        states=frozenset(map(str, states)),
        open_number=(row.open_number or 0) if row.open_number != row.number else 0,
        is_pilot=row.is_pilot,
        is_resting=row.is_resting,
        is_public=row.is_public,
        times_asked=row.times_asked,
        answers=row.answers or 0,
        facility=row.facility,
        discrimination=row.discrimination,
        found=tuple(row.flags or ()),
        interval=tuple(row.interval) if row.interval else None,
        tags=tags,
        version_id=row.version_id,
        is_asked_often=_is_asked_often(row.times_asked, exams),
    )


def _is_asked_often(times_asked: int, exams: Iterable[BankExam]) -> bool:
    """Whether an item was in a greater share of attempts than the strictest exam of its bank allows."""
    capped = [exam for exam in exams if exam.exposure_cap is not None]
    return any(times_asked * 100 > (exam.exposure_cap or 0) * max(exam.attempts, 100) for exam in capped)


def list_bank_exams(bank_id: int) -> list[BankExam]:
    """The exams that draw from a bank, by code. One statement."""
    counted = (
        select(Attempt.exam_id, func.count().label("attempts"))
        .where(Attempt.state.not_in(NOT_COUNTED))
        .group_by(Attempt.exam_id)
        .subquery()
    )
    statement = (
        select(
            Exam.code,
            Exam.title,
            Exam.blueprint,
            Exam.topics,
            Exam.exposure_cap,
            Exam.attempts.label("allowed"),
            counted.c.attempts,
        )
        .outerjoin(counted, counted.c.exam_id == Exam.id)
        .where(Exam.bank_id == bank_id)
        .order_by(Exam.code)
    )
    return [
        BankExam(row.code, row.title, row.blueprint, row.topics, row.exposure_cap, row.allowed, row.attempts or 0)
        for row in db.session.execute(statement)
    ]


def list_banks_counted() -> list[tuple[ItemBank, dict[str, int]]]:
    """Every bank with how many items stand where: ready, retired, draft and in_review. Two statements."""
    banks = db.session.scalars(select(ItemBank).order_by(ItemBank.is_practice, ItemBank.title, ItemBank.code)).all()
    in_use = and_(ItemVersion.number == Item.number, ItemVersion.state == VersionState.READY, Item.retired_at.is_(None))
    statement = (
        select(
            Item.bank_id,
            func.count().filter(in_use).label("ready"),
            func.count(Item.id.distinct()).filter(Item.retired_at.is_not(None)).label("retired"),
            func.count().filter(ItemVersion.state == VersionState.DRAFT).label("draft"),
            func.count().filter(ItemVersion.state == VersionState.IN_REVIEW).label("in_review"),
        )
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .group_by(Item.bank_id)
    )
    counts = {row.bank_id: dict(row._mapping) for row in db.session.execute(statement)}
    return [(bank, counts.get(bank.id, {})) for bank in banks]


def statistics_by_version(item_id: int) -> dict[int, ItemStatistic]:
    """What first attempts tell of each version of an item, by its number."""
    statement = (
        select(ItemVersion.number, ItemStatistic)
        .join(ItemStatistic, ItemStatistic.item_version_id == ItemVersion.id)
        .where(ItemVersion.item_id == item_id)
    )
    return dict(db.session.execute(statement).all())


def names_of(public_ids: Collection[str]) -> dict[str, str]:
    """The names of people by their public ids; whoever has left is absent."""
    statement = select(Person.public_id, Person.name).where(Person.public_id.in_(set(public_ids)))
    return {row.public_id: row.name for row in db.session.execute(statement)}


def stems_of(bank_id: int, but: str) -> dict[str, tuple[str, str]]:
    """Public id and stem of each item of a bank that is not retired, but for one code, by code. One statement."""
    shown = aliased(ItemVersion)
    newest = select(func.max(ItemVersion.number)).where(ItemVersion.item_id == Item.id).scalar_subquery()
    statement = (
        select(Item.code, Item.public_id, _stem(shown))
        .select_from(Item)
        .join(shown, and_(shown.item_id == Item.id, shown.number == newest))
        .where(Item.bank_id == bank_id, Item.retired_at.is_(None), Item.code != but)
    )
    return {code: (public_id, stem or "") for code, public_id, stem in db.session.execute(statement)}


def list_places(bank_id: int) -> tuple[list[str], list[str]]:
    """The topics and the objectives that items of a bank have, for a writer to choose from. One statement."""
    statement = (
        select(ItemVersion.topic, ItemVersion.objective)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.bank_id == bank_id)
        .distinct()
    )
    pairs = db.session.execute(statement).all()
    return sorted({topic for topic, _ in pairs if topic}), sorted({aim for _, aim in pairs if aim})


def next_code(bank_id: int) -> str:
    """A code that no item of a bank has: I-001, I-002 ... One statement."""
    taken = set(db.session.scalars(select(Item.code).where(Item.bank_id == bank_id)))
    return next(code for code in (f"I-{number:03}" for number in range(1, len(taken) + 2)) if code not in taken)
