"""The technical report of an exam: how well it measures, how sure pass and fail are, and how its items do.

On the first attempt of each candidate that counts. Versions of an item are never pooled, its variants are: too few get
each. Where answers were erased the points still count; such versions have no table of options.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.extensions import db
from assessments.analysis.answering import chosen, find_key
from assessments.analysis.report import Report, analyse_exam
from assessments.analysis.sheets import Answer, ItemKey, Sheet, SheetsInvalid
from assessments.analysis.thresholds import THRESHOLDS
from assessments.exams.models import Attempt, Exam
from assessments.integrity.cohort import Cohort, read_cohort
from assessments.integrity.counting import Chart, count, draw
from assessments.results.models import Result

HEADS = (
    "item", "version", "answers", "left empty", "facility", "correlation with the rest", "interval low",
    "interval high", "top 27 %", "bottom 27 %", "flags",
)  # fmt: skip
# What spreadsheets take for the beginning of a formula, also behind a tab or a carriage return (OWASP, CSV Injection).
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Technical:
    """Everything the page says. `cut` is the pass mark in per cent; `decided` results are in force, `passed` of them pass.

    `report` is None while nobody has sat, or nothing that was asked is scored yet.
    """

    attempts: int
    awaiting: int
    first: datetime | None
    last: datetime | None
    exam_versions: tuple[int, ...]
    cut: Decimal
    decided: int
    passed: int
    report: Report | None
    chart: Chart | None
    questions: int

    @property
    def is_too_few(self) -> bool:
        """Below this number the figures of items say nothing."""
        return self.attempts < THRESHOLDS.fewest

    @property
    def is_provisional(self) -> bool:
        """From here on they say something, and may still change much."""
        return not self.is_too_few and self.attempts < THRESHOLDS.settled


def analyse(exam: Exam) -> Technical:
    """The report of an exam as its attempts stand now. Four statements, however many attempts."""
    cohort = read_cohort(exam.id)
    scored = [sat for sat in cohort.sats if all(one.points is not None for one in cohort.given[sat.id])]
    sheets = [Sheet(sat.name, tuple(_answers(cohort, sat.id))) for sat in scored]
    report = _find_report(sheets, _keys(cohort), float(exam.pass_percent) / 100)
    decided, passed = _outcomes(exam.id, {sat.id for sat in scored})
    return Technical(
        attempts=len(scored),
        awaiting=len(cohort.sats) - len(scored),
        first=scored[0].begun if scored else None,
        last=scored[-1].begun if scored else None,
        exam_versions=tuple(sorted({sat.exam_version for sat in scored})),
        cut=exam.pass_percent,
        decided=decided,
        passed=passed,
        report=report,
        chart=None if report is None else _chart(sheets, float(exam.pass_percent)),
        questions=round(sum(answer.scored for sheet in sheets for answer in sheet.answers) / len(sheets))
        if sheets
        else 0,
    )


def _answers(cohort: Cohort, attempt: int) -> Iterator[Answer]:
    is_emptied = attempt in cohort.emptied
    for one in cohort.given[attempt]:
        if one.points is not None:
            is_answered = is_emptied or one.response is not None
            yield Answer(one.version, one.points, is_answered, chosen(one.response), scored=not one.is_pilot)


def _keys(cohort: Cohort) -> dict[str, ItemKey]:
    """The options of the versions of which every answer is still there and everybody was asked the same."""
    given = [one for sat in cohort.sats for one in cohort.given[sat.id]]
    unknown = {one.version for sat in cohort.sats if sat.id in cohort.emptied for one in cohort.given[sat.id]}
    found = {one.version: find_key(one.content) for one in given if one.variant is None and one.version not in unknown}
    return {version: key for version, key in found.items() if key is not None}


def _find_report(sheets: Sequence[Sheet], keys: Mapping[str, ItemKey], cut: float) -> Report | None:
    try:
        return analyse_exam(sheets, keys, cut)
    except SheetsInvalid:
        return None


def _outcomes(exam_id: int, attempts: set[int]) -> tuple[int, int]:
    """How many of these attempts have a result in force, and how many of those pass."""
    statement = (
        select(Result.attempt_id, Result.outcome)
        .join(Attempt, Attempt.id == Result.attempt_id)
        .where(Attempt.exam_id == exam_id, Result.superseded_at.is_(None))
    )
    outcomes = [outcome for attempt, outcome in db.session.execute(statement) if attempt in attempts]
    return len(outcomes), outcomes.count("pass")


def _chart(sheets: Sequence[Sheet], cut: float) -> Chart | None:
    shares = {sheet.person: _percent(sheet) for sheet in sheets}
    # Everybody with all points stands in the last bar, not in one of their own.
    bins = count({name: min(share, 99.999) for name, share in shares.items()}, width=5.0)
    return draw(_padded(bins), cut)


def _percent(sheet: Sheet) -> float:
    scored = [answer for answer in sheet.answers if answer.scored]
    return 100 * sum(answer.points for answer in scored) / max(1, len(scored))


def _padded(bins: Sequence[Sequence[float]]) -> list[Sequence[float]]:
    """All bars from 0 to 100, so that the scale is the same for every exam."""
    known = {one[0]: one for one in bins}
    return [known.get(low, (low, low + 5, 0, 0)) for low in (5.0 * place for place in range(20))]


def as_csv(found: Technical) -> str:
    """The table of items as comma-separated values; no cell can be run as a formula, lines end with CRLF (RFC 4180)."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADS)
    for item in found.report.items if found.report else ():
        code, _blank, number = item.version.rpartition(" v")
        ends = item.interval or (None, None)
        row = (item.facility, item.item_rest, *ends, item.top, item.bottom)
        flags = " ".join(flag.name + (f":{flag.option}" if flag.option else "") for flag in item.flags)
        writer.writerow([_safe(code), number, item.shown, item.omitted, *map(_figure, row), _safe(flags)])
    return written.getvalue()


def _safe(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS) else text


def _figure(value: Any) -> str:
    return "" if value is None else f"{value:.4f}"
