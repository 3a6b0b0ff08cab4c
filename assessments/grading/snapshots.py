"""Reading stored inputs back into what the engine works on. The way there is canonical.plain.

A mark is stored only where there is one: records from before there were marks have no such field and stay as they are.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from assessments.grading.canonical import plain
from assessments.grading.decision import Evidence, SchemeRule
from assessments.grading.kinds.hand_marks import Mark
from assessments.grading.requirements import ExamEvidence, LessonsEvidence, PracticalEvidence, Requirement
from assessments.grading.rubric import CriterionRule, PracticalRule, Rubric
from assessments.grading.scoring import ExamRules, ItemInput

Json = Mapping[str, Any]


def read_items(rows: list[Json]) -> list[ItemInput]:
    """The items of an attempt with their responses and marks. Raises ValueError for a mark that none can be."""
    return [
        ItemInput(row["code"], row["topic"], row["content"], row["response"], _read_mark(row.get("mark")))
        for row in rows
    ]


def store_items(items: Sequence[ItemInput]) -> list[dict[str, Any]]:
    """The items of an attempt as a record keeps them."""
    rows = [plain(item) for item in items]
    return [row if row["mark"] is not None else {name: row[name] for name in row if name != "mark"} for row in rows]


def read_exam_rules(data: Json) -> ExamRules:
    """The rules of an exam."""
    return ExamRules(Decimal(data["pass_percent"]), data["places"])


def read_rubric(data: Json) -> Rubric:
    """A rubric. Raises RubricInvalid."""
    criteria = tuple(CriterionRule(row["code"], row["critical"]) for row in data["criteria"])
    return Rubric(tuple(data["levels"]), data["pass_level"], criteria)


def read_practical_rule(data: Json) -> PracticalRule:
    """The rule a submission is judged by."""
    return PracticalRule(data["minimum_level"], data["tolerated"])


def read_scheme_rule(data: Json) -> SchemeRule:
    """The rule of a level. Raises RuleInvalid."""
    requirements = tuple(_read_requirement(row) for row in data["requirements"])
    return SchemeRule(data["code"], data["version"], requirements, data["requires_level"])


def read_evidence(data: Json) -> Evidence:
    """The evidence about one person."""
    return Evidence(
        lessons={code: LessonsEvidence(row["read"], row["of"]) for code, row in data["lessons"].items()},
        exams={code: _read_exam(row) for code, row in data["exams"].items()},
        practicals={code: _read_practical(row) for code, row in data["practicals"].items()},
        levels_held=frozenset(data["levels_held"]),
        holds=tuple(data["holds"]),
    )


def _read_mark(row: Json | None) -> Mark | None:
    return None if row is None else Mark(Decimal(row["points"]), Decimal(row["of"]))


def _read_requirement(row: Json) -> Requirement:
    minimum = row["minimum_percent"]
    return Requirement(
        code=row["code"],
        kind=row["kind"],
        target=row["target"],
        minimum_percent=None if minimum is None else Decimal(minimum),
        minimum_level=row["minimum_level"],
    )


def _read_exam(row: Json) -> ExamEvidence:
    return ExamEvidence(tuple(Decimal(text) for text in row["percents"]), row["awaiting"], row["attempts_left"])


def _read_practical(row: Json) -> PracticalEvidence:
    released = tuple((read_rubric(rubric), dict(marks)) for rubric, marks in row["released"])
    return PracticalEvidence(released, row["awaiting"])
