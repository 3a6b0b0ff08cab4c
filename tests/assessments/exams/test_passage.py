"""The way through an attempt: breaks, pauses on the page, sections with time of their own, one way, cases, pilots."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.accounts.models import Person
from app.extensions import db
from assessments.accommodations.models import Accommodation
from assessments.exams import conducting, gates, pausing, queries, sections
from assessments.exams.answers import save_answer
from assessments.exams.errors import AttemptPaused, QuestionLeft
from assessments.exams.models import Attempt, LateAnswer
from assessments.items.models import Item, Stimulus, StimulusVersion
from assessments.results import queries as results
from tests.factories.assessments import (
    begin,
    candidate,
    definition,
    exam_of,
    hand_in,
    held_clock,
    press_start,
    questions_of,
    right_answer,
    run_jobs,
    singles,
    words,
)
from tests.factories.people import PersonFactory
from tests.support.queries import counted

__all__ = ["held_clock"]
MINUTE = timedelta(minutes=1)
PARTS = [
    {"code": "a", "title": "First part", "minutes": 20, "navigation": "free", "cells": [cell]}
    for cell in [{"topic": "F1", "thinking": "apply", "draw": 2}]
] + [
    {
        "code": "b",
        "title": "Second part",
        "minutes": 40,
        "navigation": "one_way",
        "cells": [{"topic": "F2", "thinking": "apply", "draw": 3}],
    }
]


def sectioned(**changes):
    bank = singles(4) + singles(6, topic="F2")
    blueprint = [cell for part in PARTS for cell in part["cells"]]
    return exam_of(bank, **({"sections": PARTS, "blueprint": blueprint} | changes))


def grant(person_id, **values):
    officer = PersonFactory(holding=["officer"]).public_id
    db.session.add(
        Accommodation(
            public_id=f"grant-{person_id}",
            person_id=person_id,
            state="approved",
            asked_by=officer,
            asked_at=clock.now(),
            decided_by=officer,
            decided_at=clock.now(),
            **values,
        )
    )
    transaction.commit()


@pytest.fixture
def who(app):
    """A candidate."""
    return candidate()


@pytest.fixture
def sitter(visit):
    """A signed-in member."""
    return visit.sign_in(PersonFactory(name="Ada Example"))


def fresh(attempt):
    db.session.expire_all()
    return db.session.get(Attempt, attempt.id)


def text(response):
    return words(response.get_data(as_text=True))


# ---- breaks


def test_a_break_stops_the_clock_for_at_most_its_minutes(who, held_clock):
    grant(who.person_id, breaks=2, break_minutes=10, time_percent=25, larger_text=True)
    attempt = begin(exam_of(), who)
    assert attempt.deadline_at == held_clock.now + 75 * MINUTE
    end = attempt.deadline_at
    pausing.take_break(attempt.public_id, who, held_clock.now)
    transaction.commit()
    held_clock.go(minutes=4)
    pausing.come_back(attempt.public_id, who, held_clock.now)
    transaction.commit()
    assert fresh(attempt).deadline_at == end + 4 * MINUTE

    pausing.take_break(attempt.public_id, who, held_clock.now)
    transaction.commit()
    held_clock.go(minutes=25)
    run_jobs()

    found = fresh(attempt)
    assert (found.state, found.deadline_at) == ("in_progress", end + 14 * MINUTE), "the job ends it as of its end"
    with pytest.raises(Exception, match="no break left"):
        pausing.take_break(attempt.public_id, who, held_clock.now)


def test_time_given_during_a_break_does_not_make_it_endless(who, held_clock):
    grant(who.person_id, breaks=1, break_minutes=5)
    attempt = begin(exam_of(), who)
    pausing.take_break(attempt.public_id, who, held_clock.now)
    conducting.extend(attempt, 600, PersonFactory(holding=["officer"]).public_id, "noise", held_clock.now)
    transaction.commit()
    held_clock.go(minutes=30)
    run_jobs()

    found = fresh(attempt)
    assert (found.state, found.deadline_at) == ("in_progress", attempt.started_at + 75 * MINUTE)


def test_who_answers_after_the_end_of_a_break_needs_no_job(who, held_clock):
    grant(who.person_id, breaks=1, break_minutes=5)
    attempt = begin(exam_of(), who)
    end = attempt.deadline_at
    pausing.take_break(attempt.public_id, who, held_clock.now)
    transaction.commit()
    held_clock.go(minutes=2)
    with pytest.raises(AttemptPaused):
        save_answer(attempt.public_id, who, 1, 1, "a", held_clock.now)
    transaction.undo()
    held_clock.go(minutes=4)

    save_answer(attempt.public_id, who, 1, 2, "b", held_clock.now)
    transaction.commit()

    assert (fresh(attempt).state, fresh(attempt).deadline_at) == ("in_progress", end + 5 * MINUTE)
    assert [line["reason"] for line in fresh(attempt).history] == ["", "break", "break"]


def test_the_page_offers_breaks_and_larger_text_to_whom_they_are_granted(sitter, held_clock):
    grant(sitter.person.id, breaks=1, break_minutes=10, larger_text=True)
    attempt = press_start(sitter, exam_of())
    page = sitter.get(f"/attempts/{attempt.public_id}")
    assert "1 break left: the clock stands still for at most 10 minutes." in text(page)
    assert "quiet larger" in page.get_data(as_text=True)

    sitter.post(f"/attempts/{attempt.public_id}/break")
    page = text(sitter.get(f"/attempts/{attempt.public_id}"))
    assert "You are taking a break" in page
    assert "Stem of" not in page
    sitter.post(f"/attempts/{attempt.public_id}/break/end")

    page = text(sitter.get(f"/attempts/{attempt.public_id}"))
    assert "Stem of" in page
    assert "break left" not in page
    sitter.post(f"/attempts/{attempt.public_id}/break")
    assert "You have no break left" in text(sitter.get(f"/attempts/{attempt.public_id}"))


# ---- pause and extension on the page


def test_a_pause_covers_the_page_and_the_clock_tells_the_module(sitter, held_clock):
    attempt = press_start(sitter, exam_of())
    officer = PersonFactory(holding=["officer"]).public_id
    conducting.pause(attempt, officer, "alarm", held_clock.now)
    transaction.commit()

    address = f"/attempts/{attempt.public_id}"
    told = sitter.get(f"{address}/clock").json
    assert (told["state"], told["until"]) == ("paused", None)
    for path in ("", "?q=2", "/review"):
        page = text(sitter.get(address + path))
        assert "Your exam is paused" in page
        assert "Stem of" not in page
    reply = sitter.put(f"{address}/answers/1", {"seq": 1, "answer": "b"})
    assert (reply.status_code, reply.json["state"], reply.json["kept"]) == (409, "paused", True)
    assert sitter.post(f"{address}/submit").status_code == 302
    assert fresh(attempt).state == "paused", "handing in waits too"

    held_clock.go(minutes=5)
    conducting.resume(fresh(attempt), officer, held_clock.now)
    conducting.extend(fresh(attempt), 600, officer, "alarm", held_clock.now)
    transaction.commit()
    told = sitter.get(f"{address}/clock").json
    assert told["state"] == "in_progress"
    assert told["deadline"] == (attempt.started_at + 75 * MINUTE).isoformat()
    assert "Stem of" in text(sitter.get(address))


def test_asking_for_the_time_is_one_statement_beside_the_sign_in(sitter):
    attempt = press_start(sitter, exam_of())
    sitter.get(f"/attempts/{attempt.public_id}/clock")
    with counted() as sent:
        sitter.get(f"/attempts/{attempt.public_id}/clock")

    assert len(sent) <= 3, sent


# ---- sections and one way


def test_each_section_has_its_questions_and_its_time(who, held_clock):
    attempt = begin(sectioned(), who)
    asked = questions_of(attempt)
    assert [question.section for question in asked] == [0, 0, 1, 1, 1]
    assert [question.item_version.topic for question in asked] == ["F1", "F1", "F2", "F2", "F2"]
    assert sections.bell_of(attempt, held_clock.now) == held_clock.now + 20 * MINUTE

    with pytest.raises(QuestionLeft):
        save_answer(attempt.public_id, who, 3, 1, "b", held_clock.now)
    transaction.undo()
    sections.next_section(attempt.public_id, who, 0, held_clock.now + 5 * MINUTE)
    transaction.commit()

    assert fresh(attempt).section == 1
    assert sections.bell_of(attempt, held_clock.now) == held_clock.now + 45 * MINUTE
    save_answer(attempt.public_id, who, 3, 1, "b", held_clock.now)
    with pytest.raises(QuestionLeft):
        save_answer(attempt.public_id, who, 1, 1, "b", held_clock.now)
    transaction.undo()
    sections.next_section(attempt.public_id, who, 0, held_clock.now)
    assert fresh(attempt).section == 1, "the same press twice is one step"
    with pytest.raises(Exception, match="last section"):
        sections.next_section(attempt.public_id, who, 1, held_clock.now)


def test_after_the_time_of_a_section_and_its_grace_an_answer_is_kept_aside(sitter, held_clock):
    attempt = press_start(sitter, sectioned())
    address = f"/attempts/{attempt.public_id}"
    held_clock.go(minutes=20, seconds=30)
    assert sitter.put(f"{address}/answers/1", {"seq": 1, "answer": "b"}).json["late"] is True
    held_clock.go(seconds=31)
    reply = sitter.put(f"{address}/answers/2", {"seq": 1, "answer": "b"})
    assert (reply.status_code, reply.json["state"], reply.json["kept"]) == (409, "left", True)
    assert db.session.scalars(select(LateAnswer.why)).all() == ["late"]
    page = text(sitter.get(address))
    assert "The time of section 1 is up" in page
    assert "Stem of" not in page

    sitter.post(f"{address}/sections/1/next")

    assert "Section 2 of 2" in text(sitter.get(address))


def test_pauses_and_more_time_reach_the_section_too(who, held_clock):
    attempt = begin(sectioned(), who)
    officer = PersonFactory(holding=["officer"]).public_id
    bell = sections.bell_of(attempt, held_clock.now)
    conducting.pause(attempt, officer, "alarm", held_clock.now)
    transaction.commit()
    held_clock.go(minutes=10)
    assert sections.bell_of(fresh(attempt), held_clock.now) == bell + 10 * MINUTE
    conducting.resume(attempt, officer, held_clock.now)
    conducting.extend(attempt, 120, officer, "alarm", held_clock.now)
    transaction.commit()

    assert sections.bell_of(fresh(attempt), held_clock.now) == bell + 12 * MINUTE


def test_one_way_warns_first_and_then_there_is_no_way_back(sitter):
    attempt = press_start(sitter, exam_of(singles(3), navigation="one_way"))
    address = f"/attempts/{attempt.public_id}"
    page = text(sitter.get(address))
    assert "You cannot come back to a question once you have gone on." in page
    assert "Question 1 of 3" in page
    assert sitter.get(f"{address}?q=2").status_code == 302, "nor forward past the one they are at"

    warned = sitter.post(f"{address}/answers/1", {"seq": "1", "go": "2", "oneway": "1"})
    assert warned.status_code == 422
    assert "Leave it empty and go on" in text(warned)
    sitter.post(f"{address}/answers/1", {"seq": "1", "answer": "b", "go": "2", "oneway": "1"})

    assert "Question 2 of 3" in text(sitter.get(address))
    assert sitter.get(f"{address}?q=1").headers["Location"].endswith(attempt.public_id)
    reply = sitter.put(f"{address}/answers/1", {"seq": 5, "answer": "c"})
    assert (reply.status_code, reply.json["state"]) == (409, "left")
    for place in ("2", "3"):
        sitter.post(f"{address}/answers/{place}", {"seq": "1", "go": "review", "oneway": "1", "leave": "1"})
    assert sitter.get(address).headers["Location"].endswith("/review")
    assert "Go back" not in text(sitter.get(f"{address}/review"))
    assert questions_of(attempt)[0].response == "b"


def test_a_step_past_the_page_is_refused_even_where_the_form_says_nothing_of_one_way(sitter):
    attempt = press_start(sitter, exam_of(singles(3), navigation="one_way"))
    address = f"/attempts/{attempt.public_id}"
    sitter.post(f"{address}/answers/1", {"seq": "1", "answer": "b", "go": "2"})

    assert sitter.get(f"{address}?q=2").status_code == 302


# ---- cases and pilots


def with_case(exam):
    """Bind the questions of the exam's bank to one case."""
    case = Stimulus(public_id="case-1", bank_id=exam.bank_id, code="CASE", number=1)
    db.session.add(case)
    db.session.flush()
    told = StimulusVersion(
        stimulus_id=case.id,
        number=1,
        title="A week at the counter",
        text="On **Monday** it rained.",
        made_at=clock.now(),
    )
    db.session.add(told)
    db.session.flush()
    from assessments.items.models import ItemVersion

    db.session.execute(ItemVersion.__table__.update().values(stimulus_version_id=told.id))
    transaction.commit()


