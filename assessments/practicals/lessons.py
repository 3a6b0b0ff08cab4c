"""Links from the criteria of a rubric to the lessons that teach what they ask for."""

from dataclasses import dataclass

from app.errors import Missing
from courses.queries import get_edition


@dataclass(frozen=True)
class LessonLink:
    """Where a lesson is read."""

    code: str
    title: str
    href: str


def link_lessons(course_code: str, person_id: int) -> dict[str, LessonLink]:
    """Lesson code to link, in the edition this person reads; empty where the course is not published."""
    try:
        edition, _enrolment = get_edition(course_code, person_id)
    except Missing:
        return {}
    return {
        lesson.code: LessonLink(lesson.code, lesson.title, f"/learn/{course_code}/{module.code}/{lesson.code}")
        for module in edition.modules
        for lesson in module.lessons
    }
