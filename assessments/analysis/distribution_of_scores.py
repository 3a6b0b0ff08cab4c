"""The distribution of the totals in a few figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from statistics import median, quantiles

from assessments.analysis.correlation import mean, spread


@dataclass(frozen=True, slots=True)
class Scores:
    """Totals in points; `frequencies` maps each total to how many people have it, in rising order.

    `skewness` is below 0 where a tail of low totals is long (Fisher's g1); None where the totals do not vary.
    """

    people: int
    mean: float
    spread: float
    least: float
    lower_quarter: float
    median: float
    upper_quarter: float
    most: float
    skewness: float | None
    frequencies: Mapping[float, int]


def score_summary(totals: Sequence[float]) -> Scores:
    """The figures of at least one total. Raises ValueError without one."""
    if not totals:
        raise ValueError("there are no totals")
    quarters = quantiles(totals, n=4, method="inclusive") if len(totals) > 1 else [totals[0]] * 3
    return Scores(
        people=len(totals),
        mean=mean(totals),
        spread=spread(totals),
        least=min(totals),
        lower_quarter=quarters[0],
        median=median(totals),
        upper_quarter=quarters[2],
        most=max(totals),
        skewness=_skewness(totals),
        frequencies=dict(sorted(Counter(totals).items())),
    )


def _skewness(totals: Sequence[float]) -> float | None:
    middle = mean(totals)
    off = [value - middle for value in totals]
    square = fsum(value * value for value in off) / len(off)
    return fsum(value**3 for value in off) / len(off) / square**1.5 if square > 0 else None
