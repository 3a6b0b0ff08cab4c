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
    """The bank cannot fill the blueprint; `cells` are the cells of the exam `code` that lack items."""

    def __init__(self, code: str, cells: list[str]) -> None:
        super().__init__(
            _("This exam cannot begin: its bank lacks questions. No attempt is used, and the officers have been told.")
        )
        self.code = code
        self.cells = cells


class WritingRefused(DomainError):
    """Nothing can be written into the attempt now; `is_kept`: what was sent is kept aside for an officer."""

    state = ""

    def __init__(self, public_id: str, message: str) -> None:
        super().__init__(message)
        self.public_id = public_id
        self.is_kept = False

    def note_kept(self) -> None:
        """Say that the answer is kept and who decides about it."""
        self.is_kept = True
        self.message = _("%(why)s Your answer is kept, and an officer decides whether it counts.", why=self.message)


class AttemptClosed(WritingRefused):
    """The attempt has been handed in, or its time and the grace after it are over."""

    status, state = 410, "closed"

    def __init__(self, public_id: str) -> None:
        super().__init__(public_id, _("This attempt is closed. What was saved in time is handed in."))


class AttemptPaused(WritingRefused):
    """The clock of the attempt stands still; what arrives meanwhile is kept aside."""

    status, state = 409, "paused"

    def __init__(self, public_id: str) -> None:
        super().__init__(public_id, _("Your exam is paused, and its clock stands still."))


class QuestionLeft(WritingRefused):
    """The question can no longer be opened: it was left for good, or its section has ended."""

    status, state = 409, "left"

    def __init__(self, public_id: str, position: int) -> None:
        super().__init__(public_id, _("Question %(number)s can no longer be answered.", number=position))
        self.position = position


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
