"""A whole cohort that has sat one exam, written straight into the tables, whose truth is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import insert, select

from app import clock, ids, transaction
from app.accounts.models import Person
from app.extensions import db
from assessments.exams.models import Attempt, AttemptItem, Exam, ItemResponse
from assessments.exams.rules import AttemptState
from assessments.items.models import Item, ItemVersion
from assessments.results.models import Result
from tests.assessments.analysis.cohorts import honest
from tests.factories.assessments import exam_of, singles

# As in the made-up cohorts: option a is right.
OPTIONS = [{"code": code, "text": f"Option {code}", "right": code == "a", "feedback": ""} for code in "abcd"]
PASS_SHARE = 0.7


@dataclass
class Sheet:
    """What one made-up candidate did: answers in order, seconds for each, and answers given before the last one."""

    answers: list[str | None]
    seconds: list[int]
    before: dict[int, list[str]] = field(default_factory=dict)
    sitting: str = ""

    def points(self, place: int) -> int:
        """What the last answer to a question earned."""
        return int(self.answers[place] == "a")

    @property
    def share(self) -> float:
        """Share of right answers."""
        return sum(map(self.points, range(len(self.answers)))) / len(self.answers)


@dataclass
class Cohort:
    """The exam, and the attempts (public ids) of its candidates in the order of their sheets."""

    exam: Exam
    attempts: list[str]

    def numbers(self) -> dict[str, str]:
        """Candidate number by attempt."""
        statement = select(Attempt.public_id, Attempt.candidate).where(Attempt.exam_id == self.exam.id)
        return dict(db.session.execute(statement).all())


def honest_sheets(people: int, items: int = 40, seed: int = 1) -> list[Sheet]:
    """People who worked apart, at paces of their own, and changed an answer here and there, mostly for the better."""
    rng = Random(seed)
    return [_honest_sheet(rng, row) for row in honest(rng, people, items).values()]


def _honest_sheet(rng: Random, row: Sequence[str]) -> Sheet:
    pace = rng.gauss(0, 0.25)
    seconds = [max(14, round(60 * 2.718 ** (pace + rng.gauss(0, 0.35)))) for _ in row]
    changed = rng.sample(range(len(row)), 4)
    return Sheet(list(row), seconds, {place: [rng.choice("bcd" if row[place] == "a" else "abcd")] for place in changed})


def copy(sheets: list[Sheet], source: int, copier: int, share: float = 0.9, seed: int = 7) -> None:
    """Let one candidate take over that share of another one's answers."""
    rng = Random(seed)
    mine, theirs = sheets[copier], sheets[source]
    mine.answers = [a if rng.random() < share else b for a, b in zip(theirs.answers, mine.answers, strict=True)]
    mine.before = {}


def guess_rapidly(sheet: Sheet, seed: int = 3) -> None:
    """Let a candidate click through the second half."""
    rng, half = Random(seed), len(sheet.answers) // 2
    for place in range(half, len(sheet.answers)):
        sheet.answers[place], sheet.seconds[place] = rng.choice("abcd"), rng.choice((1, 2))
    sheet.before = {}


def sat(sheets: Sequence[Sheet], when: datetime | None = None, exam: Exam | None = None) -> Cohort:
    """Write the attempts: one new person each, scored and released, begun one minute after the other."""
    exam = exam or exam_of(singles(len(sheets[0].answers), options=OPTIONS), attempts=3)
    begun = when or clock.now() - timedelta(days=2)
    people = _people(len(sheets), begun)
    attempts = [_attempt(exam, person, begun + timedelta(minutes=n), sheets[n]) for n, person in enumerate(people)]
    by_name = _insert(Attempt, attempts)
    rows = [by_name[attempt["public_id"]] for attempt in attempts]
    _write_items(exam, list(zip(rows, sheets, strict=True)), [attempt["started_at"] for attempt in attempts])
    results = [_result(exam, attempt, row, one) for attempt, row, one in zip(attempts, rows, sheets, strict=True)]
    db.session.execute(insert(Result), results)
    transaction.commit()
    return Cohort(exam, [attempt["public_id"] for attempt in attempts])


