"""What happens in courses, in the past tense."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Enrolled:
    """A person began a course."""

    person_id: int
    course_code: str


@dataclass(frozen=True)
class LessonsCompleted:
    """A person finished the last open lesson of a course."""

    person_id: int
    course_code: str
