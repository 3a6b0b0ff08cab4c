"""`laurel bench`: what Laurel costs, in ratios to a bare application on the same server and database."""

import json
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

import click

from app.bench import process


@click.group("bench", invoke_without_command=True)
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
@click.pass_context
def command(context: click.Context, as_json: bool, quick: bool, host: str) -> None:
    """Measure the pages that matter, on SQLite and on PostgreSQL.

    Everything happens in a temporary folder on the loopback; this installation is not touched. PostgreSQL is the server
    in DATABASE_URL, where two databases are made and dropped again, or that of the test set. Exit 0: every goal holds;
    1: one is missed; 2: something could not be measured.
    """
    if context.invoked_subcommand:
        return
    _check_machine()
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


def _check_machine() -> None:
    if not process.is_readable():
        click.echo("This machine does not tell what its processes use (/proc is needed).", err=True)
        sys.exit(2)


@command.command("exam")
@click.option("--learners", type=click.IntRange(1, 5_000), default=500, show_default=True, help="How many sit it.")
@click.option(
    "--questions", type=click.IntRange(1, 1_000), default=20, show_default=True, help="How many each is asked."
)
@click.option(
    "--minutes",
    type=click.FloatRange(0.1, 240),
    default=2.0,
    show_default=True,
    help="How long they work, an answer each ten seconds.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--quick", is_flag=True, help="A dozen learners for seconds: whether it runs at all.")
@click.option(
    "--database",
    "databases",
    multiple=True,
    type=click.Choice(["sqlite", "postgresql"]),
    default=["sqlite", "postgresql"],
    show_default=True,
    help="On which databases; may be given twice.",
)
@click.option(
    "--server",
    "host",
    type=click.Choice(["granian", "waitress"]),
    default="granian",
    show_default=True,
    help="The server program; waitress comes with the test set.",
)
def exam(
    learners: int, questions: int, minutes: float, as_json: bool, quick: bool, databases: tuple[str, ...], host: str
) -> None:
    """Play an exam day: a common start, an answer each ten seconds, a common end; and look for what was lost.

    Everything happens in a temporary folder on the loopback. The goals hold for PostgreSQL and up to 500 learners.
    Exit 0: every goal holds; 1: one is missed; 2: something could not be measured.
    """
    _check_machine()
    from app.bench import day_report, exam_day, exam_hall

    plan = exam_day.DayPlan(learners, questions, minutes * 60, host=host)
    if quick:
        plan = replace(exam_day.QUICK_PLAN, host=host)
    with tempfile.TemporaryDirectory(prefix="laurel-bench-", ignore_cleanup_errors=True) as folder:
        try:
            found = exam_day.measure(Path(folder), plan, lambda words: click.echo(words, err=True), databases)
        except exam_hall.TooManyQuestions as error:
            raise click.UsageError(str(error)) from None
    if as_json:
        click.echo(json.dumps(found.as_dict() | {"plan": asdict(plan)}))
    else:
        click.echo(f"load average at the beginning: {found.load[0]:.1f}")
        click.echo(day_report.table(found.rows, found.usages))
    sys.exit(found.exit_code)
