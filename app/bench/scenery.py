"""A scratch instance with people at work in it: a body, the starter course, sitters with running attempts.

Everything comes through the services that the site itself uses, so that the rows are those of real use. Only what
people did before (signing in, reading the lessons, answering every question) is written down directly.
"""

import contextvars
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import session as web_cookie
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select, update

from app import clock, database, ids, transaction
from app.accounts import services as accounts
from app.accounts.models import Person, WebSession
from app.accounts.sessions import hash_secret
from app.birth import found_body
from app.body.services import Founding
from app.extensions import db
from app.factory import Laurel
from app.workers import ROOT
from assessments.exams import queries as exams
from assessments.exams import sitting
from assessments.exams.models import Attempt, AttemptItem, Exam
from assessments.exams.writing import Candidate
from assessments.grading.kinds.options import option_codes
from assessments.grading.kinds.registry import kind
from assessments.items.definitions import check_item
from assessments.items.models import ItemVersion
from courses import levels, queries, services
from courses.folder.model import CourseFolder
from courses.folder.reader import read_folder
from courses.importing import import_course
from courses.models import LessonProgress

COURSE_FOLDER = ROOT / "courses" / "curriculum" / "foundation"
SHORT_EXAM = "BENCH-SHORT"
BODY = {
    "name": "The Measured Institute",
    "short_name": "TMI",
    "field": "careful measuring",
    "headline": "Measuring, practised as a profession",
    "purpose": "The Institute exists for as long as a measurement takes, in a folder that is thrown away.",
    "contact_email": "office@bench.example",
}


@dataclass(frozen=True)
class Question:
    """A place in an attempt, and answers to give there by turns; empty where there is only one."""

    position: int
    answers: tuple[Any, ...]


@dataclass(frozen=True)
class Sitter:
    """Somebody who is signed in and sits an exam: the cookie and token of the browser, and the attempt."""

    number: int
    person_id: int
    cookie: str
    token: str
    attempt: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Scene:
    """What the jobs are about: `sitters` write for as long as wanted, each of `closers` can hand in once."""

    course: str
    sitters: tuple[Sitter, ...]
    closers: tuple[Sitter, ...]
    short_closers: tuple[Sitter, ...]
    numbers: tuple[str, ...] = ()


def found(app: Laurel) -> str:
    """Make schema, body and course in an empty database; the code of the course."""
    database.upgrade()
    settings, now = app.extensions["settings"], clock.now()
    with transaction.standalone():
        found_body(Founding(base_address=settings.base_url, **BODY), settings.mode, now)
        starting, faults = levels.read_levels(levels.LEVELS_FILE)
        assert starting is not None, faults
        levels.import_levels(starting)
        return _import(app, now)


def _import(app: Laurel, now: datetime) -> str:
    folder, faults = read_folder(COURSE_FOLDER, check_item, queries.level_codes())
    assert folder is not None, faults
    import_course(folder, now)
    for importer in app.extensions["course_importers"]:
        importer(folder, now)
    _shorten(folder)
    return folder.course.code


def _shorten(folder: CourseFolder) -> None:
    """A second exam with one question from each cell: what handing in costs must not grow with the length."""
    assert folder.exam is not None
    exam = exams.get_exam(folder.exam["code"])
    add_exam_like(exam, SHORT_EXAM, [{**cell, "draw": 1} for cell in exam.blueprint])


def add_exam_like(exam: Exam, code: str, blueprint: list[dict[str, Any]]) -> None:
    """Another exam under the same rules and over the same bank, which draws by this blueprint."""
    names = [column.name for column in Exam.__table__.columns if column.name not in ("id", "code", "blueprint")]
    values = {name: getattr(exam, name) for name in names}
    db.session.add(Exam(code=code, blueprint=blueprint, **values))


