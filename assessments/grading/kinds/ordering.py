"""Ordering: steps are put into the right order. Response: the public codes (public_codes.py) in the chosen order.

"adjacent-pairs": the share of the n-1 right neighbours that stand directly after each other, wherever they stand.
"""

from fractions import Fraction
from itertools import pairwise
from math import comb, factorial
from typing import Any

from assessments.grading.kinds.base import (
    Content,
    Explanation,
    Guess,
    Order,
    Part,
    ResponseInvalid,
    Score,
    is_blank,
    ordered,
)
from assessments.grading.kinds.checks import check_choice, check_rows, check_shared
from assessments.grading.kinds.credit import share, spread
from assessments.grading.kinds.public_codes import public_code
from assessments.grading.messages import N_, Fault, fault

LEAST_STEPS = 3
MOST_STEPS = 10
_STEP_FIELDS = frozenset({"code", "text"})
_EVERY_STEP_ONCE = N_("Give every step a place of its own.")


class Ordering:
    """Credit by right neighbours or for the whole order."""

    name = "ordering"
    fields = frozenset({"steps", "credit"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: three to ten steps, no text twice."""
        faults = check_shared(content, self.fields)
        faults += check_rows(content, "steps", LEAST_STEPS, MOST_STEPS, ("text",))
        return (
            faults + _check_step_fields(content) + check_choice(content, "credit", ("adjacent-pairs", "all-or-nothing"))
        )

    def orders(self, content: Content) -> dict[str, list[str]]:
        """As in Kind; sorted by public code, so that even an unshuffled list tells nothing."""
        return {"steps": sorted(_steps(content))}

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """Stem and steps with their public codes in the given order."""
        texts = _steps(content)
        shown = ordered(sorted(texts), (order or {}).get("steps"))
        return {
            "kind": self.name,
            "stem": content["stem"],
            "steps": [{"code": code, "text": texts[code]} for code in shown],
        }

    def normalise(self, content: Content, raw: Any) -> list[str] | None:
        """As in Kind; `raw` is a list of codes or, from a plain form, code -> place (1 to n)."""
        if is_blank(raw) or (isinstance(raw, dict) and all(is_blank(place) for place in raw.values())):
            return None
        codes = list(_steps(content))
        given = _by_place(raw, len(codes)) if isinstance(raw, dict) else raw
        if not isinstance(given, list) or not all(isinstance(code, str) for code in given):
            raise ResponseInvalid(_EVERY_STEP_ONCE)
        if sorted(given) != sorted(codes):
            raise ResponseInvalid(_EVERY_STEP_ONCE)
        return list(given)

    def score(self, content: Content, response: list[str] | None) -> Score:
        """The share of right neighbours, or the point for the whole order."""
        wanted = list(pairwise(self.right_response(content)))
        right = len(set(wanted) & set(pairwise(response or [])))
        return Score(share(right, len(wanted), _whole(content)), {"right": right, "of": len(wanted)})

    def right_response(self, content: Content) -> list[str]:
        """The public codes in the right order."""
        return list(_steps(content))

    def explain(self, content: Content, response: list[str] | None) -> Explanation:
        """As in Kind; one part for each neighbour pair: what should follow a step and what did."""
        texts = _steps(content)
        following = dict(pairwise(response or []))
        parts = []
        for code, after in pairwise(texts):
            given = following.get(code, "")
            parts.append(Part(code, texts[code], texts.get(given, ""), texts[after], given == after))
        return Explanation(response is not None, self.score(content, response), tuple(parts), content["feedback"])

    def credit_rule(self, content: Content) -> str:
        """By neighbours or all or nothing."""
        return "all_or_nothing_steps" if _whole(content) else "adjacent_pairs"

    def blind_guess(self, content: Content) -> Guess:
        """As in Kind, for somebody who puts the steps into a random order."""
        steps, whole = len(content["steps"]), _whole(content)
        return spread((share(hits, steps - 1, whole), chance_of_neighbours(hits, steps)) for hits in range(steps))


def chance_of_neighbours(hits: int, steps: int) -> Fraction:
    """Chance that a random order of `steps` holds exactly `hits` right neighbours.

    Glue the neighbours that are right together and count the orders of the rest that hold none.
    """
    left = steps - hits
    none = sum((-1) ** glued * comb(left - 1, glued) * factorial(left - glued) for glued in range(left))
    return Fraction(comb(steps - 1, hits) * none, factorial(steps))


def _whole(content: Content) -> bool:
    return bool(content["credit"] == "all-or-nothing")


def _steps(content: Content) -> dict[str, str]:
    """Public code -> text, in the right order."""
    return {public_code(step["text"]): step["text"] for step in content["steps"]}


def _by_place(raw: dict[Any, Any], count: int) -> list[Any]:
    """Codes sorted by their places. Raises ResponseInvalid unless the places are 1 to `count`, each once."""
    free = {str(place) for place in range(1, count + 1)}
    by_place: dict[str, Any] = {}
    for code, place in raw.items():
        wanted = str(place) if type(place) is int and 0 < place <= count else place
        if not isinstance(wanted, str) or wanted not in free:
            raise ResponseInvalid(_EVERY_STEP_ONCE, part=code if isinstance(code, str) else "")
        free.remove(wanted)
        by_place[wanted] = code
    return [by_place[place] for place in sorted(by_place, key=int)]


def _check_step_fields(content: Content) -> list[Fault]:
    steps = content.get("steps")
    tables = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    unknown = sorted({str(name) for step in tables for name in step if name not in _STEP_FIELDS})
    return [fault(f"steps.{name}", N_("a step has no such field")) for name in unknown]
