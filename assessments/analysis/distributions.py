"""The few distributions that intervals and tests need: beta, F, Fisher's z, and sums of unlike chances.

The incomplete beta function is the continued fraction of Abramowitz & Stegun (1964), 26.5.8, evaluated by Lentz's
method; quantiles are found by halving. Good to about twelve digits.
"""

from collections.abc import Sequence
from math import atanh, exp, inf, lgamma, log, log1p, sqrt, tanh
from statistics import NormalDist

_TINY = 1e-300
_CLOSE = 1e-15
_MOST_STEPS = 10_000
CONFIDENCE = 0.95


def log_beta(a: float, b: float) -> float:
    """Logarithm of the beta function of two positive numbers."""
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def beta_below(x: float, a: float, b: float) -> float:
    """Chance that a beta variable with shapes `a` and `b` lies below `x` (the regularised incomplete beta function)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(a * log(x) + b * log1p(-x) - log_beta(a, b))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def f_quantile(chance: float, above: float, below: float) -> float:
    """The value that an F variable with `above` and `below` degrees of freedom stays under with probability `chance`.

    Through the beta distribution: F = d2 x / (d1 (1 - x)) with x of shapes d1/2, d2/2.
    """
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if beta_below(middle, above / 2, below / 2) < chance:
            low = middle
        else:
            high = middle
    return inf if high >= 1 else below * high / (above * (1 - high))


def correlation_interval(r: float, n: int, confidence: float = CONFIDENCE) -> tuple[float, float] | None:
    """Interval of a correlation by Fisher's z (Fisher 1921, Metron 1): atanh r plus or minus z / sqrt(n - 3).

    None for fewer than four people, who say nothing; a correlation of 1 or -1 is its own interval.
    """
    if n < 4:
        return None
    if abs(r) >= 1:
        return (r, r)
    reach = NormalDist().inv_cdf((1 + confidence) / 2) / sqrt(n - 3)
    return tanh(atanh(r) - reach), tanh(atanh(r) + reach)


def chance_of_at_least(hits: int, chances: Sequence[float]) -> float:
    """Chance of `hits` or more among independent events of unlike `chances` (Poisson binomial), summed exactly.

    What has reached `hits` is kept apart and added up, so that tiny chances keep their digits.
    """
    if hits <= 0:
        return 1.0
    below = [1.0] + [0.0] * (hits - 1)
    reached = 0.0
    for count, chance in enumerate(chances):
        if count >= hits - 1:
            reached += chance * below[-1]
        for place in range(min(count + 1, hits - 1), 0, -1):
            below[place] += chance * (below[place - 1] - below[place])
        below[0] *= 1 - chance
    return min(reached, 1.0)


def adjusted(chances: Sequence[float], tests: int | None = None) -> list[float]:
    """Benjamini-Hochberg q values in the order given (J. R. Statist. Soc. B 57, 1995, 289-300).

    Calling everything with q <= 0.01 unusual lets at most 1 % of what is called unusual be chance. `tests` is how
    many were made in all where only the smallest chances are handed in.
    """
    made = len(chances) if tests is None else tests
    order = sorted(range(len(chances)), key=lambda place: chances[place], reverse=True)
    found, least = [1.0] * len(chances), 1.0
    for position, place in enumerate(order):
        least = min(least, chances[place] * made / (len(chances) - position))
        found[place] = least
    return found


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function at `x`."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for step in range(1, _MOST_STEPS):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        d, c = 1 / _away(1 + even * d), _away(1 + even / c)
        value *= d * c
        d, c = 1 / _away(1 + odd * d), _away(1 + odd / c)
        value *= d * c
        if abs(d * c - 1) < _CLOSE:
            break
    return value


def _away(value: float) -> float:
    """`value`, kept away from a division by zero."""
    return value if abs(value) > _TINY else _TINY
