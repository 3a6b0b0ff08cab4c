"""Levels, results and certificates for tests: made the way the house makes them, wherever that is not the slow way."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import current_app
from sqlalchemy import select

from app import clock, ids, transaction
from app.accounts.models import Person
from app.extensions import db
from app.jobs import runner
from assessments.exams.models import Attempt, Exam
from assessments.exams.rules import AttemptState
from assessments.items.models import ItemBank
from assessments.practicals.models import Practical, Submission
from assessments.results.models import Result
from assessments.results.services import release
from certificates.keys import published as published_keys
from certificates.models import Credential, StandingDecision
from courses.models import Level, Pathway, Scheme
from tests.factories.people import PersonFactory

EXAM_REQUIREMENT = {"code": "exam", "kind": "exam", "exam": "EX", "minimum_percent": "70"}
PRACTICAL_REQUIREMENT = {"code": "practical", "kind": "practical", "practical": "PR", "minimum_level": "meets"}
RUBRIC = {"levels": ["absent", "meets"], "pass_level": "meets", "criteria": [{"code": "care", "critical": False}]}


def open_keys() -> None:
    """Keys of the body: the folder outlives a test, the published rows do not."""
    if published_keys.key_store().list_records():
        published_keys.publish_all()
    else:
        published_keys.init_keys("The Test Body", clock.now() - timedelta(hours=1), specimen=False)
    transaction.commit()


def make_level(
    code: str = "foundation",
    *,
    exam: str = "EX",
    decider: str = "standing",
    years: int = 0,
    requires: str = "",
    more: tuple[dict[str, Any], ...] = (),
    has_standing: bool = True,
) -> Level:
    """A level that asks for one exam (and `more`), with the board's standing decision unless told otherwise."""
    pathway = db.session.scalars(select(Pathway)).first() or Pathway(code="reference", title="The profession")
    db.session.add(pathway)
    db.session.flush()
    level = Level(
        pathway_id=pathway.id, code=code, position=1, title=code.capitalize(), summary="What it is.", medal=code
    )
    db.session.add(level)
    db.session.flush()
    scheme = Scheme(
        level_id=level.id,
        code=f"{code.upper()}-SCHEME",
        version=1,
        title="Certificate",
        effective=date(2020, 1, 1),
        validity_years=years,
        decider=decider,
        requires_level=requires,
        rule=[EXAM_REQUIREMENT | {"exam": exam}, *more],
        imported_at=clock.now(),
    )
    db.session.add_all([scheme, _exam(code, exam)])
    if has_standing and decider == "standing":
        db.session.add(_standing(code))
    db.session.commit()
    return level


def _standing(level_code: str) -> StandingDecision:
    return StandingDecision(
        public_id=ids.new_public_id(),
        level_code=level_code,
        text="Whoever meets the scheme has the award.",
        minuted_on=date(2026, 1, 1),
        recorded_by="test",
        recorded_at=clock.now(),
    )


def _exam(level_code: str, code: str) -> Exam:
    bank = ItemBank(code=f"{code}-BANK", title="Bank")
    db.session.add(bank)
    db.session.flush()
    return Exam(
        code=code,
        title="Exam on testing",
        level_code=level_code,
        course_code="CT",
        minutes=60,
        pass_percent=Decimal("70"),
        attempts=3,
        waits=[1],
        supervision="unsupervised",
        rules="Be honest.",
        blueprint=[],
        bank_id=bank.id,
    )


