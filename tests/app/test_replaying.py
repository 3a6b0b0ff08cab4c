"""Every stored outcome can be computed again; a changed input is named. On the demonstration, by the real command line."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demonstration of its own."""
    instance = tmp_path_factory.mktemp("replay")
    assert laurel(instance, "demo", "--json").returncode == 0
    return instance


def laurel(instance, *words):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("LAUREL_") and k != "DATABASE_URL"}
    command = [sys.executable, "-m", "app", *words]
    environment = clean | {"LAUREL_INSTANCE": str(instance)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def replay(instance):
    done = laurel(instance, "grading", "replay", "--json")
    return done.returncode, json.loads(done.stdout)


def test_everything_that_was_decided_is_reproduced(demo):
    code, said = replay(demo)
    assert (code, said["good"]) == (0, True)
    assert said["results"] == 5
    assert said["decisions"] == 2


@pytest.mark.parametrize(
    ("table", "change"),
    [
        (
            "result",
            lambda inputs: inputs["rules"].update(pass_percent="99") if "rules" in inputs else inputs.update(more=1),
        ),
        ("award_decision", lambda inputs: inputs["exams"].clear() if "exams" in inputs else inputs.update(more=1)),
    ],
    ids=["result", "decision"],
)
def test_a_changed_input_is_named(demo, table, change):
    path = demo / "laurel.sqlite3"
    with sqlite3.connect(path) as connection:
        row_id, public_id, text = connection.execute(f"SELECT id, public_id, inputs FROM {table} LIMIT 1").fetchone()
        inputs = json.loads(text)
        change(inputs)
        connection.execute(f"UPDATE {table} SET inputs = ? WHERE id = ?", (json.dumps(inputs), row_id))
    code, said = replay(demo)
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE {table} SET inputs = ? WHERE id = ?", (text, row_id))
    assert code == 1
    assert [row["id"] for row in said["differing"]] == [public_id]
