"""Enrolling and reading on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.errors import DomainError, Missing
from courses import queries, services
from courses.domain_events import Enrolled, LessonsCompleted
from courses.models import Enrolment, LessonProgress
from tests.factories.courses import SmallCourse, publish
from tests.factories.people import PersonFactory


@pytest.fixture
def learner(session, tmp_path):
    publish(SmallCourse(tmp_path / "course"))
    return PersonFactory()


@pytest.fixture
def heard(app, monkeypatch):
    """The events of courses that were published."""
    events = []
    for kind in (Enrolled, LessonsCompleted):
        monkeypatch.setitem(app.extensions["bus"]._handlers, kind, [events.append])
    return events


def test_enrolling_twice_is_enrolling_once(session, learner, heard):
    first = services.enrol(learner.id, "CT", clock.now())
    assert services.enrol(learner.id, "CT", clock.now()).id == first.id
    assert len(session.scalars(select(Enrolment)).all()) == 1
    assert heard == [Enrolled(learner.id, "CT")]


def test_nobody_enrols_in_a_course_that_is_not_there(learner):
    with pytest.raises(Missing):
        services.enrol(learner.id, "NONE", clock.now())


def test_finishing_the_last_open_lesson_completes_the_course_once(learner, heard):
    services.enrol(learner.id, "CT", clock.now())
    heard.clear()
    assert services.finish_lesson(learner.id, "CT", "B.1", clock.now()) == ""
    assert services.finish_lesson(learner.id, "CT", "A.1", clock.now()) == "A.2"
    assert heard == []
    assert services.finish_lesson(learner.id, "CT", "A.2", clock.now()) == "B.1"
    services.finish_lesson(learner.id, "CT", "A.2", clock.now())
    assert heard == [LessonsCompleted(learner.id, "CT")]
    assert queries.lessons_done(learner.id, "CT") == (3, 3)


def test_a_lesson_stays_done_since_the_first_time(session, learner):
    services.enrol(learner.id, "CT", clock.now())
    early = clock.now() - timedelta(days=3)
    services.finish_lesson(learner.id, "CT", "A.1", early)
    services.finish_lesson(learner.id, "CT", "A.1", clock.now())
    session.commit()
    row = session.scalars(select(LessonProgress).where(LessonProgress.lesson_code == "A.1")).one()
    assert row.done_at == early


def test_one_goes_on_where_one_stopped(learner):
    enrolment = services.enrol(learner.id, "CT", clock.now())
    assert queries.resume_at(queries.lesson_states(enrolment)).code == "A.1"
    services.open_lesson(learner.id, "CT", "B.1", clock.now(), "part-2")
    there = queries.resume_at(queries.lesson_states(enrolment))
    assert (there.code, there.position) == ("B.1", "part-2")
    for code in ("A.1", "A.2", "B.1"):
        services.finish_lesson(learner.id, "CT", code, clock.now())
    assert queries.resume_at(queries.lesson_states(enrolment)) is None


def test_modules_that_are_left_are_named(learner):
    assert queries.unfinished_modules(learner.id, "CT") == ["A", "B"]
    services.enrol(learner.id, "CT", clock.now())
    services.finish_lesson(learner.id, "CT", "B.1", clock.now())
    assert queries.unfinished_modules(learner.id, "CT") == ["A"]


@pytest.mark.parametrize("mark", ["part-", "part-9999", "x", "part-1\n", "../"])
def test_only_a_mark_of_a_heading_is_a_position(learner, mark):
    services.enrol(learner.id, "CT", clock.now())
    with pytest.raises(DomainError):
        services.open_lesson(learner.id, "CT", "A.1", clock.now(), mark)


def test_progress_needs_an_enrolment_and_a_lesson_of_the_course(learner):
    with pytest.raises(Missing):
        services.finish_lesson(learner.id, "CT", "A.1", clock.now())
    services.enrol(learner.id, "CT", clock.now())
    with pytest.raises(Missing):
        services.finish_lesson(learner.id, "CT", "Z.1", clock.now())
    assert queries.lessons_done(PersonFactory().id, "CT") == (0, 0)
