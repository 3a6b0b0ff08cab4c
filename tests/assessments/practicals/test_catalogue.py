"""Bringing a practical in from a course folder: once, twice, changed."""

from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from app import clock, transaction
from app.errors import Missing
from assessments.practicals import catalogue, queries
from courses.folder.reader import read_folder

FOUNDATION = Path(__file__).resolve().parents[3] / "courses" / "curriculum" / "foundation"


@dataclass(frozen=True)
class Head:
    code: str = "T"
    level: str = "foundation"
    language: str = "en"


@dataclass(frozen=True)
class Folder:
    practical: dict[str, Any] | None
    rubric: dict[str, Any] | None
    dossier: dict[str, str]
    course: Head = Head()


@pytest.fixture
def folder() -> Folder:
    """The practical of the first course that comes with the program."""
    course, faults = read_folder(FOUNDATION, None, ["foundation"])
    assert course is not None, faults
    return Folder(deepcopy(course.practical), deepcopy(course.rubric), dict(course.dossier))


def bring(folder: Folder) -> list[str]:
    lines = catalogue.import_practical(folder, clock.now())
    transaction.commit()
    return lines


def test_the_practical_of_the_first_course_comes_in_whole(app, folder):
    assert bring(folder) == ["rubric CR-F-R1 version 1: created", "practical CR-F-P1: created"]
    practical, rubric = queries.get_practical("CR-F-P1"), queries.get_rubric("CR-F-R1")
    assert (practical.calendar_days, practical.max_files, practical.course_code) == (28, 8, "T")
    assert [page["title"] for page in practical.dossier][:2] == [
        "The supplied case: how to work with it",
        "Quillmere and its accounts",
    ]
    assert rubric.criteria[0].code == "selection"
    assert all(len(criterion.descriptors) == len(rubric.levels) for criterion in rubric.criteria)


def test_the_same_folder_twice_changes_nothing(app, folder):
    bring(folder)
    assert bring(folder) == ["rubric CR-F-R1 version 1: unchanged", "practical CR-F-P1: unchanged"]


def test_a_changed_rubric_is_a_new_version_and_the_old_one_stays(app, folder):
    bring(folder)
    old = queries.get_rubric("CR-F-R1")
    folder.rubric["criterion"][0]["descriptors"][0] = "Another wording."
    assert bring(folder)[0] == "rubric CR-F-R1 version 2: updated"
    newest = queries.get_rubric("CR-F-R1")
    assert (newest.version, newest.criteria[0].descriptors[0]) == (2, "Another wording.")
    assert old.criteria[0].descriptors[0] != "Another wording."


def test_another_declaration_is_another_version_of_it(app, folder):
    bring(folder)
    folder.practical["declaration"] += "\n\nAnd I mean it."
    assert bring(folder)[1] == "practical CR-F-P1: updated"
    assert queries.get_practical("CR-F-P1").declaration_version == 2


def test_another_brief_leaves_the_declaration_alone(app, folder):
    bring(folder)
    folder.practical["brief"] += "\n\nA new line."
    bring(folder)
    assert queries.get_practical("CR-F-P1").declaration_version == 1


def test_a_course_without_a_practical_brings_none(app, folder):
    assert bring(replace(folder, practical=None)) == []
    with pytest.raises(Missing):
        queries.get_practical("CR-F-P1")
