"""Starting an attempt, and what a candidate does in it beside answering: flag, report, move to another device."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.dialects import postgresql, sqlite

from app import ids
from app.audit.services import record
from app.body.queries import get_body
from app.extensions import db
from app.jobs import runner
from assessments.accommodations import queries as accommodations
from assessments.exams import closing, queries
from assessments.exams.drawing import Question, arrange, choose, read_cells
from assessments.exams.errors import AttemptClosed, BankShort, StartRefused
from assessments.exams.models import Attempt, AttemptItem, Exam, ItemReport
from assessments.exams.rules import GRACE, Arrival, AttemptState, arrival, deadline
from assessments.exams.variants import used_variants
from assessments.exams.writing import Candidate, check_writing, writer_hash
from assessments.grading.blueprint import CellShort
from assessments.grading.numbers import plain_text
from assessments.items import queries as items


def draws_private_only(exam: Exam) -> bool:
    """In production an exam that certifies draws private items only, unless a waiver is recorded."""
    return get_body().mode == "production" and exam.certifies and exam.waiver is None


def start(exam: Exam, candidate: Candidate, now: datetime) -> Attempt:
    """The running attempt of the candidate, begun now if there is none; a second start finds the first one.

    One whose time has run out is closed and returned. Raises StartRefused or BankShort.
    """
    live = queries.find_live(candidate.person_id, exam.id)
    if live is not None:
        if arrival(now, live.deadline_at) is Arrival.CLOSED:
            closing.close(live, now)
        return live
    permit = queries.permit_for(candidate.person_id, exam, now)
    if not permit.may:
        raise StartRefused(permit)
    return _begin(exam, candidate, now)


def _begin(exam: Exam, candidate: Candidate, now: datetime) -> Attempt:
    seed = secrets.token_hex(16)
    questions = _draw(exam, candidate, seed)
    attempt = _insert_attempt(exam, candidate, seed, now)
    if attempt is None:  # another request of this candidate came first, and has been committed by now
        return queries.get_latest(candidate.person_id, exam.id)
    db.session.execute(insert(AttemptItem), [_row(attempt.id, question) for question in questions])
    runner.order(
        closing.EXPIRE,
        {"attempt": attempt.public_id},
        key=f"{closing.EXPIRE}:{attempt.public_id}",
        run_at=attempt.deadline_at + GRACE + timedelta(seconds=1),
    )
    detail = {"exam": exam.code, "version": exam.version, "number": attempt.number, "seed": seed}
    record("attempt.started", actor=candidate.public_id, subject=("attempt", attempt.public_id), detail=detail)
    return attempt


def _draw(exam: Exam, candidate: Candidate, seed: str) -> list[Question]:
    bank = {item.ref: item.version_id for item in items.list_bank(exam.bank_id, private_only=draws_private_only(exam))}
    seen = queries.seen_codes(candidate.person_id, exam.id)
    try:
        chosen = choose(read_cells(exam.blueprint), bank, seen, seed)
    except CellShort as error:
        raise BankShort([f"{gap.topic}/{gap.thinking}" for gap in error.gaps]) from error
    contents = items.contents(chosen)
    return arrange(chosen, contents, seed, used_variants(contents))


def _insert_attempt(exam: Exam, candidate: Candidate, seed: str, now: datetime) -> Attempt | None:
    public_id = ids.new_public_id()
    ends = deadline(now, exam.minutes, accommodations.extra_percent(candidate.person_id))
    values = {
        "public_id": public_id,
        "person_id": candidate.person_id,
        "exam_id": exam.id,
        "number": queries.last_number(candidate.person_id, exam.id) + 1,
        "state": AttemptState.IN_PROGRESS,
        "seed": seed,
        "started_at": now,
        "deadline_at": ends,
        "seconds_allowed": int((ends - now).total_seconds()),
        "writer_token_hash": writer_hash(public_id, candidate.session_id),
        "candidate": _candidate_number(),
        "supervision": exam.supervision,
        "declared_name": candidate.name,
        "exam_snapshot": snapshot(exam),
    }
    own_insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = own_insert(Attempt).values(values).on_conflict_do_nothing().returning(Attempt)
    return db.session.scalars(statement).first()


def snapshot(exam: Exam) -> dict[str, Any]:
    """The rules of an exam as they stand now, for the attempt that begins under them."""
    return {
        "code": exam.code,
        "version": exam.version,
        "title": exam.title,
        "level_code": exam.level_code,
        "course_code": exam.course_code,
        "minutes": exam.minutes,
        "pass_percent": plain_text(exam.pass_percent),
        "supervision": exam.supervision,
        "certifies": exam.certifies,
        "waiver": exam.waiver,
        "is_auto_released": exam.is_auto_released,
        "blueprint": exam.blueprint,
        "topics": exam.topics,
        "rules_sha256": hashlib.sha256(exam.rules.encode()).hexdigest(),
    }


def _candidate_number() -> str:
    letters = [secrets.choice(ids.ALPHABET).upper() for _place in range(7)]
    return f"{''.join(letters[:3])}-{''.join(letters[3:])}"


def _row(attempt_id: int, question: Question) -> Mapping[str, Any]:
    return {
        "attempt_id": attempt_id,
        "position": question.position,
        "item_version_id": question.item_version_id,
        "order": question.order,
    }


def take_over(public_id: str, candidate: Candidate, now: datetime) -> Attempt:
    """Let this device write from now on, and no other. The password was asked for just before. Raises AttemptClosed."""
    attempt = queries.get_attempt(public_id, candidate.person_id)
    if attempt.state != AttemptState.IN_PROGRESS or arrival(now, attempt.deadline_at) is Arrival.CLOSED:
        raise AttemptClosed(public_id)
    attempt.writer_token_hash = writer_hash(public_id, candidate.session_id)
    record("attempt.taken_over", actor=candidate.public_id, subject=("attempt", public_id))
    return attempt


def set_flag(public_id: str, candidate: Candidate, position: int, is_flagged: bool, now: datetime) -> None:
    """Mark a question for later, or take the mark away. Raises Missing, AttemptClosed, OtherDevice."""
    place = queries.get_for_writing(public_id, candidate.person_id, position)
    check_writing(place, candidate, now)
    db.session.execute(update(AttemptItem).where(AttemptItem.id == place.row_id).values(flagged=is_flagged))


def report_question(public_id: str, candidate: Candidate, position: int, text: str, now: datetime) -> None:
    """Keep what a candidate says is wrong with a question. Raises Missing, AttemptClosed."""
    place = queries.get_for_writing(public_id, candidate.person_id, position)
    if place.state != AttemptState.IN_PROGRESS or arrival(now, place.deadline_at) is Arrival.CLOSED:
        raise AttemptClosed(public_id)
    report = ItemReport(
        public_id=ids.new_public_id(), attempt_item_id=place.row_id, text=text, made_at=now
    )
    db.session.add(report)
