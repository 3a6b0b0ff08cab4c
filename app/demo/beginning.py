"""Making the demonstration, once, and telling what is in it."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from app import clock, database, transaction
from app.accounts import passwords
from app.birth import found_body
from app.body import queries as body_queries
from app.body.services import Founding
from app.body.services import change as change_body
from app.config import Settings
from app.demo import cast, stories
from app.extensions import db
from app.jobs import runner
from certificates.keys.published import init_keys
from certificates.models import Credential
from certificates.register.services import HEAD_JOB

FOUNDING = {
    "name": "The Customer Reference Institute",
    "short_name": "CRI",
    "field": "customer reference",
    "headline": "Reference work, practised as a profession",
    "purpose": (
        "The Institute trains, examines and certifies the people who bring customers’ voices into a business. "
        "It belongs to its members, answers to no vendor, and costs nothing to join."
    ),
    "contact_email": "office@demo.example",
    "zone": "Europe/London",
}
SIGNATORIES = [("Odile Officer", "President"), ("Asa Assessor", "Chair, Examinations Board")]


def begin(settings: Settings) -> None:
    """Make body, people, course and stories. A start that was interrupted half-way is made anew."""
    mark = _mark(settings)
    mark.touch()
    hashed = passwords.hash_password(cast.PASSWORD)
    _in_one(lambda: _make_body(settings, hashed))
    _in_one(lambda: stories.bring_course(clock.now()))
    for story in stories.ALL:
        for chapter in story:
            _in_one(chapter)
            _run_jobs()
    _in_one(lambda: runner.order(HEAD_JOB, {}, key=f"{HEAD_JOB}~demonstration"))  # so that proofs are there at once
    _run_jobs()
    mark.unlink()


def _run_jobs() -> None:
    runner.run_all(current_app._get_current_object())  # type: ignore[attr-defined]


def _in_one(act: Callable[[], Any]) -> None:
    with transaction.standalone():
        act()


def _make_body(settings: Settings, hashed: str) -> None:
    now = clock.now()
    found_body(Founding(base_address=settings.base_url, **FOUNDING), "demo", now)
    change_body({}, SIGNATORIES, actor="founding")
    init_keys(FOUNDING["name"], now - timedelta(days=70), specimen=True)
    cast.join_all(hashed, now)


def _mark(settings: Settings) -> Path:
    return settings.instance_path / "demonstration-begun"


def undo_half_made(settings: Settings) -> None:
    """Clear away what a start that was killed half-way has left. Only ever touches a demonstration on SQLite."""
    if not (settings.is_demo and settings.is_sqlite and _mark(settings).exists()):
        return
    db.session.remove()
    db.engine.dispose()
    for name in ("laurel.sqlite3", "laurel.sqlite3-wal", "laurel.sqlite3-shm"):
        (settings.instance_path / name).unlink(missing_ok=True)
    for folder in ("files", "keys", "mail"):
        shutil.rmtree(settings.instance_path / folder, ignore_errors=True)
    body_queries.forget()
    _mark(settings).unlink()
    database.upgrade()


def report() -> dict[str, Any]:
    """What `laurel demo --json` prints: whom to be, and the numbers of the two certificates."""
    numbers = _numbers()
    return {
        "sign_ins": cast.sign_ins(),
        "certificates": {"valid": numbers.get("holder", ""), "revoked": numbers.get("former", "")},
    }


def _numbers() -> dict[str, str]:
    owners = {cast.get(key).id: key for key in ("holder", "former")}
    rows = db.session.execute(select(Credential.person_id, Credential.number).where(Credential.person_id.in_(owners)))
    return {owners[person_id]: number for person_id, number in rows}


def sign_in_lines() -> str:
    """The same for the terminal."""
    told = report()
    people = [f"  {person['email']:<28} {person['what']}" for person in told["sign_ins"]]
    numbers = [f"  {word:<28} {number}" for word, number in told["certificates"].items()]
    return "\n".join(
        [
            f"Sign in as any of these invented people; the password is: {cast.PASSWORD}",
            *people,
            "Certificates to check at /verify:",
            *numbers,
        ]
    )
