"""Several fixed forms of one exam: equivalent by blueprint, with as little in common and as alike in difficulty as can be."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

from assessments.grading.form_plan import Bank, Plan
from assessments.grading.forms import Form, assemble

TRIES = 20


@dataclass(frozen=True, slots=True)
class FormSet:
    """Forms of one plan. `overlap` is the most scored items that two of them share, `shared` the sum over all pairs.

    `facilities` are the mean facilities of the forms, None where those of some items are unknown.
    """

    forms: tuple[Form, ...]
    overlap: int
    shared: int
    facilities: tuple[float, ...] | None

    @property
    def spread(self) -> float:
        """How far the hardest and the easiest form lie apart; 0 where it is unknown."""
        return max(self.facilities) - min(self.facilities) if self.facilities else 0.0


def assemble_forms(plan: Plan, bank: Bank, count: int, rng: Random, tries: int = TRIES) -> FormSet:
    """`count` forms: of several tries the one with the least overlap, and among those the least spread of difficulty.

    Raises FormShort, PlanInvalid, ValueError for fewer than one form.
    """
    if count < 1 or tries < 1:
        raise ValueError("a set has at least one form")
    return min(
        (_one_try(plan, bank, count, rng) for _ in range(tries)),
        key=lambda made: (made.overlap, made.shared, made.spread),
    )


def _one_try(plan: Plan, bank: Bank, count: int, rng: Random) -> FormSet:
    """Forms one after the other, each from what the others use least."""
    used: Counter[str] = Counter()
    forms = []
    for _ in range(count):
        form = assemble(plan, bank, (), rng, used)
        used.update(form.codes)
        forms.append(form)
    common = [len(_scored(one) & _scored(other)) for one, other in combinations(forms, 2)]
    return FormSet(tuple(forms), max(common, default=0), sum(common), _facilities(bank, forms))


def _scored(form: Form) -> set[str]:
    return {item.code for section in form.sections for item in section.items if not item.is_pilot}


def _facilities(bank: Bank, forms: Sequence[Form]) -> tuple[float, ...] | None:
    known = {item.code: item.facility for item in bank.items if item.facility is not None}
    if not all(_scored(form) <= known.keys() for form in forms) or not all(_scored(form) for form in forms):
        return None
    return tuple(sum(known[code] for code in sorted(_scored(form))) / len(_scored(form)) for form in forms)
