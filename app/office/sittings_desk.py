"""What sittings and accommodations lay on the officers' desk."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from app.body.queries import get_body
from app.office.queries import Waiting
from assessments.accommodations import queries as accommodations
from assessments.exams import quarantine
from assessments.sittings import queries as sittings


def waiting(now: datetime) -> list[Waiting]:
    """Sittings of today, incidents and late answers to decide on, and requests for an arrangement; one line a kind."""
    return [*_today(now), *_incidents(), *_late(), *_accommodations()]


def _today(now: datetime) -> list[Waiting]:
    zone = ZoneInfo(get_body().zone)
    start = datetime.combine(now.astimezone(zone).date(), time(), zone)
    number = sittings.count_on(start, start + timedelta(days=1))
    if not number:
        return []
    title = ngettext("%(num)d sitting today", "%(num)d sittings today", number)
    return [Waiting(title, _("Is somebody named to watch?"), _("Open sittings"), "/office/sittings")]


def _incidents() -> list[Waiting]:
    number = sittings.count_open_incidents()
    if not number:
        return []
    title = ngettext("%(num)d incident to decide on", "%(num)d incidents to decide on", number)
    return [Waiting(title, _("Results may wait for it."), _("Open incidents"), "/office/incidents")]


def _late() -> list[Waiting]:
    number = len({kept.attempt.id for kept in quarantine.list_late()})
    if not number:
        return []
    title = ngettext("Late answers of %(num)d candidate", "Late answers of %(num)d candidates", number)
    return [Waiting(title, _("Do they count?"), _("Open incidents"), "/office/incidents")]


def _accommodations() -> list[Waiting]:
    number = accommodations.count_asked()
    if not number:
        return []
    title = ngettext(
        "%(num)d member asks for an arrangement in exams", "%(num)d members ask for an arrangement in exams", number
    )
    return [Waiting(title, _("They may not be able to sit one before."), _("Decide"), "/office/accommodations")]
