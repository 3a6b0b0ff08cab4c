"""One text for equal data, so that inputs can be stored, hashed and compared years later."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from assessments.grading.numbers import plain_text

NumberText = Callable[[Decimal], str]
# Tuples, since a union would be put together anew for each of the thousand values of an exam.
_SCALARS, _LISTS, _SETS = (bool, int, str), (list, tuple), (frozenset, set)


def plain(value: Any, number: NumberText = plain_text) -> Any:
    """`value` as JSON types: Decimals become texts, dataclasses objects, tuples lists, sets sorted lists.

    `number` writes a Decimal; unless told otherwise equal numbers give one text, so 70 and 70.0 are the same input.
    Raises TypeError for floats and for anything that has no exact place in JSON.
    """
    if value is None or isinstance(value, _SCALARS):
        return value
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, _LISTS):
        return [plain(part, number) for part in value]
    if isinstance(value, _SETS):
        return sorted(plain(part, number) for part in value)
    return {name: plain(part, number) for name, part in _members(value).items()}


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, no spaces and ASCII only. Equal values give equal texts."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(value).encode("ascii")).hexdigest()


def _members(value: Any) -> Mapping[str, Any]:
    """What a mapping or a dataclass holds, by name."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise TypeError(f"{type(value).__name__} has no exact place in JSON")
    return value
