"""`laurel bench`: what Laurel costs, in ratios to a bare application on the same server and database."""

import json
import sys
import tempfile
from pathlib import Path

import click

from app.bench import process


@click.command("bench")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with the rows.")
@click.option(
    "--quick", is_flag=True, help="Few people and short windows: whether it runs at all. Figures mean little."
)
@click.option(
    "--server",
    "host",
    type=click.Choice(["granian", "waitress"]),
    default="granian",
    show_default=True,
    help="The server program under both applications; waitress comes with the test set.",
)
def command(as_json: bool, quick: bool, host: str) -> None:
    """Measure the pages that matter, on SQLite and on PostgreSQL.

    Everything happens in a temporary folder on the loopback; this installation is not touched. PostgreSQL is the server
    in DATABASE_URL, where two databases are made and dropped again, or that of the test set. Exit 0: every goal holds;
    1: one is missed; 2: something could not be measured.
    """
    if not process.is_readable():
        click.echo("This machine does not tell what its processes use (/proc is needed).", err=True)
        sys.exit(2)
    from app.bench import report, rounds  # the whole house, which the command line needs for nothing else
    from app.bench.rounds import Plan

    shape = rounds.QUICK_PLAN if quick else Plan()
    plan = Plan(pace=shape.pace, people=shape.people, host=host)
    with tempfile.TemporaryDirectory(prefix="laurel-bench-", ignore_cleanup_errors=True) as folder:
        rows = rounds.measure(Path(folder), plan, lambda words: click.echo(words, err=True))
    code = report.exit_code(rows)
    if as_json:
        click.echo(json.dumps({"rows": [row.as_dict() for row in rows], "server": host, "exit": code}))
    else:
        click.echo(report.table(rows))
    sys.exit(code)
