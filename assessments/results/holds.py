"""Why a result has to wait: what features above know of, asked before every release.

Each of HOLDS looks at one result that nobody has been told of, and gives a sentence for officers or None. Registered by
app.wiring: a key review that is not signed, a challenge without an answer, an incident of the sitting, a missing
ratification. When one ends, whoever ended it orders the job `exams.release` for the attempts concerned once more.
"""

from collections.abc import Callable

from app.errors import DomainError
from assessments.results.models import Result

Hold = Callable[[Result], str | None]
HOLDS: list[Hold] = []


class Held(DomainError):
    """A result that cannot be released yet; `reasons` are the sentences of the holds."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


def add(*holds: Hold) -> None:
    """Ask these from now on, each once."""
    HOLDS.extend(hold for hold in holds if hold not in HOLDS)


def held(result: Result) -> list[str]:
    """Why this result has to wait; empty when it may be released."""
    return [sentence for sentence in (hold(result) for hold in HOLDS) if sentence]
