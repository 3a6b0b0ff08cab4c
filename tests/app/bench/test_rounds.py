"""A short measurement of everything, as the command makes it: real servers, real load, nothing left behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.bench import process
from app.bench.jobs import JOBS
from app.workers import ROOT

pytestmark = [
    pytest.mark.skipif(not process.is_readable(), reason="this system has no /proc"),
    pytest.mark.filterwarnings("default"),
]
COLUMNS = {
    "job", "database", "cpu_ms", "ceiling_ms", "ratio", "p50_ms", "p95_ms", "p99_ms", "queries", "bytes", "errors",
}  # fmt: skip
START = "from app.bench.cli import command; command()"


def bench(folder: Path, **settings: str) -> tuple[int, dict]:
    """Run the command with nothing but these settings; exit code and report."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LAUREL_", "DATABASE_URL"))}
    environment = kept | {"TMPDIR": str(folder), "LAUREL_INSTANCE": str(folder / "mine")} | settings
    command = [sys.executable, "-c", START, "--quick", "--json"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.stdout, done.stderr[-2_000:]
    return done.returncode, json.loads(done.stdout)


def test_every_job_is_measured_without_an_error_and_nothing_stays(tmp_path):
    code, found = bench(tmp_path)
    rows = [row for row in found["rows"] if row["status"] != "skipped"]
    assert all(row.keys() >= COLUMNS for row in rows)
    assert {row["job"] for row in rows if row["database"] == "sqlite"} >= {job.name for job in JOBS}
    assert {row["job"]: row["missed"] for row in rows if row["errors"]} == {}
    assert all(row["cpu_ms"] > row["ceiling_ms"] > 0 for row in rows if row["ratio"])
    [making] = [row for row in rows if row["job"] == "certificate: render, badge, sign"]
    assert sum(making["parts"].values()) == pytest.approx(making["cpu_ms"], rel=0.01)
    assert making["per_second"] == pytest.approx(1_000 / making["cpu_ms"], rel=0.01)
    statuses = {row["status"] for row in found["rows"]}
    assert code == found["exit"] == (1 if "missed" in statuses else 2 if "skipped" in statuses else 0)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(("laurel", "mine"))] == []


def test_a_server_that_cannot_be_reached_is_a_row_that_says_skipped(tmp_path, monkeypatch):
    from app.bench import rounds
    from app.bench.databases import postgres_place

    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing?connect_timeout=2")
    monkeypatch.setattr(rounds, "_measure_on", lambda *_: [])
    rows = rounds.measure(tmp_path, rounds.QUICK_PLAN, lambda _words: None)
    assert [(row.database, row.status) for row in rows] == [("postgresql", "skipped")]
    assert "gave no databases" in rows[0].missed[0]
    assert postgres_place is rounds.postgres_place
