"""What the rules of an attempt refuse, each with the status that programs are answered with."""

from typing import Any

from flask_babel import gettext as _

from app.errors import DomainError, Stale
from assessments.exams.rules import Permit


class StartRefused(DomainError):
    """The candidate may not start now; `permit` says why and from when."""

    def __init__(self, permit: Permit) -> None:
        super().__init__(_("This exam cannot be started now."))
        self.permit = permit


class BankShort(DomainError):
    """The bank cannot fill the blueprint; `cells` are the cells that lack items."""

    def __init__(self, cells: list[str]) -> None:
        super().__init__(
            _("This exam is not open: its bank lacks questions. The officers of the body see what is missing.")
        )
        self.cells = cells


class AttemptClosed(DomainError):
    """The attempt has been handed in, or its time and the grace after it are over."""

    status = 410

    def __init__(self, public_id: str) -> None:
        super().__init__(_("This attempt is closed. What was saved in time is handed in."))
        self.public_id = public_id


class AttemptPaused(DomainError):
    """The clock of the attempt stands still; what arrives meanwhile is kept aside."""

    status = 423

    def __init__(self, public_id: str) -> None:
        super().__init__(_("Your exam is paused and its clock stands still. What you send meanwhile is kept."))
        self.public_id = public_id


class MoveRefused(DomainError):
    """The attempt is not in a state from which it could be moved that way."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("This cannot be done to the attempt as it stands now. Look at it again."))


class OtherDevice(DomainError):
    """Another device writes this attempt; this one may take over after giving the password."""

    def __init__(self, public_id: str) -> None:
        super().__init__(_("This attempt is being written on another device."))
        self.public_id = public_id


class StaleAnswer(Stale):
    """A newer answer is stored already: `seq` and `response` are the stored ones."""

    def __init__(self, seq: int, response: Any) -> None:
        super().__init__(_("This question has been answered in another window since. The newer answer is kept."))
        self.seq = seq
        self.response = response
