"""The rules of an exam as officers edit them: window, grace, the way through it, sections, drawing, what results show.

Each change is a version of its own; attempts that run keep the rules they began under.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.audit.services import record
from app.body.queries import get_body
from app.errors import DomainError
from app.extensions import db
from assessments.exams.models import Exam

MOST_SECTIONS = 5
SHAPE = "%Y-%m-%d %H:%M"


def local_text(moment: datetime | None) -> str:
    """A moment as officers type it: 2026-12-14 09:00 in the body's zone; empty for none."""
    return "" if moment is None else moment.astimezone(ZoneInfo(get_body().zone)).strftime(SHAPE)


def read_moment(text: str, field: str) -> datetime | None:
    """The moment that was typed, in the body's zone; None for nothing. Raises DomainError at `field`."""
    if not text.strip():
        return None
    try:
        typed = datetime.strptime(text.strip().replace("T", " "), SHAPE)  # noqa: DTZ007  the zone follows
    except ValueError as error:
        raise DomainError(_("Write day and time like 2026-12-14 09:00."), field) from error
    return typed.replace(tzinfo=ZoneInfo(get_body().zone))


def read_whole(text: str, field: str, least: int, most: int) -> int | None:
    """The whole number that was typed, None for nothing. Raises DomainError at `field`."""
    if not text.strip():
        return None
    if not text.strip().isdecimal() or not least <= int(text) <= most:
        raise DomainError(
            _("Enter a whole number from %(least)s to %(most)s, or nothing.", least=least, most=most), field
        )
    return int(text)


def read_sections(
    blueprint: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, str]], places: Sequence[str], minutes: int
) -> list[dict[str, Any]]:
    """The sections that were typed: `rows` with title, minutes and way, `places` the number of the section of each cell.

    An empty list without any title. Raises DomainError at the field that is wrong.
    """
    named = [number for number, row in enumerate(rows, start=1) if row["title"].strip()]
    if not named:
        return []
    if named != list(range(1, len(named) + 1)):
        raise DomainError(_("Fill in the sections from the first on, without gaps."), f"title_{named[-1]}")
    made = [_section(number, rows[number - 1]) for number in named]
    for index, (cell, place) in enumerate(zip(blueprint, places, strict=True)):
        if not place.isdecimal() or int(place) not in named:
            raise DomainError(_("Choose one of the sections you named."), f"cell_{index}")
        made[int(place) - 1]["cells"].append(dict(cell))
    for number, section in zip(named, made, strict=True):
        if not section["cells"]:
            raise DomainError(_("This section has no questions: give it a cell below."), f"title_{number}")
    timed = [section["minutes"] for section in made if section["minutes"]]
    if timed and sum(timed) > minutes:
        words = _("The sections take %(sum)s minutes together, the exam %(minutes)s.", sum=sum(timed), minutes=minutes)
        raise DomainError(words, "minutes_1")
    return made


def _section(number: int, row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": f"s{number}",
        "title": row["title"].strip(),
        "minutes": read_whole(row["minutes"], f"minutes_{number}", 1, 1_440),
        "navigation": row["way"],
        "cells": [],
    }


def change_rules(exam: Exam, values: Mapping[str, Any], actor: str) -> bool:
    """Change the rules of an exam, as a version of its own; False if nothing is different.

    Raises DomainError at the field that is wrong.
    """
    opens_at, closes_at = values["opens_at"], values["closes_at"]
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise DomainError(_("The exam has to close after it opens."), "closes_at")
    changed = {name: value for name, value in values.items() if getattr(exam, name) != value}
    if not changed:
        return False
    for name, value in changed.items():
        setattr(exam, name, value)
    exam.version += 1
    db.session.flush()
    detail = {"version": exam.version, "changed": sorted(changed)}
    record("exam.rules_changed", actor=actor, subject=("exam", exam.code), detail=detail)
    return True
