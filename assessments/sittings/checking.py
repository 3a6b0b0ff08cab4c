"""What a start in a sitting asks for: doors open, within the window, from its network, with the code read out.

Registered as a gate of exams (app.wiring). A network address that changes later is noted (addresses.py), never fatal.
"""

from datetime import datetime

from flask_babel import gettext as _

from app.errors import DomainError
from app.shell import show_time
from assessments.exams.gates import StartRequest
from assessments.exams.models import Attempt, Exam
from assessments.sittings import codes, queries
from assessments.sittings.models import Sitting
from assessments.sittings.networks import is_inside


def check_start(exam: Exam, attempt: Attempt, request: StartRequest) -> None:
    """The gate. Raises DomainError with the sentence the candidate reads; field "code" where it is about the code."""
    sitting = queries.find_sitting(attempt.sitting) if attempt.sitting else None
    if sitting is None:
        return
    _check_window(sitting, request.now)
    if not is_inside(request.address, sitting.networks):
        raise DomainError(_("This sitting is held in one network, and your device is not in it. Ask the invigilator."))
    if sitting.needs_code and not codes.is_code(sitting, request.code, request.now):
        raise DomainError(_("This is not the code that holds now. Ask the invigilator for it."), "code")


def _check_window(sitting: Sitting, now: datetime) -> None:
    if sitting.state == "cancelled":
        raise DomainError(_("This sitting is cancelled."))
    if sitting.state == "closed" or now >= sitting.closes_at:
        raise DomainError(_("This sitting is over. Nobody can start any more."))
    if now < sitting.opens_at:
        raise DomainError(_("The sitting opens on %(when)s.", when=show_time(sitting.opens_at)))
    if sitting.state != "open":
        raise DomainError(_("The invigilator has not opened the sitting yet. Please wait a moment."))
