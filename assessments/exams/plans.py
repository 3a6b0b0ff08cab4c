"""The plan of an exam and its bank as the pure assembly of forms reads them (grading/forms.py)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.body.queries import get_body
from assessments.exams.drawing import read_cells
from assessments.exams.models import Exam
from assessments.grading.form_plan import Bank, Plan, Section
from assessments.grading.form_plan import BankItem as FormBankItem
from assessments.grading.numbers import plain_text
from assessments.items import queries as items
from assessments.items.queries import BankItem

WHOLE = "all"  # the code of the one section of an exam that has none


def draws_private_only(exam: Exam) -> bool:
    """In production an exam that certifies draws private items only, unless a waiver is recorded."""
    return get_body().mode == "production" and exam.certifies and exam.waiver is None


def sections_of(exam: Exam) -> tuple[Section, ...]:
    """The sections of an exam with their cells; one with the whole blueprint where it has none."""
    if not exam.sections:
        return (Section(WHOLE, tuple(read_cells(exam.blueprint)), None, exam.navigation),)
    return tuple(_section(section, exam.navigation) for section in exam.sections)


def _section(section: Mapping[str, Any], navigation: str) -> Section:
    cells = tuple(read_cells(section["cells"]))
    return Section(section["code"], cells, section.get("minutes"), section.get("navigation") or navigation)


def plan_of(exam: Exam) -> Plan:
    """What an attempt or a form of this exam is to be."""
    return Plan(
        sections=sections_of(exam),
        pilots=exam.pilots,
        exposure_cap=None if exam.exposure_cap is None else Fraction(exam.exposure_cap, 100),
        may_repeat=True,
        rules={"minutes": exam.minutes, "pass_percent": plain_text(exam.pass_percent)},
    )


@dataclass(frozen=True, slots=True)
class Stock:
    """What may be drawn for an exam: the bank as the assembly reads it, and the version in use of each code."""

    bank: Bank
    versions: dict[str, int]


def stock_of(exam: Exam, attempts: int = 0) -> Stock:
    """The bank of an exam, its pilots too where it has any; `attempts` is how often it has been sat."""
    private_only = draws_private_only(exam)
    found = items.list_bank(exam.bank_id, private_only=private_only)
    pilots = items.list_pilots(exam.bank_id, private_only=private_only) if exam.pilots else []
    known = {item.ref.code for item in found}
    known.update(item.ref.code for item in pilots)
    enemies = tuple(pair for pair in items.enemies(exam.bank_id) if pair <= known)
    return Stock(
        Bank(tuple(_read(found) + _read(pilots, is_pilot=True)), enemies, attempts),
        {item.ref.code: item.version_id for item in (*found, *pilots)},
    )


def _read(found: Sequence[BankItem], *, is_pilot: bool = False) -> list[FormBankItem]:
    return [
        FormBankItem(
            code=item.ref.code,
            topic=item.ref.topic,
            thinking=item.ref.thinking,
            sha256=item.sha256,
            stimulus="" if is_pilot else item.stimulus or "",
            shown=item.exposure,
            is_pilot=is_pilot,
        )
        for item in found
    ]


def versions_in(content: Collection[Mapping[str, Any]]) -> list[int]:
    """The ids of the versions that a stored form asks, in order."""
    return [item["version"] for section in content for item in section["items"]]
