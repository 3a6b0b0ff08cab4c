"""How sure pass and fail are: the error at the pass mark, and how many would get the same outcome a second time.

Consistency and accuracy follow Livingston & Lewis (1995, J. Educ. Meas. 32, 179-197): a test of partly credited items
is replaced by one of `n` right-or-wrong items as reliable as it (the effective length), true shares follow a beta
distribution with the mean and variance that the scores and their reliability imply, and errors are binomial. The beta
distribution is the one with two parameters, on 0 to 1: it always exists, where fits of four from a few hundred people
often do not. For like right-or-wrong items and KR-21 this is Huynh's (1976, J. Educ. Meas. 13, 253-264) beta-binomial.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, fsum, lgamma, sqrt

from assessments.analysis.correlation import mean, variance
from assessments.analysis.distributions import beta_below, log_beta

# Exams of more effective items than this are taken for that long: their outcomes hardly differ any more.
MOST_ITEMS = 500


@dataclass(frozen=True, slots=True)
class Consistency:
    """Shares of people, 0 to 1.

    `consistency` get the same outcome from two such exams, `kappa` corrects that for chance; `accuracy` get the outcome
    that their true share deserves, `false_pass` and `false_fail` are the others (of all people, not of one kind).
    """

    consistency: float
    kappa: float
    accuracy: float
    false_pass: float
    false_fail: float
    effective_items: int


@dataclass(frozen=True, slots=True)
class _Model:
    """True shares of shapes `a` and `b`, `n` binomial items, `least` of which pass."""

    a: float
    b: float
    n: int
    least: int

    def log_chance(self, hits: int, of: int) -> float:
        """Logarithm of the beta-binomial chance of `hits` among `of` items, without the binomial coefficient."""
        return log_beta(self.a + hits, self.b + of - hits) - log_beta(self.a, self.b)


def error_at(points: float, items: float) -> float | None:
    """Lord's binomial standard error of measurement at a score of `points`, in points: sqrt(x (k - x) / (k - 1)).

    Lord 1955, J. Educ. Psychol. 46, 325-337. None for fewer than two items; x is kept within 0 and k.
    """
    if items < 2:
        return None
    kept = min(max(points, 0.0), items)
    return sqrt(kept * (items - kept) / (items - 1))


def effective_items(shares: Sequence[float], reliability: float) -> int | None:
    """Right-or-wrong items that would be as reliable, rounded; None where scores or reliability allow none.

    (m (1 - m) - r s2) / (s2 (1 - r)) with the mean m and variance s2 of the shares.
    """
    middle, of_shares = mean(shares), variance(shares)
    if not 0 < reliability < 1 or of_shares <= 0:
        return None
    length = (middle * (1 - middle) - reliability * of_shares) / (of_shares * (1 - reliability))
    return min(floor(length + 0.5), MOST_ITEMS) if length >= 1 else None


def find_consistency(shares: Sequence[float], reliability: float, pass_share: float) -> Consistency | None:
    """How sure pass and fail are for people with these `shares` (0 to 1) when `pass_share` or more passes.

    None where there is nothing to say: no spread, or a reliability that is not between 0 and 1.
    """
    n = effective_items(shares, reliability)
    if n is None:
        return None
    middle, true_variance = mean(shares), reliability * variance(shares)
    strength = middle * (1 - middle) / true_variance - 1
    if strength <= 0:
        return None
    least = max(0, ceil(pass_share * n - 1e-9))
    return _consistency(_Model(middle * strength, (1 - middle) * strength, n, least), pass_share)


def _consistency(model: _Model, pass_share: float) -> Consistency:
    once = sum(
        exp(_log_choose(model.n, hits) + model.log_chance(hits, model.n)) for hits in range(model.least, model.n + 1)
    )
    twice = _pass_twice(model)
    same, by_chance = 1 - 2 * (once - twice), once * once + (1 - once) ** 2
    deserve = 1 - beta_below(pass_share, model.a, model.b)
    both = _pass_and_deserve(model, pass_share)
    return Consistency(
        consistency=same,
        kappa=(same - by_chance) / (1 - by_chance) if by_chance < 1 else 1.0,
        accuracy=1 - (once - both) - (deserve - both),
        false_pass=once - both,
        false_fail=deserve - both,
        effective_items=model.n,
    )


def _pass_twice(model: _Model) -> float:
    """Chance of passing both of two such exams: the beta-binomial chance of each pair of scores, which their sum decides."""
    n, least = model.n, model.least
    ways = [_log_choose(n, hits) for hits in range(n + 1)]
    chances = [model.log_chance(hits, 2 * n) for hits in range(2 * n + 1)]
    return fsum(
        exp(ways[one] + ways[other] + chances[one + other])
        for one in range(least, n + 1)
        for other in range(least, n + 1)
    )


def _pass_and_deserve(model: _Model, pass_share: float) -> float:
    """Chance of passing with a true share at or above the pass mark."""
    return sum(
        exp(_log_choose(model.n, hits) + model.log_chance(hits, model.n))
        * (1 - beta_below(pass_share, model.a + hits, model.b + model.n - hits))
        for hits in range(model.least, model.n + 1)
    )


def _log_choose(n: int, hits: int) -> float:
    return lgamma(n + 1) - lgamma(hits + 1) - lgamma(n - hits + 1)
