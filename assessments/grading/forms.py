"""Assembling exam forms: by blueprint and sections, without enemies, with cases whole, pilots among the others.

`blueprint.draw` is the plain draw of one bank; this is the one for exams with more rules. The caller hands in a seeded
Random and stores the seed: the same plan, bank, seen codes and seed assemble the same form. (reference/security.md E8)
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from assessments.grading.blueprint import CellShort, Gap
from assessments.grading.canonical import digest
from assessments.grading.form_plan import Bank, BankItem, Plan, check_plan, needs_of, rests, units_of
from assessments.grading.form_search import Placed, Task, Unfilled, Unit, enemies_by_code, fill


class FormShort(CellShort):
    """No form can be assembled; `gaps` names each short cell, what it needs and what could be had."""


@dataclass(frozen=True, slots=True)
class FormItem:
    """One item of a form, in the version that `sha256` names."""

    code: str
    sha256: str
    topic: str
    thinking: str
    stimulus: str
    is_pilot: bool


@dataclass(frozen=True, slots=True)
class FormSection:
    """One section of a form with its items in order."""

    code: str
    minutes: int | None
    navigation: str
    items: tuple[FormItem, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """An assembled form. What its plan could not keep is said: items above the cap, items seen, pilots that lack."""

    sections: tuple[FormSection, ...]
    sha256: str
    above_cap: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    pilots_missing: int = 0

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes in their order, pilots among them."""
        return tuple(item.code for section in self.sections for item in section.items)


def assemble(plan: Plan, bank: Bank, seen: Collection[str], rng: Random, used: Mapping[str, int] | None = None) -> Form:
    """One form. `seen` are codes from the candidate's last attempts; `used` counts codes in forms to differ from.

    Items rest above the exposure cap unless a cell would be short; then those shown least come back and the form says so.
    Raises FormShort, PlanInvalid.
    """
    check_plan(plan, bank)
    by_code = {item.code: item for item in sorted(bank.items, key=lambda item: item.code)}
    enemies = enemies_by_code(bank.enemies)
    task = Task(needs_of(plan), len(plan.sections), enemies, used or {})
    tiers = _Tiers.sort(plan, bank, units_of(by_code.values()), frozenset(seen))
    placed = _fill_widening(task, tiers, rng)
    chosen = [code for one in placed for code in one.unit.codes]
    pilots = _pilots(plan, by_code.values(), enemies, set(chosen), seen, rng)
    sections = _sections(plan, placed, pilots, by_code, rng)
    return Form(
        sections=sections,
        sha256=form_sha256(sections, plan.rules),
        above_cap=tuple(sorted(code for unit in tiers.resting for code in unit.codes if code in chosen)),
        repeated=tuple(sorted(code for code in chosen if code in seen)),
        pilots_missing=plan.pilots - len(pilots),
    )


def form_sha256(sections: Sequence[FormSection], rules: Mapping[str, Any]) -> str:
    """What a form is locked with: a digest over its versions in order, its sections and its rules."""
    return digest(
        {
            "sections": [
                {
                    "code": section.code,
                    "minutes": section.minutes,
                    "navigation": section.navigation,
                    "items": [{"sha256": item.sha256, "is_pilot": item.is_pilot} for item in section.items],
                }
                for section in sections
            ],
            "rules": rules,
        }
    )


@dataclass
class _Tiers:
    """Units to draw from, and those held back: above the cap (shown least first), and seen (where repeats are allowed)."""

    open: list[Unit]
    resting: list[Unit]
    seen: list[Unit]

    @classmethod
    def sort(cls, plan: Plan, bank: Bank, units: Sequence[Unit], seen: frozenset[str]) -> "_Tiers":
        """Put each unit where it belongs by the one of its items that speaks most against it."""
        shown = {item.code: item.shown for item in bank.items}
        tired = {item.code for item in bank.items if rests(item, bank.forms, plan.exposure_cap)}
        fresh = [unit for unit in units if seen.isdisjoint(unit.codes)]
        return cls(
            open=[unit for unit in fresh if tired.isdisjoint(unit.codes)],
            resting=sorted(
                (unit for unit in fresh if not tired.isdisjoint(unit.codes)),
                key=lambda unit: max(shown[code] for code in unit.codes),
            ),
            seen=[unit for unit in units if not seen.isdisjoint(unit.codes)] if plan.may_repeat else [],
        )


def _fill_widening(task: Task, tiers: _Tiers, rng: Random) -> list[Placed]:
    """Fill from what is open; where cells stay short take back what was held back for them, no more than is missing."""
    units, resting, seen = list(tiers.open), list(tiers.resting), list(tiers.seen)
    while True:
        try:
            return fill(task, units, rng)
        except Unfilled as unfilled:
            back = _taken_back(resting, unfilled.gaps) or _taken_back(seen, unfilled.gaps)
            # Enemies may leave a cell short that lacks nothing itself: then anything held back may help.
            back = back or _all_of(resting) or _all_of(seen)
            if not back:
                raise FormShort(unfilled.gaps) from None
            units += back


def _taken_back(held: list[Unit], gaps: Sequence[Gap]) -> list[Unit]:
    """Units of the short cells, removed from `held`: as many as are missing, in their order."""
    back = []
    for gap in gaps:
        cell, missing = (gap.topic, gap.thinking), gap.missing
        for unit in [unit for unit in held if cell in unit.counts]:
            if missing <= 0:
                break
            missing -= unit.counts[cell]
            held.remove(unit)
            back.append(unit)
    return back


def _all_of(held: list[Unit]) -> list[Unit]:
    """Everything in `held`, which is empty afterwards."""
    back = list(held)
    held.clear()
    return back


def _pilots(
    plan: Plan,
    items: Collection[BankItem],
    enemies: Mapping[str, frozenset[str]],
    chosen: set[str],
    seen: Collection[str],
    rng: Random,
) -> list[BankItem]:
    """Unscored items the candidate has not seen, none an enemy of what was chosen. An exam does not fail for lack of them."""
    waiting = [item for item in items if item.is_pilot and item.code not in seen]
    rng.shuffle(waiting)
    found: list[BankItem] = []
    met = set(chosen)
    for item in waiting:
        if len(found) < plan.pilots and met.isdisjoint(enemies.get(item.code, frozenset())):
            found.append(item)
            met.add(item.code)
    return found


def _sections(
    plan: Plan, placed: Sequence[Placed], pilots: Sequence[BankItem], by_code: Mapping[str, BankItem], rng: Random
) -> tuple[FormSection, ...]:
    """Units in random order within their section; pilots go anywhere among them, never into a case."""
    rows: list[list[tuple[str, ...]]] = [[] for _ in plan.sections]
    for one in placed:
        rows[one.section].append(one.unit.codes)
    weights = [sum(map(len, row)) for row in rows]
    for pilot in pilots:
        rows[rng.choices(range(len(rows)), weights)[0] if any(weights) else 0].append((pilot.code,))
    for row in rows:
        rng.shuffle(row)
    return tuple(
        FormSection(
            section.code,
            section.minutes,
            section.navigation,
            tuple(_form_item(by_code[code]) for codes in row for code in codes),
        )
        for section, row in zip(plan.sections, rows, strict=True)
    )


def _form_item(item: BankItem) -> FormItem:
    return FormItem(item.code, item.sha256, item.topic, item.thinking, item.stimulus, item.is_pilot)
