"""Reliability: how far the totals of an exam would come out the same again, and what that means at the pass mark.

Where all sheets hold the same items: coefficient alpha (Cronbach 1951, Psychometrika 16, 297-334), which is KR-20 for
right and wrong items (Kuder & Richardson 1937), with Feldt's interval (1965, Psychometrika 30, 357-370), and Guttman's
lambda-2 (1945, Psychometrika 10, 255-282), which is never below alpha. Where items were drawn for each person alpha is
not defined; then the index of dependability of items nested in persons is given (Brennan 2001, Generalizability
Theory, ch. 2; it is ICC(1,k) of Shrout & Fleiss 1979, and near KR-21 where all sheets hold the same items), which also counts the
unlike difficulty of the draws as error.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from operator import mul

from assessments.analysis.correlation import mean, spread, variance
from assessments.analysis.distributions import CONFIDENCE, f_quantile
from assessments.analysis.sheets import Sheet, SheetsInvalid, check

Table = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Reliability:
    """`name` is "alpha" or "nested"; `value` with its 95 % interval; `sem` in points of a sheet.

    `lambda_2` belongs to alpha only. `items` is the number of items of a sheet (their mean where sheets differ).
    """

    name: str
    value: float
    interval: tuple[float, float]
    lambda_2: float | None
    sem: float
    people: int
    items: float


def reliability(sheets: Sequence[Sheet]) -> Reliability:
    """Alpha where all sheets hold the same scored items, the nested index otherwise.

    Raises SheetsInvalid with fewer than two people or items, and where the totals do not vary.
    """
    check(sheets)
    table = find_table(sheets)
    return _alpha(table) if table is not None else _nested(sheets)


def find_table(sheets: Sequence[Sheet]) -> list[list[float]] | None:
    """Points, one row a person and one column an item in alphabetical order; None where the sheets hold unlike items."""
    rows = [{answer.version: answer.points for answer in sheet.answers if answer.scored} for sheet in sheets]
    if any(row.keys() != rows[0].keys() for row in rows):
        return None
    versions = sorted(rows[0])
    return [[row[version] for version in versions] for row in rows]


def coefficient_alpha(table: Table) -> float:
    """Alpha: k/(k-1) times the share of the variance of the totals that the items do not have of their own.

    Raises SheetsInvalid as `reliability` does.
    """
    columns, of_totals = _columns(table)
    k = len(columns)
    return k / (k - 1) * (1 - fsum(variance(column) for column in columns) / of_totals)


def guttman_lambda_2(table: Table) -> float:
    """Lambda-2: the covariances and the root of k/(k-1) times their squares, over the variance of the totals."""
    columns, of_totals = _columns(table)
    k, n = len(columns), len(table)
    off = [[value - middle for value in column] for column in columns for middle in [mean(column)]]
    pairs = [sum(map(mul, off[i], off[j])) / (n - 1) for i in range(k) for j in range(i)]
    return (2 * fsum(pairs) + sqrt(k / (k - 1) * 2 * fsum(value * value for value in pairs))) / of_totals


def alpha_interval(alpha: float, people: int, items: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Feldt's interval: (1 - alpha) times F quantiles with n - 1 and (n - 1)(k - 1) degrees of freedom."""
    above, below = people - 1, (people - 1) * (items - 1)
    return _from_f(1 - alpha, above, below, confidence)


def lengthened(value: float, times: float) -> float:
    """Reliability of an exam `times` as long (Spearman 1910 and Brown 1910, Br. J. Psychol. 3)."""
    return times * value / (1 + (times - 1) * value)


def times_the_items(value: float, wanted: float = 0.80) -> float | None:
    """How many times the items it takes to reach `wanted`: from .70 to .80 it is 1.71. None where `value` is not
    above 0, since more of the same would not help.

    Raises ValueError unless `wanted` lies between 0 and 1.
    """
    if not 0 < wanted < 1:
        raise ValueError("a reliability to reach lies between 0 and 1")
    if value <= 0:
        return None
    return wanted * (1 - value) / (value * (1 - wanted)) if value < 1 else 0.0


def _alpha(table: Table) -> Reliability:
    value = coefficient_alpha(table)
    people, items = len(table), len(table[0])
    return Reliability(
        name="alpha",
        value=value,
        interval=alpha_interval(value, people, items),
        lambda_2=guttman_lambda_2(table),
        sem=_sem([fsum(row) for row in table], value),
        people=people,
        items=items,
    )


def _nested(sheets: Sequence[Sheet]) -> Reliability:
    """One-way analysis of variance of shares within persons; the usual mean item count where sheets differ in length."""
    rows = [[answer.points / answer.maximum for answer in sheet.answers if answer.scored] for sheet in sheets]
    people, answers = len(rows), sum(len(row) for row in rows)
    if people < 2 or min(len(row) for row in rows) < 2:
        raise SheetsInvalid("reliability needs at least two people with two items each")
    grand = fsum(value for row in rows for value in row) / answers
    between = fsum(len(row) * (mean(row) - grand) ** 2 for row in rows) / (people - 1)
    within = fsum((len(row) - 1) * variance(row) for row in rows) / (answers - people)
    if between <= 0 or within <= 0:
        raise SheetsInvalid("the totals do not vary")
    items = answers / people
    return Reliability(
        name="nested",
        value=1 - within / between,
        interval=_from_f(within / between, people - 1, answers - people, CONFIDENCE),
        lambda_2=None,
        sem=sqrt(within * items),
        people=people,
        items=items,
    )


def _columns(table: Table) -> tuple[list[list[float]], float]:
    """The columns of a table and the variance of its totals. Raises SheetsInvalid."""
    if len(table) < 2 or len(table[0]) < 2:
        raise SheetsInvalid("reliability needs at least two people and two items")
    of_totals = variance([fsum(row) for row in table])
    if of_totals <= 0:
        raise SheetsInvalid("the totals do not vary")
    return [list(column) for column in zip(*table, strict=True)], of_totals


def _from_f(error: float, above: float, below: float, confidence: float) -> tuple[float, float]:
    """Ends of one less `error` (the estimated share of error), whose ratio to the true one follows an F distribution."""
    outside = (1 - confidence) / 2
    return 1 - error * f_quantile(1 - outside, above, below), 1 - error * f_quantile(outside, above, below)


def _sem(totals: Sequence[float], value: float) -> float:
    """Standard error of measurement: the spread of the totals times the root of the error share."""
    return spread(totals) * sqrt(max(0.0, 1 - value))
