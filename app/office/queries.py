"""What the office wants to know at a glance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Integer, func, select

from app import health
from app.accounts.models import Person
from app.audit.models import AuditEntry, AuditPersonal
from app.extensions import db
from app.jobs.models import Job, JobState
from app.mail.models import MailMessage, MailState

PAGE = 50


@dataclass(frozen=True)
class Waiting:
    """A decision that waits for an officer."""

    title: str
    text: str
    action: str
    href: str


@dataclass(frozen=True)
class Figure:
    """A number of the overview, its unit, and what it counts."""

    number: str
    unit: str
    text: str


Provider = Callable[[datetime], list[Waiting]]
FigureProvider = Callable[[datetime], list[Figure]]


class Desk:
    """What features lay on the officers' desk; `app.wiring` registers them."""

    def __init__(self) -> None:
        self.waiting: list[Provider] = []
        self.figures: list[FigureProvider] = []


def list_waiting(now: datetime) -> list[Waiting]:
    """Every decision that waits, feature by feature."""
    desk: Desk = current_app.extensions["desk"]
    return [waiting for provider in desk.waiting for waiting in provider(now)]


def list_figures(now: datetime) -> list[Figure]:
    """The figures of the overview, feature by feature."""
    desk: Desk = current_app.extensions["desk"]
    return [figure for provider in desk.figures for figure in provider(now)]


def people_figures(now: datetime) -> list[Figure]:
    """How many members there are, and how many came lately."""
    lately = func.sum(func.coalesce((Person.joined_at > now - timedelta(days=30)).cast(Integer), 0))
    total, fresh = db.session.execute(
        select(func.count(), func.coalesce(lately, 0)).where(Person.email_confirmed_at.is_not(None))
    ).one()
    return [Figure(f"{total:,}", "", _("members")), Figure(f"{fresh:,}", "", _("joined in the last 30 days"))]


def troubles(now: datetime) -> list[Waiting]:
    """What keeps the house from working as it should, as `/readyz` sees it."""
    words = {
        "disk": (
            _("The disk is nearly full"),
            _("Nothing can be saved once it is. Whoever runs the server makes room."),
        ),
        "jobs": (_("Jobs wait longer than they should"), _("Messages and certificates are late. Does a runner run?")),
    }
    bad = [part for part, is_good in health.check().items() if not is_good and part in words]
    return [Waiting(*words[part], _("Open jobs"), "/office/jobs") for part in bad]


def failures(now: datetime) -> list[Waiting]:
    """Jobs and messages that were given up."""
    jobs = db.session.scalar(select(func.count()).select_from(Job).where(Job.state == JobState.FAILED)) or 0
    mails = (
        db.session.scalar(select(func.count()).select_from(MailMessage).where(MailMessage.state == MailState.FAILED))
        or 0
    )
    found = []
    if jobs:
        found.append(
            Waiting(
                _("%(n)s jobs were given up", n=jobs),
                _("Look at the reason and try again."),
                _("Open jobs"),
                "/office/jobs",
            )
        )
    if mails:
        text = _("They could not be delivered in three days.")
        found.append(Waiting(_("%(n)s messages did not leave", n=mails), text, _("Open the outbox"), "/office/outbox"))
    return found


def list_jobs() -> Sequence[Job]:
    """Jobs that failed first, then the newest."""
    order = (Job.state != JobState.FAILED, Job.id.desc())
    return db.session.scalars(select(Job).order_by(*order).limit(PAGE)).all()


def count_jobs() -> dict[str, int]:
    """How many jobs are in each state."""
    counted = dict(db.session.execute(select(Job.state, func.count()).group_by(Job.state)).all())
    return {state.value: counted.get(state.value, 0) for state in JobState}


def list_messages(before: str = "") -> Sequence[MailMessage]:
    """Messages of the outbox, the newest first, one more than a page; from the one before public id `before`."""
    statement = select(MailMessage).order_by(MailMessage.id.desc()).limit(PAGE + 1)
    if before:
        last = select(MailMessage.id).where(MailMessage.public_id == before).scalar_subquery()
        statement = statement.where(MailMessage.id < last)
    return db.session.scalars(statement).all()


def list_trail(about: str = "", before: int = 0, *, act: str = "") -> Sequence[tuple[AuditEntry, AuditPersonal | None]]:
    """Entries of the trail, the newest first, one more than a page.

    `about` is a public id or the beginning of the code of an act, `act` the whole code.
    """
    statement = (
        select(AuditEntry, AuditPersonal)
        .outerjoin(AuditPersonal, AuditPersonal.seq == AuditEntry.seq)
        .order_by(AuditEntry.seq.desc())
        .limit(PAGE + 1)
    )
    if about:
        statement = statement.where(
            (AuditEntry.object_id == about)
            | (AuditEntry.actor == about)
            | AuditEntry.action.startswith(about, autoescape=True)
        )
    if act:
        statement = statement.where(AuditEntry.action == act)
    if before:
        statement = statement.where(AuditEntry.seq < before)
    return [(entry, personal) for entry, personal in db.session.execute(statement)]


def names_of(public_ids: set[str]) -> dict[str, str]:
    """Names to public ids, in one query."""
    rows = db.session.execute(select(Person.public_id, Person.name).where(Person.public_id.in_(public_ids)))
    return dict(rows.all())  # type: ignore[arg-type]
