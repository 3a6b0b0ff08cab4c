"""A result is finalised once and released once; the first pass counts; nobody else's result exists."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import bus, clock, transaction
from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.errors import Missing
from app.extensions import db
from app.mail.models import MailMessage
from assessments.results import queries, services
from assessments.results.domain_events import ResultReleased
from assessments.results.services import Finding
from tests.factories.assessments import begin, candidate, exam_of, hand_in, held_clock, singles, words

__all__ = ["held_clock"]


@pytest.fixture
def who(app):
    """A candidate."""
    return candidate()


def finding_for(attempt, percent="70", outcome="pass", code=""):
    return Finding(
        person_id=attempt.person_id,
        kind="exam",
        code=code or attempt.exam_snapshot["code"],
        title="Exam",
        number=attempt.number,
        outcome=outcome,
        percent=Decimal(percent),
        data={"topics": []},
        record={"engine": "1", "inputs": {"items": []}, "inputs_sha256": "0" * 64, "outcome": {"percent": percent}},
        rule_version="v1",
        attempt_id=attempt.id,
    )


def test_finalising_twice_gives_the_first_result_unchanged(who):
    attempt = begin(exam_of(), who)
    first = services.finalise(finding_for(attempt), "by hand", clock.now())
    again = services.finalise(finding_for(attempt, "99", "fail"), "somebody else", clock.now())
    transaction.commit()

    assert again.id == first.id
    assert (again.percent, again.outcome, again.finalised_by) == (Decimal(70), "pass", "by hand")


def test_releasing_twice_tells_once(who):
    attempt, told = begin(exam_of(), who), []
    result = services.finalise(finding_for(attempt), "by hand", clock.now())
    current_app.extensions["bus"]._handlers = {ResultReleased: [told.append]}

    assert services.release(result, "an officer", clock.now())
    assert not services.release(result, "another officer", clock.now())
    transaction.commit()

    assert told == [ResultReleased(who.person_id, "exam", attempt.exam_snapshot["code"], result.id)]
    assert result.released_by == "an officer"
    assert len(db.session.scalars(select(MailMessage)).all()) == 1
    assert db.session.scalars(select(AuditEntry.action)).all().count("result.released") == 1


@pytest.fixture(autouse=True)
def _whole_bus(app):
    """The bus as it was, after each test."""
    table = app.extensions["bus"]
    before = {event: list(handlers) for event, handlers in table._handlers.items()}
    yield
    table._handlers = before


def test_a_result_without_a_source_cannot_be_kept(who):
    attempt = begin(exam_of(), who)
    with pytest.raises(IntegrityError):
        services.finalise(replace(finding_for(attempt), attempt_id=None), "x", clock.now())


@pytest.mark.parametrize(
    ("story", "best"),
    [
        ([("40", "fail")], "40"),
        ([("40", "fail"), ("60", "fail"), ("50", "fail")], "60"),
        ([("40", "fail"), ("71", "pass"), ("20", "fail"), ("95", "pass")], "71"),
    ],
)
def test_the_best_counts_and_of_passes_the_first(who, story, best):
    exam = exam_of()
    for percent, outcome in story:
        result = services.finalise(finding_for(begin(exam, candidate()), percent, outcome), "x", clock.now())
        result.person_id, result.code = who.person_id, "ONE"
        db.session.flush()
        services.release(result, "officer", clock.now())
    transaction.commit()

    assert queries.best_results(who.person_id, ["ONE", "TWO"]).keys() == {"ONE"}
    assert queries.best_results(who.person_id, ["ONE"])["ONE"].percent == Decimal(best)


def test_only_released_results_of_ones_own_are_found(who):
    attempt = begin(exam_of(), who)
    result = services.finalise(finding_for(attempt), "x", clock.now())
    transaction.commit()
    with pytest.raises(Missing):
        queries.get_released(result.public_id, who.person_id)

    services.release(result, "officer", clock.now())
    transaction.commit()

    assert queries.get_released(result.public_id, who.person_id).id == result.id
    with pytest.raises(Missing):
        queries.get_released(result.public_id, candidate().person_id)


def test_a_handler_that_fails_undoes_the_release(who, monkeypatch):
    result = services.finalise(finding_for(begin(exam_of(), who)), "x", clock.now())
    transaction.commit()

    def broken(_event):
        raise RuntimeError("broken")

    monkeypatch.setattr(bus, "publish", broken)
    with pytest.raises(RuntimeError):
        services.release(result, "officer", clock.now())
    db.session.rollback()

    db.session.expire_all()
    assert result.released_at is None
    assert db.session.scalars(select(MailMessage)).all() == []


# ---- the pages


def test_the_list_shows_what_is_released_and_what_is_awaited(visit, who):
    person = db.session.get(Person, who.person_id)
    member = visit.sign_in(person)
    assert "There is no result yet" in words(member.get("/results").get_data(as_text=True))

    hand_in(begin(exam_of(singles(4), title="First exam"), who), who)
    hand_in(begin(exam_of(title="Second exam", is_auto_released=False), who), who)

    page = words(member.get("/results").get_data(as_text=True))
    assert "First exam 1" in page
    assert "Not passed yet 0 %" in page
    assert "Second exam: handed in, not released yet." in page


def test_a_result_page_says_what_comes_next_and_is_nobody_elses(visit, who, held_clock):
    exam = exam_of(singles(6))
    result = hand_in(begin(exam, who), who)
    member = visit.sign_in(db.session.get(Person, who.person_id))
    address = f"/results/{result.public_id}"

    page = words(member.get(address).get_data(as_text=True))
    assert "You reached 0 %, and 70 % are needed." in page
    assert "Your next attempt opens on" in page
    held_clock.go(days=1)
    later = visit.another().sign_in(db.session.get(Person, who.person_id))
    assert "To the exam" in words(later.get(address).get_data(as_text=True))

    stranger = visit.another().sign_in(db.session.get(Person, candidate().person_id))
    assert stranger.get(address).status_code == 404


def test_bands_need_five_questions(visit, who):
    member = visit.sign_in(db.session.get(Person, who.person_id))
    few = hand_in(begin(exam_of(singles(4)), who), who)
    many = hand_in(begin(exam_of(singles(5)), who), who)

    assert "Too few questions to say" in words(member.get(f"/results/{few.public_id}").get_data(as_text=True))
    page = words(member.get(f"/results/{many.public_id}").get_data(as_text=True))
    assert "First topic" in page
    assert "To study again" in page
