"""Item analysis: facility, discrimination, distractors, and what is worth a look.

Facility is the mean share of the points (mean / maximum) over everybody to whom the item was shown; omitted answers
earn nothing and are also counted apart. Discrimination is the corrected correlation of the item with the *rest* of the
sheet (Henrysson 1963, Psychometrika 28, 211-218): with the item left in the total, pure noise correlates about
1/sqrt(k). The rest is taken as a share, so that forms drawn at random can be compared; where all sheets hold the same
items this is the correlation with the rest total. Top and bottom groups are 27 % by total (Kelley 1939, J. Educ.
Psychol. 30, 17-24), widened to whole ties so that the order of equal totals has no part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor

from assessments.analysis.correlation import find_correlation, mean
from assessments.analysis.distractors import Option, option_table
from assessments.analysis.distributions import correlation_interval
from assessments.analysis.flags import Flag, Measured, flags_of
from assessments.analysis.sheets import ItemKey, Seen, Sheet, by_version, check
from assessments.analysis.thresholds import THRESHOLDS, Thresholds

GROUP_SHARE = 0.27


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """One version of one item. Correlations are None where somebody or something does not vary.

    `shown` people met the item, `omitted` of them left it empty. `top` and `bottom` are the facilities in the upper and
    lower groups, of `group_sizes` people; None where too many tie to tell two groups apart.
    """

    version: str
    shown: int
    omitted: int
    facility: float
    item_rest: float | None
    interval: tuple[float, float] | None
    item_total: float | None
    top: float | None
    bottom: float | None
    group_sizes: tuple[int, int]
    options: tuple[Option, ...]
    flags: tuple[Flag, ...]

    @property
    def upper_lower(self) -> float | None:
        """Facility of the upper group less that of the lower: the index D."""
        return None if self.top is None or self.bottom is None else self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Groups:
    """The people at the two ends of an item's answers; empty where they cannot be told apart."""

    top: list[Seen]
    bottom: list[Seen]


def analyse_items(
    sheets: Sequence[Sheet], keys: Mapping[str, ItemKey] | None = None, thresholds: Thresholds = THRESHOLDS
) -> list[ItemStatistics]:
    """Statistics of each version in alphabetical order; `keys` adds the table of options.

    Raises SheetsInvalid where a person or an item counts twice.
    """
    check(sheets)
    return [
        _analyse(version, answers, (keys or {}).get(version), thresholds)
        for version, answers in by_version(sheets).items()
    ]


def end_groups(answers: Sequence[Seen]) -> Groups:
    """The upper and lower 27 % by total share, each widened to whole ties."""
    size = max(1, floor(GROUP_SHARE * len(answers) + 0.5))
    ordered = sorted(seen.total_share for seen in answers)
    low, high = ordered[size - 1], ordered[-size]
    if low >= high:
        return Groups([], [])
    return Groups(
        [seen for seen in answers if seen.total_share >= high], [seen for seen in answers if seen.total_share <= low]
    )


def _analyse(version: str, answers: Sequence[Seen], key: ItemKey | None, thresholds: Thresholds) -> ItemStatistics:
    shares = [seen.answer.points / seen.answer.maximum for seen in answers]
    rest = [seen.totals.rest_share(seen.answer) for seen in answers]
    groups = end_groups(answers)
    item_rest = find_correlation(shares, rest)
    options = () if key is None else option_table(key, answers, rest, groups.top, groups.bottom)
    measured = Measured(len(answers), mean(shares), item_rest, options)
    return ItemStatistics(
        version=version,
        shown=len(answers),
        omitted=sum(not seen.answer.answered for seen in answers),
        facility=measured.facility,
        item_rest=item_rest,
        interval=None if item_rest is None else correlation_interval(item_rest, len(answers)),
        item_total=find_correlation(shares, [seen.total_share for seen in answers]),
        top=_facility(groups.top),
        bottom=_facility(groups.bottom),
        group_sizes=(len(groups.top), len(groups.bottom)),
        options=options,
        flags=flags_of(measured, thresholds),
    )


def _facility(group: Sequence[Seen]) -> float | None:
    return mean([seen.answer.points / seen.answer.maximum for seen in group]) if group else None
