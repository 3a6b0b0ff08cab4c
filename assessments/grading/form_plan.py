"""What a form is made from: the plan of an exam, and the bank as far as assembling is concerned."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from assessments.grading.blueprint import Cell
from assessments.grading.form_search import Slot, Unit, enemies_by_code
from assessments.grading.numbers import Exact, exact

NAVIGATIONS = ("free", "one_way")
# Before so many forms were drawn exposure is counted as a share of this number, or the first draws would rest everything.
SETTLING = 100


class PlanInvalid(ValueError):
    """A plan or a bank that contradicts itself; the message says where."""


@dataclass(frozen=True, slots=True)
class BankItem:
    """An item as far as assembling goes. `sha256` is the content hash of the version that would be asked.

    `stimulus` names the case it belongs to, `place` its place there. `shown` counts forms it stood in, `facility` is the
    share of points people earn on it (None while unknown). A pilot item is never scored.
    """

    code: str
    topic: str
    thinking: str
    sha256: str
    stimulus: str = ""
    place: int = 0
    shown: int = 0
    is_pilot: bool = False
    facility: float | None = None


@dataclass(frozen=True, slots=True)
class Bank:
    """The items that may be asked, the sets of codes of which a form holds one at most, and how many forms were drawn."""

    items: tuple[BankItem, ...]
    enemies: tuple[frozenset[str], ...] = ()
    forms: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an exam with cells, and perhaps minutes, of its own."""

    code: str
    cells: tuple[Cell, ...]
    minutes: int | None = None
    navigation: str = "free"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a form is to be.

    `pilots` unscored items are added. `exposure_cap` (0 to 1) is the share of forms above which an item rests.
    `may_repeat`: items the candidate has seen fill cells that would be short; otherwise the form is refused.
    `rules` is any JSON that belongs under the form's hash, such as the pass mark.
    """

    sections: tuple[Section, ...]
    pilots: int = 0
    exposure_cap: Exact | None = None
    may_repeat: bool = False
    rules: Mapping[str, Any] = field(default_factory=dict)


def units_of(items: Collection[BankItem]) -> list[Unit]:
    """The units of the items that score, in the order of the items: the items of a stimulus are one."""
    cases: dict[str, list[BankItem]] = {}
    for item in items:
        if not item.is_pilot:
            cases.setdefault(item.stimulus or f"\0{item.code}", []).append(item)
    ordered = [sorted(case, key=lambda item: (item.place, item.code)) for case in cases.values()]
    return [
        Unit(tuple(item.code for item in case), tuple((item.topic, item.thinking) for item in case)) for case in ordered
    ]


def rests(item: BankItem, forms: int, cap: Exact | None) -> bool:
    """Whether one more form would bring the item above the cap."""
    return cap is not None and item.shown + 1 > exact(cap) * max(forms + 1, SETTLING)


def needs_of(plan: Plan) -> dict[Slot, int]:
    """How many items each cell of each section needs."""
    return {
        (place, (cell.topic, cell.thinking)): cell.draw
        for place, section in enumerate(plan.sections)
        for cell in section.cells
    }


def check_plan(plan: Plan, bank: Bank) -> None:
    """Raise PlanInvalid for what no draw could heal."""
    if not plan.sections or len({section.code for section in plan.sections}) < len(plan.sections):
        raise PlanInvalid("a plan has sections, each with a code of its own")
    for section in plan.sections:
        cells = {(cell.topic, cell.thinking) for cell in section.cells}
        if len(cells) < len(section.cells) or any(cell.draw < 0 for cell in section.cells):
            raise PlanInvalid(f"section {section.code} names each cell once and never draws fewer than no items")
        if section.navigation not in NAVIGATIONS:
            raise PlanInvalid(f"section {section.code}: there is no navigation {section.navigation!r:.20}")
    if plan.pilots < 0 or (plan.exposure_cap is not None and not 0 < exact(plan.exposure_cap) <= Fraction(1)):
        raise PlanInvalid("pilots are not fewer than none, and an exposure cap lies above 0 and not above 1")
    if len({item.code for item in bank.items}) < len(bank.items):
        raise PlanInvalid("the bank holds a code twice")
    if any(item.is_pilot and item.stimulus for item in bank.items):
        raise PlanInvalid("a pilot item stands alone, not in a case")
    _check_cases(bank)


def _check_cases(bank: Bank) -> None:
    enemies = enemies_by_code(bank.enemies) if bank.enemies else {}
    for unit in units_of(bank.items) if enemies else ():
        if any(not enemies.get(code, frozenset()).isdisjoint(unit.codes) for code in unit.codes):
            raise PlanInvalid(f"the case of {unit.codes[0]} holds two enemies and could never be asked")