def populate(app: Laurel, course: str, *, sitters: int, closers: int) -> Scene:
    """Let people join, enrol, read the lessons and start an exam; `closers` have answered every question."""
    with transaction.standalone():
        made = [_sit(app, course, "", number) for number in range(sitters)]
    with transaction.standalone():
        ready = [_sit(app, course, "", sitters + number) for number in range(closers)]
        _answer_all(ready)
    with transaction.standalone():
        few = [_sit(app, course, SHORT_EXAM, sitters + closers + number) for number in range(4)]
        _answer_all(few)
    return Scene(course, tuple(made), tuple(ready), tuple(few))


def _sit(app: Laurel, course: str, exam_code: str, number: int) -> Sitter:
    now = clock.now()
    person, session_id, cookie, token = admit(app, course, number, now)
    exam = exams.get_exam(exam_code) if exam_code else exams.list_exams(course)[0]
    attempt = sitting.start(exam, Candidate(person.id, person.public_id, person.name, session_id), now)
    return Sitter(number, person.id, cookie, token, attempt.public_id, _questions(attempt))


def admit(app: Laurel, course: str, number: int, now: datetime) -> tuple[Person, int, str, str]:
    """Somebody who has read the lessons of the course and is signed in: person, session, cookie and form token."""
    person = _join(number, now - timedelta(days=30))
    secret, web_session = _sign_in(person, now)
    _study(person, course, now)
    return person, web_session.id, *_browser(app, secret)


def _join(number: int, joined: datetime) -> Person:
    person = Person(
        public_id=ids.new_public_id(),
        name=f"Sitter Number{number:03d}",
        email=f"sitter{number}@bench.example",
        email_confirmed_at=joined,
        password_hash="unusable",  # noqa: S106  nobody signs in with it
        password_changed_at=joined,
        name_confirmed_at=joined,
        joined_at=joined,
    )
    db.session.add(person)
    db.session.flush()
    accounts.declare_affiliation(person, f"Works {number}", "", False, joined)
    accounts.give_consents(person.id, joined)
    return person


def _sign_in(person: Person, now: datetime) -> tuple[str, WebSession]:
    secret = ids.new_secret()
    row = WebSession(
        public_id=ids.new_public_id(),
        person_id=person.id,
        secret_hash=hash_secret(secret),
        begun_at=now,
        authenticated_at=now,
        last_seen_at=now,
        device="bench",
    )
    db.session.add(row)
    db.session.flush()
    return secret, row


def _browser(app: Laurel, secret: str) -> tuple[str, str]:
    """Cookie and form token of a browser that is signed in with `secret`."""
    return contextvars.Context().run(_sealed, app, secret)


def _sealed(app: Laurel, secret: str) -> tuple[str, str]:
    """As from outside: within the running application context, `g` would keep the token of somebody else."""
    with app.test_request_context():
        web_cookie["_user_id"], web_cookie["_fresh"] = secret, True
        token = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(web_cookie))}", token


def _study(person: Person, course: str, now: datetime) -> None:
    enrolment = services.enrol(person.id, course, now, person.public_id)
    facts = {"enrolment_id": enrolment.id, "first_opened_at": now, "last_opened_at": now, "done_at": now}
    states = queries.lesson_states(enrolment)
    db.session.add_all(LessonProgress(lesson_code=state.code, position="", **facts) for state in states)
    db.session.flush()


def _questions(attempt: Attempt) -> tuple[Question, ...]:
    rows = db.session.execute(
        select(AttemptItem.position, ItemVersion.content)
        .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
        .where(AttemptItem.attempt_id == attempt.id)
        .order_by(AttemptItem.position)
    )
    return tuple(Question(position, _answers(content)) for position, content in rows)


def _answers(content: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(option_codes(content)) if content["kind"] == "single" else ()


def _answer_all(ready: Sequence[Sitter]) -> None:
    """Give the right answer to every question of these attempts."""
    rows = db.session.execute(
        select(AttemptItem.id, ItemVersion.content)
        .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.public_id.in_([sitter.attempt for sitter in ready]))
    ).all()
    now = clock.now()
    changes = [
        {
            "id": row_id,
            "response": kind(content["kind"]).right_response(content),
            "response_seq": 1,
            "answered_at": now,
        }
        for row_id, content in rows
    ]
    db.session.execute(update(AttemptItem), changes)
