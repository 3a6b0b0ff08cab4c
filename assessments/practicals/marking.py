"""What an assessor does: take a script, mark it bit by bit, give it back, hand the marks in. Never commits.

Races end at `uq_marking_slot` (one live marking a slot), at the locks on script and marking, and at the version of
each mark (two tabs): a save that was made on something older is refused with `Outdated`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app import ids
from app.audit.services import record
from app.errors import DomainError, Missing, Stale
from app.extensions import db
from app.policy import Actor
from assessments.practicals import judging, marking_queries, rules
from assessments.practicals.models import (
    AgreedMark,
    Criterion,
    Mark,
    Marking,
    MarkingState,
    Rubric,
    Submission,
    SubmissionState,
)

MOST_COMMENT = 4_000


@dataclass(frozen=True)
class Entry:
    """What was typed for one criterion, and the version of the mark it was typed over (0: none yet)."""

    level: str | None
    comment: str
    version: int


class Outdated(Stale):
    """Some of these criteria were saved elsewhere since they were read; `codes` says which ("" the closing words)."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(_("This was saved in another window after you opened it here. Both versions are shown."))
        self.codes = codes


def take(script_id: str, actor: Actor, now: datetime) -> Marking:
    """Hold a script for this assessor for eight hours; drafts of an earlier hold come back.

    Raises Missing where the assessor may not mark it, Stale when another assessor holds it.
    """
    script = marking_queries.lock_script(script_id, actor.person_id)
    _end_old_hold(script, actor, now)
    marking = next((m for m in script.markings if m.assessor_id == actor.person_id), None)
    if marking is not None and marking.state == MarkingState.OPEN:
        return marking
    try:
        with db.session.begin_nested():
            marking = _reopen(marking, now) if marking else _begin(script, actor, now)
    except IntegrityError:
        raise _taken() from None
    script.state = SubmissionState.MARKING
    db.session.flush()
    detail = {"marking": marking.public_id}
    record("marking.taken", actor=actor.public_id, subject=("submission", script.public_id), detail=detail)
    return marking


def take_next(actor: Actor, now: datetime) -> Marking:
    """Take the script that has waited longest of those one may mark. Raises DomainError when none waits."""
    for script in marking_queries.list_waiting(actor.person_id, now):
        try:
            return take(script.public_id, actor, now)
        except (Stale, Missing):  # another assessor was faster
            continue
    raise DomainError(_("Nothing waits for you at the moment."))


def _end_old_hold(script: Submission, actor: Actor, now: datetime) -> None:
    for marking in script.markings:
        if marking.state == MarkingState.DONE:
            raise _taken()
        if marking.state == MarkingState.OPEN and marking.assessor_id != actor.person_id:
            if marking.lease_until >= now:
                raise _taken()
            marking.state = MarkingState.LAPSED
    db.session.flush()


def _taken() -> Stale:
    return Stale(_("Another assessor has taken this script. Take the next one."))


def _begin(script: Submission, actor: Actor, now: datetime) -> Marking:
    marking = Marking(
        public_id=ids.new_public_id(),
        submission_id=script.id,
        assessor_id=actor.person_id,
        rubric_id=script.rubric_version_id,
        state=MarkingState.OPEN,
        began_at=now,
        lease_until=now + rules.LEASE,
    )
    db.session.add(marking)
    db.session.flush()
    return marking


def _reopen(marking: Marking, now: datetime) -> Marking:
    marking.state, marking.lease_until = MarkingState.OPEN, now + rules.LEASE
    db.session.flush()
    return marking


def save(marking: Marking, entries: Mapping[str, Entry], now: datetime, closing: Entry | None = None) -> None:
    """Save marks and closing words of a locked marking, and hold the script for another eight hours.

    All or nothing. Raises Outdated naming what was saved elsewhere since, Stale when the script is no longer held,
    DomainError for a criterion or level the rubric does not have, or too long a comment.
    """
    _check_held(marking)
    criteria = {criterion.code: criterion for criterion in marking.rubric.criteria}
    marks = {mark.criterion.code: mark for mark in marking.marks}
    _check_entries(marking.rubric, criteria, entries, closing)
    old = [code for code, entry in entries.items() if _is_outdated(marks.get(code), entry)]
    old += [""] if closing and _is_closing_outdated(marking, closing) else []
    if old:
        raise Outdated(old)
    for code, entry in entries.items():
        _write(marking, criteria[code], marks.get(code), entry, now)
    if closing and closing.comment != marking.comment:
        marking.comment, marking.version = closing.comment, marking.version + 1
    marking.lease_until, marking.saved_at = now + rules.LEASE, now
    db.session.flush()


