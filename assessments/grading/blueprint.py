"""Drawing an exam by its blueprint: so many items from each cell of topic and thinking.

The caller hands in a seeded Random and stores the seed; the same bank, seen items and seed draw the same items.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a blueprint and how many items it gives to an exam."""

    topic: str
    thinking: str
    draw: int


@dataclass(frozen=True, slots=True, order=True)
class ItemRef:
    """An item of the bank as far as the blueprint is concerned."""

    code: str
    topic: str
    thinking: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A cell that holds `available` of the `needed` items."""

    topic: str
    thinking: str
    needed: int
    available: int

    @property
    def missing(self) -> int:
        """How many items are to be written."""
        return self.needed - self.available


class BlueprintInvalid(ValueError):
    """A blueprint with a cell twice or a negative draw, or a bank with a code twice."""


class CellShort(ValueError):
    """The bank cannot fill a cell; `gaps` names each one and what it lacks."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        self.gaps = tuple(gaps)
        super().__init__(", ".join(f"{gap.topic}/{gap.thinking}: {gap.available} of {gap.needed}" for gap in gaps))


def draw(cells: Sequence[Cell], bank: Sequence[ItemRef], seen: Collection[str], rng: Random) -> list[ItemRef]:
    """Items for one attempt in random order.

    `seen` are codes of items from the candidate's last attempts: within a cell they are drawn only when the others
    do not suffice. Raises CellShort when a cell holds too few items at all, BlueprintInvalid.
    """
    short = gaps(cells, bank, allowed_attempts=1)
    if short:
        raise CellShort(short)
    drawn = [item for cell in cells for item in _draw_cell(cell, bank, seen, rng)]
    rng.shuffle(drawn)
    return drawn


def gaps(cells: Sequence[Cell], bank: Sequence[ItemRef], allowed_attempts: int = 3) -> list[Gap]:
    """The cells that hold fewer than `allowed_attempts` times their draw, so that a retake would repeat items.

    Raises BlueprintInvalid.
    """
    _check(cells, bank)
    counted = [
        Gap(cell.topic, cell.thinking, cell.draw * allowed_attempts, len(_items_of(cell, bank))) for cell in cells
    ]
    return [gap for gap in counted if gap.missing > 0]


def _draw_cell(cell: Cell, bank: Sequence[ItemRef], seen: Collection[str], rng: Random) -> list[ItemRef]:
    items = _items_of(cell, bank)
    fresh = [item for item in items if item.code not in seen]
    if len(fresh) >= cell.draw:
        return rng.sample(fresh, cell.draw)
    return fresh + rng.sample([item for item in items if item.code in seen], cell.draw - len(fresh))


def _items_of(cell: Cell, bank: Sequence[ItemRef]) -> list[ItemRef]:
    """The items of a cell, sorted by code so that the order of the bank has no part in the draw."""
    return sorted(item for item in bank if (item.topic, item.thinking) == (cell.topic, cell.thinking))


def _check(cells: Sequence[Cell], bank: Sequence[ItemRef]) -> None:
    if len({(cell.topic, cell.thinking) for cell in cells}) < len(cells) or any(cell.draw < 0 for cell in cells):
        raise BlueprintInvalid("a blueprint names each cell once and never draws fewer than no items")
    if len({item.code for item in bank}) < len(bank):
        raise BlueprintInvalid("the bank holds a code twice")
