"""Exams come from course folders, in versions; the shipped one is sound and its pass mark means something."""

from decimal import Decimal
from pathlib import Path

import pytest

from app import clock, transaction
from assessments.exams import queries
from assessments.exams.chances import pass_chances
from assessments.exams.services import import_course_exam, import_exam_parts
from assessments.exams.stock import list_stocks
from assessments.grading.standard import chance_of_passing, points_needed
from assessments.items.definitions import ItemsInvalid, check_item
from assessments.quizzes.queries import list_questions, list_quizzes
from assessments.quizzes.services import import_quiz_parts, import_quizzes
from courses.folder.model import CourseFolder, CourseHead, ModuleFolder
from courses.folder.reader import read_folder
from tests.factories.assessments import begin, candidate, definition, exam_of, singles

SHIPPED = Path(__file__).resolve().parents[3] / "courses" / "curriculum" / "foundation"
EXAM = {
    "code": "T-EXAM",
    "title": "Exam",
    "minutes": 30,
    "pass_percent": "65",
    "attempts": 2,
    "waits_days": [1, 2],
    "supervision": "unsupervised",
    "rules": "Alone.",
    "cell": [{"topic": "F1", "thinking": "apply", "draw": 2}],
}


def folder(exam=None, items=None, quiz=()):
    head = CourseHead("T", "T course", "foundation", "en", 60, "", "", (), "", "1", "", ())
    module = ModuleFolder("F1", "First module", "", (), (), tuple(quiz))
    return CourseFolder(head, (module,), tuple(singles(3) if items is None else items), exam or dict(EXAM))


def test_an_exam_is_made_once_and_each_change_is_a_version(session):
    course = folder()
    assert import_course_exam(course, clock.now()).exam == "created"
    transaction.commit()
    assert import_course_exam(course, clock.now()).exam == "unchanged"
    changed = folder(dict(EXAM) | {"minutes": 45}, course.items)

    assert import_course_exam(changed, clock.now()).exam == "updated"
    transaction.commit()

    exam = queries.get_exam("T-EXAM")
    assert (exam.version, exam.minutes, exam.pass_percent, exam.topics) == (2, 45, Decimal(65), {"F1": "First module"})


def test_a_running_attempt_keeps_the_rules_it_began_under(session):
    exam = exam_of()
    attempt = begin(exam, candidate())
    exam.pass_percent, exam.version = Decimal(90), 2
    transaction.commit()

    assert attempt.exam_snapshot["pass_percent"] == "70"
    assert attempt.exam_snapshot["version"] == 1


def test_a_blueprint_that_cannot_be_filled_is_refused(session):
    with pytest.raises(ItemsInvalid, match="lacks 1 items"):
        import_course_exam(folder(items=singles(1)), clock.now())


def test_practice_items_and_exam_items_of_one_course_must_differ(session):
    course = folder(quiz=[definition("Q1", stem="The same?")], items=[*singles(3), definition("E1", stem="The same?")])
    import_course_exam(course, clock.now())

    with pytest.raises(ItemsInvalid, match="never practised with"):
        import_quizzes(course, clock.now())


def test_the_shipped_course_comes_in_whole_and_twice_is_once(session):
    course, faults = read_folder(SHIPPED, check_item)
    assert faults == []

    lines = import_exam_parts(course, clock.now()) + import_quiz_parts(course, clock.now())
    transaction.commit()
    assert lines == ["exam items: 137 created", "exam: created", "practice items: 49 created"]
    assert import_exam_parts(course, clock.now()) == ["exam items: 137 unchanged", "exam: unchanged"]
    assert [stock for stock in list_stocks() if stock.missing] == []
    assert all(len(list_questions(quiz.id)) >= 9 for quiz in list_quizzes("CR-F"))

    chances = pass_chances(queries.get_exam("CR-F-EXAM"))
    assert [knows for knows, _chance in chances] == [Decimal("0.5"), Decimal("0.6"), Decimal("0.7"), Decimal("0.8")]
    assert Decimal("0.1") < chances[0][1] < Decimal("0.25")
    assert chances[3][1] > Decimal("0.98")


def test_the_chance_is_that_of_a_plain_binomial_where_it_can_be_checked_by_hand(session):
    """Numbers are never guessed: knowing 50 % of 4 numbers, 3 needed, passes with 5/16."""
    exam = exam_of([definition(f"N{n}", "numeric") for n in range(4)])

    chances = dict(pass_chances(exam))

    assert chances[Decimal("0.5")] == Decimal("0.3125")
    assert chances[Decimal("0.5")] == chance_of_passing(4, points_needed(4, Decimal(70)), Decimal("0.5"), [0] * 4)


def test_the_chance_follows_the_bank(session):
    exam = exam_of([definition(f"M{n}", "numeric") for n in range(4)], draw=2)
    before = pass_chances(exam)
    assert pass_chances(exam) is before, "it is computed once"

    from assessments.items.models import ItemBank
    from assessments.items.services import import_items

    import_items(singles(4), session.get(ItemBank, exam.bank_id), clock.now())
    transaction.commit()

    assert pass_chances(exam)[0][1] > before[0][1], "an item that can be guessed makes passing likelier"


def test_an_exam_whose_cell_is_empty_states_no_chance(session):
    exam = exam_of(singles(2))
    exam.blueprint = [{"topic": "F9", "thinking": "apply", "draw": 1}]
    transaction.commit()

    assert pass_chances(exam) == []
