"""The analysis of one exam as one report: its scores, its reliability, its pass mark and its items."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assessments.analysis.consistency import Consistency, error_at, find_consistency
from assessments.analysis.distribution_of_scores import Scores, score_summary
from assessments.analysis.items import ItemStatistics, analyse_items
from assessments.analysis.reliability import Reliability, reliability, times_the_items
from assessments.analysis.sheets import ItemKey, Sheet, SheetsInvalid, totals

WANTED_RELIABILITY = 0.80


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about one exam. Parts that cannot be told from these sheets are None."""

    scores: Scores
    reliability: Reliability | None
    times_the_items: float | None
    error_at_pass_mark: float | None
    consistency: Consistency | None
    items: list[ItemStatistics]


def analyse_exam(
    sheets: Sequence[Sheet], keys: Mapping[str, ItemKey] | None = None, pass_share: float | None = None
) -> Report:
    """The report of an exam; `pass_share` (0 to 1) adds what concerns the pass mark. Raises SheetsInvalid."""
    items = analyse_items(sheets, keys)
    sums = [totals(sheet) for sheet in sheets]
    found = _find_reliability(sheets)
    length = sum(one.maximum for one in sums) / len(sums)
    return Report(
        scores=score_summary([one.points for one in sums]),
        reliability=found,
        times_the_items=None if found is None else times_the_items(found.value, WANTED_RELIABILITY),
        error_at_pass_mark=None if pass_share is None else error_at(pass_share * length, length),
        consistency=None
        if found is None or pass_share is None
        else find_consistency([one.share for one in sums], found.value, pass_share),
        items=items,
    )


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON types; frequencies are pairs, since JSON has no numbers as names, and D stands with the items."""
    data = asdict(report)
    data["scores"]["frequencies"] = [list(pair) for pair in report.scores.frequencies.items()]
    for row, item in zip(data["items"], report.items, strict=True):
        row["upper_lower"] = item.upper_lower
        row["flags"] = [
            {**flag, "message": made.message.english} for flag, made in zip(row["flags"], item.flags, strict=True)
        ]
    return data


def _find_reliability(sheets: Sequence[Sheet]) -> Reliability | None:
    try:
        return reliability(sheets)
    except SheetsInvalid:
        return None
