"""What the quiet room shows: one question, the grid, the clock and what is saved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.exams import answer_files, queries, sections
from assessments.exams.beginning import delivery_of
from assessments.exams.models import Attempt, AttemptItem
from assessments.exams.queries import Cell
from assessments.exams.times import breaks_left, span
from assessments.exams.wording import clock_time
from assessments.items.models import StimulusVersion
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
class Part:
    """The section the candidate is in, as its page names it: title, number from 1, of how many, and its way."""

    title: str
    number: int
    of: int
    is_one_way: bool
    is_timed: bool

    @property
    def is_last(self) -> bool:
        """Whether no section follows."""
        return self.number >= self.of


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
    part: Part = Part("", 1, 1, is_one_way=False, is_timed=False)
    breaks: int = 0
    needs_leave: bool = False

    @property
    def stimulus(self) -> StimulusVersion | None:
        """The case this question is asked about."""
        return self.question.item_version.stimulus

    @property
    def is_larger(self) -> bool:
        """Whether this candidate is granted larger text."""
        return bool((self.attempt.accommodation or {}).get("larger_text"))

    @property
    def break_minutes(self) -> int:
        """How long a break of this candidate may be."""
        return int((self.attempt.accommodation or {}).get("break_minutes", 0))

    @property
    def before(self) -> int:
        """The question before this one that may be opened, 0 for none."""
        places = [cell.position for cell in self.cells if cell.position < self.position]
        return 0 if self.part.is_one_way or not places else places[-1]

    @property
    def after(self) -> int:
        """The question after this one in its section, 0 for none."""
        return next((cell.position for cell in self.cells if cell.position > self.position), 0)

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
    """The clock of an attempt at this moment: that of its section, where the section has time of its own."""
    started = span(attempt)[0]
    if sections.section_of(attempt).seconds and attempt.section_started_at is not None:
        started = attempt.section_started_at
    return Clock(now, started, sections.bell_of(attempt, now))


def part_of(attempt: Attempt) -> Part:
    """The section the candidate is in."""
    plan = delivery_of(attempt)
    section = plan.section(attempt.section)
    return Part(section.title, attempt.section + 1, len(plan.sections), section.is_one_way, section.seconds > 0)


def last_saved(cells: list[Cell]) -> str:
    """When the latest answer was saved, in the reader's zone; empty before the first."""
    moments = [cell.answered_at for cell in cells if cell.answered_at is not None]
    return clock_time(max(moments)) if moments else ""


def open_room(attempt: Attempt, position: int | None, now: datetime) -> Room:
    """The page of one question; of the first one in the section that is open for None.

    Raises Missing when the attempt has no such place, QuestionLeft for one that may not be opened.
    """
    cells = queries.list_cells(attempt.id)
    own = sections.here(attempt, cells)
    if position is None:
        position = sections.first_open(own) or own[-1].position
    sections.check_open(attempt, cells, position)
    question = queries.get_question(attempt.id, position)
    return Room(
        attempt=attempt,
        clock=clock_of(attempt, now),
        cells=own,
        question=question,
        item=answer_files.shown(public_view(question.item_version.content, question.order), attempt, question),
        answer=question.response,
        part=part_of(attempt),
        breaks=breaks_left(attempt),
    )
