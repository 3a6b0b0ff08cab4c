"""Ordering: steps are put into the right order. Response: the public codes (public_codes.py) in the chosen order.

The rules of credit are those of an order in credit_rules.py.
"""

from fractions import Fraction
from itertools import pairwise
from typing import Any

from assessments.grading.kinds.arrangements import chance_of_hits, chance_of_neighbours, chance_of_run
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
from assessments.grading.kinds.checks import check_rows, check_shared
from assessments.grading.kinds.credit import share, spread
from assessments.grading.kinds.credit_rules import (
    ADJACENT_PAIRS,
    ALL_OR_NOTHING,
    EXACT_POSITIONS,
    LONGEST_RUN,
    check_credit,
    rule_of,
)
from assessments.grading.kinds.exporting import plain_definition
from assessments.grading.kinds.public_codes import public_code
from assessments.grading.messages import N_, Fault, fault

LEAST_STEPS = 3
MOST_STEPS = 10
_STEP_FIELDS = frozenset({"code", "text"})
# The printed rule of each name; the first is the rule of an item that names none.
CREDIT = {
    ADJACENT_PAIRS: "adjacent_pairs",
    ALL_OR_NOTHING: "all_or_nothing_steps",
    LONGEST_RUN: "longest_run",
    EXACT_POSITIONS: "exact_positions",
}
_EVERY_STEP_ONCE = N_("Give every step a place of its own.")


class Ordering:
    """Credit by neighbours, by the longest stretch, by positions or for the whole order."""

    name = "ordering"
    fields = frozenset({"steps", "credit"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: three to ten steps, no text twice."""
        faults = check_shared(content, self.fields)
        faults += check_rows(content, "steps", LEAST_STEPS, MOST_STEPS, ("text",))
        return faults + _check_step_fields(content) + check_credit(content, tuple(CREDIT), _count_steps(content))

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
        """Credit by what the rule counts in the order."""
        rule, key = rule_of(content, ADJACENT_PAIRS), self.right_response(content)
        if response is None:
            return Score(Fraction(0), {"right": 0, "of": len(key) - (rule != EXACT_POSITIONS)})
        right, of = _hits(rule, key, response)
        return Score(_points(rule, right, of), {"right": right, "of": of})

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
        """By what is counted in the order."""
        return CREDIT[rule_of(content, ADJACENT_PAIRS)]

    def blind_guess(self, content: Content) -> Guess:
        """As in Kind, for somebody who puts the steps into a random order."""
        steps, rule = len(content["steps"]), rule_of(content, ADJACENT_PAIRS)
        if rule == EXACT_POSITIONS:
            return spread((_points(rule, hits, steps), chance_of_hits(hits, steps, steps)) for hits in range(steps + 1))
        chance = chance_of_run if rule == LONGEST_RUN else chance_of_neighbours
        return spread((_points(rule, hits, steps - 1), chance(hits, steps)) for hits in range(steps))

    def export(self, content: Content) -> dict[str, Any]:
        """As in Kind."""
        return plain_definition(content)


def _count_steps(content: Content) -> int:
    steps = content.get("steps")
    return len(steps) if isinstance(steps, list) else 0


def _hits(rule: str, key: list[str], given: list[str]) -> tuple[int, int]:
    """What the rule counts in an order, and the most there can be."""
    if rule == EXACT_POSITIONS:
        return sum(one == other for one, other in zip(key, given, strict=True)), len(key)
    follows = set(pairwise(key))
    if rule == LONGEST_RUN:
        runs = "".join("x" if pair in follows else " " for pair in pairwise(given)).split()
        return max(map(len, runs), default=0), len(key) - 1
    return len(follows & set(pairwise(given))), len(key) - 1


def _points(rule: str, hits: int, of: int) -> Fraction:
    return share(hits, of, whole=rule == ALL_OR_NOTHING)


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
