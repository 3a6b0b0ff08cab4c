"""Filling the cells of a form: units of items that are drawn together, and sets of items that never are.

A few quick draws in random order come first and nearly always suffice. Where they do not, a search with a bound on its
steps goes through the choices cell by cell, the scarcest first, so that a form is found wherever one can be.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

from assessments.grading.blueprint import Gap

QUICK_DRAWS = 20
# The thorough search looks at about this many pairs of a slot and a unit: a second or two.
MOST_WORK, FEWEST_STEPS = 1_000_000, 200

# Topic and thinking; a slot is the cell of one section, by the section's place.
CellKey = tuple[str, str]
Slot = tuple[int, CellKey]


@dataclass(frozen=True)
class Unit:
    """Items that come together, in their order: one item, or all items of a stimulus. `cells` has one entry an item."""

    codes: tuple[str, ...]
    cells: tuple[CellKey, ...]

    @cached_property
    def counts(self) -> Mapping[CellKey, int]:
        """How many of its items belong to each cell."""
        return Counter(self.cells)


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit and the place of the section it stands in."""

    unit: Unit
    section: int


@dataclass(frozen=True, slots=True)
class Task:
    """What a form needs: items for each slot, in `sections` sections, without two codes that are enemies.

    `enemies` maps a code to those it must not meet; `used` tells how often a code stands in other forms already, and
    those used least are taken first.
    """

    needs: Mapping[Slot, int]
    sections: int
    enemies: Mapping[str, frozenset[str]]
    used: Mapping[str, int]


class Unfilled(Exception):
    """No form was found; `gaps` name the cells that stay short."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        self.gaps = tuple(gaps)
        super().__init__("no form was found")


def fill(task: Task, units: Sequence[Unit], rng: Random) -> list[Placed]:
    """Units that fill each slot exactly. Raises Unfilled."""
    short = _too_few(task, units)
    if short:
        raise Unfilled(short)
    best: dict[Slot, int] = dict(task.needs)
    for _ in range(QUICK_DRAWS):
        placed, left = _quick(task, _mixed(task, units, rng))
        if not any(left.values()):
            return placed
        best = min(best, left, key=lambda slots: sum(slots.values()))
    steps = max(FEWEST_STEPS, MOST_WORK // (len(task.needs) * len(units) + 1))
    found = _Search(task, steps).go(dict(task.needs), [], frozenset(), _mixed(task, units, rng))
    if found is None:
        raise Unfilled(_gaps(task, best))
    return found


def _mixed(task: Task, units: Sequence[Unit], rng: Random) -> list[Unit]:
    """Random order, among those that other forms use equally often."""
    keyed = [(max(task.used.get(code, 0) for code in unit.codes), rng.random(), unit) for unit in units]
    return [unit for _used, _chance, unit in sorted(keyed, key=lambda row: row[:2])]


def _quick(task: Task, units: Sequence[Unit]) -> tuple[list[Placed], dict[Slot, int]]:
    """Take whatever fits, in the order given; also what is left to be filled."""
    left, placed, banned = dict(task.needs), list[Placed](), set[str]()
    for unit in units:
        section = _find_section(task, left, unit)
        if section is not None and banned.isdisjoint(unit.codes):
            _take(left, unit, section)
            placed.append(Placed(unit, section))
            for code in unit.codes:
                banned |= task.enemies.get(code, frozenset())
    return placed, left


def _fits(left: Mapping[Slot, int], unit: Unit, section: int) -> bool:
    return all(left.get((section, cell), 0) >= count for cell, count in unit.counts.items())


def _find_section(task: Task, left: Mapping[Slot, int], unit: Unit) -> int | None:
    return next((section for section in range(task.sections) if _fits(left, unit, section)), None)


def _take(left: dict[Slot, int], unit: Unit, section: int) -> None:
    for cell, count in unit.counts.items():
        left[section, cell] -= count


class _Search:
    """Depth first over the slots. A unit that failed for a slot is left out of what follows: its forms were all seen."""

    def __init__(self, task: Task, steps: int) -> None:
        self.task, self.steps = task, steps

    def go(
        self, left: dict[Slot, int], placed: list[Placed], banned: frozenset[str], units: Sequence[Unit]
    ) -> list[Placed] | None:
        """A whole form that begins with `placed`, or None."""
        if not any(left.values()):
            return placed
        self.steps -= 1
        open_units = [unit for unit in units if banned.isdisjoint(unit.codes)]
        slot = self._scarcest(left, open_units)
        if slot is None or self.steps < 0:
            return None
        section, cell = slot
        for unit in [unit for unit in open_units if cell in unit.counts and _fits(left, unit, section)]:
            found = self._with(unit, section, left, placed, banned, open_units)
            if found is not None or self.steps < 0:
                return found
            if self.task.sections == 1:
                open_units = [other for other in open_units if other is not unit]
        return None

    def _with(
        self,
        unit: Unit,
        section: int,
        left: dict[Slot, int],
        placed: list[Placed],
        banned: frozenset[str],
        units: Sequence[Unit],
    ) -> list[Placed] | None:
        rest = dict(left)
        _take(rest, unit, section)
        enemies = frozenset().union(*(self.task.enemies.get(code, frozenset()) for code in unit.codes))
        others = [other for other in units if other is not unit]
        return self.go(rest, [*placed, Placed(unit, section)], banned | enemies, others)

    def _scarcest(self, left: Mapping[Slot, int], units: Sequence[Unit]) -> Slot | None:
        """The open slot with the least to spare; None where one has too little."""
        spare: list[tuple[int, Slot]] = []
        for slot, need in left.items():
            if need:
                section, cell = slot
                offered = sum(unit.counts.get(cell, 0) for unit in units if _fits(left, unit, section))
                if offered < need:
                    return None
                spare.append((offered - need, slot))
        return min(spare)[1]


def _too_few(task: Task, units: Sequence[Unit]) -> list[Gap]:
    """Cells for which the units that fit at all hold too few items, whatever else is chosen."""
    offered: Counter[CellKey] = Counter()
    for unit in units:
        if _find_section(task, task.needs, unit) is not None:
            offered.update(unit.cells)
    needed = _by_cell(task.needs)
    return [Gap(*cell, count, offered[cell]) for cell, count in needed.items() if offered[cell] < count]


def _gaps(task: Task, left: Mapping[Slot, int]) -> list[Gap]:
    """What the best draw could not fill."""
    needed, missing = _by_cell(task.needs), _by_cell(left)
    return [Gap(*cell, needed[cell], needed[cell] - count) for cell, count in missing.items() if count]


def _by_cell(slots: Mapping[Slot, int]) -> Counter[CellKey]:
    found: Counter[CellKey] = Counter()
    for (_section, cell), count in slots.items():
        found[cell] += count
    return found


def enemies_by_code(sets: Collection[frozenset[str]]) -> dict[str, frozenset[str]]:
    """Each code of an enemy set with the codes it must not meet."""
    found: dict[str, set[str]] = {}
    for one in sets:
        for code in one:
            found.setdefault(code, set()).update(one - {code})
    return {code: frozenset(others) for code, others in found.items()}
