"""People who sit an exam by chance, so that figures of items have something to tell. Everything goes through the services."""

import math
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from app import clock, transaction
from assessments.exams import answers, closing, sitting
from assessments.exams.models import Attempt, AttemptItem, Exam
from assessments.exams.writing import Candidate
from tests.factories.assessments import candidate, questions_of, right_answer, wrong_answer

# How hard an item is: from -3 (nearly everybody has it) to 3; and whether it turns the able away, as a wrong key does.
Hardness = Callable[[str], tuple[float, bool]]


def sit_many(exam: Exam, count: int, rng: Random, hardness: Hardness = lambda _code: (0.0, False)) -> list[Attempt]:
    """`count` new people sit the exam once each and hand in; abilities are normal. Results wait for the jobs."""
    return [sit(exam, candidate(), rng.gauss(0, 1), rng, hardness) for _person in range(count)]


def sit(exam: Exam, who: Candidate, ability: float, rng: Random, hardness: Hardness) -> Attempt:
    """One person sits the exam: each item is answered right with the chance of a logistic curve."""
    now = clock.now()
    attempt = sitting.start(exam, who, now)
    transaction.commit()
    public_id = attempt.public_id
    for question in questions_of(attempt):
        code = question.item_version.content["code"]
        answers.save_answer(public_id, who, question.position, 1, _answer(question, ability, rng, hardness(code)), now)
    closing.submit(public_id, who, now)
    transaction.commit()
    return attempt


def _answer(question: AttemptItem, ability: float, rng: Random, hardness: tuple[float, bool]) -> Any:
    hard, is_turned = hardness
    chance = 1 / (1 + math.exp(1.4 * ((ability if is_turned else -ability) + hard)))
    if rng.random() < chance:
        return right_answer(question)
    content = question.item_version.content
    if content["kind"] == "single":
        wrong = [option["code"] for option in content["options"] if not option.get("right")]
        return rng.choice(wrong[: max(1, len(wrong) - 1)])  # the last wrong option tempts nobody
    return wrong_answer(question)


def codes_of(attempts: Iterable[Attempt]) -> set[str]:
    """The codes of all items that were asked."""
    return {question.item_version.content["code"] for attempt in attempts for question in questions_of(attempt)}
