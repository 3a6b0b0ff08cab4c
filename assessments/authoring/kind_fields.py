"""What the form of each kind of item asks for: one description, from which it is drawn and read.

A kind that is not described here, or a definition with more in it than its form can hold, is written as TOML.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from assessments.grading.kinds.credit_rules import RULES_OF_ORDER, RULES_OF_PARTS
from assessments.grading.kinds.nearness import TOLERANCE_KINDS

LINE, TEXT, TICK, WHOLE, LINES, CHOICE, TRUTH, ROWS = (
    "line",
    "text",
    "tick",
    "whole",
    "lines",
    "choice",
    "truth",
    "rows",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One entry of a row: a line, some text, a whole number or a box to tick. `optional` ones are left out when empty."""

    name: str
    label: Any
    shape: str = LINE
    optional: bool = False


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a kind. `columns` are those of a list of rows, `choices` the words a choice may take.

    An `optional` field that is left empty stands in no definition.
    """

    name: str
    label: Any
    shape: str
    hint: Any = ""
    columns: tuple[Column, ...] = ()
    choices: tuple[str, ...] = ()
    rows: int = 0
    optional: bool = False


_OPTIONS = (
    Column("text", _l("Option")),
    Column("right", _l("Right"), TICK),
    Column("feedback", _l("Feedback on this option"), optional=True),
)
_MARKS = FieldSpec(
    "marks",
    _l("What is marked"),
    ROWS,
    _l("Candidates read the title and the points; the guidance is for markers until release."),
    (
        Column("title", _l("Aspect")),
        Column("points", _l("Points"), WHOLE),
        Column("guidance", _l("Guidance for markers"), TEXT),
    ),
    rows=2,
)
# The words of a rule of credit; the first is what an item without a rule goes by.
_PER_OPTION = ("per-option", "all-or-nothing", "plus-minus", "halves")
_PER_PAIR = ("per-pair", *(rule for rule in RULES_OF_PARTS if rule != "per-part"))


def _credit(choices: tuple[str, ...]) -> FieldSpec:
    hint = _l("How part of the point is earned. Candidates read the rule beside the question.")
    return FieldSpec("credit", _l("Part of the point"), CHOICE, hint, choices=choices, optional=True)


KIND_FIELDS: dict[str, tuple[FieldSpec, ...]] = {
    "single": (
        FieldSpec("options", _l("Options"), ROWS, _l("Three to five; tick the one that is right."), _OPTIONS, rows=4),
    ),
    "multiple": (
        FieldSpec(
            "options",
            _l("Options"),
            ROWS,
            _l("Four to six; tick two or more, and leave one at least."),
            _OPTIONS,
            rows=5,
        ),
        _credit(_PER_OPTION),
    ),
    "true_false": (FieldSpec("answer", _l("The sentence is"), TRUTH),),
    "matching": (
        FieldSpec(
            "pairs",
            _l("Pairs"),
            ROWS,
            _l("What belongs together stands in one row."),
            (Column("left", _l("Left")), Column("right", _l("Right"))),
            rows=4,
        ),
        FieldSpec(
            "distractors",
            _l("Further texts for the right side"),
            LINES,
            _l("One a line; they match nothing."),
            optional=True,
        ),
        _credit(_PER_PAIR),
    ),
    "ordering": (
        FieldSpec(
            "steps",
            _l("Steps in the right order"),
            ROWS,
            _l("Candidates get them shuffled."),
            (Column("text", _l("Step")),),
            rows=4,
        ),
        _credit(RULES_OF_ORDER),
    ),
    "short_text": (
        FieldSpec(
            "accepted",
            _l("Accepted answers"),
            LINES,
            _l("One a line. Case and spaces do not matter; nothing else is forgiven, so write every good wording."),
        ),
    ),
    "numeric": (
        FieldSpec("answer", _l("Answer"), LINE, _l("A number with a decimal point, such as 12.5.")),
        FieldSpec("tolerance", _l("Tolerance"), LINE, _l("How far off is still right; both ends count. 0 for none.")),
        FieldSpec("tolerance_kind", _l("The tolerance is"), CHOICE, choices=TOLERANCE_KINDS, optional=True),
        FieldSpec("unit", _l("Unit after the field"), LINE),
    ),
    "essay": (
        FieldSpec("words_min", _l("Fewest words"), WHOLE, optional=True),
        FieldSpec("words_max", _l("Most words"), WHOLE, optional=True),
        FieldSpec("template", _l("What the field begins with"), TEXT, optional=True),
        _MARKS,
    ),
    "file_answer": (
        FieldSpec("file_types", _l("Types of files"), LINES, _l("One a line, such as pdf or docx.")),
        FieldSpec("max_files", _l("Most files"), WHOLE),
        FieldSpec("max_megabytes", _l("Most megabytes, each"), WHOLE),
        _MARKS,
    ),
}
# Fields that a definition must hold even when empty.
ALWAYS = {"numeric": ("unit",)}
SHARED = ("code", "kind", "topic", "objective", "thinking", "technique", "stem", "feedback")


def find_fields(definition: Mapping[str, Any]) -> tuple[FieldSpec, ...] | None:
    """The form of a definition; None where it has none, or holds more than its form could keep."""
    specs = KIND_FIELDS.get(str(definition.get("kind")))
    if specs is None:
        return None
    by_name = {spec.name: spec for spec in specs}
    own = {name: value for name, value in definition.items() if name not in SHARED}
    return specs if all(name in by_name and _holds(by_name[name], value) for name, value in own.items()) else None


def _holds(spec: FieldSpec, value: Any) -> bool:
    """Whether the form can show a value and give it back."""
    if spec.shape == ROWS:
        names = {"code", *(column.name for column in spec.columns)}
        return isinstance(value, list) and all(isinstance(row, dict) and row.keys() <= names for row in value)
    if spec.shape == LINES:
        return isinstance(value, list) and all(isinstance(line, str) for line in value)
    return not isinstance(value, list | dict)
