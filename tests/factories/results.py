"""Candidates who have answered an exam, and people who decide about its results, for tests of results."""

import copy
from collections.abc import Callable, Sequence
from typing import Any

from app import clock, transaction
from app.policy import Actor, Role
from assessments.exams.models import Attempt, AttemptItem, Exam
from assessments.results.models import Result
from tests.factories.assessments import begin, candidate, hand_in, questions_of, right_answer, wrong_answer
from tests.factories.people import PersonFactory


def answered(exam: Exam, right: int, *, person: Any = None, is_released: bool = True) -> tuple[Attempt, Result]:
    """An attempt handed in with so many right answers, the first questions of the bank's order; the rest is wrong."""
    who = person or candidate()
    attempt = begin(exam, who)
    answer_all(attempt, lambda place, question: (right_answer if place < right else wrong_answer)(question))
    return attempt, hand_in(attempt, who, is_released=is_released)


def answer_all(attempt: Attempt, answer: Callable[[int, AttemptItem], Any]) -> None:
    """Write an answer to every question, in the order of their items."""
    ordered = sorted(questions_of(attempt), key=lambda question: question.item_version_id)
    for place, question in enumerate(ordered):
        question.response, question.response_seq = answer(place, question), 1
        question.answered_at = clock.now()
    transaction.commit()


def versions_of(attempt: Attempt) -> list[int]:
    """The versions of an attempt, in the order of their items."""
    return sorted(question.item_version_id for question in questions_of(attempt))


def key_moved(question: AttemptItem, to: Sequence[str]) -> dict[str, Any]:
    """The definition of a choice with another key."""
    content = copy.deepcopy(question.item_version.content)
    for option in content["options"]:
        option["right"] = option["code"] in to
    return content


def credit(version: int, mode: str = "full_credit", **more: Any) -> dict[str, Any]:
    """A decision of a regrade on one version."""
    return {"version_id": version, "mode": mode, **more}


def officer() -> str:
    """The public id of an officer."""
    return PersonFactory(holding=["officer"]).public_id


def assessor(**changes: Any) -> Actor:
    """A marker."""
    person = PersonFactory(holding=["assessor"], **changes)
    return Actor(
        person.id,
        person.public_id,
        person.name,
        roles=frozenset({Role.ASSESSOR}),
        is_anonymous=False,
        is_authenticated=True,
    )
