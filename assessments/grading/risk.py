"""How long an exam must be, how often it may be tried and how long to wait, from risks that are stated first.

The model is that of standard.py: somebody who knows a share of the field knows each item with that chance and guesses
the others blindly, partial credit included. Attempts are taken with the same knowledge and other items, so they are
independent; learning in between makes a later pass deserved and is no risk. Chances are exact and rounded once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessments.grading.blueprint import Cell, Gap, ItemRef, gaps
from assessments.grading.kinds.base import Guess
from assessments.grading.numbers import Exact, exact, round_half_up
from assessments.grading.points import AlikePoints, Points
from assessments.grading.standard import CHANCE_PLACES, points_needed

MOST_ITEMS = 200
# A cell holds this many times what all attempts of one candidate draw from it.
STOCK = 3


@dataclass(frozen=True, slots=True)
class Risks:
    """The risks a body accepts, all 0 to 1.

    Somebody who knows only `knows_low` passes in any of the allowed attempts with chance `false_pass` at most; somebody
    who knows `knows_high` fails in each of the first `fails_within` attempts with chance `false_fail` at most.
    Raises ValueError for chances outside 0 to 1 and where low is not below high.
    """

    knows_low: Exact
    knows_high: Exact
    false_pass: Exact
    false_fail: Exact
    fails_within: int = 1

    def __post_init__(self) -> None:
        shares = [exact(self.knows_low), exact(self.knows_high), exact(self.false_pass), exact(self.false_fail)]
        if not all(0 <= share <= 1 for share in shares) or shares[0] >= shares[1]:
            raise ValueError("risks lie between 0 and 1, and who should fail knows less than who should pass")
        if self.fails_within < 1:
            raise ValueError("a capable person has at least one attempt")


@dataclass(frozen=True, slots=True)
class ExamRisk:
    """What an exam risks, as chances from 0 to 1 to four places; `is_kept` compares these with what was stated.

    `false_pass` over all attempts and `false_pass_once` in one; `false_fail` over the first `fails_within` attempts.
    """

    items: int
    attempts: int
    false_pass_once: Decimal
    false_pass: Decimal
    false_fail: Decimal
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Length:
    """The shortest exam that keeps the risks. From `steady` items on every longer one keeps them as well.

    The two differ since the pass mark falls on whole points: with 10 items 75 % takes 8, with 12 it takes 9. `steady` is
    None where a longer exam up to the limit breaks them again.
    """

    shortest: ExamRisk
    steady: int | None


def exam_risk(guesses: Sequence[Guess], pass_percent: Decimal, attempts: int, risks: Risks) -> ExamRisk:
    """The risks of an exam that draws one item for each of `guesses`. Raises ValueError without items or attempts."""
    if not guesses or attempts < 1:
        raise ValueError("an exam has items and attempts")
    low, high = Points(exact(risks.knows_low)), Points(exact(risks.knows_high))
    for guess in guesses:
        low.add(guess)
        high.add(guess)
    return _risk(low, high, pass_percent, attempts, risks)


def find_length(
    guess: Guess, pass_percent: Decimal, attempts: int, risks: Risks, most: int = MOST_ITEMS
) -> Length | None:
    """The shortest exam of items like `guess` (standard.typical_guess of the bank) that keeps the risks.

    None where none of up to `most` items does. Raises ValueError without attempts.
    """
    if attempts < 1:
        raise ValueError("an exam has attempts")
    low, high = AlikePoints(exact(risks.knows_low), guess), AlikePoints(exact(risks.knows_high), guess)
    tried = []
    for _ in range(most):
        low.add()
        high.add()
        tried.append(_risk(low, high, pass_percent, attempts, risks))
    kept = [risk for risk in tried if risk.is_kept]
    if not kept:
        return None
    last_broken = max((risk.items for risk in tried if not risk.is_kept), default=0)
    return Length(kept[0], last_broken + 1 if last_broken < most else None)


def most_attempts(false_pass_once: Exact, false_pass: Exact) -> int | None:
    """How often an exam may be tried before the chance of passing wrongly exceeds `false_pass`; 0 where once is too
    often, None where it never does.

    Raises ValueError for chances outside 0 to 1.
    """
    once, limit = exact(false_pass_once), exact(false_pass)
    if not 0 <= once <= 1 or not 0 <= limit <= 1:
        raise ValueError("a chance lies between 0 and 1")
    if once == 0 or limit == 1:
        return None
    attempts, failing = 0, Fraction(1)
    while 1 - failing * (1 - once) <= limit:
        failing *= 1 - once
        attempts += 1
        if attempts >= 10_000:
            return None
    return attempts


def days_between(attempts: int, days: int) -> int:
    """The shortest wait between attempts, in days, that allows at most `attempts` of them within `days`.

    The first is on the first day, so n waits of w days fit in `days` when n * w < `days`. Raises ValueError below one.
    """
    if attempts < 1 or days < 1:
        raise ValueError("at least one attempt and one day")
    return -(-days // attempts)


def stock_gaps(cells: Sequence[Cell], bank: Sequence[ItemRef], attempts: int, times: int = STOCK) -> list[Gap]:
    """Cells that hold fewer than `times` x draw x `attempts` items, with what is missing. Raises BlueprintInvalid."""
    return gaps(cells, bank, allowed_attempts=attempts * times)


def over_attempts(chance: Exact, attempts: int) -> Fraction:
    """Chance that something of `chance` happens at least once in `attempts` independent attempts."""
    return 1 - (1 - exact(chance)) ** attempts


def _risk(
    low: Points | AlikePoints, high: Points | AlikePoints, pass_percent: Decimal, attempts: int, risks: Risks
) -> ExamRisk:
    needed = points_needed(low.items, pass_percent)
    once, fail_once = low.chance_of(needed), 1 - high.chance_of(needed)
    false_pass = round_half_up(over_attempts(once, attempts), CHANCE_PLACES)
    false_fail = round_half_up(fail_once ** min(risks.fails_within, attempts), CHANCE_PLACES)
    return ExamRisk(
        items=low.items,
        attempts=attempts,
        false_pass_once=round_half_up(once, CHANCE_PLACES),
        false_pass=false_pass,
        false_fail=false_fail,
        is_kept=exact(false_pass) <= exact(risks.false_pass) and exact(false_fail) <= exact(risks.false_fail),
    )
