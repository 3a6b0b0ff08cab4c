"""What results lay on the officers' desk: to release, to decide on, appeals with their days, keys, certificates."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from app.extensions import db
from app.office.queries import Waiting
from assessments.appeals import queries as appeals
from assessments.exams import office_queries
from assessments.regrading import queries as regrading
from assessments.results.models import Result
from certificates.lifecycle import reviews


def waiting(now: datetime) -> list[Waiting]:
    """One line for each kind of thing that waits."""
    return [*_to_release(), *_out_of_attempts(), *_appeals(now), *_keys(), *_certificates()]


def _to_release() -> list[Waiting]:
    unreleased = (Result.kind == "practical", Result.released_at.is_(None), Result.superseded_at.is_(None))
    number = db.session.scalar(select(func.count()).select_from(Result).where(*unreleased)) or 0
    if not number:
        return []
    title = ngettext("%(num)d result waits for its release", "%(num)d results wait for their release", number)
    return [Waiting(title, _("The candidates hear nothing before."), _("Open results"), "/office/results")]


def _out_of_attempts() -> list[Waiting]:
    number = len(office_queries.list_out_of_attempts())
    if not number:
        return []
    title = ngettext("%(num)d candidate has no attempt left", "%(num)d candidates have no attempt left", number)
    return [Waiting(title, _("An officer decides on another one."), _("Open exams"), "/office/exams")]


def _appeals(now: datetime) -> list[Waiting]:
    """Appeals without an answer; a day that has passed is said first."""
    found = appeals.list_open()
    if not found:
        return []
    late, alone = sum(one.due_at < now for one in found), sum(not one.reviewer for one in found)
    title = ngettext("%(num)d appeal waits for an answer", "%(num)d appeals wait for an answer", len(found))
    text = _("%(num)s are past their day.", num=late) if late else _("%(num)s have nobody to decide them.", num=alone)
    return [Waiting(title, text, _("Open appeals"), "/office/appeals")]


def _keys() -> list[Waiting]:
    challenges, regrades, reviews_open = regrading.count_waiting()
    counted = (
        (challenges, _("challenges of questions wait for a decision"), "/office/challenges"),
        (regrades, _("proposed regrades wait for a second officer"), "/office/exams"),
        (reviews_open, _("reviews of keys are open"), "/office/exams"),
    )
    return [
        Waiting(f"{number} {title}", _("Results may wait for it."), _("Open"), place)
        for number, title, place in counted
        if number
    ]


def _certificates() -> list[Waiting]:
    number = len(reviews.list_open())
    if not number:
        return []
    title = ngettext("%(num)d certificate is to be looked at", "%(num)d certificates are to be looked at", number)
    text = _("What they rest on has changed. Nothing is revoked by itself.")
    return [Waiting(title, text, _("Open"), "/office/certificate-reviews")]
