"""Links from the criteria of a rubric to the lessons that teach what they ask for."""

from dataclasses import dataclass

from courses.queries import list_lessons


@dataclass(frozen=True)
class LessonLink:
    """Where a lesson is read."""

    code: str
    title: str
    href: str


def link_lessons(course_code: str, person_id: int) -> dict[str, LessonLink]:
    """Lesson code to link, in the edition this person reads; empty where the course is not published."""
    return {
        lesson.code: LessonLink(lesson.code, lesson.title, f"/learn/{course_code}/{lesson.module_code}/{lesson.code}")
        for lesson in list_lessons(course_code, person_id)
    }