def sit_exam(person: Person, percent: str = "80", code: str = "EX", **changes: Any) -> Result:
    """A scored attempt with its result, not released yet."""
    exam = db.session.scalars(select(Exam).where(Exam.code == code)).one()
    earlier = db.session.scalars(
        select(Attempt).where(Attempt.person_id == person.id, Attempt.exam_id == exam.id)
    ).all()
    now = clock.now()
    attempt = Attempt(
        public_id=ids.new_public_id(),
        person_id=person.id,
        exam_id=exam.id,
        number=len(earlier) + 1,
        state=AttemptState.RELEASED,
        seed="1",
        started_at=now - timedelta(hours=2),
        deadline_at=now - timedelta(hours=1),
        writer_token_hash="",
        candidate="C-1",
        supervision=changes.pop("supervision", "unsupervised"),
        declared_name=person.name,
        exam_snapshot={},
    )
    db.session.add(attempt)
    db.session.flush()
    passed = Decimal(percent) >= exam.pass_percent
    return _result(
        person, kind="exam", code=code, title=exam.title, attempt_id=attempt.id, number=attempt.number,
        outcome="pass" if passed else "refer", percent=Decimal(percent), **changes,
    )  # fmt: skip


def do_practical(person: Person, level: str = "meets", code: str = "PR") -> Result:
    """A marked submission with its result, not released yet."""
    practical = db.session.scalars(select(Practical).where(Practical.code == code)).first() or _practical(code)
    now = clock.now()
    submission = Submission(
        public_id=ids.new_public_id(),
        person_id=person.id,
        practical_id=practical.id,
        number=1,
        state="marked",
        candidate_number=ids.new_public_id()[:8],
        opened_at=now,
        saved_at=now,
    )
    db.session.add(submission)
    db.session.flush()
    return _result(
        person, kind="practical", code=code, title=practical.title, submission_id=submission.id, number=1,
        outcome="pass" if level == "meets" else "refer", percent=None,
        inputs={"rubric": RUBRIC, "marks": {"care": level}, "rule": {}},
    )  # fmt: skip


def _practical(code: str) -> Practical:
    practical = Practical(
        code=code, title="A test of your own", course_code="CT", level_code="foundation", rubric_code="R",
        minutes=60, calendar_days=1, brief="Write it.", declaration="It is mine.", dossier=[], max_files=1,
        max_megabytes=1, file_types=["pdf"], changed_at=clock.now(),
    )  # fmt: skip
    db.session.add(practical)
    db.session.flush()
    return practical


def _result(person: Person, **fields: Any) -> Result:
    known = {
        "public_id": ids.new_public_id(),
        "person_id": person.id,
        "data": {},
        "inputs": {},
        "inputs_hash": "0" * 64,
        "rule_version": "1",
        "engine_version": "1",
        "finalised_at": clock.now(),
        "finalised_by": "rule",
        "released_by": "",
    }
    result = Result(**known | fields)
    db.session.add(result)
    db.session.commit()
    return result


def make_candidate(name: str = "Ada Beispiel", *, is_confirmed: bool = True) -> Person:
    """A member, whose name for certificates is confirmed unless told otherwise."""
    return PersonFactory(name=name, name_confirmed_at=clock.now() if is_confirmed else None)


def pass_exam(person: Person, percent: str = "80", code: str = "EX", **changes: Any) -> Result:
    """Sit the exam and have the result released, with everything that follows from it."""
    result = sit_exam(person, percent, code, **changes)
    release(result, "officer-of-tests", clock.now())
    transaction.commit()
    return result


def run_jobs() -> int:
    """Let the ledger run, as the server's threads do."""
    db.session.commit()
    done = runner.run_all(current_app._get_current_object())
    db.session.rollback()
    return done


def certify(name: str = "Ada Beispiel", **level: Any) -> Credential:
    """A member with an issued certificate; the level and the keys are made where they are missing."""
    open_keys()
    code = level.pop("code", "foundation")
    exam = level.pop("exam", "EX")
    if db.session.scalars(select(Level).where(Level.code == code)).first() is None:
        make_level(code, exam=exam, **level)
    person = make_candidate(name)
    pass_exam(person, code=exam)
    run_jobs()
    return find_credential(person, code)


def find_credential(person: Person, code: str = "foundation") -> Credential:
    """The newest certificate of a person."""
    statement = select(Credential).where(Credential.person_id == person.id, Credential.level_code == code)
    return db.session.scalars(statement.order_by(Credential.id.desc())).first()
