"""Bursts: many answers changed from wrong to right within two minutes. Pure.

Nobody reads, thinks and answers anew that fast, so somebody or something else may have told the answers; a list of
notes made before, entered at the end, looks the same. The number and the time were chosen so that a candidate who goes
through flagged questions at the end stays far below: one change in 24 seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import groupby, pairwise

FEWEST = 5
WITHIN = timedelta(minutes=2)
NIGHT = (23, 5)  # from and to this hour, by the clock of the body


@dataclass(frozen=True, slots=True)
class Step:
    """One answer as it was saved: to what, what it would have earned (0 to 1), when, and whether it was one at all."""

    asked: str
    points: float
    at: datetime
    is_given: bool = True


@dataclass(frozen=True, slots=True)
class Burst:
    """The densest stretch of one person: how many changes to right, from when, in how many seconds, and at night or not."""

    name: str
    changes: int
    begun: datetime
    seconds: float
    asked: tuple[str, ...]
    is_night: bool


def bursts(steps: Mapping[str, Sequence[Step]], zone: tzinfo) -> list[Burst]:
    """One burst a person at most, the largest first; `zone` says what night is."""
    found = [_densest(name, _corrections(own), zone) for name, own in steps.items()]
    return sorted((one for one in found if one is not None), key=lambda one: (-one.changes, one.name))


def _corrections(steps: Sequence[Step]) -> list[Step]:
    """The steps that made a wrong answer right, by time."""
    made = []
    for _asked, own in groupby(steps, key=lambda step: step.asked):
        given = [step for step in own if step.is_given]
        made += [after for before, after in pairwise(given) if before.points < 1 <= after.points]
    return sorted(made, key=lambda step: step.at)


def _densest(name: str, made: Sequence[Step], zone: tzinfo) -> Burst | None:
    stretches = [
        [step for step in made[first:] if step.at - made[first].at <= WITHIN] for first in range(len(made) - FEWEST + 1)
    ]
    best = max(stretches, key=len, default=[])
    if len(best) < FEWEST:
        return None
    begun = best[0].at
    hour = begun.astimezone(zone).hour
    is_night = hour >= NIGHT[0] or hour < NIGHT[1]
    return Burst(
        name, len(best), begun, (best[-1].at - begun).total_seconds(), tuple(step.asked for step in best), is_night
    )
