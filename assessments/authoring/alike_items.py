"""Which items of a bank ask nearly what is being written."""

from dataclasses import dataclass

from assessments.authoring.queries import stems_of
from assessments.items.alikeness import alike


@dataclass(frozen=True, slots=True)
class Near:
    """An item that asks nearly the same, with its stem, and how much of it is the same in per cent."""

    code: str
    public_id: str
    stem: str
    percent: int


def near_items(bank_id: int, code: str, stem: str) -> list[Near]:
    """The items of a bank that ask nearly what `stem` asks, the nearest first; `code` is the item that asks it."""
    others = stems_of(bank_id, code)
    found = alike(stem, {other: text for other, (_public_id, text) in others.items()})
    return [Near(one.code, *others[one.code], round(one.share * 100)) for one in found]
