"""The command line: one answer, and an exit code that programs can rely on."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import select, update

from app.extensions import db
from certificates.cli import verify
from certificates.models import Artefact, Credential
from certificates.numbers import new_number
from tests.factories.certificates import certify


@pytest.fixture
def credential(app):
    return certify()


@pytest.fixture
def run(app):
    """Run a command in a context of its own, as the shell would."""

    def invoke(command, *args):
        db.session.commit()
        result = app.test_cli_runner().invoke(command, list(args))
        db.session.rollback()
        return result

    return invoke


@pytest.fixture
def file(credential, tmp_path):
    file_id = db.session.scalar(select(Artefact.file_id))
    path = tmp_path / "certificate.pdf"
    path.write_bytes(current_app.extensions["store"].get(file_id))
    return path


def change(**values):
    db.session.execute(update(Credential).values(**values))
    db.session.commit()


def test_a_number_that_stands_is_0_and_the_json_is_the_answer(run, credential):
    result = run(verify, credential.number, "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert (told["status"], told["document"], told["holder"]) == ("valid", None, "Ada Beispiel")


def test_an_exact_file_is_0(run, file):
    result = run(verify, str(file), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["document"] == "exact"


def test_in_words_it_reads_like_the_page(run, file):
    words = run(verify, str(file)).stdout
    for part in ("This is the file we signed", "Valid", "Ada Beispiel", "Sat without supervision"):
        assert part in words


def test_what_is_ours_and_not_to_be_relied_on_is_1(run, credential, file):
    file.write_bytes(file.read_bytes() + b"\n1 0 obj\n<<>>\nendobj\nxref\ntrailer\n%%EOF\n")
    altered = run(verify, str(file), "--json")
    assert (altered.exit_code, json.loads(altered.stdout)["document"]) == (1, "altered")
    change(valid_until=date(2020, 1, 1), visibility="share-only")
    hidden = run(verify, credential.number, "--json")
    assert (hidden.exit_code, json.loads(hidden.stdout)["status"]) == (1, "expired")


def test_what_cannot_be_told_is_2(run, credential, file, tmp_path):
    almost = tmp_path / "almost.pdf"
    almost.write_bytes(file.read_bytes() + b"%")
    unsigned = tmp_path / "unsigned.pdf"
    unsigned.write_bytes(b"%PDF-1.7\nstartxref\n0\n%%EOF")
    text = tmp_path / "notes.txt"
    text.write_text("hello")
    verdicts = {}
    for path in (almost, unsigned, text):
        result = run(verify, str(path), "--json")
        assert result.exit_code == 2
        verdicts[path.name] = json.loads(result.stdout)["document"]
    assert verdicts == {"almost.pdf": "genuine-not-exact", "unsigned.pdf": "unsigned", "notes.txt": "not-ours"}
    assert run(verify, new_number(), "--json").exit_code == 2


@pytest.mark.parametrize("what", ["nothing-here.pdf", "", "folder/none"])
def test_a_file_that_is_not_there_is_2_with_a_word(run, app, what):
    result = run(verify, what)
    assert result.exit_code == 2
    assert "no such file" in result.stderr


def test_a_mistyped_number_is_2_with_the_reason(run, app):
    result = run(verify, "7KQ2", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["status"] == "unknown"
    assert "length" in result.stderr


def test_the_shells_exit_code_is_the_commands(app, file):
    settings = current_app.extensions["settings"]
    known = {
        "LAUREL_MODE": settings.mode,
        "LAUREL_INSTANCE": settings.instance,
        "LAUREL_SECRET_KEY": settings.secret_key,
        "LAUREL_BASE_URL": settings.base_url,
        "LAUREL_HOSTS": settings.hosts,
        "DATABASE_URL": settings.database_url,
    }
    code = "import sys; from certificates.cli import verify; from app.cli import main; main.add_command(verify); main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "verify", str(file), "--json"],
        env=os.environ | known, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, json.loads(done.stdout)["document"]) == (0, "exact")
