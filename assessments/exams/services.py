"""Setting up exams: from a course folder, and by decisions of officers (another attempt, more time, a waiver)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import Person
from app.audit.services import SYSTEM, record
from app.errors import DomainError
from app.extensions import db
from assessments.exams import queries
from assessments.exams.drawing import read_cells
from assessments.exams.models import AttemptAllowance, Exam
from assessments.grading.blueprint import gaps
from assessments.items import queries as items
from assessments.items.definitions import ItemsInvalid
from assessments.items.models import ItemBank
from assessments.items.pictures import keep_pictures
from assessments.items.services import ItemReport, import_items, keep_bank
from courses.folder.model import CourseFolder


@dataclass(frozen=True)
class ExamReport:
    """What an import did: to the items, and to the exam (created, updated, unchanged, or "" where there is none)."""

    items: ItemReport
    exam: str = ""


def import_course_exam(folder: CourseFolder, now: datetime, actor: str = SYSTEM) -> ExamReport:
    """Bring the exam bank and the exam of a course folder in; the same folder twice changes nothing.

    The items of a folder are public by nature. Raises ItemsInvalid, and then nothing is changed.
    """
    course = folder.course
    bank = keep_bank(f"{course.code}-BANK", course.title, is_practice=False)
    report = import_items(folder.items, bank, now, language=course.language, actor=actor)
    keep_pictures(folder.items, folder.media)
    if folder.exam is None:
        return ExamReport(report)
    values = _values(folder.exam, folder, bank)
    _check_blueprint(values, bank)
    return ExamReport(report, _keep_exam(values, actor))


def import_exam_parts(folder: CourseFolder, now: datetime) -> list[str]:
    """As import_course_exam, answering with lines for the report of `laurel courses import`."""
    report = import_course_exam(folder, now)
    return [f"exam items: {report.items.words}"] + ([f"exam: {report.exam}"] if report.exam else [])


def _values(definition: Mapping[str, Any], folder: CourseFolder, bank: ItemBank) -> dict[str, Any]:
    return {
        "code": definition["code"],
        "title": definition["title"],
        "level_code": folder.course.level,
        "course_code": folder.course.code,
        "minutes": definition["minutes"],
        "pass_percent": Decimal(definition["pass_percent"]),
        "attempts": definition["attempts"],
        "waits": list(definition["waits_days"]),
        "supervision": definition["supervision"],
        "rules": definition["rules"],
        "blueprint": [
            {"topic": cell["topic"], "thinking": cell["thinking"], "draw": cell["draw"]} for cell in definition["cell"]
        ],
        "topics": {module.code: module.title for module in folder.modules},
        "bank_id": bank.id,
    }


def _check_blueprint(values: Mapping[str, Any], bank: ItemBank) -> None:
    """Each cell must be able to fill one attempt. Raises ItemsInvalid."""
    refs = [item.ref for item in items.list_bank(bank.id)]
    short = gaps(read_cells(values["blueprint"]), refs, allowed_attempts=1)
    if short:
        raise ItemsInvalid(
            [(values["code"], f"{gap.topic}/{gap.thinking}", f"lacks {gap.missing} items") for gap in short]
        )


def _keep_exam(values: dict[str, Any], actor: str) -> str:
    """Make or change the exam; each change is a version of its own, and running attempts keep theirs."""
    exam = queries.find_exam(values["code"])
    if exam is None:
        exam = Exam(**values, version=1)
        db.session.add(exam)
        done = "created"
    elif any(getattr(exam, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(exam, name, value)
        exam.version += 1
        done = "updated"
    else:
        return "unchanged"
    db.session.flush()
    record(f"exam.{done}", actor=actor, subject=("exam", exam.code), detail={"version": exam.version})
    return done


def record_waiver(exam: Exam, reason: str, actor: str, now: datetime) -> None:
    """Let an exam that certifies draw public items in production. Its certificates and their verify page say so."""
    exam.waiver = {"reason": reason, "by": actor, "at": now.isoformat()}
    exam.version += 1
    record("exam.waiver_recorded", actor=actor, subject=("exam", exam.code), detail={"reason": reason})


def end_waiver(exam: Exam, actor: str) -> None:
    """Go back to private items only. Attempts that began under the waiver keep it in their record."""
    if exam.waiver is None:
        return
    exam.waiver = None
    exam.version += 1
    record("exam.waiver_ended", actor=actor, subject=("exam", exam.code))


def allow_attempt(exam: Exam, person: Person, reason: str, actor: str, now: datetime) -> None:
    """Allow a person one attempt more than the rules say. Raises DomainError for one's own case."""
    if person.public_id == actor:
        raise DomainError(_("Another officer has to decide on your own attempts."), "email")
    allowance = AttemptAllowance(exam_id=exam.id, person_id=person.id, reason=reason, granted_by=actor, granted_at=now)
    db.session.add(allowance)
    record(
        "attempt.allowed",
        actor=actor,
        subject=("person", person.public_id),
        detail={"exam": exam.code},
        personal={"reason": reason},
    )
