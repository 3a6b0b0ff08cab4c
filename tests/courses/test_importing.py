"""Importing: the same folder twice changes nothing, and what is published is not bent."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEntry
from courses import queries, services
from courses.importing import ImportRefused, import_course
from courses.models import CourseEdition, Lesson, Scheme
from tests.factories.courses import SmallCourse, load_levels, publish
from tests.factories.people import PersonFactory


@pytest.fixture
def folder(tmp_path):
    return SmallCourse(tmp_path / "course")


def snapshot(session):
    """Every row of the imported tables, as plain values."""
    session.expire_all()
    return [
        {column.name: getattr(row, column.key) for column in model.__table__.columns}
        for model in (CourseEdition, Lesson, Scheme)
        for row in session.scalars(select(model).order_by(model.id))
    ]


def test_the_first_import_creates_edition_lessons_and_scheme(session, folder):
    report = publish(folder)
    assert (report.outcome, report.scheme, report.modules, report.lessons) == ("created", "created", 2, 3)
    edition = queries.get_edition("CT")
    assert edition.data["exam"]["questions"] == 2
    assert edition.data["practical"]["calendar_days"] == 7
    assert [state.code for state in queries.outline(edition.id)] == ["A.1", "A.2", "B.1"]
    assert queries.current_scheme("foundation", clock.now().date()).rule[1]["minimum_percent"] == "70"


def test_the_same_folder_twice_changes_nothing(session, folder):
    publish(folder)
    before, audited = snapshot(session), session.scalars(select(AuditEntry)).all()
    report = import_course(folder.read(), clock.now() + timedelta(days=1))
    session.commit()
    assert (report.outcome, report.scheme) == ("unchanged", "unchanged")
    assert snapshot(session) == before
    assert len(session.scalars(select(AuditEntry)).all()) == len(audited)


def test_a_correction_changes_the_lesson_in_place(session, folder):
    publish(folder)
    ids = [lesson.id for lesson in session.scalars(select(Lesson).order_by(Lesson.id))]
    folder.change("modules/b/B.1.md", "One point", "A better point")
    assert import_course(folder.read(), clock.now()).outcome == "updated"
    session.commit()
    assert [lesson.id for lesson in session.scalars(select(Lesson).order_by(Lesson.id))] == ids
    edition = queries.get_edition("CT")
    assert edition.corrected_at is not None
    assert "A better point" in queries.get_lesson(edition.id, "B", "B.1").text


def test_lessons_may_change_while_nobody_is_enrolled(session, folder):
    publish(folder)
    folder.modules["B"].append("B.2")
    assert import_course(folder.write().read(), clock.now()).lessons == 4


def test_with_learners_other_lessons_need_a_new_edition(session, folder):
    publish(folder)
    person = PersonFactory()
    services.enrol(person.id, "CT", clock.now())
    folder.modules["B"].append("B.2")
    with pytest.raises(ImportRefused) as refused:
        import_course(folder.write().read(), clock.now())
    assert [(fault.file, "B.2" in fault.message) for fault in refused.value.faults] == [("course.toml", True)]
    session.rollback()


def test_a_new_edition_is_for_those_who_begin_later(session, folder):
    publish(folder)
    early, late = PersonFactory(), PersonFactory()
    services.enrol(early.id, "CT", clock.now())
    folder.modules["B"].append("B.2")
    folder.edition = "2"
    assert publish(folder).outcome == "created"
    services.enrol(late.id, "CT", clock.now())
    session.commit()
    assert queries.lessons_done(early.id, "CT") == (0, 3)
    assert queries.lessons_done(late.id, "CT") == (0, 4)


def test_a_published_rule_is_never_changed(session, folder):
    publish(folder)
    folder.change("scheme.toml", 'minimum_percent = "70"', 'minimum_percent = "60"')
    with pytest.raises(ImportRefused, match="needs a new version"):
        import_course(folder.read(), clock.now())
    session.rollback()
    folder.change("scheme.toml", "version = 1", "version = 2")
    assert import_course(folder.read(), clock.now()).scheme == "created"
    assert queries.current_scheme("foundation", clock.now().date()).version == 2


def test_a_rule_counts_from_its_day_on(session, folder):
    publish(folder)
    today = clock.now().date()
    folder.change("scheme.toml", "version = 1", "version = 2")
    folder.change("scheme.toml", "2020-01-01", f"{today + timedelta(days=10):%Y-%m-%d}")
    import_course(folder.read(), clock.now())
    assert queries.current_scheme("foundation", today).version == 1
    assert queries.current_scheme("foundation", today + timedelta(days=10)).version == 2


def test_a_course_cannot_move_to_another_level(session, folder, tmp_path):
    publish(folder)
    other = SmallCourse(tmp_path / "other", level="practitioner", edition="2").write()
    with pytest.raises(ImportRefused, match="another level"):
        import_course(other.read(), clock.now())


def test_an_unknown_level_is_refused(session, folder):
    load_levels()
    folder.level = "wizard"
    with pytest.raises(ImportRefused):
        import_course(folder.write().read(), clock.now())
