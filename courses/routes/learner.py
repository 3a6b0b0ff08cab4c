"""Levels, courses and lessons, open to everybody; enrolling, reading on and marking lessons for members."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.errors import Missing
from app.policy import Permission, current_actor, requires
from courses import queries, reading, services, views
from courses.models import Enrolment

blueprint = Blueprint("courses", __name__, template_folder="../templates")


@blueprint.get("/training")
@requires(Permission.PUBLIC)
def training() -> str:
    """The levels with their syllabus and rules."""
    return render_template("courses/training.html", levels=views.level_cards(clock.now().date()))


def _own_enrolment(course_code: str) -> Enrolment | None:
    actor = current_actor()
    return queries.find_enrolment(actor.person_id, course_code) if actor.is_authenticated else None


@blueprint.get("/training/<course_code>")
@requires(Permission.PUBLIC)
def course(course_code: str) -> str:
    """What a course teaches, how long it takes, and by which rules its certificate is awarded."""
    enrolment = _own_enrolment(course_code)
    edition = queries.get_edition(course_code, enrolment)
    states = queries.outline(edition.id, enrolment.id if enrolment else 0)
    return render_template(
        "courses/course.html",
        edition=edition,
        course=edition.course,
        data=edition.data,
        modules=queries.list_modules(edition.id),
        states={module.code: module for module in queries.module_states(states)},
        enrolment=enrolment,
        scheme=queries.find_scheme(edition.course.level.code, clock.now().date()),
        resume=queries.resume_at(states),
        first=states[0] if states else None,
        done=sum(state.is_done for state in states),
        total=len(states),
        hours=views.hours,
        duration=views.duration,
        validity=views.validity,
    )


@blueprint.post("/training/<course_code>/enrolment")
@requires(Permission.COURSE_STUDY)
def enrol(course_code: str) -> Any:
    """Begin a course, and go to its first lesson."""
    actor = current_actor()
    enrolment = services.enrol(actor.person_id, course_code, clock.now(), actor.public_id)
    state = queries.resume_at(queries.lesson_states(enrolment))
    if state is None:
        return redirect(url_for("courses.course", course_code=course_code))
    return redirect(lesson_address(course_code, state))


def lesson_address(course_code: str, state: queries.LessonState) -> str:
    """Where a lesson is read, at the heading last seen."""
    return url_for(
        "courses.lesson",
        course_code=course_code,
        module_code=state.module_code,
        lesson_code=state.code,
        _anchor=state.position or None,
    )


@blueprint.get("/learn/<course_code>")
@requires(Permission.PUBLIC)
def resume(course_code: str) -> Any:
    """Go on where one left, or begin."""
    enrolment = _own_enrolment(course_code)
    edition = queries.get_edition(course_code, enrolment)
    states = queries.outline(edition.id, enrolment.id if enrolment else 0)
    state = queries.resume_at(states)
    if state is None:
        return redirect(url_for("courses.course", course_code=course_code))
    return redirect(lesson_address(course_code, state))


@blueprint.get("/learn/<course_code>/<module_code>/<lesson_code>")
@requires(Permission.PUBLIC)
def lesson(course_code: str, module_code: str, lesson_code: str) -> str:
    """A lesson, free to all; with progress for those enrolled."""
    enrolment = _own_enrolment(course_code)
    edition = queries.get_edition(course_code, enrolment)
    found = queries.get_lesson(edition.id, module_code, lesson_code)
    states = queries.outline(edition.id, enrolment.id if enrolment else 0)
    place = next(at for at, state in enumerate(states) if state.code == lesson_code)
    module = next(m for m in queries.module_states(states) if m.code == module_code)
    return render_template(
        "courses/lesson.html",
        lesson=found,
        edition=edition,
        course=edition.course,
        module=module,
        number=[state.code for state in module.lessons].index(lesson_code) + 1,
        state=states[place],
        reading=reading.read(found.text),
        previous=states[place - 1] if place else None,
        following=states[place + 1] if place + 1 < len(states) else None,
        enrolment=enrolment,
        check_yourself=current_app.extensions.get("check_yourself"),
    )


@blueprint.post("/learn/<course_code>/<module_code>/<lesson_code>/done")
@requires(Permission.COURSE_STUDY)
def finish(course_code: str, module_code: str, lesson_code: str) -> Any:
    """Mark a lesson as read and go to the next one."""
    following = services.finish_lesson(current_actor().person_id, course_code, lesson_code, clock.now())
    enrolment = _own_enrolment(course_code)
    if enrolment is None:
        raise Missing
    states = queries.lesson_states(enrolment)
    if following:
        return redirect(lesson_address(course_code, next(state for state in states if state.code == following)))
    if all(state.is_done for state in states):
        flash(_("You have read every lesson of this course. Well done."), "success")
    return redirect(url_for("courses.course", course_code=course_code))


@blueprint.put("/learn/<course_code>/<module_code>/<lesson_code>/position")
@requires(Permission.COURSE_STUDY)
def position(course_code: str, module_code: str, lesson_code: str) -> Any:
    """Keep the last heading seen; sent by the page itself now and then."""
    given = request.get_json(silent=True)
    mark = given.get("position") if isinstance(given, dict) else None
    if not isinstance(mark, str):
        abort(400)
    services.open_lesson(current_actor().person_id, course_code, lesson_code, clock.now(), mark)
    return "", 204
