"""A thousand certificates, exported and checked where neither Laurel nor its server is installed, packages fresh from PyPI."""

import os
import subprocess
import venv
from pathlib import Path

import pytest
from sqlalchemy import select

from app.extensions import db
from app.jobs import runner
from app.jobs.models import Job
from certificates.exit_kit.layout import file_of
from certificates.issuing import ordering
from certificates.models import AwardCase, Credential
from tests.certificates.exit_kit import kit
from tests.factories.certificates import make_candidate, make_level, open_keys, pass_exam

CERTIFICATES = int(os.environ.get("LAUREL_KIT_CERTIFICATES", "1000"))
AT_ONCE = 100

pytestmark = [pytest.mark.soak, pytest.mark.sqlite_only]


def issue_many(app, count: int) -> list[str]:
    """Certificates made by the jobs of the house; messages and receipts are left waiting."""
    open_keys()
    make_level(years=3)
    for number in range(count):
        pass_exam(make_candidate(f"Person {number}"))
    jobs = db.session.scalars(select(Job.id).where(Job.kind == ordering.JOB)).all()
    db.session.rollback()
    for job_id in jobs:
        assert runner.run_chosen(app, job_id)
    assert db.session.scalars(select(AwardCase.id).where(AwardCase.state != "decided")).all() == []
    return list(db.session.scalars(select(Credential.number).order_by(Credential.id)))


def fresh_python(folder: Path, requirements: Path) -> Path:
    """A new virtual environment with nothing in it but what the folder asks for."""
    venv.create(folder, with_pip=True, symlinks=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "-r", requirements], check=True, timeout=900)
    return python


def test_a_thousand_certificates_are_good_elsewhere_and_one_byte_is_named(app, tmp_path):
    numbers = issue_many(app, CERTIFICATES)
    papers = tmp_path / "papers"
    papers.mkdir()
    files = [kit.forms(number, papers) for number in numbers]
    assert kit.export(tmp_path / "kit").certificates == len(numbers) == CERTIFICATES
    python = fresh_python(tmp_path / "env", tmp_path / "kit" / "requirements.txt")
    assert subprocess.run([python, "-c", "import certificates"], cwd=tmp_path, capture_output=True).returncode != 0
    for start in range(0, len(files), AT_ONCE):
        some = [path for forms in files[start : start + AT_ONCE] for path in forms.values()]
        ran = kit.run(python, tmp_path / "kit", *some)
        lines = ran.out.splitlines()
        assert ([line for line in lines if not line.endswith(": exact, valid")], len(lines)) == ([], len(some)), ran.err
        assert ran.code == 0
    whole = kit.run(python, tmp_path / "kit", "--all", "--json")
    assert (whole.code, whole.told["folder"]["faults"]) == (0, []), whole.err
    assert whole.told["folder"]["proofs"] == CERTIFICATES
    damaged = files[CERTIFICATES // 2]["pdf"]
    kit.change_a_byte(damaged, 2_000)
    ran = kit.run(python, tmp_path / "kit", *(forms["pdf"] for forms in files[CERTIFICATES // 2 - 5 :][:10]))
    bad = [line for line in ran.out.splitlines() if not line.endswith(": exact, valid")]
    assert (ran.code, len(bad), damaged.name in bad[0]) == (1, 1, True)
    for path in (file_of(numbers[3]), "register/entries/1.jsonl", "status-lists/1", "manifest.json"):
        data = (tmp_path / "kit" / path).read_bytes()
        kit.change_a_byte(tmp_path / "kit" / path)
        ran = kit.run(python, tmp_path / "kit", "--all", "--json")
        assert {fault["path"].partition(":")[0] for fault in ran.told["folder"]["faults"]} == {path}
        (tmp_path / "kit" / path).write_bytes(data)