def test_a_case_stands_beside_its_question_without_a_further_statement(sitter):
    exam = exam_of(singles(3))
    plain = press_start(sitter, exam_of(singles(3)))
    sitter.get(f"/attempts/{plain.public_id}")
    with counted() as without:
        sitter.get(f"/attempts/{plain.public_id}")
    with_case(exam)
    sitter.post(f"/exams/{exam.code}/start", {"declared": "y"})
    attempt = db.session.scalars(select(Attempt).where(Attempt.exam_id == exam.id)).one()
    with counted() as sent:
        page = sitter.get(f"/attempts/{attempt.public_id}")

    assert "A week at the counter" in text(page)
    assert "<strong>Monday</strong>" in page.get_data(as_text=True)
    assert len(sent) <= len(without)


def test_pilots_are_asked_like_the_others_and_never_scored(who):
    exam = exam_of(singles(4) + [definition(f"PILOT-{n}") for n in range(3)], draw=4, pilots=2)
    db.session.execute(Item.__table__.update().where(Item.code.like("PILOT%")).values(is_pilot=True))
    transaction.commit()
    attempt = begin(exam, who)
    asked = questions_of(attempt)
    assert sorted(question.is_pilot for question in asked) == [False] * 4 + [True] * 2
    for question in asked:
        if not question.is_pilot:
            save_answer(attempt.public_id, who, question.position, 1, right_answer(question), clock.now())
    transaction.commit()

    result = hand_in(attempt, who)

    assert (result.percent, result.data["maximum"]) == (100, 4)
    assert {question.points for question in questions_of(attempt) if question.is_pilot} == {None}
    assert results.find_by_attempt(attempt.id).outcome == "pass"


