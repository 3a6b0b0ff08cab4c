"""How an attempt is delivered: grace, what happens at the bell, the way through the questions, sections. PURE.

`plan` makes it of an exam's rules at the start, with the candidate's own share of time; it is kept in the snapshot of
the attempt under "delivery", so that a change of the exam never reaches an attempt that runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from assessments.exams.rules import GRACE, Navigation, TimeUp
from assessments.exams.timing import seconds_allowed

KEY = "delivery"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an exam. `seconds` is its own time, 0 where only the whole exam's counts."""

    code: str
    title: str
    seconds: int
    is_one_way: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """The rules of one attempt beside its times. Without sections there is one that has no time of its own."""

    grace: timedelta = GRACE
    expires: bool = False
    sections: tuple[Section, ...] = (Section("", "", 0, False),)

    def section(self, number: int) -> Section:
        """The section of this number, from 0; the last one for any number beyond."""
        return self.sections[min(number, len(self.sections) - 1)]

    def is_last(self, number: int) -> bool:
        """Whether no section follows this one."""
        return number >= len(self.sections) - 1


def plan(
    *, grace_seconds: int, time_up: str, navigation: str, sections: Sequence[Mapping[str, Any]], extra_percent: int
) -> dict[str, Any]:
    """What is kept of the rules of an exam for one attempt, as JSON."""
    return {
        "grace": grace_seconds,
        "time_up": time_up,
        "navigation": navigation,
        "sections": [
            {
                "code": section["code"],
                "title": section["title"],
                "navigation": section.get("navigation") or navigation,
                "seconds": seconds_allowed(section["minutes"], extra_percent) if section.get("minutes") else 0,
            }
            for section in sections
        ],
    }


def read(stored: Mapping[str, Any] | None) -> Delivery:
    """The delivery that `plan` made; for an attempt from before there was one, what held then."""
    if not stored:
        return Delivery()
    one_way = stored["navigation"] == Navigation.ONE_WAY
    sections = tuple(
        Section(part["code"], part["title"], part["seconds"], part["navigation"] == Navigation.ONE_WAY)
        for part in stored["sections"]
    )
    return Delivery(
        grace=timedelta(seconds=stored["grace"]),
        expires=stored["time_up"] == TimeUp.EXPIRE,
        sections=sections or (Section("", "", 0, one_way),),
    )
