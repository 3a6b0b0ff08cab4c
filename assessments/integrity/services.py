"""Ordering, making and noting. A report says where to look; nothing here changes an attempt or a result."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from app import clock, ids, transaction
from app.audit.services import record
from app.body.queries import get_body
from app.errors import DomainError, Missing
from app.extensions import db
from app.jobs import runner
from app.jobs.ledger import Claim
from assessments.exams.models import Exam
from assessments.integrity import queries, seating
from assessments.integrity.cohort import read_cohort, read_steps
from assessments.integrity.computing import compute
from assessments.integrity.models import IntegrityNote, IntegrityReport
from assessments.sittings import incidents

JOB = "integrity.report"
NOBODY = "nobody"
NOTHING, ASKED, INCIDENT = "nothing", "asked", "incident"
CONDUCT = "conduct"  # the kind of incident, in the words of sittings


@dataclass(frozen=True, slots=True)
class Scope:
    """What to look at: first attempts begun in the last `days`, or every attempt of the `sitting`."""

    days: int | None
    sitting: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What an officer says of a flag."""

    said: str
    text: str


def order_report(exam: Exam, scope: Scope, actor: str, now: datetime) -> IntegrityReport:
    """Ask for a report; a job makes it. Raises DomainError for a sitting of another exam."""
    if scope.sitting and scope.sitting not in dict(seating.list_sittings(exam.id)):
        raise DomainError(_("Choose a sitting of this exam."), "scope")
    report = IntegrityReport(
        public_id=ids.new_public_id(),
        exam_id=exam.id,
        sitting=scope.sitting,
        days=scope.days,
        asked_by=actor,
        asked_at=now,
    )
    db.session.add(report)
    db.session.flush()
    runner.order(JOB, {"report": report.public_id}, key=f"{JOB}:{report.public_id}")
    record("integrity.ordered", actor=actor, subject=("integrity_report", report.public_id), detail={"exam": exam.code})
    return report


@transaction.slow_first
def make(claim: Claim) -> None:
    """The job: look at the attempts, then keep what was found. Done twice, the first report stays."""
    public_id = str(claim.payload["report"])
    found = _found(_get(public_id))
    transaction.begin_write()
    report = _get(public_id)
    if report.made_at is None:
        report.data, report.failed, report.made_at = found or {}, "" if found else NOBODY, clock.now()


def _get(public_id: str) -> IntegrityReport:
    return db.session.scalars(select(IntegrityReport).where(IntegrityReport.public_id == public_id)).one()


def _found(report: IntegrityReport) -> dict[str, Any] | None:
    """What there is to say; None where nobody sat."""
    since = None if report.days is None else report.asked_at - timedelta(days=report.days)
    cohort = read_cohort(report.exam_id, since=since, sitting=report.sitting)
    if not cohort.sats:
        return None
    seats = seating.seats_of({sat.id for sat in cohort.sats if sat.sitting})
    return compute(cohort, read_steps(report.exam_id, cohort), seats, ZoneInfo(get_body().zone))


def find_flag(report: IntegrityReport, key: str) -> dict[str, Any] | None:
    """A flag of a report by its key, or None."""
    return next((flag for flag in report.data.get("flags", []) if flag["key"] == key), None)


def get_flag(report: IntegrityReport, key: str) -> dict[str, Any]:
    """A flag of a report by its key. Raises Missing."""
    flag = find_flag(report, key)
    if flag is None:
        raise Missing
    return flag


def note(report: IntegrityReport, flag: dict[str, Any], looked: Looked, actor: str, now: datetime) -> IntegrityNote:
    """Keep what an officer did about a flag; an incident is opened in the sitting, on each attempt of one.

    Raises DomainError for one's own attempt, without words where something was done, and for an incident on attempts of no sitting.
    """
    if actor in queries.people_of_attempts(flag["attempts"]):
        raise DomainError(_("This concerns your own attempt. Another officer has to look at it."), "said")
    if looked.said != NOTHING and not looked.text:
        raise DomainError(_("Say in a few words what was asked or what happened."), "text")
    opened = _open_incidents(flag, looked, actor, now) if looked.said == INCIDENT else []
    made = IntegrityNote(
        public_id=ids.new_public_id(),
        report_id=report.id,
        flag=flag["key"],
        said=looked.said,
        text=looked.text,
        incident=opened[0] if opened else "",
        by=actor,
        at=now,
    )
    db.session.add(made)
    detail = {"flag": flag["key"], "said": looked.said, "incidents": opened}
    record("integrity.noted", actor=actor, subject=("integrity_report", report.public_id), detail=detail)
    return made


def _open_incidents(flag: dict[str, Any], looked: Looked, actor: str, now: datetime) -> list[str]:
    """One for each attempt that belongs to a sitting; it holds no result back unless an officer decides so there."""
    found = seating.seated(flag["attempts"])
    if not found:
        raise DomainError(_("These attempts belong to no sitting. Note in words what you do."), "said")
    opened = [incidents.report(sitting, one, CONDUCT, looked.text, False, actor, now) for sitting, one in found]
    return [incident.public_id for incident in opened]


def note_names_shown(report: IntegrityReport, actor: str) -> None:
    """Write into the trail that somebody looked at the names behind the numbers of a report."""
    record("integrity.names_shown", actor=actor, subject=("integrity_report", report.public_id))
