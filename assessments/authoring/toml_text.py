"""The own fields of an item as TOML text, for kinds without a form of their own. Pure.

What cannot be read is kept as it was typed, under SOURCE: such a draft has a fault, and nothing of it is lost.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.authoring.kind_fields import SHARED
from courses.folder.positions import line_of, parse_path, positions

SOURCE = "source"
_LINE = re.compile(r"line (\d+)")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong, and in which line of the text (from 1; 0 for the whole)."""

    line: int
    text: str


def read_toml(text: str) -> tuple[dict[str, Any], list[LineFault]]:
    """The fields of a text and what keeps it from being read; unread, the text itself stands under SOURCE."""
    try:
        read = tomllib.loads(text, parse_float=str)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _LINE.search(str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        return {SOURCE: text}, [LineFault(line, str(error))]
    own = {name: _plain(value) for name, value in read.items() if name not in SHARED}
    return own, [LineFault(0, name) for name in read if name in SHARED]


def _plain(value: Any) -> Any:
    """JSON values only: dates and times of TOML, which no item has, become text."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value if isinstance(value, str | int | bool) else str(value)


def line_of_fault(text: str, path: str) -> int:
    """The line that a path such as `gaps[1].code` speaks of; 0 for what stands in no line of the text."""
    keys = parse_path(path)
    try:
        lines = positions(text)
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, IndexError, RecursionError):
        return 0
    return line_of(lines, keys) if keys and keys[:1] in lines else 0


def write_toml(definition: Mapping[str, Any]) -> str:
    """The own fields of a definition as a text that reads as the same fields again."""
    if SOURCE in definition:
        return str(definition[SOURCE])
    own = {name: value for name, value in definition.items() if name not in SHARED}
    return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in own.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {_inline(part)}" for name, part in value.items()) + " }"
    if isinstance(value, list):
        return _list(value)
    return str(value)


def _list(value: list[Any]) -> str:
    """Short lists in one line; lists of tables with a table a line."""
    if any(isinstance(entry, dict) for entry in value):
        return "[\n" + "".join(f"  {_inline(entry)},\n" for entry in value) + "]"
    return "[" + ", ".join(map(_inline, value)) + "]"


def _inline(value: Any) -> str:
    """A value on one line, as it must be within an inline table."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return _value(value)


def _string(text: str) -> str:
    if "\n" not in text:
        return _quoted(text)
    return '"""\n' + "\n".join(_quoted(line)[1:-1] for line in text.split("\n")) + '"""'


def _quoted(text: str) -> str:
    """As in JSON, whose escapes TOML shares, but for the DEL sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)
