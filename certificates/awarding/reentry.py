"""The way back once the time for a renewal has passed: the assessment of the level again, under the scheme in force now.

The scheme says how long a renewal may be asked for after the end; after that nothing is renewed. Whoever comes back earns
the level as anybody does, and a new certificate begins: what was passed before the old one ended does not count again, and
lessons that were read stay read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.body.queries import get_body
from app.extensions import db
from assessments.exams.models import Exam
from assessments.practicals.models import Practical
from certificates.awarding import evidence
from certificates.changes import outlooks
from certificates.changes.periods import Phase
from courses.models import Course

TABLES: dict[str, Any] = {"lessons": Course, "exam": Exam, "practical": Practical}


@dataclass(frozen=True)
class Step:
    """One thing that a level asks for: `kind` is lessons, exam or practical; `title` is empty for what is not there yet."""

    kind: str
    code: str
    title: str


def counts_from(person_id: int, level_code: str, now: datetime) -> datetime | None:
    """From when on results count towards earning a level once more; None while the level is held, renewable or unheld."""
    return list_open(person_id, now).get(level_code)


def list_open(person_id: int, now: datetime) -> dict[str, datetime]:
    """The levels whose renewal came too late, each with the moment from which results count; one statement."""
    found = outlooks.list_renewals(person_id, now)
    return {row.level_code: row.ended_at for row in found if row.phase is Phase.OVER and not row.asked}


def results_count_from(person_id: int, code: str, now: datetime) -> datetime | None:
    """From when on results of an exam or practical count for a level that asks for it and is open once more; else None."""
    opened = list_open(person_id, now)
    if not opened:
        return None
    asking = evidence.levels_asking_for(code, now.astimezone(ZoneInfo(get_body().zone)).date())
    return max((opened[level] for level in asking if level in opened), default=None)


def list_steps(level_code: str, on: date) -> Sequence[Step]:
    """What the scheme in force on a day asks for, in its order; empty while the level has none."""
    terms = evidence.find_terms(level_code, on)
    if terms is None:
        return []
    asked = [(requirement.kind, requirement.target) for requirement in terms.rule.requirements]
    titles = {kind: _titles(kind, [code for other, code in asked if other == kind]) for kind, _code in asked}
    return [Step(kind, code, titles[kind].get(code, "")) for kind, code in asked]


def _titles(kind: str, codes: Sequence[str]) -> dict[str, str]:
    table = TABLES[kind]
    return {row[0]: row[1] for row in db.session.execute(select(table.code, table.title).where(table.code.in_(codes)))}
