"""My path of somebody whose certificate ends: when it can be renewed, how, and the way back when that is too late."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app import clock
from app.extensions import db
from app.home import path_certificates
from assessments.exams.models import Attempt
from assessments.results.models import Result
from courses import importing, services
from tests.factories.certificates import certify, pass_exam, run_jobs
from tests.factories.courses import SmallCourse, load_levels
from tests.factories.renewals import certify_for, days_left, newest, person_of
from tests.support.queries import counted

MOST_QUERIES = 8


@pytest.fixture
def held(app):
    """A certificate that ends, and everything for it done three years ago."""
    credential = certify_for()
    long_ago = clock.now() - timedelta(days=3 * 365)
    for table in (Result, Attempt):
        db.session.execute(update(table).values(released_at=long_ago))
    db.session.commit()
    return credential


def see(visit, credential):
    if visit.person is None:
        visit.sign_in(person_of(credential))
    response = visit.get("/path")
    assert response.status_code == 200, response.status
    return " ".join(response.get_data(as_text=True).split())


def test_long_before_nothing_is_said(visit, held):
    days_left(held, 900)
    page = see(visit, held)
    assert "You hold Foundation" in page
    assert f"/certificates/{held.public_id}/renew" not in page


@pytest.mark.parametrize(
    ("left", "words", "action"),
    [
        (220, ("Foundation can soon be renewed", "60 hours of continuing development are asked"), "See what is asked"),
        (30, ("Renew your Foundation certificate", "and there is no gap"), "Renew it"),
        (-30, ("Your Foundation certificate has expired", "It can still be renewed until"), "Renew it"),
        (-100, ("Your Foundation certificate has expired", "the rest is open to you once more"), "See the way back"),
    ],
)
def test_the_step_says_how_it_stands_and_leads_to_its_page(visit, held, left, words, action):
    days_left(held, left)
    page = see(visit, held)
    for part in (*words, action, f'href="/certificates/{held.public_id}/renew"'):
        assert part in page


def test_the_way_back_shows_the_exam_open_and_what_is_passed_anew_done(visit, held):
    days_left(held, -100)
    page = see(visit, held)
    assert 'href="/exams/EX"' in page
    assert "See your result" not in page
    pass_exam(person_of(held))
    run_jobs()
    page = see(visit, held)
    assert newest().public_id != held.public_id
    assert "You hold Foundation" in page
    assert "expired" not in page


def test_a_certificate_for_life_costs_no_statement_more(app):
    person = person_of(certify())
    with counted() as sent:
        [one] = path_certificates.certificates(person.id, clock.now())
    assert (len(sent), one.due) == (1, None)


def test_one_that_ends_costs_one_statement_and_the_page_stays_within_its_number(visit, held, tmp_path):
    course = SmallCourse(tmp_path / "course")
    course.write().change("scheme.toml", "version = 1", "version = 2")
    load_levels()
    importing.import_course(course.read(), clock.now())
    person = person_of(held)
    services.enrol(person.id, "CT", clock.now())
    db.session.commit()
    days_left(held, 30)
    see(visit, held)
    with counted() as sent:
        see(visit, held)
    assert len(sent) <= MOST_QUERIES, sent
