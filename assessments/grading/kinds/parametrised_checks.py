"""Checks of a parametrised definition before any variant is made: its parameters, formulas and template. Never raise."""

import re
from collections.abc import Mapping
from typing import Any

from assessments.grading.expression_values import RESERVED, ExpressionInvalid
from assessments.grading.expressions import parse
from assessments.grading.kinds.base import Content
from assessments.grading.kinds.checks import check_count, check_shared, check_text
from assessments.grading.kinds.variants import MOST_PLACES, count_of
from assessments.grading.messages import N_, Fault, Message, fault
from assessments.grading.numbers import exact, find_decimal

MOST_PARAMETERS = 20
MOST_CHOICES = 50
MOST_VALUES = 100_000
MOST_POOL = 500
MOST_CONDITIONS = 10
CHOICE_LIMIT = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
_SHAPES = (frozenset({"from", "to", "step"}), frozenset({"choices"}), frozenset({"formula"}))


def check_definition(content: Content, own: frozenset[str], inner: Mapping[str, frozenset[str]]) -> list[Fault]:
    """Faults of the definition; `inner` names the kinds a template may have, with their fields."""
    faults = check_shared(content, own) + _check_pool(content)
    parameters = content.get("parameters")
    if not isinstance(parameters, list) or not all(isinstance(row, dict) for row in parameters):
        return [*faults, fault("parameters", N_("must be a list of tables { name = ..., ... }"))]
    faults += check_count("parameters", len(parameters), 1, MOST_PARAMETERS)
    names: set[str] = set()
    numbers: set[str] = set()
    for place, row in enumerate(parameters):
        faults += _check_parameter(row, f"parameters[{place}]", names, numbers)
    return faults + _check_conditions(content, numbers) + _check_template(content, numbers, inner)


def check_formula(text: Any, path: str, numbers: set[str]) -> list[Fault]:
    """A formula in which every name is a number that is known by then."""
    if not isinstance(text, str):
        return [fault(path, N_("must be a formula in quotes"))]
    try:
        expression = parse(text)
    except ExpressionInvalid as error:
        return [
            Fault(path, Message(N_("place %(at)s of the formula: %(what)s"), {"at": error.at, "what": error.message}))
        ]
    unknown = sorted(expression.names - numbers)
    return [fault(path, N_("there is no number called %(name)s before this"), name=name) for name in unknown]


def _check_pool(content: Content) -> list[Fault]:
    variants = content.get("variants", 1)
    if type(variants) is int and 1 <= variants <= MOST_POOL:
        return []
    return [fault("variants", N_("must be a whole number from 1 to %(most)s"), most=MOST_POOL)]


def _check_parameter(row: Mapping[str, Any], path: str, names: set[str], numbers: set[str]) -> list[Fault]:
    """Faults of one parameter; its name joins those that are known."""
    name = row.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name in RESERVED:
        return [fault(f"{path}.name", N_("must be 1 to 30 small letters, digits and underscores, and no function"))]
    faults = [fault(f"{path}.name", N_("is given twice"))] if name in names else []
    faults += _check_value(row, path, numbers)
    names.add(name)
    if "choices" not in row or (not faults and all(find_decimal(choice) is not None for choice in row["choices"])):
        numbers.add(name)
    return faults


def _check_value(row: Mapping[str, Any], path: str, numbers: set[str]) -> list[Fault]:
    given = frozenset(str(field) for field in row) - {"name", "places"}
    if given not in _SHAPES:
        return [fault(path, N_("needs either from, to and step, or choices, or a formula"))]
    if "formula" in row:
        return check_formula(row["formula"], f"{path}.formula", numbers) + check_places(row, path)
    if "places" in row:
        return [fault(f"{path}.places", N_("belongs to a formula"))]
    return _check_choices(row["choices"], f"{path}.choices") if "choices" in row else _check_range(row, path)


def check_places(row: Mapping[str, Any], path: str) -> list[Fault]:
    """Decimals to which a formula is rounded; they may be left out."""
    places = row.get("places", 0)
    if type(places) is int and 0 <= places <= MOST_PLACES:
        return []
    return [fault(f"{path}.places", N_("must be a whole number from 0 to %(most)s"), most=MOST_PLACES)]


def _check_choices(choices: Any, path: str) -> list[Fault]:
    if not isinstance(choices, list):
        return [fault(path, N_("must be a list of texts"))]
    faults = check_count(path, len(choices), 1, MOST_CHOICES)
    for place, text in enumerate(choices):
        faults += check_text({f"[{place}]": text}, f"[{place}]", CHOICE_LIMIT, path)
    return faults


def _check_range(row: Mapping[str, Any], path: str) -> list[Fault]:
    ends = {name: find_decimal(row[name]) for name in ("from", "to", "step")}
    faults = [
        fault(f"{path}.{name}", N_('must be a number in quotes with a decimal point, such as "12.5"'))
        for name, value in ends.items()
        if value is None
    ]
    first, last, step = ends["from"], ends["to"], ends["step"]
    if first is None or last is None or step is None:
        return faults
    if step <= 0 or exact(last) < exact(first):
        return [fault(path, N_("from must not be above to, and step must be above zero"))]
    if count_of(row) > MOST_VALUES:
        return [fault(path, N_("has more than %(most)s values"), most=MOST_VALUES)]
    return []


def _check_conditions(content: Content, numbers: set[str]) -> list[Fault]:
    conditions = content.get("conditions", [])
    if not isinstance(conditions, list):
        return [fault("conditions", N_("must be a list of comparisons in quotes"))]
    faults = check_count("conditions", len(conditions), 0, MOST_CONDITIONS)
    for place, text in enumerate(conditions):
        faults += check_formula(text, f"conditions[{place}]", numbers)
    return faults


def _check_template(content: Content, numbers: set[str], inner: Mapping[str, frozenset[str]]) -> list[Fault]:
    template = content.get("template")
    if not isinstance(template, dict):
        return [fault("template", N_("must be a table { kind = ..., ... }"))]
    name = template.get("kind")
    if not isinstance(name, str) or name not in inner:
        return [fault("template.kind", N_("must be one of: %(allowed)s"), allowed=", ".join(sorted(inner)))]
    own = inner[name] | {"kind"} | ({"places"} if name == "numeric" else frozenset())
    faults = [
        fault(f"template.{field}", N_("this kind of item has no such field")) for field in template if field not in own
    ]
    if name == "numeric":
        for field in ("answer", "tolerance"):
            faults += check_formula(template.get(field), f"template.{field}", numbers)
        faults += check_places(template, "template")
    return faults + _check_rights(template, numbers)


def _check_rights(template: Mapping[str, Any], numbers: set[str]) -> list[Fault]:
    """Options whose rightness is a formula; everything else about options is checked in each variant."""
    options = template.get("options")
    tables = [option for option in options if isinstance(option, dict)] if isinstance(options, list) else []
    if "options" in template and (not isinstance(options, list) or len(tables) < len(options)):
        return [fault("template.options", N_("must be a list of tables { code = ..., ... }"))]
    return [
        found
        for place, option in enumerate(tables)
        if isinstance(option.get("right"), str)
        for found in check_formula(option["right"], f"template.options[{place}].right", numbers)
    ]