def test_the_time_on_a_question_is_added_up_from_what_the_browser_says(sitter):
    attempt = press_start(sitter, exam_of())
    address = f"/attempts/{attempt.public_id}/answers/1"
    sitter.put(address, {"seq": 1, "answer": "a", "seconds": 12})
    sitter.put(address, {"seq": 1, "answer": "a", "seconds": 12})
    sitter.put(address, {"seq": 2, "answer": "b", "seconds": 30})
    sitter.put(address, {"seq": 3, "answer": "c", "seconds": "many"})
    sitter.put(address, {"seq": 4, "answer": "a", "seconds": -4})

    assert questions_of(attempt)[0].seconds == 42


def test_a_person_waiting_in_a_sitting_is_told_so_on_the_page(sitter, held_clock):
    exam = exam_of(needs_sitting=True)
    assert "seat" in text(sitter.get(f"/exams/{exam.code}"))
    officer = PersonFactory(holding=["officer"]).public_id
    person = db.session.get(Person, sitter.person.id)
    attempt = conducting.schedule(
        exam, person, "sitting-1", "invigilated", held_clock.now, held_clock.now + 90 * MINUTE, officer, held_clock.now
    )
    transaction.commit()
    assert sitter.get(f"/attempts/{attempt.public_id}").headers["Location"].endswith(f"/exams/{exam.code}")
    assert queries.permit_for(person.id, exam, held_clock.now).may is False


