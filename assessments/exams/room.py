"""What the quiet room shows: one question, the grid, the clock and what is saved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.exams import answer_files, queries
from assessments.exams.models import Attempt, AttemptItem
from assessments.exams.queries import Cell
from assessments.exams.wording import clock_time
from assessments.items.rendering import public_view

LOW_SHARE = 5


@dataclass(frozen=True)
class Clock:
    """The time of an attempt as of a moment; the browser only counts on from here."""

    now: datetime
    started_at: datetime
    deadline_at: datetime

    @property
    def seconds_left(self) -> int:
        """Whole seconds until the deadline, never below zero."""
        return max(int((self.deadline_at - self.now).total_seconds()), 0)

    @property
    def minutes(self) -> int:
        """The whole time of this candidate in minutes, extra time included."""
        return int((self.deadline_at - self.started_at).total_seconds()) // 60

    @property
    def shown(self) -> str:
        """Minutes and seconds left: 41:12."""
        return f"{self.seconds_left // 60}:{self.seconds_left % 60:02d}"

    @property
    def ends(self) -> str:
        """The moment of the deadline in the reader's zone: 15:48."""
        return clock_time(self.deadline_at)

    @property
    def is_low(self) -> bool:
        """Whether a twentieth of the time or less is left."""
        return self.seconds_left * 100 <= LOW_SHARE * self.minutes * 60


@dataclass(frozen=True)
class Room:
    """One question of a running attempt as its page shows it; nothing of a key is in here."""

    attempt: Attempt
    clock: Clock
    cells: list[Cell]
    question: AttemptItem
    item: dict[str, Any]
    answer: Any
    error: str = ""

    @property
    def position(self) -> int:
        """The place of this question, from 1."""
        return self.question.position

    @property
    def answered(self) -> int:
        """How many questions are answered."""
        return sum(cell.is_answered for cell in self.cells)

    @property
    def saved_at(self) -> str:
        """When the latest answer was saved; empty before the first."""
        return last_saved(self.cells)


def clock_of(attempt: Attempt, now: datetime) -> Clock:
    """The clock of an attempt at this moment."""
    return Clock(now, attempt.started_at, attempt.deadline_at)


def last_saved(cells: list[Cell]) -> str:
    """When the latest answer was saved, in the reader's zone; empty before the first."""
    moments = [cell.answered_at for cell in cells if cell.answered_at is not None]
    return clock_time(max(moments)) if moments else ""


def open_room(attempt: Attempt, position: int, now: datetime) -> Room:
    """The page of one question. Raises Missing when the attempt has no such place."""
    question = queries.get_question(attempt.id, position)
    return Room(
        attempt=attempt,
        clock=clock_of(attempt, now),
        cells=queries.list_cells(attempt.id),
        question=question,
        item=answer_files.shown(public_view(question.item_version.content, question.order), attempt, question),
        answer=question.response,
    )
