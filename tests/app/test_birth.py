"""The birth of a real body, and the wall between it and a demonstration. The real command line, in processes of its own."""

import os
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ANSWERS = {
    "--name": "Guild of Careful Testers",
    "--short-name": "GCT",
    "--field": "careful testing",
    "--base-address": "https://guild.example",
    "--contact": "office@guild.example",
    "--mail-url": "smtp://mail.guild.example:587",
    "--mail-from": "no-reply@guild.example",
    "--officer-name": "First Officer",
    "--officer-email": "first@guild.example",
    "--officer-password": "seven quiet garden chairs",
}


def laurel(instance: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("LAUREL_") and k != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=ROOT,
        env=clean | {"LAUREL_INSTANCE": str(instance)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def born(instance: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    words = [
        word
        for pair in (ANSWERS | {f"--{k.replace('_', '-')}": v for k, v in changes.items()}).items()
        for word in pair
    ]
    return laurel(instance, "setup", *words)


def test_a_body_is_born_with_its_officer_and_without_demo_people(tmp_path):
    done = born(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Guild of Careful Testers is born" in done.stdout

    settings = tmp_path / "settings.env"
    assert stat.S_IMODE(settings.stat().st_mode) == 0o600
    secret = re.search(r"LAUREL_SECRET_KEY=(\S+)", settings.read_text()).group(1)
    assert len(secret) >= 32

    people = laurel(tmp_path, "people", "list", "--json")
    assert people.returncode == 0, people.stderr
    assert "first@guild.example" in people.stdout
    assert "demo.example" not in people.stdout
    assert laurel(tmp_path, "audit", "check").returncode == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"base_address": "http://guild.example"}, "https"),
        ({"mail_url": "files:"}, "real mail server"),
        ({"mail_from": "nobody"}, "LAUREL_MAIL_FROM"),
        ({"officer_password": "password1"}, "first that attackers try"),
    ],
)
def test_what_would_be_unsafe_is_refused_by_name_and_leaves_no_half_born_body(tmp_path, change, words):
    done = born(tmp_path, **change)
    assert done.returncode == 2
    assert words in done.stderr
    assert not (tmp_path / "settings.env").exists()
    assert born(tmp_path).returncode == 0


def test_a_second_birth_in_the_same_folder_is_refused(tmp_path):
    born(tmp_path)
    again = born(tmp_path, name="Another Body")
    assert again.returncode == 2
    assert "cannot become" in again.stderr


def test_a_demonstrations_database_never_serves_as_production(tmp_path):
    demo, real = tmp_path / "demo", tmp_path / "real"
    assert laurel(demo, "demo", "--json").returncode == 0
    assert born(real).returncode == 0
    (real / "laurel.sqlite3").write_bytes((demo / "laurel.sqlite3").read_bytes())
    served = laurel(real, "serve", "--port", "0")
    assert served.returncode == 2
    assert "born as demo" in served.stderr


def test_serving_an_empty_folder_says_what_to_do(tmp_path):
    served = laurel(tmp_path, "serve", "--port", "0", LAUREL_SECRET_KEY="x" * 40)
    assert served.returncode == 2
    assert "laurel setup" in served.stderr


def test_a_taken_port_is_named_instead_of_shared(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        served = laurel(tmp_path, "up", "--port", str(port))
    assert served.returncode == 2
    assert f"127.0.0.1:{port}" in served.stderr
    assert not (tmp_path / "settings.env").exists()
