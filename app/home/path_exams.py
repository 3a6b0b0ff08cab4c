"""What exams add to My path: released percentages as evidence, and how the exam stands for this person."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import BindParameter, Row, Select, and_, bindparam, func, select

from app.home.gathering import Asked, Found, Note
from app.rows import run
from app.shell import show_date
from assessments.exams.models import Attempt, AttemptAllowance, Exam
from assessments.exams.rules import AttemptPolicy, AttemptState, PastAttempt, Permit, Reason, may_start
from assessments.grading.decision import Evidence
from assessments.grading.requirements import ExamEvidence
from assessments.results.models import Result


def exams(asked: Asked) -> Found:
    """Evidence and notes for the exams of the rule (one query)."""
    codes = [r.target for r in asked.rule.requirements if r.kind == "exam"]
    by_code: dict[str, list[Row[Any]]] = {}
    for row in _rows(asked.person_id, codes) if codes else ():
        by_code.setdefault(row.code, []).append(row)
    counting = {code: [row for row in rows if asked.counts(row.released_at)] for code, rows in by_code.items()}
    permits = {code: _permit(rows[0], counting[code], asked) for code, rows in by_code.items()}
    evidence = {code: _evidence(rows, permits[code]) for code, rows in counting.items()}
    notes = {code: _note(code, rows, permits[code]) for code, rows in counting.items()}
    return Found(Evidence(exams=evidence), notes)


def _rows(person_id: int, codes: Sequence[str]) -> Sequence[Row[Any]]:
    """Each exam with each attempt of the person (none: one row), and its result once that has been released."""
    return run(_statement(), {"person_id": person_id, "codes": codes}).all()


@cache
def _statement() -> Select[Any]:
    person_id: BindParameter[int] = bindparam("person_id")
    own = and_(_tries.exam_id == _exams.id, _tries.person_id == person_id, _tries.state != AttemptState.VOIDED)
    allowed = select(func.count(_more.id)).where(_more.exam_id == _exams.id, _more.person_id == person_id)
    return (
        select(
            _exams.code,
            _exams.attempts,
            _exams.waits,
            _tries.state,
            _tries.released_at,
            _results.percent,
            _results.outcome,
            allowed.scalar_subquery().label("allowances"),
        )
        .select_from(Exam.__table__)
        .outerjoin(Attempt.__table__, own)
        .outerjoin(
            Result.__table__,
            and_(_results.attempt_id == _tries.id, _results.released_at.is_not(None), _results.superseded_at.is_(None)),
        )
        .where(_exams.code.in_(bindparam("codes", expanding=True)))
        .order_by(_exams.code, _tries.number)
    )


_exams, _tries, _more, _results = (model.__table__.c for model in (Exam, Attempt, AttemptAllowance, Result))


def _permit(first: Row[Any], rows: Sequence[Row[Any]], asked: Asked) -> Permit:
    past = [PastAttempt(AttemptState(r.state), r.released_at, r.outcome == "pass") for r in rows if r.state]
    return may_start(AttemptPolicy(first.attempts, tuple(first.waits)), past, first.allowances, asked.now)


def _evidence(rows: Sequence[Row[Any]], permit: Permit) -> ExamEvidence:
    percents = tuple(row.percent for row in rows if row.percent is not None)
    is_out = permit.reason is Reason.OFFICER_DECIDES
    return ExamEvidence(percents, permit.reason is Reason.AWAITING_RELEASE, 0 if is_out else permit.attempts_left)


def _note(code: str, rows: Sequence[Row[Any]], permit: Permit) -> Note:
    href, tried = f"/exams/{code}", [row for row in rows if row.percent is not None]
    if permit.reason is Reason.RUNNING:
        return Note(_("The clock is running"), 0.5, href, _("Go on with the exam"), locked="")
    if permit.reason is Reason.PASSED:
        return Note(href="/results", action=_("See your result"))
    if permit.reason is Reason.WAIT and permit.from_when:
        return Note(href=href, locked=_("wait until %(date)s for the next attempt", date=show_date(permit.from_when)))
    if tried and permit.may:
        left = ngettext("%(num)d attempt left", "%(num)d attempts left", permit.attempts_left)
        return Note(left, 0.0, href, _("Open the exam"))
    return Note(href=href, action=_("Open the exam"))
