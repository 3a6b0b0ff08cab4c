"""What kinds that people mark have in common: a small rubric in the item, and marks that are read against it.

    [[item.marks]]
    code = "facts"                  # stable; marks are stored under it
    title = "The facts are right"   # the candidate reads it beside the points
    points = 4                      # at most; markers give whole or half points
    guidance = "..."                # for markers, secret until release
    descriptors = ["...", ...]      # may be left out; what 0, 1 ... points look like, one text more than points

Unmarked is never zero: such an item has no score before somebody has marked it. An item left empty has one, which is 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from assessments.grading.kinds.base import Content, Explanation, Guess, Part, Score
from assessments.grading.kinds.checks import TEXT_LIMIT, check_count, check_rows, check_text
from assessments.grading.kinds.credit import one_chance
from assessments.grading.messages import N_, Fault, Message, fault
from assessments.grading.numbers import exact, find_decimal, plain_text

MOST_ASPECTS = 8
MOST_POINTS = 20
_ASPECT_FIELDS = frozenset({"code", "title", "points", "guidance", "descriptors"})


class NotMarked(ValueError):
    """An answer that a person has to mark was asked for its points."""


class MarksInvalid(ValueError):
    """Marks that cannot be taken. `faults` name the aspect and say what is wrong, for the marker."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("; ".join(str(found) for found in faults))


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person gave for one answer: `points` of `of`. Raises ValueError outside 0 to `of`."""

    points: Decimal
    of: Decimal

    def __post_init__(self) -> None:
        if not 0 <= exact(self.points) <= exact(self.of) or not self.of:
            raise ValueError("a mark lies between 0 and what can be earned")

    @property
    def share(self) -> Fraction:
        """The mark as an exact part of one point."""
        return exact(self.points) / exact(self.of)


class MarkedByHand:
    """Base of the kinds that people mark."""

    def score(self, content: Content, response: Any) -> Score:
        """No points for an empty answer. Raises NotMarked for any other."""
        if response is None:
            return Score(Fraction(0))
        raise NotMarked("a person has to mark this answer")

    def score_marked(self, content: Content, mark: Mark) -> Score:
        """The points of a mark. Raises ValueError for a mark out of another maximum than the item's."""
        if exact(mark.of) != most_points(content):
            raise ValueError("the mark does not belong to this version of the item")
        return Score(mark.share)

    def right_response(self, content: Content) -> Any:
        """Raises NotMarked: what earns the full point is for people to say."""
        raise NotMarked("there is no single right answer")

    def explain(self, content: Content, response: Any) -> Explanation:
        """An empty answer explained. Raises NotMarked for any other; `explain_marked` does those."""
        return Explanation(False, self.score(content, response), _unmarked_parts(content), content["feedback"])

    def explain_marked(self, content: Content, points: Mapping[str, str]) -> Explanation:
        """After release: each aspect with its points and what they stand for. Raises MarksInvalid."""
        score = self.score_marked(content, read_points(content, points))
        return Explanation(
            True, score, tuple(_part(row, points[row["code"]]) for row in content["marks"]), content["feedback"]
        )

    def credit_rule(self, content: Content) -> str:
        """A person marks it."""
        return "by_hand"

    def blind_guess(self, content: Content) -> Guess:
        """As in Kind; an answer out of the blue is taken as worth nothing."""
        return one_chance(Fraction(0))


def most_points(content: Content) -> int:
    """What can be earned at most."""
    return sum(row["points"] for row in content["marks"])


def public_marks(content: Content) -> list[dict[str, Any]]:
    """What a candidate reads of the rubric: titles and points, neither guidance nor descriptors."""
    return [{"code": row["code"], "title": row["title"], "points": row["points"]} for row in content["marks"]]


def read_points(content: Content, given: Mapping[str, Any]) -> Mark:
    """The mark made of points by aspect, given as decimal text. Raises MarksInvalid with each fault."""
    codes = {row["code"] for row in content["marks"]}
    faults = [fault(str(code), N_("is no aspect of this item")) for code in given if code not in codes]
    for row in content["marks"]:
        faults += _check_points(row, given.get(row["code"]))
    if faults:
        raise MarksInvalid(faults)
    return Mark(sum((Decimal(given[code]) for code in sorted(codes)), Decimal(0)), Decimal(most_points(content)))


def check_marks(content: Content) -> list[Fault]:
    """The rubric of a definition: one to eight aspects of up to twenty points. Never raises."""
    faults = check_rows(content, "marks", 1, MOST_ASPECTS, ("title",))
    rows = content.get("marks")
    for place, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, dict):
            faults += _check_aspect(row, f"marks[{place}].")
    return faults


def _check_aspect(row: Mapping[str, Any], path: str) -> list[Fault]:
    faults = [fault(path + str(name), N_("an aspect has no such field")) for name in row if name not in _ASPECT_FIELDS]
    points = row.get("points")
    if type(points) is not int or not 1 <= points <= MOST_POINTS:
        return [*faults, fault(f"{path}points", N_("must be a whole number from 1 to %(most)s"), most=MOST_POINTS)]
    faults += check_text(row, "guidance", TEXT_LIMIT, path)
    descriptors = row.get("descriptors", [])
    if not isinstance(descriptors, list):
        return [*faults, fault(f"{path}descriptors", N_("must be a list of texts"))]
    if descriptors:
        faults += check_count(f"{path}descriptors", len(descriptors), points + 1, points + 1)
    for place, text in enumerate(descriptors):
        faults += check_text({f"[{place}]": text}, f"[{place}]", TEXT_LIMIT, f"{path}descriptors")
    return faults


def _check_points(row: Mapping[str, Any], given: Any) -> list[Fault]:
    value = find_decimal(given)
    if value is None:
        return [Fault(row["code"], Message(N_("has no points yet")))]
    if not 0 <= value <= row["points"] or exact(value * 2).denominator != 1:
        return [fault(row["code"], N_("takes whole or half points from 0 to %(most)s"), most=row["points"])]
    return []


def _unmarked_parts(content: Content) -> tuple[Part, ...]:
    return tuple(Part(row["code"], row["title"], "", str(row["points"]), right=False) for row in content["marks"])


def _part(row: Mapping[str, Any], given: str) -> Part:
    points, descriptors = Decimal(given), row.get("descriptors") or []
    says = descriptors[int(points)] if descriptors else ""
    return Part(row["code"], row["title"], plain_text(points), str(row["points"]), points == row["points"], says)
