"""Matching: each left gets one right; further rights are distractors.

Response: left code -> public code of a right (public_codes.py); lefts without one are left out.
The same right may be given to two lefts; at most one of them earns its credit.
"""

from typing import Any

from assessments.grading.kinds.arrangements import chance_of_hits
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
from assessments.grading.kinds.checks import (
    check_count,
    check_distinct,
    check_rows,
    check_shared,
    check_text,
)
from assessments.grading.kinds.credit import spread
from assessments.grading.kinds.credit_rules import (
    ALL_OR_NOTHING,
    HALVES,
    PER_PAIR,
    PER_PART,
    PLUS_MINUS,
    Counts,
    check_credit,
    points,
    rule_of,
)
from assessments.grading.kinds.exporting import plain_definition
from assessments.grading.kinds.public_codes import public_code
from assessments.grading.messages import N_, Fault, fault

MOST_PAIRS = 10
MOST_DISTRACTORS = 6
_PAIR_FIELDS = frozenset({"code", "left", "right"})
# The printed rule of each name; the first is the rule of an item that names none.
CREDIT = {
    PER_PAIR: "per_pair",
    ALL_OR_NOTHING: "all_or_nothing_pairs",
    PER_PART: "per_pair",
    PLUS_MINUS: "plus_minus",
    HALVES: "halves",
}


class Matching:
    """Credit by the pairs."""

    name = "matching"
    fields = frozenset({"pairs", "distractors", "credit"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: two to ten pairs, up to six distractors, no text twice on one side."""
        faults = check_shared(content, self.fields)
        faults += check_rows(content, "pairs", 2, MOST_PAIRS, ("left", "right"))
        faults += check_credit(content, tuple(CREDIT), _count_pairs(content))
        return faults + _check_distractors(content) + _check_rights(content)

    def orders(self, content: Content) -> dict[str, list[str]]:
        """As in Kind; sorted by public code, so that even an unshuffled list tells nothing."""
        return {"rights": sorted(_rights(content))}

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """Stem, lefts as authored, rights with their public codes in the given order."""
        texts = _rights(content)
        shown = ordered(sorted(texts), (order or {}).get("rights"))
        return {
            "kind": self.name,
            "stem": content["stem"],
            "lefts": [{"code": pair["code"], "text": pair["left"]} for pair in content["pairs"]],
            "rights": [{"code": code, "text": texts[code]} for code in shown],
        }

    def normalise(self, content: Content, raw: Any) -> dict[str, str] | None:
        """As in Kind; `raw` is an object of left code -> public code of a right, where blanks count as not given."""
        if is_blank(raw):
            return None
        lefts, rights = [pair["code"] for pair in content["pairs"]], _rights(content)
        if not isinstance(raw, dict) or not all(isinstance(left, str) and left in lefts for left in raw):
            raise ResponseInvalid(N_("Give each entry on the left one from the right."))
        given = {left: raw[left] for left in lefts if left in raw and not is_blank(raw[left])}
        for left, right in given.items():
            if not isinstance(right, str) or right not in rights:
                raise ResponseInvalid(N_("Choose one of the entries on the right."), part=left)
        return given or None

    def score(self, content: Content, response: dict[str, str] | None) -> Score:
        """Credit by the rule over the pairs."""
        key, given = self.right_response(content), response or {}
        right = sum(given.get(left) == code for left, code in key.items())
        counts = Counts(right, len(given) - right, len(key))
        return Score(points(rule_of(content, PER_PAIR), counts), {"right": right, "of": len(key)})

    def right_response(self, content: Content) -> dict[str, str]:
        """Each left with the public code of its right."""
        return {pair["code"]: public_code(pair["right"]) for pair in content["pairs"]}

    def explain(self, content: Content, response: dict[str, str] | None) -> Explanation:
        """One part for each pair."""
        texts, given = _rights(content), response or {}
        parts = []
        for pair in content["pairs"]:
            text = texts.get(given.get(pair["code"], ""), "")
            parts.append(Part(pair["code"], pair["left"], text, pair["right"], text == pair["right"]))
        return Explanation(response is not None, self.score(content, response), tuple(parts), content["feedback"])

    def credit_rule(self, content: Content) -> str:
        """By the pairs."""
        return CREDIT[rule_of(content, PER_PAIR)]

    def blind_guess(self, content: Content) -> Guess:
        """As in Kind, for somebody who gives each left another right at random."""
        pairs, rights = len(content["pairs"]), len(_rights(content))
        rule = rule_of(content, PER_PAIR)
        return spread(
            (points(rule, Counts(hits, pairs - hits, pairs)), chance_of_hits(hits, pairs, rights))
            for hits in range(pairs + 1)
        )

    def export(self, content: Content) -> dict[str, Any]:
        """As in Kind."""
        return plain_definition(content)


def _count_pairs(content: Content) -> int:
    pairs = content.get("pairs")
    return len(pairs) if isinstance(pairs, list) else 0


def _rights(content: Content) -> dict[str, str]:
    """Public code -> text of all rights, distractors included."""
    texts = [pair["right"] for pair in content["pairs"]] + list(content.get("distractors", []))
    return {public_code(text): text for text in texts}


def _check_distractors(content: Content) -> list[Fault]:
    distractors = content.get("distractors", [])
    if not isinstance(distractors, list):
        return [fault("distractors", N_("must be a list of texts"))]
    faults = check_count("distractors", len(distractors), 0, MOST_DISTRACTORS)
    for place, text in enumerate(distractors):
        faults += check_text({f"[{place}]": text}, f"[{place}]", path="distractors")
    return faults


def _check_rights(content: Content) -> list[Fault]:
    """Distractors that repeat a right text, and pair fields that do not exist."""
    pairs, distractors = content.get("pairs"), content.get("distractors", [])
    if not isinstance(pairs, list) or not isinstance(distractors, list):
        return []
    tables = [pair for pair in pairs if isinstance(pair, dict)]
    unknown = sorted({str(name) for pair in tables for name in pair if name not in _PAIR_FIELDS})
    faults = [fault(f"pairs.{name}", N_("a pair has no such field")) for name in unknown]
    rights = list(dict.fromkeys(pair["right"] for pair in tables if isinstance(pair.get("right"), str)))
    return faults + check_distinct("distractors", rights + distractors)
