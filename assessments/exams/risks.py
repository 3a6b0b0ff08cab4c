"""What an exam risks, beside what its officers stated that it may: length, attempts and waits follow from that.

The stated risks are kept with the exam as {knows_low, knows_high, false_pass, false_fail, fails_within}, shares as
decimal text from 0 to 1, and `days`, within which the attempts are counted. (assessments.grading.risk)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from flask import current_app

from app.audit.services import record
from assessments.exams.chances import drawn_guesses
from assessments.exams.drawing import read_cells
from assessments.exams.models import Exam
from assessments.grading.blueprint import Gap
from assessments.grading.numbers import plain_text
from assessments.grading.risk import (
    ExamRisk,
    Length,
    Risks,
    days_between,
    exam_risk,
    find_length,
    most_attempts,
    stock_gaps,
)
from assessments.grading.simulator import Simulated, simulate
from assessments.grading.standard import typical_guess
from assessments.items import queries as items

SHARES = ("knows_low", "knows_high", "false_pass", "false_fail")
SIMULATED_PEOPLE = 400
SEED = "risk page"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an exam risks as it is, and what would keep the stated risks.

    `length` is None where no exam of up to 200 questions keeps them. `attempts` is how often it may be tried at its
    present length (None: without end), `wait` the days between tries that this takes. `gaps` are the cells of the
    blueprint that hold fewer than three times what all attempts of one candidate draw.
    """

    now: ExamRisk
    length: Length | None
    attempts: int | None
    wait: int | None
    gaps: list[Gap]


def read_risks(stored: Mapping[str, Any] | None) -> Risks | None:
    """The stated risks of an exam, or None where nobody has stated any. Raises ValueError for shares that make no sense."""
    if not stored:
        return None
    shares = {name: Decimal(stored[name]) for name in SHARES}
    return Risks(**shares, fails_within=stored["fails_within"])


def state_risks(exam: Exam, risks: Risks, days: int, actor: str) -> None:
    """Keep what an officer says the exam may risk; it is printed where candidates read the rules."""
    shares = {name: plain_text(Decimal(getattr(risks, name))) for name in SHARES}
    exam.risk = shares | {"fails_within": risks.fails_within, "days": days}
    exam.version += 1
    record("exam.risks_stated", actor=actor, subject=("exam", exam.code), detail=dict(exam.risk))


def assess(exam: Exam, risks: Risks, days: int) -> Assessment | None:
    """The exam beside the stated risks; None while a cell of its bank is empty."""
    guesses = drawn_guesses(exam)
    if guesses is None:
        return None
    now = exam_risk(guesses, exam.pass_percent, exam.attempts, risks)
    attempts = most_attempts(now.false_pass_once, risks.false_pass)
    return Assessment(
        now=now,
        length=find_length(typical_guess(guesses), exam.pass_percent, exam.attempts, risks),
        attempts=attempts,
        wait=days_between(attempts, days) if attempts else None,
        gaps=stock_gaps(read_cells(exam.blueprint), _bank(exam), exam.attempts),
    )


def _bank(exam: Exam) -> list[Any]:
    return [item.ref for item in items.list_bank(exam.bank_id)]


def stated(exam: Exam) -> tuple[Risks, ExamRisk] | None:
    """What the rules page prints: the stated risks and what the exam risks; None where either is not known.

    Computing takes some tenths of a second, so each process keeps the answer until the bank or the rules change.
    """
    risks = read_risks(exam.risk)
    if risks is None:
        return None
    kept: dict[str, tuple[object, ExamRisk | None]] = current_app.extensions.setdefault("exam_risks", {})
    mark = (exam.version, items.bank_stamp(exam.bank_id))
    if exam.code not in kept or kept[exam.code][0] != mark:
        guesses = drawn_guesses(exam)
        found = None if guesses is None else exam_risk(guesses, exam.pass_percent, exam.attempts, risks)
        kept[exam.code] = (mark, found)
    found = kept[exam.code][1]
    return None if found is None else (risks, found)


def try_out(exam: Exam, cut: Decimal, attempts: int, learns: Decimal) -> list[Simulated]:
    """Let invented people of known knowledge sit the exam: who passes with this pass mark; empty without questions.

    The same question gets the same answer, since the seed stands in the code.
    """
    guesses = drawn_guesses(exam)
    if guesses is None:
        return []
    knows = [Decimal(share) / 100 for share in range(30, 100, 10)]
    return simulate(guesses, cut, knows, attempts, SIMULATED_PEOPLE, Random(SEED), learns)  # noqa: S311  no secret