def _insert(table: Any, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Write rows with public ids; their row ids by public id."""
    db.session.execute(insert(table), list(rows))
    wanted = [row["public_id"] for row in rows]
    return dict(db.session.execute(select(table.public_id, table.id).where(table.public_id.in_(wanted))).all())


def _people(count: int, when: datetime) -> list[int]:
    names = [ids.new_public_id() for _ in range(count)]
    rows = [
        {
            "public_id": name,
            "name": f"Candidate Number{place}",
            "email": f"{name}@cohort.test",
            "email_confirmed_at": when,
            "password_hash": "unusable",
            "password_changed_at": when,
            "joined_at": when,
            "withdraws_certificates": False,
        }
        for place, name in enumerate(names)
    ]
    found = _insert(Person, rows)
    return [found[name] for name in names]


def _attempt(exam: Exam, person: int, begun: datetime, sheet: Sheet) -> dict[str, Any]:
    name = ids.new_public_id()
    ended = begun + timedelta(seconds=sum(sheet.seconds))
    return {
        "public_id": name,
        "person_id": person,
        "exam_id": exam.id,
        "number": 1,
        "state": AttemptState.RELEASED,
        "sitting": sheet.sitting,
        "seed": "cohort",
        "started_at": begun,
        "deadline_at": begun + timedelta(hours=8),
        "submitted_at": ended,
        "scored_at": ended,
        "released_at": ended,
        "writer_token_hash": "",
        "candidate": f"C-{name[:6].upper()}",
        "supervision": exam.supervision,
        "declared_name": "Candidate",
        "exam_snapshot": {"version": exam.version},
        "history": [],
    }


def _write_items(exam: Exam, sheets: Sequence[tuple[int, Sheet]], begun: Sequence[datetime]) -> None:
    """The questions of each attempt with their answers, and every answer as it arrived."""
    statement = select(ItemVersion.id).join(Item, Item.id == ItemVersion.item_id).where(Item.bank_id == exam.bank_id)
    versions = db.session.scalars(statement.order_by(ItemVersion.id)).all()
    items = [
        {
            "attempt_id": attempt,
            "position": place + 1,
            "item_version_id": versions[place],
            "order": {},
            "response": answer,
            "response_seq": 1,
            "answered_at": begun[number],
            "points": Decimal(sheet.points(place)),
            "seconds": sheet.seconds[place],
        }
        for number, (attempt, sheet) in enumerate(sheets)
        for place, answer in enumerate(sheet.answers)
    ]
    db.session.execute(insert(AttemptItem), items)
    _write_log(sheets, begun)


def _write_log(sheets: Sequence[tuple[int, Sheet]], begun: Sequence[datetime]) -> None:
    statement = select(AttemptItem.attempt_id, AttemptItem.position, AttemptItem.id)
    statement = statement.where(AttemptItem.attempt_id.in_([attempt for attempt, _sheet in sheets]))
    rows = {(attempt, place): row for attempt, place, row in db.session.execute(statement)}
    log = []
    for number, (attempt, sheet) in enumerate(sheets):
        moment = begun[number]
        for place, answer in enumerate(sheet.answers):
            moment += timedelta(seconds=sheet.seconds[place])
            saved = [*sheet.before.get(place, []), answer]
            log += [
                {
                    "attempt_item_id": rows[attempt, place + 1],
                    "seq": seq,
                    "response": response,
                    "received_at": moment - timedelta(seconds=5 * (len(saved) - seq)),
                    "late": False,
                    "accepted": True,
                }
                for seq, response in enumerate(saved, 1)
            ]
    db.session.execute(insert(ItemResponse), log)


def _result(exam: Exam, attempt: Mapping[str, Any], row: int, sheet: Sheet) -> dict[str, Any]:
    ended = attempt["submitted_at"]
    return {
        "public_id": ids.new_public_id(),
        "person_id": attempt["person_id"],
        "kind": "exam",
        "code": exam.code,
        "title": exam.title,
        "attempt_id": row,
        "number": 1,
        "outcome": "pass" if sheet.share >= PASS_SHARE else "fail",
        "percent": Decimal(round(100 * sheet.share, 1)).quantize(Decimal("0.1")),
        "data": {},
        "inputs": {},
        "inputs_hash": "0" * 64,
        "rule_version": "1",
        "engine_version": "1",
        "finalised_at": ended,
        "finalised_by": "rule",
        "released_at": ended,
        "released_by": "rule",
    }
