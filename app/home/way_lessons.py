"""The lessons of a course on My path: a node for each module, and the next lesson as the next step."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from app.home.way_parts import CURRENT, DONE, OPEN, Step, short_day
from courses.queries import LessonState, ModuleState, resume_at


def module_here(modules: Sequence[ModuleState]) -> str:
    """The code of the module to go on in; "" when all are read."""
    state = resume_at([lesson for module in modules for lesson in module.lessons])
    return state.module_code if state else ""


def module_node(course_code: str, module: ModuleState, is_here: bool) -> dict[str, Any]:
    """A module on the map."""
    state = DONE if module.is_done else CURRENT if is_here else OPEN
    lesson = resume_at(module.lessons) or module.lessons[0]
    return {
        "code": module.code,
        "title": module.title,
        "line": _module_line(module, state),
        "state": state,
        "share": module.done / module.total,
        "icon": "",
        "href": lesson_href(course_code, lesson),
    }


def _module_line(module: ModuleState, state: str) -> str:
    if state == DONE and module.done_at:
        return _("%(code)s · Done %(date)s", code=module.code, date=short_day(module.done_at))
    if state == CURRENT:
        return _("You are here")
    if module.done:
        return _("%(done)s of %(total)s lessons", done=module.done, total=module.total)
    return ngettext(
        "%(num)d lesson, %(minutes)s min", "%(num)d lessons, %(minutes)s min", module.total, minutes=module.minutes
    )


def lesson_href(course_code: str, lesson: LessonState) -> str:
    """Where a lesson is read on, at the heading last seen."""
    return url_for(
        "courses.lesson",
        course_code=course_code,
        module_code=lesson.module_code,
        lesson_code=lesson.code,
        _anchor=lesson.position or None,
    )


def lesson_step(course_code: str, modules: Sequence[ModuleState]) -> Step:
    """The next lesson as the next step."""
    lesson = resume_at([lesson for module in modules for lesson in module.lessons])
    if lesson is None:
        return Step(_("Your next step"), _("This course has no lessons yet"), "")
    module = next(m for m in modules if m.code == lesson.module_code)
    number = [other.code for other in module.lessons].index(lesson.code) + 1
    begun = lesson.opened_at is not None
    return Step(
        label=_("Your next step"),
        title=lesson.title,
        sentence=_("You will be able to %(objective)s.", objective=lesson.objective.rstrip(".")),
        action=_("Continue lesson %(number)s", number=number) if begun else _("Start lesson %(number)s", number=number),
        href=lesson_href(course_code, lesson),
        minutes=ngettext("%(num)d minute", "%(num)d minutes", lesson.minutes),
        ring=(
            module.done / module.total,
            str(module.done),
            _("of %(total)s", total=module.total),
            Markup("<strong>{}</strong> {}").format(module.code, module.title),
        ),
    )
