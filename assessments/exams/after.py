"""What follows the close of an attempt: the receipt, which is a job, and the steps that its result takes."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import force_locale, format_datetime
from sqlalchemy import select

from app.accounts.models import Person
from app.body.queries import get_body
from app.extensions import db
from app.jobs.ledger import Claim
from app.mail.services import send
from assessments.exams import moves, queries
from assessments.exams.models import Attempt, AttemptItem
from assessments.exams.rules import AttemptState
from assessments.exams.times import span
from assessments.grading.canonical import digest
from assessments.results.domain_events import ResultRatified, ResultRegraded, ResultReleased
from assessments.results.models import Result


def _attempt(claim: Claim) -> Attempt:
    return db.session.scalars(select(Attempt).where(Attempt.public_id == claim.payload["attempt"])).one()


def receipt_hash(attempt: Attempt) -> str:
    """SHA-256 over what was handed in: each place, the version that was asked, the answer, and the server's time."""
    statement = (
        select(AttemptItem.position, AttemptItem.item_version_id, AttemptItem.response)
        .where(AttemptItem.attempt_id == attempt.id)
        .order_by(AttemptItem.position)
    )
    rows = [[position, version, response] for position, version, response in db.session.execute(statement)]
    ended = handed_in_at(attempt).isoformat()
    return digest({"attempt": attempt.public_id, "answers": rows, "received_at": ended})


def handed_in_at(attempt: Attempt) -> datetime:
    """The server's time that counts as the end of an attempt, in UTC."""
    return attempt.submitted_at or span(attempt)[1]


def versions_hash(attempt: Attempt) -> str:
    """SHA-256 over which version of each question was asked; numbers and hashes of versions themselves stay inside."""
    statement = select(AttemptItem.item_version_id).where(AttemptItem.attempt_id == attempt.id)
    versions = db.session.scalars(statement.order_by(AttemptItem.position)).all()
    return digest({"attempt": attempt.public_id, "versions": list(versions)})


def send_receipt(claim: Claim) -> None:
    """The job: tell the candidate what arrived and when, never how it went."""
    attempt = _attempt(claim)
    person = db.session.scalars(select(Person).where(Person.id == attempt.person_id)).one()
    cells, body = queries.list_cells(attempt.id), get_body()
    ended = handed_in_at(attempt).astimezone(ZoneInfo(person.zone or body.zone))
    with force_locale(person.language):
        when = format_datetime(ended, "d MMMM y, HH:mm zzzz", rebase=False)
    values = {
        "name": person.name,
        "exam": attempt.exam_snapshot["title"],
        "when": when,
        "server_time": handed_in_at(attempt).isoformat(timespec="seconds"),
        "versions": versions_hash(attempt),
        "answered": str(sum(cell.is_answered for cell in cells)),
        "questions": str(len(cells)),
        "receipt": receipt_hash(attempt),
        "link": f"{body.base_address}/attempts/{attempt.public_id}/receipt",
    }
    send("exams.receipt", person.email, values, person=person.public_id, language=person.language)


def follow_release(event: ResultReleased) -> None:
    """The handler: the attempt of a released result is released with it, and the wait for the next one begins."""
    statement = select(Attempt, Result.released_at, Result.released_by).join(Result, Result.attempt_id == Attempt.id)
    row = db.session.execute(statement.where(Result.id == event.result_id)).first()
    if row is not None:
        attempt, released_at, by = row
        moves.move(attempt, AttemptState.RELEASED, by=by, at=released_at, released_at=released_at)


def follow_ratified(event: ResultRatified) -> None:
    """The handler: the attempt of a ratified result is ratified."""
    row = _of_result(event.result_id)
    if row is not None:
        attempt, result = row
        moves.move(attempt, AttemptState.RATIFIED, by=result.ratified_by, at=result.ratified_at)


def follow_regraded(event: ResultRegraded) -> None:
    """The handler: an attempt whose ratified result was worked out again waits for its ratification once more."""
    row = _of_result(event.result_id)
    if row is not None and row[0].state == AttemptState.RATIFIED:
        attempt, result = row
        moves.move(attempt, AttemptState.PROVISIONAL, by=event.by, reason="regraded", at=result.finalised_at)


def _of_result(result_id: int) -> tuple[Attempt, Result] | None:
    statement = select(Attempt, Result).join(Result, Result.attempt_id == Attempt.id).where(Result.id == result_id)
    row = db.session.execute(statement).first()
    return None if row is None else (row[0], row[1])
