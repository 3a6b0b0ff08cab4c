"""What an exam's pass mark means: the chance of passing for people who know a given share, computed from its bank."""

from collections.abc import Sequence
from decimal import Decimal

from flask import current_app

from assessments.exams.drawing import read_cells
from assessments.exams.models import Exam
from assessments.grading.kinds.base import Guess
from assessments.grading.kinds.registry import kind
from assessments.grading.standard import (
    KNOWS_ON_THE_SCHEME_PAGE,
    chance_of_passing,
    points_needed,
    typical_guess,
)
from assessments.items import queries as items

Chances = list[tuple[Decimal, Decimal]]


def pass_chances(exam: Exam, knows: Sequence[Decimal] = KNOWS_ON_THE_SCHEME_PAGE) -> Chances:
    """Pairs of the share known and the chance of passing, both 0 to 1; empty while a cell of the bank is empty.

    Computing takes about a tenth of a second, so each process keeps the answer until the bank or the rules change.
    """
    kept: dict[object, Chances] = current_app.extensions.setdefault("pass_chances", {})
    key = (exam.code, exam.version, items.bank_stamp(exam.bank_id), tuple(knows))
    if key not in kept:
        for old in [other for other in kept if isinstance(other, tuple) and other[0] == exam.code]:
            kept.pop(old, None)
        kept[key] = _compute(exam, knows)
    return kept[key]


def _compute(exam: Exam, knows: Sequence[Decimal]) -> Chances:
    guesses = drawn_guesses(exam)
    if guesses is None:
        return []
    needed = points_needed(len(guesses), exam.pass_percent)
    return [(share, chance_of_passing(len(guesses), needed, share, guesses)) for share in knows]


def drawn_guesses(exam: Exam) -> list[Guess] | None:
    """How points fall on each drawn item for somebody who guesses; None where a cell holds no item."""
    bank = items.list_bank(exam.bank_id)
    contents = items.contents([item.version_id for item in bank])
    guesses: list[Guess] = []
    for cell in read_cells(exam.blueprint):
        found = [
            contents[item.version_id]
            for item in bank
            if (item.ref.topic, item.ref.thinking) == (cell.topic, cell.thinking)
        ]
        if cell.draw and not found:
            return None
        guesses += [typical_guess([kind(c["kind"]).blind_guess(c) for c in found])] * cell.draw
    return guesses or None
