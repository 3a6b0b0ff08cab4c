"""Items, exams and attempts for tests. The keys and feedback of these items carry a mark that no candidate may see."""

import contextvars
import itertools
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock, transaction
from app.extensions import db
from app.jobs import runner
from assessments.exams import closing, sitting
from assessments.exams.models import Attempt, AttemptItem, Exam
from assessments.exams.writing import Candidate
from assessments.grading.kinds.registry import kind
from assessments.items.models import ItemBank
from assessments.items.services import import_items, keep_bank
from assessments.results import queries as results
from assessments.results.models import Result
from tests.assessments.grading.item_contents import KIND_NAMES, item_content
from tests.factories.people import PersonFactory
from tests.support.visitor import Visitor

SECRET_MARK = "keymark"
_numbers = itertools.count(1)


def definition(code: str, kind_name: str = "single", **changes: Any) -> dict[str, Any]:
    """An item of this kind whose wording is its own and whose hidden texts carry SECRET_MARK."""
    made = item_content(kind_name, code=code, stem=f"Stem of {code}?", feedback=f"{SECRET_MARK} feedback of {code}")
    if kind_name in ("single", "multiple"):
        made["options"] = [option | {"feedback": f"{SECRET_MARK} of {option['code']}"} for option in made["options"]]
    if kind_name == "short_text":
        made["accepted"] = [f"{SECRET_MARK} word", "sales"]
    if kind_name == "numeric":
        made["answer"], made["tolerance"] = "271828.5", "31415"
    if kind_name == "cloze":
        made["gaps"] = [gap | _secrets_of_gap(gap) for gap in made["gaps"]]
    if kind_name == "hotspot":
        made["picture"] = made["picture"] | {"file": f"{SECRET_MARK}.png"}
        made["places"] = [place | {"feedback": f"{SECRET_MARK} of {place['code']}"} for place in made["places"]]
    if kind_name == "placing":
        made["labels"] = [label | {"feedback": f"{SECRET_MARK} of {label['code']}"} for label in made["labels"]]
    return made | changes


def _secrets_of_gap(gap: dict[str, Any]) -> dict[str, Any]:
    """Feedback and answers of a gap that carry the mark or its numbers; its code would tell the answer, too."""
    hidden: dict[str, Any] = {"feedback": f"{SECRET_MARK} of a gap"}
    if "accepted" in gap:
        hidden["accepted"] = [f"{SECRET_MARK} word", "sales"]
    return hidden | ({"answer": "271828.5", "tolerance": "31415"} if "answer" in gap else {})


def bank_of(definitions: list[dict[str, Any]], *, is_public: bool = True, code: str = "") -> ItemBank:
    """An exam bank that holds these items."""
    bank = keep_bank(code or f"BANK-{next(_numbers)}", "A bank", is_practice=False)
    import_items(definitions, bank, clock.now(), is_public=is_public)
    transaction.commit()
    return bank


def all_kinds(count: int = 2) -> list[dict[str, Any]]:
    """`count` items of every kind, in one cell."""
    run = next(_numbers)
    return [
        definition(f"K{run}-{name}-{number}".replace("_", "-"), name) for name in KIND_NAMES for number in range(count)
    ]


def singles(count: int, **changes: Any) -> list[dict[str, Any]]:
    """`count` items of single choice; option b is right."""
    run = next(_numbers)
    return [definition(f"S{run}-{number}", **changes) for number in range(count)]


def exam_of(
    definitions: list[dict[str, Any]] | None = None, draw: int = 0, is_public: bool = True, **changes: Any
) -> Exam:
    """An exam that draws `draw` (all, unless given) of these items, or of four of single choice."""
    definitions = definitions or singles(4)
    bank = bank_of(definitions, is_public=is_public)
    values = {
        "code": f"EXAM-{next(_numbers)}",
        "title": "Exam of the tests",
        "level_code": "foundation",
        "course_code": "TEST",
        "minutes": 60,
        "pass_percent": Decimal(70),
        "attempts": 3,
        "waits": [1, 7, 30],
        "supervision": "unsupervised",
        "rules": "Sit **alone**.",
        "blueprint": [{"topic": "F1", "thinking": "apply", "draw": draw or len(definitions)}],
        "topics": {"F1": "First topic"},
        "bank_id": bank.id,
    }
    exam = Exam(**(values | changes))
    db.session.add(exam)
    transaction.commit()
    return exam


