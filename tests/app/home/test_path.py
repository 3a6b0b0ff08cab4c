"""My path: what is done, what is next, and why something is locked."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app import clock
from app.extensions import db
from app.home.gathering import Coming, Found, Held, Note
from assessments.grading.decision import Evidence
from assessments.grading.requirements import ExamEvidence, PracticalEvidence
from assessments.grading.rubric import CriterionRule, Rubric
from courses import queries, services
from courses.models import Enrolment, LessonProgress
from tests.factories.courses import SmallCourse, load_levels, publish
from tests.factories.people import PersonFactory
from tests.support.queries import counted

MOST_QUERIES = 8
RUBRIC = Rubric(("absent", "meets"), "meets", (CriterionRule("care", False),))


@pytest.fixture
def learner(session, tmp_path):
    publish(SmallCourse(tmp_path / "course"))
    return PersonFactory()


@pytest.fixture
def enrolled(learner):
    services.enrol(learner.id, "CT", clock.now())
    db.session.commit()
    return learner


@pytest.fixture
def told(app, monkeypatch):
    """What the other features would say, set by the test."""
    sources = app.extensions["path"]

    def tell(exam=None, practical=None, notes=None, held=(), coming=()):
        exams = {"CT-EXAM": exam} if exam else {}
        practicals = {"CT-P1": practical} if practical else {}
        found = Found(Evidence(exams=exams, practicals=practicals), notes or {}, tuple(coming))
        monkeypatch.setattr(sources, "sources", [sources.sources[0], lambda asked: found])
        monkeypatch.setattr(sources, "holdings", [lambda person_id, now: held])

    return tell


def read_all(learner):
    for state in queries.list_lessons("CT", learner.id):
        services.finish_lesson(learner.id, "CT", state.code, clock.now())
    db.session.commit()


def see(visit, learner, path="/path"):
    if visit.person is None:
        visit.sign_in(learner)
    response = visit.get(path)
    assert response.status_code == 200, response.status
    return " ".join(response.get_data(as_text=True).split())


def test_my_path_is_for_members(visit):
    assert visit.get("/path").headers["Location"].startswith("/sign-in")


def test_before_anything_is_published_there_is_a_way_on(visit, session):
    load_levels()
    html = see(visit, PersonFactory())
    assert "There is no course to begin yet" in html


def test_who_has_not_begun_sees_the_one_first_step(visit, learner):
    html = see(visit, learner)
    assert "Start Foundation" in html
    assert 'action="/training/CT/enrolment"' in html
    assert "Open to you" in html


def test_the_next_step_is_the_next_lesson(visit, enrolled):
    html = see(visit, enrolled)
    assert "Lesson A.1" in html
    assert "Start lesson 1" in html
    services.finish_lesson(enrolled.id, "CT", "A.1", clock.now())
    services.open_lesson(enrolled.id, "CT", "A.2", clock.now(), "part-2")
    db.session.commit()
    html = see(visit, enrolled)
    assert "Continue lesson 2" in html
    assert 'href="/learn/CT/A/A.2#part-2"' in html
    assert "1 of 3 lessons of Foundation read." in html


def test_the_exam_is_locked_and_says_by_what(visit, enrolled):
    html = see(visit, enrolled)
    assert "Locked: finish A and B" in html
    assert "First finish A and B. Then 70 % is needed to pass." in html
    assert "Locked: pass exam and practical" in html
    read_all(enrolled)
    html = see(visit, enrolled)
    assert "Locked: finish" not in html
    assert "All 3 lessons read." in html


def test_a_practical_is_open_beside_the_lessons(visit, enrolled):
    html = see(visit, enrolled)
    assert "About 2 hours over 7 days" in html
    assert "A test of your own" in html


def test_what_a_feature_tells_of_its_part_is_shown(visit, enrolled, told):
    told(notes={"CT-P1": Note("Begun", 0.5, "/practicals/CT-P1", "Go on", under_way=True)})
    html = see(visit, enrolled)
    assert '<a href="/practicals/CT-P1">Go on</a>' in html


def test_work_under_way_leaves_the_next_step_to_what_can_be_done_today(visit, enrolled, told):
    read_all(enrolled)
    exam = Note("", 0, "/exams/CT-EXAM", "Open the exam")
    told(notes={"CT-EXAM": exam})
    assert 'class="next-title">A test of your own' in see(visit, enrolled)
    told(notes={"CT-EXAM": exam, "CT-P1": Note("Begun", 0.5, under_way=True)})
    assert 'class="next-title">Exam on testing' in see(visit, enrolled)


def test_a_wait_of_the_exam_is_the_lock(visit, enrolled, told):
    read_all(enrolled)
    told(
        exam=ExamEvidence((Decimal("52.5"),), attempts_left=2),
        notes={"CT-EXAM": Note(locked="wait until 3 December 2026 for the next attempt")},
    )
    html = see(visit, enrolled)
    assert "Locked: wait until 3 December 2026" in html


def test_a_result_below_the_mark_is_said_exactly(visit, enrolled, told):
    read_all(enrolled)
    told(exam=ExamEvidence((Decimal("69.9"),), attempts_left=2))
    assert "Best result so far 69.9 %; 70 % needed." in see(visit, enrolled)


def test_who_has_handed_everything_in_waits(visit, enrolled, told):
    read_all(enrolled)
    told(exam=ExamEvidence(awaiting=True), practical=PracticalEvidence(awaiting=True))
    html = see(visit, enrolled)
    assert "Waiting for a result" in html
    assert "the result has not been released yet" in html


def test_when_all_is_done_the_certificate_is_on_its_way(visit, enrolled, told):
    read_all(enrolled)
    passed = PracticalEvidence(((RUBRIC, {"care": "meets"}),))
    told(exam=ExamEvidence((Decimal("80"),)), practical=passed)
    html = see(visit, enrolled)
    assert "Your certificate is on its way" in html
    assert "Being decided" in html


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        ("revoked", "Your Foundation certificate was revoked"),
        ("suspended", "Your Foundation certificate is suspended"),
        ("expired", "It was valid until 1 September 2026"),
    ],
)
def test_a_certificate_that_ended_is_not_promised_again(visit, enrolled, told, ended, words):
    read_all(enrolled)
    told(
        exam=ExamEvidence((Decimal("80"),)),
        practical=PracticalEvidence(((RUBRIC, {"care": "meets"}),)),
        held=[Held("foundation", date(2023, 9, 2), date(2026, 9, 1), "/certificates", ended)],
    )
    html = see(visit, enrolled)
    assert words in html
    assert ended.title() in html
    for promise in ("on its way", "Being decided", "You hold Foundation", "Foundation is yours"):
        assert promise not in html


def test_a_certificate_in_force_goes_before_one_that_was_revoked(visit, enrolled, told):
    old, new = date(2025, 9, 2), date(2026, 9, 2)
    told(
        held=[Held("foundation", new, None, "/certificates"), Held("foundation", old, None, "/certificates", "revoked")]
    )
    html = see(visit, enrolled)
    assert "You hold Foundation" in html
    assert "Revoked" not in html


def test_no_attempts_left_sends_to_an_officer(visit, enrolled, told):
    read_all(enrolled)
    passed = PracticalEvidence(((RUBRIC, {"care": "meets"}),))
    note = Note(locked="an officer decides on another attempt")
    told(exam=ExamEvidence((Decimal("10"),), attempts_left=0), practical=passed, notes={"CT-EXAM": note})
    assert "All attempts are used. An officer decides on another one." in see(visit, enrolled)


def test_a_holder_sees_the_certificate_and_the_next_level(visit, enrolled, told, tmp_path):
    publish(SmallCourse(tmp_path / "next", code="CU", level="practitioner", requires="foundation"))
    read_all(enrolled)
    told(held=[Held("foundation", date(2026, 9, 2), None, "/certificates")])
    html = see(visit, enrolled)
    assert "You hold Foundation" in html
    assert "Awarded on 2 September 2026, for life." in html
    assert 'href="/certificates"' in html
    assert "Look at Practitioner" in html
    assert 'href="/cpd"' in html


def test_a_level_that_needs_another_says_so(visit, enrolled, told, tmp_path):
    publish(SmallCourse(tmp_path / "next", code="CU", level="practitioner", requires="foundation"))
    assert "Locked: needs Foundation" in see(visit, enrolled)
    services.enrol(enrolled.id, "CU", clock.now())
    db.session.commit()
    html = see(visit, enrolled, "/path?level=practitioner")
    assert "The way to the Practitioner certificate" in html
    assert "The way to the Foundation certificate" in see(visit, enrolled, "/path?level=nonsense")


def test_dates_ahead_are_shown_in_order(visit, enrolled, told):
    later, sooner = clock.now() + timedelta(days=9), clock.now() + timedelta(days=2)
    told(coming=[Coming(later, "Second date"), Coming(sooner, "First date", "At noon", "/events/x")])
    html = see(visit, enrolled)
    assert html.index("First date") < html.index("Second date")


def test_it_asks_the_database_little_and_as_often_among_a_thousand(visit, enrolled):
    services.finish_lesson(enrolled.id, "CT", "A.1", clock.now())
    db.session.commit()
    see(visit, enrolled)
    counts = []
    for crowd in (10, 990):
        _crowd(crowd)
        with counted() as sent:
            assert visit.get("/path").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES, sent


def _crowd(count):
    """Other learners of the course, each with a lesson read."""
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
