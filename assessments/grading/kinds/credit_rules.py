"""Rules of partial credit by name. An item says `credit = "<name>"`; a kind counts its parts, the rule makes points.

A part is what a kind can judge apart: an option, a pair, a gap, a label, a step. Of all parts of an item some are right
and some are wrong; a part that was left open is neither. The rules:

- "all-or-nothing": the point for all parts, nothing for fewer or with a wrong one beside them.
- "per-part": right parts / all parts. A wrong part takes nothing away.
- "plus-minus": (right - wrong) / all parts, never below 0.
- "halves": the point for all parts, half of it with one slip, nothing from two slips on (the scoring of K-prim items;
  a slip is a part that is wrong or missing). It asks for three parts at least, or half the point would come too easily.
- "per-option", "per-pair": older names of "plus-minus" over options and "per-part" over pairs; items go on using them.

The rules for an order of n steps count something of their own, each over the most there can be:

- "adjacent-pairs": right neighbours / (n - 1), wherever they stand.
- "longest-run": (steps of the longest unbroken stretch in the right order - 1) / (n - 1).
- "exact-positions": steps in exactly their place / n.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessments.grading.kinds.base import Content, Guess
from assessments.grading.kinds.credit import spread
from assessments.grading.messages import N_, Fault, fault

ALL_OR_NOTHING, PER_PART, PLUS_MINUS, HALVES = "all-or-nothing", "per-part", "plus-minus", "halves"
PER_OPTION, PER_PAIR = "per-option", "per-pair"
ADJACENT_PAIRS, LONGEST_RUN, EXACT_POSITIONS = "adjacent-pairs", "longest-run", "exact-positions"
RULES_OF_PARTS = (PER_PART, ALL_OR_NOTHING, PLUS_MINUS, HALVES)
RULES_OF_ORDER = (ADJACENT_PAIRS, LONGEST_RUN, EXACT_POSITIONS, ALL_OR_NOTHING)
LEAST_PARTS_FOR_HALVES = 3


@dataclass(frozen=True, slots=True)
class Counts:
    """How many parts are right and how many wrong, `of` how many that can be right.

    `wrong` may go beyond `of - right`: a label that belongs nowhere is no part to be had, and is wrong when placed.
    """

    right: int
    wrong: int
    of: int

    @property
    def slips(self) -> int:
        """Parts missed or wrong: at least what is missing to all, and whatever is wrong on top of that."""
        return max(self.of - self.right, self.wrong)


# How the counts of one part fall to somebody who does not know: (right, wrong) with its probability.
PartGuess = Mapping[tuple[int, int], Fraction]


def points(rule: str, counts: Counts) -> Fraction:
    """Points from 0 to 1 by a rule of parts. Raises KeyError for a name that is none."""
    return _POINTS[rule](counts)


def rule_of(content: Content, default: str) -> str:
    """The name in `credit`, or the default of the kind."""
    return str(content.get("credit", default))


def check_credit(content: Content, allowed: Sequence[str], parts: int, *, needed: bool = False) -> list[Fault]:
    """A `credit` that is no rule of this kind, is missing where it is `needed`, or asks for more parts than there are."""
    if "credit" not in content and not needed:
        return []
    credit = content.get("credit")
    if not isinstance(credit, str) or credit not in allowed:
        return [fault("credit", N_("must be one of: %(allowed)s"), allowed=", ".join(allowed))]
    if credit == HALVES and parts < LEAST_PARTS_FOR_HALVES:
        return [fault("credit", N_("halves needs at least %(least)s parts"), least=LEAST_PARTS_FOR_HALVES)]
    return []


def blind(rule: str, of: int, parts: Iterable[PartGuess]) -> Guess:
    """How points fall when every part is guessed apart from the others; exact."""
    ways: dict[tuple[int, int], Fraction] = {(0, 0): Fraction(1)}
    for part in parts:
        ways = _with_part(ways, part)
    return spread((points(rule, Counts(right, wrong, of)), chance) for (right, wrong), chance in ways.items())


def _with_part(ways: Mapping[tuple[int, int], Fraction], part: PartGuess) -> dict[tuple[int, int], Fraction]:
    total: dict[tuple[int, int], Fraction] = {}
    for (right, wrong), chance in ways.items():
        for (more_right, more_wrong), share in part.items():
            counts = (right + more_right, wrong + more_wrong)
            total[counts] = total.get(counts, Fraction(0)) + chance * share
    return total


def _all_or_nothing(counts: Counts) -> Fraction:
    return Fraction(int(counts.slips == 0))


def _per_part(counts: Counts) -> Fraction:
    return Fraction(counts.right, counts.of)


def _plus_minus(counts: Counts) -> Fraction:
    return max(Fraction(counts.right - counts.wrong, counts.of), Fraction(0))


def _halves(counts: Counts) -> Fraction:
    return (Fraction(1), Fraction(1, 2), Fraction(0))[min(counts.slips, 2)]


_POINTS: dict[str, Callable[[Counts], Fraction]] = {
    ALL_OR_NOTHING: _all_or_nothing,
    PER_PART: _per_part,
    PER_PAIR: _per_part,
    PLUS_MINUS: _plus_minus,
    PER_OPTION: _plus_minus,
    HALVES: _halves,
}
