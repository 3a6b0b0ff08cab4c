"""What practicals add to My path: released marks as evidence, and how far the work is."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, Select, and_, bindparam, select

from app.home.gathering import Asked, Found, Note
from app.rows import run
from app.shell import show_date
from assessments.grading.decision import Evidence
from assessments.grading.requirements import PracticalEvidence
from assessments.grading.snapshots import read_rubric
from assessments.practicals.models import Practical, Submission, SubmissionState
from assessments.results.models import Result

WITH_US = (SubmissionState.SUBMITTED, SubmissionState.MARKING, SubmissionState.MARKED)


def practicals(asked: Asked) -> Found:
    """Evidence and notes for the practicals of the rule (one query)."""
    codes = [r.target for r in asked.rule.requirements if r.kind == "practical"]
    by_code: dict[str, list[Row[Any]]] = {}
    for row in _rows(asked.person_id, codes) if codes else ():
        by_code.setdefault(row.code, []).append(row)
    counting = {code: [row for row in rows if asked.counts(row.released_at)] for code, rows in by_code.items()}
    evidence = {code: _evidence(rows) for code, rows in counting.items()}
    return Found(Evidence(practicals=evidence), notes={code: _note(code, rows) for code, rows in counting.items()})


def _rows(person_id: int, codes: Sequence[str]) -> Sequence[Row[Any]]:
    """Each practical with each piece of work of the person (none: one row), and its result once released."""
    return run(_statement(), {"person_id": person_id, "codes": codes}).all()


@cache
def _statement() -> Select[Any]:
    own = and_(_works.practical_id == _practicals.id, _works.person_id == bindparam("person_id"))
    released = and_(
        _results.submission_id == _works.id, _results.released_at.is_not(None), _results.superseded_at.is_(None)
    )
    return (
        select(
            _practicals.code, _works.state, _works.opened_at, _works.submitted_at, _works.released_at, _results.inputs
        )
        .select_from(Practical.__table__)
        .outerjoin(Submission.__table__, own)
        .outerjoin(Result.__table__, released)
        .where(_practicals.code.in_(bindparam("codes", expanding=True)))
        .order_by(_practicals.code, _works.number)
    )


_practicals, _works, _results = (model.__table__.c for model in (Practical, Submission, Result))


def _evidence(rows: Sequence[Row[Any]]) -> PracticalEvidence:
    released = tuple((read_rubric(r.inputs["rubric"]), dict(r.inputs["marks"])) for r in rows if r.inputs is not None)
    return PracticalEvidence(released, awaiting=any(row.state in WITH_US for row in rows))


def _note(code: str, rows: Sequence[Row[Any]]) -> Note:
    href, last = f"/practicals/{code}", rows[-1] if rows else None
    if last is None:
        return Note(href=href, action=_("Open the practical"))
    if last.state == SubmissionState.DRAFT:
        line = _("Begun on %(date)s", date=show_date(last.opened_at))
        return Note(line, 0.5, href, _("Go on with the practical"), under_way=True)
    if last.state in WITH_US and last.submitted_at:
        return Note(_("Handed in on %(date)s", date=show_date(last.submitted_at)), 0.75, href, _("See what you sent"))
    if last.state == SubmissionState.RELEASED:
        return Note(_("Marked, to be handed in again"), 0.5, href, _("Read the comments"))
    return Note(href=href, action=_("Open the practical"))
