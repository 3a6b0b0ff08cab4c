"""`laurel courses`: importing from the command line."""

import json

import pytest
from sqlalchemy import select

from app.errors import DomainError
from app.extensions import db
from courses.cli import group
from courses.models import Course, Level
from tests.factories.courses import SmallCourse


@pytest.fixture
def folder(tmp_path):
    return SmallCourse(tmp_path / "course").write()


@pytest.fixture
def laurel(app, monkeypatch):
    """The command line with nobody else reading the folder."""
    monkeypatch.setitem(app.extensions, "course_importers", [])

    def run(*args):
        db.session.commit()
        return app.test_cli_runner().invoke(group, [str(arg) for arg in args])

    return run


def test_a_sound_folder_is_imported_and_listed(laurel, folder):
    done = laurel("import", folder.root)
    assert done.exit_code == 0, done.output
    assert "CT edition 1: created, 2 modules, 3 lessons" in done.output
    assert "CT  Testing with care (foundation, edition 1, en)" in laurel("list").output


def test_again_it_is_unchanged(laurel, folder):
    laurel("import", folder.root)
    report = json.loads(laurel("import", folder.root, "--json").output)
    assert (report["ok"], report["outcome"], report["scheme"]) == (True, "unchanged", "unchanged")


def test_faults_are_printed_with_file_and_line_and_nothing_changes(laurel, folder, session):
    folder.change("course.toml", "minutes = 45", "minutes = 0")
    done = laurel("import", folder.root)
    assert done.exit_code == 1
    assert "course.toml:6: minutes must be" in done.output
    assert session.scalars(select(Course)).all() == []


def test_faults_as_json(laurel, folder):
    (folder.root / "modules/a/A.1.md").unlink()
    done = laurel("import", folder.root, "--json")
    assert done.exit_code == 1
    assert json.loads(done.output)["faults"][-1]["line"] == 5


def test_a_rehearsal_reports_and_changes_nothing(laurel, folder, session):
    done = laurel("import", folder.root, "--dry-run", "--json")
    assert json.loads(done.output)["outcome"] == "created"
    assert session.scalars(select(Level)).all() == []


def test_other_floors_read_the_folder_in_the_same_transaction(app, laurel, folder, session, monkeypatch):
    seen = []

    def keep(course, now):
        seen.append(len(course.items))
        return ["items: 2 created"]

    def refuse(course, now):
        raise DomainError("the exam is running")

    monkeypatch.setitem(app.extensions, "course_importers", [keep])
    assert "items: 2 created" in laurel("import", folder.root).output
    folder.change("course.toml", "minutes = 45", "minutes = 50")
    monkeypatch.setitem(app.extensions, "course_importers", [keep, refuse])
    done = laurel("import", folder.root)
    assert (done.exit_code, "the exam is running" in done.output, seen) == (1, True, [2, 2])
    monkeypatch.setitem(app.extensions, "course_importers", [])
    assert "updated" in laurel("import", folder.root).output


def test_a_folder_that_is_not_there_is_bad_usage(laurel, tmp_path):
    assert laurel("import", tmp_path / "nowhere").exit_code == 2


def test_levels_load_from_a_file_of_ones_own(laurel, tmp_path):
    assert "foundation, practitioner, advanced changed" in laurel("levels").output
    assert "3 levels: unchanged" in laurel("levels").output
    (tmp_path / "levels.toml").write_text("format = 9\n", encoding="utf-8")
    assert laurel("levels", tmp_path / "levels.toml").exit_code == 1
