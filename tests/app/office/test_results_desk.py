"""What exams and practicals lay on the officers' desk."""

from app import clock
from app.office import results_desk
from tests.factories.certificates import PRACTICAL_REQUIREMENT, do_practical, make_level, sit_exam
from tests.factories.people import PersonFactory


def on_the_desk(app):
    with app.test_request_context("/office"):
        return [(item.title, item.href) for item in results_desk.waiting(clock.now())]


def test_an_empty_desk(app, session):
    assert on_the_desk(app) == []


def test_marked_practicals_wait_for_their_release(app, session):
    make_level(more=(PRACTICAL_REQUIREMENT,))
    do_practical(PersonFactory())
    assert on_the_desk(app) == [("1 result waits for its release", "/office/results")]
    do_practical(PersonFactory())
    assert on_the_desk(app) == [("2 results wait for their release", "/office/results")]


def test_results_of_exams_are_released_by_rule_and_do_not_lie_here(app, session):
    make_level()
    sit_exam(PersonFactory(), "90")
    assert on_the_desk(app) == []
