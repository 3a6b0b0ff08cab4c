"""How likely each person was to be right on each item, from their score and the item's facility alone.

Wesolowsky's curve (2000, J. Appl. Stat. 27, 909-921): p = (1 - (1 - r)^a)^(1/a), where r is the facility and `a`, one
number a person, is chosen so that the chances add up to the person's score. It needs no fit of item parameters, so it
can be used with a class of thirty, and it gives 0 and 1 only to those who got nothing or everything.
"""

from collections.abc import Sequence

_MOST = 2.0**12
_HALVINGS = 60


def chances_of_right(facilities: Sequence[float], share: float) -> list[float]:
    """Chance of being right on each item for somebody who earned `share` (0 to 1) of the points of these items."""
    if share <= 0 or share >= 1:
        return [min(max(share, 0.0), 1.0)] * len(facilities)
    wanted = share * len(facilities)
    low, high = 1 / _MOST, _MOST
    for _ in range(_HALVINGS):
        middle = (low * high) ** 0.5
        if sum(curve(facility, middle) for facility in facilities) < wanted:
            low = middle
        else:
            high = middle
    return [curve(facility, high) for facility in facilities]


def curve(facility: float, a: float) -> float:
    """The chance on an item of `facility`; rises with `a`, and is the facility where `a` is 1."""
    if facility <= 0 or facility >= 1:
        return facility
    inner = 1 - (1 - facility) ** a
    # (1 - tiny)^(1/a) by its first term where the power has no digits left.
    return float(inner ** (1 / a)) if inner > 0 else 0.0
