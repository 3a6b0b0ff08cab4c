"""What the page's module asks for, two devices, and the end of the time, as requests."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock, transaction
from app.accounts.models import WebSession
from app.extensions import db
from assessments.exams.models import ItemResponse
from tests.factories.assessments import all_kinds, exam_of, held_clock, press_start, words
from tests.factories.people import PersonFactory
from tests.support.visitor import Visitor

__all__ = ["held_clock"]


@pytest.fixture
def sitter(visit) -> Visitor:
    """A signed-in member."""
    return visit.sign_in(PersonFactory(name="Ada Example"))


def text(response) -> str:
    return words(response.get_data(as_text=True))


def test_a_put_saves_and_answers_with_the_servers_time(sitter):
    attempt = press_start(sitter, exam_of())

    reply = sitter.put(f"/attempts/{attempt.public_id}/answers/1", {"seq": 1, "answer": "b"})

    assert reply.status_code == 200
    assert (reply.json["state"], reply.json["seq"], reply.json["answered"], reply.json["late"]) == (
        "saved",
        1,
        True,
        False,
    )
    assert reply.json["deadline"] == attempt.deadline_at.isoformat()


def test_a_stale_put_gets_the_newer_answer_back(sitter):
    attempt = press_start(sitter, exam_of())
    address = f"/attempts/{attempt.public_id}/answers/1"
    sitter.put(address, {"seq": 3, "answer": "b"})

    reply = sitter.put(address, {"seq": 3, "answer": "c"})

    assert (reply.status_code, reply.json["state"], reply.json["seq"], reply.json["answer"]) == (409, "stale", 3, "b")


def test_a_put_after_the_grace_is_gone_and_kept_in_the_log(sitter, held_clock):
    attempt = press_start(sitter, exam_of())
    address = f"/attempts/{attempt.public_id}/answers/1"
    held_clock.go(minutes=60, seconds=60)
    assert sitter.put(address, {"seq": 1, "answer": "a"}).json["late"] is True
    held_clock.go(seconds=1)

    reply = sitter.put(address, {"seq": 2, "answer": "b"})

    assert (reply.status_code, reply.json["state"]) == (410, "closed")
    rows = db.session.scalars(select(ItemResponse).order_by(ItemResponse.id)).all()
    assert [(r.response, r.late, r.accepted) for r in rows] == [("a", True, True), ("b", True, False)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"seq": 0, "answer": "a"},
        {"seq": "1", "answer": "a"},
        {"seq": True, "answer": "a"},
        {"seq": 2**40, "answer": 1},
        [1],
        {"seq": 1},
    ],
)
def test_a_put_that_is_no_answer_is_refused(sitter, body):
    attempt = press_start(sitter, exam_of())

    assert sitter.put(f"/attempts/{attempt.public_id}/answers/1", body).status_code == 400


def test_a_put_nested_without_end_is_refused_and_breaks_nothing(sitter):
    attempt = press_start(sitter, exam_of())

    reply = sitter.client.put(
        f"/attempts/{attempt.public_id}/answers/1",
        data=b'{"seq": 1, "answer": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        content_type="application/json",
        headers={"X-CSRFToken": sitter.token()},
    )

    assert (reply.status_code, reply.json["state"]) == (400, "invalid")


@pytest.mark.parametrize("raw", ["nope", 7, {"a": "b"}, ["a"], "\x00", {"a": {"b": []}}])
def test_a_put_that_cannot_be_read_says_why(sitter, raw):
    attempt = press_start(sitter, exam_of())

    reply = sitter.put(f"/attempts/{attempt.public_id}/answers/1", {"seq": 1, "answer": raw})

    assert (reply.status_code, reply.json["message"]) == (422, "Choose one of the options.")


def test_the_clock_is_the_servers(sitter, held_clock):
    attempt = press_start(sitter, exam_of())
    held_clock.go(minutes=18, seconds=48)

    page = sitter.get(f"/attempts/{attempt.public_id}").get_data(as_text=True)
    clock_now = sitter.get(f"/attempts/{attempt.public_id}/clock").json

    assert ">41:12</b>" in page
    assert clock_now["now"] == held_clock.now.isoformat()
    assert clock_now["deadline"] == attempt.deadline_at.isoformat()


# ---- two devices, and the end


def test_a_second_browser_takes_over_only_after_the_password(sitter, visit):
    attempt = press_start(sitter, exam_of())
    phone = visit.another().sign_in(sitter.person)
    address = f"/attempts/{attempt.public_id}"

    assert phone.get(address).headers["Location"].endswith("/take-over")
    assert phone.put(f"{address}/answers/1", {"seq": 1, "answer": "b"}).json["state"] == "other-device"
    db.session.execute(update(WebSession).values(authenticated_at=clock.now() - timedelta(minutes=10)))
    transaction.commit()
    assert "/confirm-password" in phone.get(f"{address}/take-over").headers["Location"]
    assert phone.post(f"{address}/take-over").status_code == 401
    db.session.execute(update(WebSession).values(authenticated_at=clock.now()))
    transaction.commit()

    phone.post(f"{address}/take-over")

    assert phone.put(f"{address}/answers/1", {"seq": 1, "answer": "b"}).status_code == 200
    assert sitter.put(f"{address}/answers/1", {"seq": 2, "answer": "c"}).status_code == 409
    assert sitter.post(f"{address}/submit").status_code == 409


def test_what_was_typed_on_the_second_device_survives_the_take_over(sitter, visit):
    attempt = press_start(sitter, exam_of([item for item in all_kinds(1) if item["kind"] == "short_text"]))
    phone = visit.another().sign_in(sitter.person)
    page = phone.post(f"/attempts/{attempt.public_id}/answers/1", {"seq": "1", "answer": "my long thought"})
    assert page.status_code == 409
    waiting = re.search(r'name="waiting" value="([^"]+)"', page.get_data(as_text=True)).group(1)

    again = phone.post(f"/attempts/{attempt.public_id}/take-over", {"waiting": waiting})

    assert "my long thought" in again.get_data(as_text=True)


def test_when_the_time_is_up_the_page_says_so_and_leads_to_the_receipt(sitter, held_clock):
    attempt = press_start(sitter, exam_of())
    sitter.put(f"/attempts/{attempt.public_id}/answers/1", {"seq": 1, "answer": "b"})
    held_clock.go(minutes=75)

    for path in ("", "?q=2", "/review"):
        assert "The time is up" in text(sitter.get(f"/attempts/{attempt.public_id}{path}"))
    assert sitter.post(f"/attempts/{attempt.public_id}/submit").status_code == 302

    page = text(sitter.get(f"/attempts/{attempt.public_id}/receipt"))
    assert "1 of 4 questions" in page
    assert "what was saved was handed in as of the end" in page


def test_after_handing_in_every_address_of_the_attempt_leads_to_the_receipt(sitter):
    attempt = press_start(sitter, exam_of())
    base = f"/attempts/{attempt.public_id}"
    sitter.post(f"{base}/submit")

    assert sitter.get(base).headers["Location"].endswith("/receipt")
    assert sitter.get(f"{base}/review").headers["Location"].endswith("/receipt")
    assert sitter.post(f"{base}/answers/1", {"seq": "1", "answer": "b"}).status_code == 302
    assert sitter.put(f"{base}/answers/1", {"seq": 1, "answer": "b"}).status_code == 410
    assert sitter.post(f"{base}/submit").headers["Location"].endswith("/receipt")