def _check_held(marking: Marking) -> None:
    if marking.state == MarkingState.DONE:
        raise Stale(_("You have handed these marks in, so they can no longer be changed."))
    if marking.state != MarkingState.OPEN:
        raise Stale(_("You no longer hold this script. What you saved is kept should you take it again."))


def _check_entries(
    rubric: Rubric, criteria: Mapping[str, Criterion], entries: Mapping[str, Entry], closing: Entry | None
) -> None:
    for code, entry in entries.items():
        if code not in criteria:
            raise DomainError(_("The rubric has no such criterion."))
        if entry.level is not None and entry.level not in rubric.levels:
            raise DomainError(_("The rubric has no such level."), code)
    for code, entry in [*entries.items(), *([("closing", closing)] if closing else [])]:
        if len(entry.comment) > MOST_COMMENT:
            raise DomainError(_("This is too long: at most %(most)s characters.", most=MOST_COMMENT), code)


def _is_same(mark: Mark | None, entry: Entry) -> bool:
    return (entry.level, entry.comment) == ((mark.level, mark.comment) if mark else (None, ""))


def _is_outdated(mark: Mark | None, entry: Entry) -> bool:
    return (mark.version if mark else 0) != entry.version and not _is_same(mark, entry)


def _is_closing_outdated(marking: Marking, closing: Entry) -> bool:
    return marking.version != closing.version and marking.comment != closing.comment


def _write(marking: Marking, criterion: Criterion, mark: Mark | None, entry: Entry, now: datetime) -> None:
    if _is_same(mark, entry):
        return
    if mark is None:
        mark = Mark(marking_id=marking.id, criterion_id=criterion.id, criterion=criterion, version=0, saved_at=now)
        marking.marks.append(mark)
    mark.level, mark.comment = entry.level, entry.comment
    mark.version, mark.saved_at = mark.version + 1, now
    if entry.level is not None:
        _freeze(marking.rubric, now)


def _freeze(rubric: Rubric, now: datetime) -> None:
    """From its first mark on a version of a rubric is never touched again."""
    statement = update(Rubric).where(Rubric.id == rubric.id, Rubric.frozen_at.is_(None)).values(frozen_at=now)
    db.session.execute(statement)


def give_back(marking: Marking, actor: Actor) -> None:
    """Put a script back into the queue; the drafts stay for the day it is taken again. A second time changes nothing."""
    if marking.state != MarkingState.OPEN:
        return
    marking.state = MarkingState.RETURNED
    marking.submission.state = SubmissionState.SUBMITTED
    db.session.flush()
    subject = ("submission", marking.submission.public_id)
    record("marking.returned", actor=actor.public_id, subject=subject, detail={"marking": marking.public_id})


def finish(marking: Marking, actor: Actor, now: datetime) -> None:
    """Hand the marks of a locked marking in: they are agreed, judged, and wait for their release.

    A second time changes nothing. Raises DomainError while a level or a comment is missing, Stale when not held.
    """
    if marking.state == MarkingState.DONE:
        return
    _check_held(marking)
    said = judging.said_of(marking)
    gaps = rules.find_gaps([criterion.code for criterion in marking.rubric.criteria], said)
    if gaps:
        raise DomainError(_("Something is still missing before the marks can be handed in."), gaps[0].code)
    marking.state, marking.finished_at = MarkingState.DONE, now
    _agree(marking, rules.agree([said]))
    marking.submission.state, marking.submission.marked_at = SubmissionState.MARKED, now
    db.session.flush()
    judging.finalise(marking, actor, now)
    subject = ("submission", marking.submission.public_id)
    detail = {"marking": marking.public_id, "rubric": marking.rubric.code, "version": marking.rubric.version}
    record("marking.finished", actor=actor.public_id, subject=subject, detail=detail)


def _agree(marking: Marking, agreed: Mapping[str, rules.Said]) -> None:
    criteria = {criterion.code: criterion.id for criterion in marking.rubric.criteria}
    for code, said in agreed.items():
        assert said.level is not None
        values = {"submission_id": marking.submission_id, "criterion_id": criteria[code]}
        db.session.add(AgreedMark(**values, level=said.level, comment=said.comment.strip()))