def candidate(session_id: int = 1, **changes: Any) -> Candidate:
    """A new member as a candidate on one device."""
    person = PersonFactory(**changes)
    return Candidate(person.id, person.public_id, person.name, session_id)


def begin(exam: Exam, who: Candidate, now: datetime | None = None) -> Attempt:
    """The candidate's attempt, begun in a transaction of its own."""
    attempt = sitting.start(exam, who, now or clock.now())
    transaction.commit()
    return attempt


def hand_in(attempt: Attempt, who: Candidate, *, is_released: bool = True) -> Result:
    """Hand the attempt in, let the jobs that follow run, and give its result."""
    closing.submit(attempt.public_id, who, clock.now())
    transaction.commit()
    if is_released:
        run_jobs()
    result = results.find_by_attempt(attempt.id)
    assert result is not None
    return result


def run_jobs() -> int:
    """Run every job that is due, as the runner does."""
    transaction.commit()
    app = current_app._get_current_object()
    done = contextvars.Context().run(runner.run_all, app)
    db.session.expire_all()
    return done


def questions_of(attempt: Attempt) -> list[AttemptItem]:
    """The questions of an attempt with their versions, in order, as the database holds them now."""
    statement = select(AttemptItem).where(AttemptItem.attempt_id == attempt.id).order_by(AttemptItem.position)
    statement = statement.options(joinedload(AttemptItem.item_version)).execution_options(populate_existing=True)
    return list(db.session.scalars(statement))


def right_answer(question: AttemptItem) -> Any:
    """What earns the full point of a question, as a page would send it."""
    content = question.item_version.content
    return kind(content["kind"]).right_response(content)


def wrong_answer(question: AttemptItem) -> Any:
    """An answer to a question that earns less than its point."""
    content = question.item_version.content
    right = right_answer(question)
    if content["kind"] == "single":
        return next(option["code"] for option in content["options"] if option["code"] != right)
    if content["kind"] == "true_false":
        return not right
    if content["kind"] == "matching":
        return dict(zip(right, list(right.values())[1:] + list(right.values())[:1], strict=True))
    return list(reversed(right)) if content["kind"] == "ordering" else _other(content, right)


def _other(content: dict[str, Any], right: Any) -> Any:
    if isinstance(right, dict):  # gaps and labels: one of them less
        return dict(list(right.items())[1:])
    if content["kind"] == "hotspot":
        return right[:1] if len(right) > 1 else None
    if content["kind"] == "multiple":
        return [option["code"] for option in content["options"] if option["code"] not in right]
    return "1" if content["kind"] == "numeric" else "something else"


def press_start(visit: Visitor, exam: Exam) -> Attempt:
    """The attempt that a signed-in visitor begins on the exam's own page."""
    answer = visit.post(f"/exams/{exam.code}/start", {"declared": "y"})
    assert answer.status_code == 302, words(answer.get_data(as_text=True))
    assert visit.person is not None
    return db.session.scalars(select(Attempt).where(Attempt.person_id == visit.person.id)).one()


@dataclass
class HeldClock:
    """The clock of the house, standing still until a test moves it."""

    now: datetime = field(default_factory=clock.now)

    def __call__(self) -> datetime:
        return self.now

    def go(self, **span: float) -> None:
        """Move on by `minutes=61`, `seconds=1`, `days=7` ..."""
        self.now += timedelta(**span)


@pytest.fixture
def held_clock(monkeypatch: pytest.MonkeyPatch) -> HeldClock:
    """`clock.now()` answers what the test says. Import it into the test file that uses it."""
    held = HeldClock()
    monkeypatch.setattr(clock, "now", held)
    return held


WORDS = re.compile(r"<[^>]+>")


def words(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(WORDS.sub(" ", html).split())
