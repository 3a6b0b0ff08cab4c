"""The rows an attempt begins with: who sits under which rules, and from its start the clock."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from app import ids
from app.extensions import db
from app.jobs import runner
from app.rows import insert_of
from assessments.accommodations import queries as accommodations
from assessments.exams import delivery
from assessments.exams.models import Attempt, Exam
from assessments.exams.rules import AttemptState
from assessments.exams.timing import Times, seconds_allowed
from assessments.grading.numbers import plain_text

EXPIRE = "exams.expire"
Given = dict[str, Any]


def new_seed() -> str:
    """What a draw starts from; it is stored with the attempt."""
    return secrets.token_hex(16)


def insert_attempt(values: dict[str, Any]) -> Attempt | None:
    """A new attempt, or None where a live one of this person at this exam came first."""
    return db.session.scalars(_insertion(db.session.get_bind().dialect.name), values).first()


@cache
def _insertion(dialect: str) -> Any:
    own_insert = insert_of(dialect)
    return own_insert(Attempt).on_conflict_do_nothing().returning(Attempt)


def identity_of(exam: Exam, person_id: int, name: str, supervision: str) -> dict[str, Any]:
    """The columns that say whose attempt it is, at what."""
    return {
        "public_id": ids.new_public_id(),
        "person_id": person_id,
        "exam_id": exam.id,
        "candidate": _candidate_number(),
        "declared_name": name,
        "supervision": supervision,
    }


def _candidate_number() -> str:
    letters = [secrets.choice(ids.ALPHABET).upper() for _place in range(7)]
    return f"{''.join(letters[:3])}-{''.join(letters[3:])}"


def given_to(person_id: int, now: datetime) -> Given | None:
    """What the candidate is granted in every exam, as the attempt keeps it; None for most."""
    found = accommodations.find_in_force(person_id)
    if found is None or (found.until is not None and found.until <= now):
        return None
    return {
        "time_percent": found.time_percent,
        "breaks": found.breaks,
        "break_minutes": found.break_minutes,
        "larger_text": found.larger_text,
    }


def clock_values(
    minutes: int, given: Given | None, now: datetime, closes_at: datetime | None, extended: int = 0
) -> dict[str, Any]:
    """The columns of the clock of an attempt that begins at `now`.

    What was extended before the start moves the close too, where it is in the way.
    """
    allowed = seconds_allowed(minutes, (given or {}).get("time_percent", 0))
    times = Times(now, allowed, extended, closes_at=closes_at)
    if closes_at is not None and extended and closes_at < times.wanted:
        closes_at = min(times.wanted, closes_at + timedelta(seconds=extended))
        times = Times(now, allowed, extended, closes_at=closes_at)
    return {
        "started_at": now,
        "seconds_allowed": allowed,
        "closes_at": closes_at,
        "deadline_at": times.deadline,
        "section": 0,
        "section_started_at": now,
        "accommodation": given,
    }


def order_expiry(attempt: Attempt, at: datetime, grace: timedelta) -> None:
    """Let the job look at the attempt when its time and grace are over; the same moment is ordered once."""
    run_at = at + grace + timedelta(seconds=1)
    key = f"{EXPIRE}:{attempt.public_id}:{run_at:%Y%m%dT%H%M%S%f}"
    runner.order(EXPIRE, {"attempt": attempt.public_id}, key=key, run_at=run_at)


def snapshot(exam: Exam, given: Given | None = None) -> dict[str, Any]:
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
        delivery.KEY: delivery_plan(exam, given),
    }


def delivery_plan(exam: Exam, given: Given | None) -> dict[str, Any]:
    """How this exam is delivered to somebody with this accommodation, as the snapshot keeps it."""
    return delivery.plan(
        grace_seconds=exam.grace_seconds,
        time_up=exam.time_up,
        navigation=exam.navigation,
        sections=exam.sections,
        extra_percent=(given or {}).get("time_percent", 0),
    )


def delivery_of(attempt: Attempt) -> delivery.Delivery:
    """How this attempt is delivered, by the snapshot of its rules."""
    return delivery.read(attempt.exam_snapshot.get(delivery.KEY))


UNSTARTED = {"writer_token_hash": "", "state": AttemptState.SCHEDULED}
