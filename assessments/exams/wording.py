"""Sentences about exams that depend on where somebody stands."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.lists import format_list
from flask_babel import format_datetime, get_locale, ngettext
from flask_babel import gettext as _

from app.body.queries import get_body
from app.policy import current_actor
from app.shell import show_time
from assessments.exams.rules import Permit, Reason
from assessments.grading.messages import Message
from assessments.grading.numbers import plain_text, round_half_up


def clock_time(moment: datetime) -> str:
    """Hours and minutes in the reader's zone: 15:07."""
    zone = ZoneInfo(current_actor().zone or get_body().zone)
    return format_datetime(moment.astimezone(zone), "HH:mm", rebase=False)


def plain_number(value: Decimal, places: int | None = None) -> str:
    """An exact number without idle zeros, or rounded half up to `places`."""
    return plain_text(value) if places is None else format(round_half_up(value, places), "f")


def in_a_row(values: Sequence[object]) -> str:
    """A list as the reader's language writes it: 1, 7 and 30."""
    return format_list([str(value) for value in values], locale=get_locale() or "en")


def in_words(message: Message) -> str:
    """A message of the grading engine in the reader's language."""
    values = {name: in_words(value) if isinstance(value, Message) else value for name, value in message.values.items()}
    return _(message.text, **values)


def permit_sentence(permit: Permit) -> str:
    """Why one may start or not, and from when."""
    when = show_time(permit.from_when) if permit.from_when else ""
    if permit.reason is Reason.WAIT:
        return _("Your next attempt opens on %(when)s.", when=when)
    if permit.reason is Reason.OFFICER_DECIDES:
        sentence = _("All your attempts are used. An officer looks at your case with you and decides on another one.")
        return f"{sentence} {_('The earliest day for it is %(when)s.', when=when)}" if when else sentence
    if permit.reason is Reason.LESSONS:
        return _("First finish the lessons of %(modules)s. Then the exam opens.", modules=in_a_row(permit.unread))
    sentences = {
        Reason.RUNNING: _("Your attempt is running."),
        Reason.AWAITING_RELEASE: _("Your last attempt is handed in. Wait for its result before the next one."),
        Reason.SEAT: _(
            "This exam is held in sittings. An officer gives you a seat and writes to you; it starts there."
        ),
        Reason.IN_SITTING: _("You have a seat. The start opens here once the invigilator has recognised you."),
        Reason.MAY_BEGIN: _("The invigilator has recognised you. You can start."),
        Reason.NOT_YET: _("This exam opens on %(when)s.", when=when),
        Reason.OVER: _("This exam closed on %(when)s.", when=when),
        Reason.PASSED: _("You have passed this exam. There is nothing left to do here."),
        Reason.FREE: ngettext(
            "You have %(num)s attempt left.", "You have %(num)s attempts left.", permit.attempts_left
        ),
    }
    return sentences[permit.reason]


def supervision_words(supervision: str) -> tuple[str, str]:
    """How an attempt is watched: a word, and what it means in plain words."""
    if supervision == "unsupervised":
        return _("Unsupervised"), _(
            "Nobody watches you. That it is you, alone, rests on your own word. The certificate says so openly."
        )
    if supervision == "remote":
        return _("Supervised over video"), _(
            "Somebody appointed by the body sees who you are and watches the exam over video."
        )
    return _("Supervised"), _("Somebody appointed by the body sees who you are and watches the exam.")
