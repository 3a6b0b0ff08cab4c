"""What appeals hold of a person: what they wrote, and what was decided."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from app.accounts.models import Person
from app.extensions import db
from app.privacy.personal import Personal, pick
from assessments.appeals import queries, rules
from assessments.appeals.models import Appeal


def _export(person: Person) -> list[dict[str, Any]]:
    names = ("public_id", "grounds", "text", "state", "made_at", "due_at", "decision", "remedy", "decided_at")
    return [pick(row, *names) | {"work": row.result.title} for row in queries.list_own(person.id)]


def _obstacles(person: Person) -> list[str]:
    if not any(row.state in rules.OPEN for row in queries.list_own(person.id)):
        return []
    return [_("An appeal of yours waits for its decision. Wait for it, or take it back.")]


def _subjects(person: Person) -> list[str]:
    return list(db.session.scalars(select(Appeal.public_id).where(Appeal.person_id == person.id)))


def _erase(person: Person, now: datetime) -> None:
    """That there was an appeal, on what kind of ground, and how it ended, stays; every word of it goes."""
    db.session.execute(update(Appeal).where(Appeal.person_id == person.id).values(text="", decision=""))


PERSONAL = Personal(name="appeals", export=_export, erase=_erase, obstacles=_obstacles, subjects=_subjects)
