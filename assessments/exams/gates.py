"""What else may hinder the start of an attempt that waits in a sitting: each gate looks, and raises what it refuses.

Features above register theirs (app.wiring): the window of the sitting, its code, its networks, who was recognised.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assessments.exams.models import Attempt, Exam
from assessments.exams.writing import Candidate


@dataclass(frozen=True, slots=True)
class StartRequest:
    """Who asks to start and when; the sitting code they typed, and the network address they ask from."""

    candidate: Candidate
    now: datetime
    code: str = ""
    address: str = ""


Gate = Callable[[Exam, Attempt, StartRequest], None]
GATES: list[Gate] = []


def check_gates(exam: Exam, attempt: Attempt, request: StartRequest) -> None:
    """Ask each gate. Raises the DomainError of the first that refuses, its `field` naming where it belongs."""
    for gate in GATES:
        gate(exam, attempt, request)
