"""A body with certificates, its export, and the verifier run as a program of its own where none of our house is installed."""

import json
import os
import subprocess
import sysconfig
import venv
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import current_app

from app import clock, transaction
from app.accounts.models import Person
from app.extensions import db
from certificates import personal, queries
from certificates.badges import baking, picture
from certificates.badging import keeping as badge_keeping
from certificates.badging.making import medal_of
from certificates.exit_kit import writing
from certificates.lifecycle import history
from certificates.lifecycle.status import Event
from certificates.models import Credential
from tests.factories.certificates import find_credential, make_candidate, make_level, open_keys, pass_exam, run_jobs

CALM = {"PATH": os.environ["PATH"], "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
NOT_THERE = ("laurel", "__editable__", "flask", "sqlalchemy", "werkzeug", "jinja2", "reportlab", "pikepdf")
"""What the verifier must do without; everything else of this installation is lent to it."""


@dataclass(frozen=True)
class Ran:
    """What a run of the verifier came to."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> dict:
        """Its JSON."""
        return json.loads(self.out)


def issue(*names: str) -> list[Credential]:
    """Members with an issued certificate each, made by the jobs of the house."""
    open_keys()
    make_level(years=3)
    people = [make_candidate(name) for name in names]
    for person in people:
        pass_exam(person)
    run_jobs()
    return [find_credential(person) for person in people]


NAMES = ("Ada Beispiel", "Bea Muster", "Cleo Test", "Dan Probe", "Eva Entwurf", "Finn Vorlage")
SHOWN = ("public", "public", "unlisted", "share-only", "unlisted", "unlisted")


@dataclass(frozen=True)
class Scene:
    """An export, the numbers of six certificates in the order of NAMES, and each of them as files in five forms.

    Of the six two are public, one is unlisted, one shown by link only, one revoked, and the holder of one was erased.
    """

    folder: Path
    numbers: list[str]
    files: list[dict[str, Path]]


def make_scene(folder: Path) -> Scene:
    """Issue, hand out, revoke, erase, export."""
    made = issue(*NAMES)
    for credential, visibility in zip(made, SHOWN, strict=True):
        credential.visibility = visibility
    numbers = [credential.number for credential in made]
    db.session.commit()
    files = [forms(number, folder) for number in numbers]
    history.add(queries.find_issued(numbers[4]), Event.REVOKED, clock.now(), "officer", reason_class="misconduct")
    person = db.session.get_one(Person, queries.find_issued(numbers[5]).person_id)
    person.withdraws_certificates = True
    personal.PERSONAL.erase(person, clock.now())
    transaction.commit()
    export(folder / "kit")
    return Scene(folder / "kit", numbers, files)


def forms(number: str, folder: Path) -> dict[str, Path]:
    """Every form in which a certificate is handed out, as files."""
    credential = queries.find_issued(number)
    kept, store = badge_keeping.find(credential.id), current_app.extensions["store"]
    text, medal = store.get(kept.file_id).decode(), medal_of(credential.level_code)
    data = {
        "pdf": store.get(credential.artefact.file_id),
        "json": text.encode(),
        "jwt": store.get(kept.token_file_id),
        "png": baking.bake_png(picture.draw_png(medal), text),
        "svg": baking.bake_svg(picture.draw_svg(medal, "Certificate"), text).encode(),
    }
    paths = {ending: folder / f"{number}.{ending}" for ending in data}
    for ending, path in paths.items():
        path.write_bytes(data[ending])
    return paths


def export(folder: Path) -> writing.Exported:
    """Write an export as the command does."""
    db.session.commit()
    transaction.begin_read()
    made = writing.export(folder, clock.now(), timedelta(days=3_650))
    db.session.rollback()
    return made


def make_bare_python(folder: Path, *without: str) -> Path:
    """A Python of its own that has the libraries of others and nothing of ours."""
    venv.create(folder, with_pip=False, symlinks=True)
    target = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if not entry.name.lower().startswith((*NOT_THERE, *without)):
            (target / entry.name).symlink_to(entry)
    return folder / "bin" / "python"


def run(python: Path, kit: Path, *arguments: str | Path) -> Ran:
    """Run the verifier of a folder from elsewhere."""
    command = [str(python), str(kit / "verify.py"), *map(str, arguments)]
    done = subprocess.run(command, env=CALM, cwd=kit.parent, capture_output=True, text=True, timeout=900, check=False)
    return Ran(done.returncode, done.stdout, done.stderr)


def change_a_byte(path: Path, place: int | None = None) -> None:
    """Change one byte of a file, in its middle unless told otherwise, so that text stays text."""
    data = bytearray(path.read_bytes())
    place = len(data) // 2 if place is None else place
    data[place] = ord("7") if data[place] != ord("7") else ord("3")
    path.write_bytes(bytes(data))
