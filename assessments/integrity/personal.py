"""What integrity reports hold of a person: notes on flags that concern their attempts.

Reports themselves know attempts and candidate numbers, so they outlive an erasing and name nobody after it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.models import Person
from app.extensions import db
from app.privacy.personal import Personal, pick
from assessments.exams.models import Attempt, Exam
from assessments.integrity.models import IntegrityNote, IntegrityReport


def _notes(person: Person) -> list[tuple[IntegrityNote, str, bool]]:
    """The notes on flags that concern the person, with the code of the exam, and whether they concern nobody else."""
    own = dict(
        db.session.execute(select(Attempt.public_id, Attempt.exam_id).where(Attempt.person_id == person.id)).all()
    )
    statement = (
        select(IntegrityNote, IntegrityReport.data, Exam.code)
        .join(IntegrityReport, IntegrityReport.id == IntegrityNote.report_id)
        .join(Exam, Exam.id == IntegrityReport.exam_id)
        .where(IntegrityReport.exam_id.in_(set(own.values())))
        .order_by(IntegrityNote.at, IntegrityNote.id)
    )
    found = [(note, code, _whom(data, note.flag)) for note, data, code in db.session.execute(statement)]
    return [(note, code, whom <= own.keys()) for note, code, whom in found if own.keys() & whom]


def _whom(data: dict[str, Any], key: str) -> set[str]:
    return {attempt for flag in data.get("flags", []) if flag["key"] == key for attempt in flag["attempts"]}


def _export(person: Person) -> list[dict[str, Any]]:
    """The words of a note on two people are left out, for they may tell of the other."""
    return [
        pick(note, "said", "at") | {"exam": code} | ({"text": note.text} if is_own else {})
        for note, code, is_own in _notes(person)
    ]


def _erase(person: Person, now: datetime) -> None:
    """What was said stays, and when; the words about the person go."""
    for note, *_rest in _notes(person):
        note.text = ""


PERSONAL = Personal(name="integrity", export=_export, erase=_erase)
