"""The figures of items: how often each was asked, and what first attempts tell of each version.

Only the first attempt of a person at the exams of a bank counts: whoever sits again has seen some questions before.
Voided attempts count nowhere. Versions are never pooled. Everything is worked out anew each time, so that running it
twice, or after a regrade, ends the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import delete, func, select, update

from app import clock, transaction
from app.extensions import db
from app.jobs import runner
from app.jobs.ledger import Claim
from assessments.analysis.answering import find_key
from assessments.analysis.items import ItemStatistics, analyse_items
from assessments.analysis.sheets import Answer, Sheet
from assessments.analysis.thresholds import THRESHOLDS
from assessments.authoring.chosen import chosen_codes
from assessments.exams.models import Attempt, AttemptItem, Exam
from assessments.exams.rules import AttemptState
from assessments.grading.kinds.realising import has_variants
from assessments.grading.numbers import round_half_up
from assessments.items import queries as items
from assessments.items.models import Item, ItemBank, ItemStatistic, ItemVersion
from assessments.results.domain_events import ResultReleased

JOB = "items.figures"
EVERY_SECONDS = 86_400
# Releases come in crowds; the figures follow once in this time.
AFTER_RELEASE_SECONDS = 900
_AT_ONCE = 500
NOT_COUNTED = (AttemptState.SCHEDULED, AttemptState.AUTHORISED, AttemptState.ABSENT, AttemptState.VOIDED)


def follow_release(event: ResultReleased) -> None:
    """The handler: the figures are worked out anew soon after results of exams were released."""
    if event.kind == "exam":
        now = clock.now()
        span = int(now.timestamp()) // AFTER_RELEASE_SECONDS + 1
        run_at = datetime.fromtimestamp(span * AFTER_RELEASE_SECONDS, now.tzinfo)
        runner.order(JOB, {}, key=f"{JOB}:{span}", run_at=run_at)


@transaction.slow_first
def work_out(claim: Claim) -> None:
    """The job: count and analyse each bank of exams, then write what was found."""
    work_out_all(clock.now())


def work_out_all(now: datetime) -> int:
    """Count and analyse each bank of exams; how many versions have figures now. Begins the writing transaction itself."""
    banks = list(db.session.scalars(select(ItemBank.id).where(ItemBank.is_practice.is_(False)).order_by(ItemBank.id)))
    counted = {bank: times_asked(bank) for bank in banks}
    found = {bank: statistics_of(bank) for bank in banks}
    transaction.begin_write()
    for bank in banks:
        _keep_counts(bank, counted[bank])
        _keep_statistics(bank, found[bank], now)
    return sum(map(len, found.values()))


def times_asked(bank_id: int) -> dict[int, int]:
    """How many attempts asked each item of a bank, by item id; items never asked are left out."""
    statement = (
        select(ItemVersion.item_id, func.count(AttemptItem.attempt_id.distinct()))
        .join(AttemptItem, AttemptItem.item_version_id == ItemVersion.id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.bank_id == bank_id, Attempt.state.not_in(NOT_COUNTED))
        .group_by(ItemVersion.item_id)
    )
    return dict(db.session.execute(statement).all())


def statistics_of(bank_id: int) -> dict[int, ItemStatistics]:
    """What first attempts tell of each version of a bank, by version id."""
    attempts = first_attempts(bank_id)
    if not attempts:
        return {}
    contents: dict[int, dict[str, Any]] = {}
    parts = [attempts[begin : begin + _AT_ONCE] for begin in range(0, len(attempts), _AT_ONCE)]
    sheets = [sheet for part in parts for sheet in _sheets(part, contents)]
    if not sheets:
        return {}
    keys = {str(version): find_key(content) for version, content in contents.items() if not has_variants(content)}
    found = analyse_items(sheets, {version: key for version, key in keys.items() if key is not None})
    return {int(one.version): one for one in found}


def first_attempts(bank_id: int) -> list[int]:
    """The ids of the attempts that count: the first of each person at the exams of this bank that was not voided."""
    statement = (
        select(Attempt.person_id, Attempt.id)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Exam.bank_id == bank_id, Attempt.state.not_in(NOT_COUNTED), Attempt.started_at.is_not(None))
        .order_by(Attempt.started_at, Attempt.id)
    )
    first: dict[int, int] = {}
    for person, attempt in db.session.execute(statement):
        first.setdefault(person, attempt)
    return sorted(first.values())


def _sheets(attempts: Sequence[int], contents: dict[int, dict[str, Any]]) -> Iterator[Sheet]:
    """The sheets of these attempts as far as they are scored; `contents` gathers the versions they ask."""
    statement = (
        select(
            AttemptItem.attempt_id,
            AttemptItem.item_version_id,
            AttemptItem.points,
            AttemptItem.response,
            AttemptItem.is_pilot,
        )
        .where(AttemptItem.attempt_id.in_(attempts), AttemptItem.points.is_not(None))
        .order_by(AttemptItem.attempt_id, AttemptItem.position)
    )
    rows = db.session.execute(statement).all()
    contents.update(items.contents({row.item_version_id for row in rows} - contents.keys()))
    for attempt, answered in groupby(rows, key=itemgetter(0)):
        yield Sheet(str(attempt), tuple(_answer(row, contents[row.item_version_id]) for row in answered))


def _answer(row: Any, content: Mapping[str, Any]) -> Answer:
    return Answer(
        str(row.item_version_id),
        float(row.points),
        answered=row.response is not None,
        options=chosen_codes(content, row.response),
        scored=not row.is_pilot,
    )


def _keep_counts(bank_id: int, counted: Mapping[int, int]) -> None:
    """Only the items whose count has changed are written."""
    stored = db.session.execute(select(Item.id, Item.times_asked).where(Item.bank_id == bank_id)).all()
    changed = [
        {"id": item, "times_asked": counted.get(item, 0)} for item, known in stored if known != counted.get(item, 0)
    ]
    if changed:
        db.session.execute(update(Item), changed)


def _keep_statistics(bank_id: int, found: Mapping[int, ItemStatistics], now: datetime) -> None:
    own = select(ItemVersion.id).join(Item, Item.id == ItemVersion.item_id).where(Item.bank_id == bank_id)
    gone = delete(ItemStatistic).where(ItemStatistic.item_version_id.in_(own))
    db.session.execute(gone.execution_options(synchronize_session=False))
    db.session.add_all([_row(version, one, now) for version, one in found.items()])
    db.session.flush()


def _row(version: int, one: ItemStatistics, now: datetime) -> ItemStatistic:
    is_told = one.shown >= THRESHOLDS.fewest
    return ItemStatistic(
        item_version_id=version,
        answers=one.shown,
        facility=_exact(one.facility) if is_told else None,
        discrimination=_exact(one.item_rest) if is_told else None,
        flags=[asdict(flag) for flag in one.flags],
        detail=_detail(one),
        computed_at=now,
    )


def _detail(one: ItemStatistics) -> dict[str, Any]:
    """What the pages show beside the two figures, as JSON types."""
    return {
        "omitted": one.omitted,
        "interval": None if one.interval is None else list(one.interval),
        "top": one.top,
        "bottom": one.bottom,
        "upper_lower": one.upper_lower,
        "group_sizes": list(one.group_sizes),
        "options": [asdict(option) for option in one.options],
    }


def _exact(value: float | None) -> Decimal | None:
    return None if value is None else round_half_up(Decimal(repr(value)), 4)
