"""Checks of definitions that several kinds need. They take any value and never raise."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assessments.grading.kinds.base import Content
from assessments.grading.kinds.folding import is_storable, tidy
from assessments.grading.messages import N_, Fault, fault

SHARED_FIELDS = frozenset({"code", "kind", "topic", "objective", "thinking", "technique", "stem", "feedback"})
STEM_LIMIT = 6000
TEXT_LIMIT = 1000

_CODE = re.compile(r"[A-Za-z0-9.-]{1,40}")


def check_shared(content: Content, own: frozenset[str]) -> list[Fault]:
    """Stem and feedback, and fields that no item of this kind has (often a slip of the pen)."""
    unknown = sorted(str(name) for name in content if name not in SHARED_FIELDS | own)
    faults = [fault(name, N_("this kind of item has no such field")) for name in unknown]
    return faults + check_text(content, "stem", STEM_LIMIT) + check_text(content, "feedback", STEM_LIMIT)


def check_text(holder: Mapping[str, Any], field: str, limit: int = TEXT_LIMIT, path: str = "") -> list[Fault]:
    """A text that must be there. `path` goes before the field's name in the fault."""
    where, value = path + field, holder.get(field)
    if field not in holder:
        return [fault(where, N_("is missing"))]
    if not isinstance(value, str):
        return [fault(where, N_("must be text in quotes"))]
    if not tidy(value):
        return [fault(where, N_("must not be empty"))]
    if len(value) > limit:
        return [fault(where, N_("is longer than %(limit)s characters"), limit=limit)]
    return [] if is_storable(value) else [fault(where, N_("holds a control character"))]


def check_choice(content: Content, field: str, allowed: Sequence[str]) -> list[Fault]:
    """A field that takes one of a few words."""
    if content.get(field) in allowed:
        return []
    return [fault(field, N_("must be one of: %(allowed)s"), allowed=", ".join(allowed))]


def check_rows(content: Content, field: str, least: int, most: int, texts: Sequence[str]) -> list[Fault]:
    """A list of `least` to `most` tables, each with a code of its own and the named texts, no text twice."""
    rows = content.get(field)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return [fault(field, N_("must be a list of tables { code = ..., ... }"))]
    faults = check_count(field, len(rows), least, most)
    for place, row in enumerate(rows):
        faults += _check_row(row, f"{field}[{place}].", texts)
    for name in ("code", *texts):
        faults += check_distinct(field, [row.get(name) for row in rows], name)
    return faults


def check_count(field: str, count: int, least: int, most: int) -> list[Fault]:
    """How many entries a list has."""
    if least <= count <= most:
        return []
    return [fault(field, N_("needs %(least)s to %(most)s entries, has %(count)s"), least=least, most=most, count=count)]


def check_distinct(path: str, values: Sequence[Any], name: str = "text") -> list[Fault]:
    """No two texts that look the same to a reader."""
    seen: set[str] = set()
    faults = []
    for value in (tidy(value) for value in values if isinstance(value, str)):
        if value in seen:
            faults.append(fault(path, N_("has the same %(name)s twice: %(value)s"), name=name, value=value[:80]))
        seen.add(value)
    return faults


def _check_row(row: Mapping[str, Any], path: str, texts: Sequence[str]) -> list[Fault]:
    code = row.get("code")
    faults = [found for name in texts for found in check_text(row, name, path=path)]
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        faults.append(fault(path + "code", N_("must be 1 to 40 letters, digits, points or hyphens")))
    return faults
