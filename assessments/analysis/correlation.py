"""Means, spreads and correlations of plain lists."""

from collections.abc import Sequence
from math import fsum, sqrt
from operator import mul


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean."""
    return fsum(values) / len(values)


def variance(values: Sequence[float]) -> float:
    """The unbiased variance (n - 1); 0 for fewer than two values."""
    if len(values) < 2:
        return 0.0
    middle = mean(values)
    return fsum((value - middle) ** 2 for value in values) / (len(values) - 1)


def spread(values: Sequence[float]) -> float:
    """The standard deviation, of the unbiased variance."""
    return sqrt(variance(values))


def find_correlation(ones: Sequence[float], others: Sequence[float]) -> float | None:
    """Pearson's r; the point-biserial where `ones` are 0 and 1. None where one of the lists does not vary."""
    if len(ones) < 2:
        return None
    one_mean, other_mean = mean(ones), mean(others)
    one_off = [value - one_mean for value in ones]
    other_off = [value - other_mean for value in others]
    one_square, other_square = (fsum(map(mul, off, off)) for off in (one_off, other_off))
    # What is left of equal numbers after rounding is no spread.
    if one_square <= 1e-18 * len(ones) or other_square <= 1e-18 * len(ones):
        return None
    r = fsum(map(mul, one_off, other_off)) / sqrt(one_square * other_square)
    return max(-1.0, min(1.0, r))
