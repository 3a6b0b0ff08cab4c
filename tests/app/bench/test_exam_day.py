"""A short exam day as the command plays it: real servers, learners in a process of their own, nothing left behind."""

import json
import os
import subprocess
import sys

import pytest

from app.bench import exam_hall, process
from app.bench.databases import NoServer
from app.bench.exam_hall import TooManyQuestions
from app.workers import ROOT

pytestmark = [
    pytest.mark.skipif(not process.is_readable(), reason="this system has no /proc"),
    pytest.mark.filterwarnings("default"),
]
START = "from app.bench.cli import command; command()"
KINDS = {
    "exam page", "start together, drawn ahead", "start together", "start within a minute", "page", "save", "clock", "review",
    "submit", "receipt", "answers kept",
}  # fmt: skip


def test_a_day_ends_without_an_error_or_a_lost_answer_and_nothing_stays(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LAUREL_", "DATABASE_URL"))}
    environment = kept | {"TMPDIR": str(tmp_path), "LAUREL_INSTANCE": str(tmp_path / "mine")}
    command = [sys.executable, "-c", START, "exam", "--quick", "--json"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.stdout, done.stderr[-2_000:]
    found = json.loads(done.stdout)
    rows = [row for row in found["rows"] if row["status"] != "skipped"]

    for database in {row["database"] for row in rows}:
        own = {row["job"]: row for row in rows if row["database"] == database}
        assert own.keys() >= KINDS
        assert {name: row["errors"] for name, row in own.items() if row["errors"]} == {}
        assert own["answers kept"]["count"] == own["save"]["count"] > 12
        assert own["submit"]["count"] == own["start together, drawn ahead"]["count"] == found["plan"]["learners"]
    assert {row["database"] for row in rows} >= {"sqlite"}
    assert all(line["server"] > line["learners"] > 0 for line in found["cores"] if line["phase"] == "work")
    statuses = {row["status"] for row in found["rows"]}
    assert done.returncode == found["exit"] == (1 if "missed" in statuses else 2 if "skipped" in statuses else 0)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(("laurel", "mine"))] == []


def test_a_server_that_cannot_be_had_is_a_row_that_says_skipped(tmp_path, monkeypatch):
    from app.bench import exam_day

    def refuse(_folder):
        raise NoServer("none here")

    monkeypatch.setattr(exam_day, "postgres_place", refuse)
    monkeypatch.setattr(exam_day, "raise_open_files", lambda: None)
    found = exam_day.measure(tmp_path, exam_day.QUICK_PLAN, lambda _words: None, ["postgresql"])
    assert [(row.database, row.status, row.missed) for row in found.rows] == [("postgresql", "skipped", ["none here"])]
    assert found.exit_code == 2


def test_a_blueprint_is_shortened_evenly_and_never_beyond_what_it_has():
    cells = [{"topic": "A", "thinking": "apply", "draw": 5}, {"topic": "B", "thinking": "apply", "draw": 1}]
    assert [cell["draw"] for cell in exam_hall.shortened(cells, 4)] == [3, 1]
    assert [cell["topic"] for cell in exam_hall.shortened(cells, 1)] == ["A"]
    assert exam_hall.shortened(cells, 6) == cells
    with pytest.raises(TooManyQuestions, match="6 questions"):
        exam_hall.shortened(cells, 7)
