"""Courses on the web: open to everybody to read, with a memory for those enrolled."""

import pytest
from sqlalchemy import select

from app import clock
from app.extensions import db
from courses import queries, services
from courses.importing import import_course
from courses.models import Enrolment, LessonProgress
from tests.factories.courses import SmallCourse, load_levels, publish
from tests.factories.people import PersonFactory
from tests.support.queries import counted

MOST_QUERIES = 8


@pytest.fixture
def course(session, tmp_path):
    return publish(SmallCourse(tmp_path / "course"))


def page(response):
    assert response.status_code == 200, response.status
    return response.get_data(as_text=True)


def test_before_the_first_course_the_training_page_says_what_to_do(visit):
    assert "The first course is being prepared" in page(visit.get("/training"))
    load_levels()
    assert "In preparation" in page(visit.get("/training"))


def test_visitors_see_levels_and_a_course_with_its_rules(visit, course):
    assert "Testing with care" in page(visit.get("/training"))
    html = page(visit.get("/training/CT"))
    for words in ("Module A", "2 questions", "70 % to pass", "For life", "at least “meets”", "Written for tests."):
        assert words in html
    assert visit.get("/training/NONE").status_code == 404


def test_lessons_are_free_to_read_for_everyone(visit, course, session):
    html = page(visit.get("/learn/CT/A/A.1"))
    assert "The first words of A.1." in html
    assert 'href="/learn/CT/A/A.2"' in html
    assert "lesson.js" not in html
    assert session.scalars(select(LessonProgress)).all() == []
    assert visit.get("/learn/CT/B/A.1").status_code == 404
    assert visit.get("/learn/CT/A/A.9").status_code == 404


def test_the_last_lesson_leads_visitors_back_to_the_course(visit, course):
    assert "What comes after the lessons" in page(visit.get("/learn/CT/B/B.1"))


def test_enrolling_needs_an_account(visit, course, session):
    assert visit.post("/training/CT/enrolment").status_code == 401
    assert session.scalars(select(Enrolment)).all() == []


def test_a_learner_enrols_reads_and_finishes(visit, course):
    learner = PersonFactory()
    visit.sign_in(learner)
    assert visit.post("/training/CT/enrolment").headers["Location"] == "/learn/CT/A/A.1"
    for here, following in (("A/A.1", "A/A.2"), ("A/A.2", "B/B.1")):
        assert "Next: " in page(visit.get(f"/learn/CT/{here}"))
        assert visit.post(f"/learn/CT/{here}/done").headers["Location"] == f"/learn/CT/{following}"
    assert "Finish the course" in page(visit.get("/learn/CT/B/B.1"))
    assert visit.post("/learn/CT/B/B.1/done").headers["Location"] == "/training/CT"
    assert "You have read every lesson" in page(visit.get("/training/CT"))
    assert queries.lessons_done(learner.id, "CT") == (3, 3)


def test_the_page_tells_where_one_is_and_one_comes_back_to_it(visit, course):
    visit.sign_in(PersonFactory())
    visit.post("/training/CT/enrolment")
    assert "/learn/CT/A/A.2/position" in page(visit.get("/learn/CT/A/A.2"))
    assert visit.put("/learn/CT/A/A.2/position", {"position": "part-2"}).status_code == 204
    assert visit.get("/learn/CT").headers["Location"] == "/learn/CT/A/A.2#part-2"


@pytest.mark.parametrize("body", [{}, {"position": 3}, [], "part-1", None])
def test_a_position_that_makes_no_sense_is_refused(visit, course, body):
    visit.sign_in(PersonFactory())
    visit.post("/training/CT/enrolment")
    assert visit.put("/learn/CT/A/A.1/position", body).status_code == 400


def test_progress_is_not_for_those_who_are_not_enrolled(visit, course):
    visit.sign_in(PersonFactory())
    assert visit.put("/learn/CT/A/A.1/position", {"position": "part-1"}).status_code == 404
    assert visit.post("/learn/CT/A/A.1/done").status_code == 404


def test_opening_a_lesson_changes_nothing(visit, course, session):
    visit.sign_in(PersonFactory())
    visit.post("/training/CT/enrolment")
    page(visit.get("/learn/CT/A/A.1"))
    assert session.scalars(select(LessonProgress)).all() == []


def test_the_question_of_a_lesson_is_shown_by_whoever_keeps_items(app, visit, session, tmp_path, monkeypatch):
    folder = SmallCourse(tmp_path / "course").write()
    folder.change("modules/a/A.1.md", "::: key", "::: check A-Q01\n:::\n\n::: key")
    load_levels()
    import_course(folder.read(), clock.now())
    session.commit()
    assert "A-Q01" not in page(visit.get("/learn/CT/A/A.1"))
    monkeypatch.setitem(app.extensions, "check_yourself", lambda course, item: f"Question {item} of {course}")
    assert "Question A-Q01 of CT" in page(visit.get("/learn/CT/A/A.1"))


def _crowd(count):
    """Other learners of the course, each with a lesson read, to make the tables longer."""
    edition, now = queries.get_edition("CT"), clock.now()
    people = [PersonFactory.build() for _ in range(count)]
    db.session.add_all(people)
    db.session.flush()
    rows = [
        Enrolment(person_id=person.id, course_id=edition.course_id, edition_id=edition.id, enrolled_at=now)
        for person in people
    ]
    db.session.add_all(rows)
    db.session.flush()
    db.session.add_all(
        LessonProgress(enrolment_id=row.id, lesson_code="A.1", first_opened_at=now, last_opened_at=now, done_at=now)
        for row in rows
    )
    db.session.commit()


@pytest.mark.parametrize("path", ["/training/CT", "/learn/CT/A/A.1"])
def test_pages_ask_the_database_little_and_as_often_among_a_thousand(visit, course, path):
    learner = PersonFactory()
    services.enrol(learner.id, "CT", clock.now())
    visit.sign_in(learner)
    page(visit.get(path))
    counts = []
    for crowd in (10, 990):
        _crowd(crowd)
        with counted() as sent:
            page(visit.get(path))
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES, sent
