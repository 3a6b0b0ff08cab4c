"""The birth of an installation: its settings file, its schema, its body; for a demonstration or for real."""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from app import database, ids, transaction
from app.accounts import passwords
from app.accounts import services as accounts
from app.accounts.models import Person
from app.accounts.roles import found_first_officer
from app.body import queries, services
from app.body.services import Founding
from app.config import Settings, load_settings, read_env_file
from app.errors import DomainError
from app.extensions import db
from app.pages.services import publish_defaults


@dataclass(frozen=True)
class FirstOfficer:
    """The person who runs the body from its first day and lets others in."""

    name: str
    email: str
    password: str


def write_settings(path: Path, values: dict[str, str]) -> None:
    """Keep settings in a file that only the owner may read. Existing ones stay unless named here.

    No link that lies in the place of the draft is followed: it goes, as does what a killed process left there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    merged = read_env_file(path) | values
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("# Settings of this installation; the environment goes before them. Keep it secret.\n")
        file.writelines(f"{key}={value}\n" for key, value in merged.items())
    beside.replace(path)


def settings_file() -> Path:
    """Where the settings of this installation lie."""
    return load_settings().instance_path / "settings.env"


def prepare_demo_settings(host: str, port: int) -> Settings:
    """The settings of this folder; made for a demonstration if there are none yet."""
    settings = load_settings()
    if not settings.secret_key:
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  compared, not bound
        values = {
            "LAUREL_MODE": "demo",
            "LAUREL_SECRET_KEY": f"demo-{secrets.token_urlsafe(40)}",
            "LAUREL_BASE_URL": f"http://{shown}:{port}",
        }
        write_settings(settings_file(), values)
        settings = load_settings()
    return settings


def is_born() -> bool:
    """Whether this database has its schema and its body."""
    return database.is_current() and queries.find_body_row() is not None


def check_mode(settings: Settings) -> None:
    """Refuse to run a demonstration's database as anything else, and the reverse. Raises DomainError."""
    row = queries.find_body_row()
    if row is not None and row.mode != settings.mode:
        raise DomainError(
            f"This database was born as {row.mode} and can never become {settings.mode}. "
            "Start with an empty database and `laurel setup`."
        )


def found_body(founding: Founding, mode: str, now: datetime) -> None:
    """The body, and the texts every body begins with."""
    services.found(founding, mode, now)
    publish_defaults(now)


def found_officer(officer: FirstOfficer, password_hash: str, now: datetime) -> Person:
    """The first officer, whose address needs no confirmation and whose role nobody could grant."""
    person = Person(
        public_id=ids.new_public_id(),
        name=accounts.clean_name(officer.name),
        email=officer.email,
        email_confirmed_at=now,
        password_hash=password_hash,
        password_changed_at=now,
        joined_at=now,
    )
    db.session.add(person)
    db.session.flush()
    accounts.declare_affiliation(person, "", "", True, now)
    accounts.give_consents(person.id, now)
    found_first_officer(person, now)
    return person


def set_up(founding: Founding, officer: FirstOfficer, mode: str, now: datetime) -> None:
    """The birth of a real body: schema, body, texts, first officer. Raises DomainError for whatever cannot be."""
    passwords.check_new(officer.password, [officer.name, officer.email, founding.name])
    hashed = passwords.hash_password(officer.password)
    database.upgrade()
    with transaction.standalone():
        if queries.find_body_row() is not None:
            raise DomainError(_("This database already belongs to a body."))
        found_body(founding, mode, now)
        found_officer(officer, hashed, now)
