"""One question of an attempt as answering it needs it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.exams.delivery import Delivery
from assessments.exams.delivery import read as read_delivery
from assessments.exams.rules import Arrival, arrival
from assessments.exams.timing import section_deadline
from assessments.grading.kinds.base import Content


@dataclass(frozen=True, slots=True)
class Place:
    """One question of an attempt as answering it needs it: of the attempt what rules ask, of the question what is stored."""

    public_id: str
    state: str
    started_at: datetime
    deadline_at: datetime
    writer_token_hash: str
    stored_delivery: dict[str, Any] | None
    section_now: int
    section_started_at: datetime | None
    row_id: int
    position: int
    section: int
    left_at: datetime | None
    content: Content
    order: dict[str, Any]
    response: Any
    response_seq: int
    answered_at: datetime | None

    @property
    def bell(self) -> datetime:
        """When the time for this question is up: its section's, where that has its own."""
        seconds = self.delivery.section(self.section).seconds
        if not seconds or self.section_started_at is None:
            return self.deadline_at
        return section_deadline(self.section_started_at, seconds, self.deadline_at)

    @property
    def delivery(self) -> Delivery:
        """How the attempt is delivered."""
        return read_delivery(self.stored_delivery)

    def arrives(self, now: datetime, bell: datetime) -> Arrival:
        """How something that comes now comes for that bell."""
        return arrival(now, bell, self.delivery.grace)
