"""Time for each item: who was rapid, and who was right in a time in which nobody reads the item.

Times follow a lognormal model (van der Linden 2006, J. Educ. Behav. Stat. 31, 181-204): log time = item + person +
error. Item and person are estimated by row and column means, the spread of the errors for each item; a residual is in
standard deviations. A slow person is not unusual, a person fast on one item and not on the others is.
Rapid answers are those faster than a tenth of the item's mean time, at most ten seconds (normative threshold NT10, Wise
& Ma 2012, paper at the NCME meeting); response time effort is the share of the items that were not answered so (Wise &
Kong 2005, Appl. Meas. Educ. 18, 163-183).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from assessments.analysis.correlation import mean
from assessments.analysis.thresholds import INTEGRITY, IntegrityThresholds

LEAST_SECONDS = 0.1
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds that one person spent on one version, and whether the answer earned the full point."""

    version: str
    seconds: float
    right: bool


@dataclass(frozen=True, slots=True)
class Pace:
    """The times of one person.

    `speed` is the mean log time beside the cohort's (below 0 is faster), `effort` the share of items not answered
    rapidly, `residuals` maps versions to standardised residuals, `fast_right` are the right answers given unusually
    fast.
    """

    person: str
    items: int
    speed: float
    rapid: tuple[str, ...]
    effort: float
    residuals: Mapping[str, float]
    fast_right: tuple[str, ...]


def paces(times: Mapping[str, Sequence[Timed]], thresholds: IntegrityThresholds = INTEGRITY) -> list[Pace]:
    """The pace of each person in `times`, in the order of their names; none in groups below `fewest_people`.

    Raises ValueError for a negative time.
    """
    if any(timed.seconds < 0 for rows in times.values() for timed in rows):
        raise ValueError("a time is never negative")
    kept = {person: list(rows) for person, rows in sorted(times.items()) if rows}
    if len(kept) < thresholds.fewest_people:
        return []
    limits = rapid_limits(kept, thresholds)
    speeds, residuals = _residuals(kept)
    return [_pace(person, rows, speeds[person], residuals[person], limits, thresholds) for person, rows in kept.items()]


def rapid_limits(times: Mapping[str, Sequence[Timed]], thresholds: IntegrityThresholds = INTEGRITY) -> dict[str, float]:
    """Seconds below which an answer to a version is rapid."""
    seconds: dict[str, list[float]] = {}
    for rows in times.values():
        for timed in rows:
            seconds.setdefault(timed.version, []).append(timed.seconds)
    return {
        version: min(thresholds.rapid_share * mean(values), thresholds.rapid_most_seconds)
        for version, values in seconds.items()
    }


def unusual_paces(found: Sequence[Pace], thresholds: IntegrityThresholds = INTEGRITY) -> list[Pace]:
    """Those who answered rapidly too often, or were right too fast too often."""
    return [pace for pace in found if pace.effort < thresholds.effort or len(pace.fast_right) >= thresholds.fast_right]


def _residuals(times: Mapping[str, Sequence[Timed]]) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Speed of each person, and their standardised residuals by version."""
    logs = {
        person: {row.version: log(max(row.seconds, LEAST_SECONDS)) for row in rows} for person, rows in times.items()
    }
    speeds = dict.fromkeys(logs, 0.0)
    items: dict[str, float] = {}
    # Alternating means settle at once where everybody had all items, and within a few rounds where not.
    for _ in range(_ROUNDS):
        items = _means(
            (version, value - speeds[person]) for person, row in logs.items() for version, value in row.items()
        )
        speeds = _means(
            (person, value - items[version]) for person, row in logs.items() for version, value in row.items()
        )
    raw = {
        person: {version: value - items[version] - speeds[person] for version, value in row.items()}
        for person, row in logs.items()
    }
    squares = _means((version, off * off) for row in raw.values() for version, off in row.items())
    return speeds, {
        person: {version: off / sqrt(squares[version]) if squares[version] > 0 else 0.0 for version, off in row.items()}
        for person, row in raw.items()
    }


def _means(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    sums: dict[str, list[float]] = {}
    for name, value in pairs:
        sums.setdefault(name, []).append(value)
    return {name: mean(values) for name, values in sums.items()}


def _pace(
    person: str,
    rows: Sequence[Timed],
    speed: float,
    residuals: Mapping[str, float],
    limits: Mapping[str, float],
    thresholds: IntegrityThresholds,
) -> Pace:
    rapid = tuple(sorted(row.version for row in rows if row.seconds < limits[row.version]))
    fast = [row.version for row in rows if row.right and residuals[row.version] <= thresholds.fast_residual]
    return Pace(person, len(rows), speed, rapid, 1 - len(rapid) / len(rows), residuals, tuple(sorted(fast)))
