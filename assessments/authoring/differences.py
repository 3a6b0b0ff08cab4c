"""What changed from one version of an item to another, field by field and word by word. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.pages.differences import Line, compare

_LEFT_OUT = ("code", "kind")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs: its name as authors know it, and the lines that differ."""

    name: str
    lines: tuple[Line, ...]


def field_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldChange]:
    """Every field that differs between two definitions, in the order of the newer one; entries of lists by their code."""
    before, after = dict(_fields(old)), dict(_fields(new))
    names = list(dict.fromkeys([*after, *before]))
    return [
        FieldChange(name, tuple(compare(before.get(name, ""), after.get(name, ""))))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def _fields(definition: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in definition.items():
        if name in _LEFT_OUT:
            continue
        if isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
            yield from ((f"{name} {_key(entry, place)}", _text(entry)) for place, entry in enumerate(value, 1))
        else:
            yield name, _text(value)


def _key(entry: Any, place: int) -> str:
    return str(entry.get("code") or entry.get("name") or place) if isinstance(entry, dict) else str(place)


def _text(value: Any) -> str:
    """A value as lines that can be compared."""
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_text(part)}" for name, part in value.items() if name != "code")
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
