"""Cases that several items ask about. Every change is a wording of its own: an item keeps the one it was approved with."""

import re
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app import ids
from app.audit.services import record
from app.errors import DomainError, Stale
from app.extensions import db
from app.policy import Actor
from assessments.items.models import ItemBank, Stimulus, StimulusVersion
from assessments.items.writing import check_may_write

_CODE = re.compile(r"[A-Za-z0-9.-]{1,40}")


def write_case(bank: ItemBank, code: str, title: str, text: str, *, actor: Actor, now: datetime) -> StimulusVersion:
    """A new case. Raises DomainError at `code`, `title` or `text`."""
    check_may_write(actor)
    if not _CODE.fullmatch(code):
        raise DomainError(_("Use 1 to 40 letters, digits, points or hyphens."), "code")
    taken = select(Stimulus.id).where(Stimulus.bank_id == bank.id, Stimulus.code == code)
    if db.session.scalar(taken) is not None:
        raise DomainError(_("There is a case of this code already."), "code")
    _check(title, text)
    case = Stimulus(public_id=ids.new_public_id(), bank_id=bank.id, code=code, number=1)
    version = _version(case, 1, title, text, actor, now)
    record("case.written", actor=actor.public_id, subject=("case", case.public_id), detail={"code": code})
    return version


def rewrite_case(
    case: Stimulus, title: str, text: str, *, expected: int, actor: Actor, now: datetime
) -> StimulusVersion:
    """A new wording of a case; `expected` is the number the writer began with. Raises Stale, DomainError.

    Items in use keep the wording they were approved with; their next version takes the new one.
    """
    check_may_write(actor)
    _check(title, text)
    db.session.refresh(case, with_for_update=True)
    if case.number != expected:
        raise Stale(_("Somebody has changed this case meanwhile. Load the page again."))
    case.number += 1
    version = _version(case, case.number, title, text, actor, now)
    detail = {"code": case.code, "number": case.number}
    record("case.changed", actor=actor.public_id, subject=("case", case.public_id), detail=detail)
    return version


def _check(title: str, text: str) -> None:
    if not title.strip():
        raise DomainError(_("Give the case a title."), "title")
    if not text.strip():
        raise DomainError(_("A case cannot be empty."), "text")


def _version(case: Stimulus, number: int, title: str, text: str, actor: Actor, now: datetime) -> StimulusVersion:
    version = StimulusVersion(
        stimulus=case, number=number, title=title.strip(), text=text, made_at=now, made_by=actor.public_id
    )
    db.session.add(version)
    db.session.flush()
    return version
