"""The officers' pages: from a challenge to a regrade that another officer approves, and results released in one act."""

import re

import pytest
from sqlalchemy import select

from app import clock, ids, transaction
from app.extensions import db
from assessments.exams.models import ItemReport
from assessments.regrading.models import KeyReview, Regrade
from assessments.results import queries as results
from tests.factories.assessments import SECRET_MARK, exam_of, questions_of, singles, words
from tests.factories.people import PersonFactory
from tests.factories.results import answered, versions_of


@pytest.fixture
def boss(visit):
    return visit.sign_in(PersonFactory(holding=["officer"]))


@pytest.fixture
def second(visit):
    return visit.another().sign_in(PersonFactory(holding=["officer"]))


def seen_in(page):
    return re.search(r'name="seen" value="([0-9a-f]+)"', page).group(1)


def test_a_regrade_from_the_choice_of_questions_to_its_approval(boss, second):
    exam = exam_of(singles(4))
    attempt, _ = answered(exam, 2)
    version = versions_of(attempt)[3]
    assert boss.get(f"/office/exams/{exam.code}/regrades/new").status_code == 200
    assert boss.get(f"/office/exams/{exam.code}/regrades/new?version={version}").status_code == 200

    nothing = boss.post(f"/office/exams/{exam.code}/regrades/new", {"version": version, "reason": "Kept words."})
    assert nothing.status_code == 422
    assert "Kept words." in nothing.get_data(as_text=True)
    given = {
        "version": version,
        f"mode-{version}": "new_only",
        f"right-{version}": ["a", "b"],
        "reason": "Two are right.",
    }
    refused = boss.post(f"/office/exams/{exam.code}/regrades/new", given)
    assert refused.status_code == 422, "a single choice has one right option"
    given |= {f"mode-{version}": "full_credit"}
    made = boss.post(f"/office/exams/{exam.code}/regrades/new", given)
    assert made.status_code == 302

    own = boss.get(made.headers["Location"]).get_data(as_text=True)
    assert "Approve and apply" not in own
    page = second.get(made.headers["Location"]).get_data(as_text=True)
    assert attempt.candidate in words(page)
    done = second.post(f"{made.headers['Location']}/approve", {"seen": seen_in(page)})
    assert done.status_code == 302
    assert results.find_by_attempt(attempt.id).outcome == "pass"


def test_a_stale_look_at_a_regrade_is_shown_again(boss, second):
    exam = exam_of(singles(4))
    attempt, _ = answered(exam, 2)
    version = versions_of(attempt)[3]
    given = {"version": version, f"mode-{version}": "full_credit", "reason": "Two are right."}
    address = boss.post(f"/office/exams/{exam.code}/regrades/new", given).headers["Location"]
    seen = seen_in(second.get(address).get_data(as_text=True))
    answered(exam, 2)

    again = second.post(f"{address}/approve", {"seen": seen})
    assert again.status_code == 409
    assert seen_in(again.get_data(as_text=True)) != seen
    dropped = second.post(f"{address}/drop", {"reason": "The key was right."})
    assert dropped.status_code == 302
    assert db.session.scalars(select(Regrade.state)).all() == ["dropped"]


def test_a_review_of_keys_from_opening_to_signing(boss):
    exam = exam_of(singles(4), needs_key_review=True)
    attempt, _ = answered(exam, 2)
    report = ItemReport(
        public_id=ids.new_public_id(),
        attempt_item_id=questions_of(attempt)[0].id,
        text="This has two answers.",
        made_at=clock.now(),
    )
    db.session.add(report)
    transaction.commit()

    address = boss.post(f"/office/exams/{exam.code}/keys").headers["Location"]
    page = words(boss.get(address).get_data(as_text=True))
    assert "too few to say anything" in page
    assert "This has two answers." in page
    assert boss.post(f"{address}/sign", {"note": ""}).status_code == 409
    version = questions_of(attempt)[0].item_version_id
    assert boss.post(f"{address}/questions/{version}", {"decision": "keep", "note": "One answer."}).status_code == 302
    assert boss.post(f"{address}/sign", {"note": "Looked at."}).status_code == 302
    assert db.session.scalars(select(KeyReview.state)).all() == ["signed"]
    assert boss.get(f"/office/exams/{exam.code}/keys").status_code == 200

    waiting = boss.get(f"/office/challenges/{report.public_id}").get_data(as_text=True)
    assert "This has two answers." in waiting
    answer = {"upheld": "yes", "answer": "You are right."}
    onwards = boss.post(f"/office/challenges/{report.public_id}", answer)
    assert f"version={version}" in onwards.headers["Location"]
    assert boss.get("/office/challenges").status_code == 200


def test_results_are_ratified_and_released_from_one_page(boss):
    exam = exam_of(singles(4), needs_ratifying=True, is_auto_released=False)
    _, result = answered(exam, 3)
    address = f"/office/exams/{exam.code}/results"
    assert "It is not ratified yet." in words(boss.get(address).get_data(as_text=True))

    boss.post(address, {"result": result.public_id, "act": "release"})
    assert db.session.get(type(result), result.id).released_at is None
    boss.post(address, {"result": result.public_id, "act": "ratify"})
    boss.post(address, {"result": result.public_id, "act": "release"})
    db.session.expire_all()
    assert db.session.get(type(result), result.id).released_at is not None


@pytest.mark.parametrize("place", ["keys", "results", "regrades/new"])
def test_members_and_assessors_see_none_of_it(visit, place):
    exam = exam_of(singles(4))
    for roles in ([], ["assessor"], ["author"]):
        answer = visit.another().sign_in(PersonFactory(holding=roles)).get(f"/office/exams/{exam.code}/{place}")
        assert answer.status_code == 403
        assert SECRET_MARK not in answer.get_data(as_text=True)