def test_who_was_absent_reads_so_and_no_page_breaks(sitter, held_clock):
    exam = exam_of(needs_sitting=True)
    officer = PersonFactory(holding=["officer"]).public_id
    person = db.session.get(Person, sitter.person.id)
    attempt = conducting.schedule(
        exam, person, "sitting-1", "invigilated", held_clock.now, held_clock.now + 90 * MINUTE, officer, held_clock.now
    )
    conducting.mark_absent(attempt, officer, held_clock.now)
    transaction.commit()

    for path in ("", "/receipt", "/review", "/section", "/take-over"):
        assert sitter.get(f"/attempts/{attempt.public_id}{path}").status_code == 302, path
    assert sitter.put(f"/attempts/{attempt.public_id}/answers/1", {"seq": 1, "answer": "b"}).status_code == 404
    assert sitter.get(f"/attempts/{attempt.public_id}/clock").json["state"] == "absent"
    for path in (f"/exams/{exam.code}", "/results", "/path"):
        assert sitter.get(path).status_code == 200, path


def test_a_seat_is_begun_at_its_own_page_and_not_past_it(sitter, held_clock, monkeypatch):
    """There codes are asked for and counted; the exam's own page leads there."""
    monkeypatch.setattr(gates, "GATES", [])
    exam = exam_of(needs_sitting=True)
    officer = PersonFactory(holding=["officer"]).public_id
    person = db.session.get(Person, sitter.person.id)
    attempt = conducting.schedule(
        exam, person, "sitting-1", "invigilated", held_clock.now, held_clock.now + 90 * MINUTE, officer, held_clock.now
    )
    conducting.authorise(attempt, officer, held_clock.now, {"by": officer, "how": "passport"})
    transaction.commit()

    answer = sitter.post(f"/exams/{exam.code}/start", {"declared": "y"})

    assert answer.status_code == 409
    assert 'href="/sittings/sitting-1"' in answer.get_data(as_text=True)
    assert fresh(attempt).state == "authorised"
