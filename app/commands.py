"""The commands of the house itself: database, jobs, the trail, server, birth of a body."""

import json as json_module
import sys
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app import clock, database, transaction
from app.accounts.queries import held_roles, list_everyone
from app.audit import services as audit
from app.extensions import db
from app.jobs import runner


def answer(data: dict[str, Any], as_json: bool, words: str) -> None:
    """Print a report: one JSON object, or the sentence for people."""
    click.echo(json_module.dumps(data, ensure_ascii=False, default=str) if as_json else words)


def _app() -> Flask:
    """The application itself, for threads of which `current_app` knows nothing."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # it is a proxy
    return app


@click.group("db")
def db_group() -> None:
    """The schema of the database."""


@db_group.command("upgrade")
@with_appcontext
def db_upgrade() -> None:
    """Bring the schema to the newest step."""
    database.upgrade()
    click.echo("The database is at the newest step.")


@db_group.command("check")
@with_appcontext
def db_check() -> None:
    """Say whether the schema is at the newest step (exit 1 if not)."""
    current = database.is_current()
    click.echo("The database is at the newest step." if current else "Steps are missing: run `laurel db upgrade`.")
    sys.exit(0 if current else 1)


@db_group.command("write-step")
@click.argument("number")
@click.argument("message")
@with_appcontext
def db_write_step(number: str, message: str) -> None:
    """Write the step NUMBER (like 0002) from the difference between models and database."""
    database.write_step(message, number)


@click.group("jobs")
def jobs_group() -> None:
    """Work that is done after the answer."""


@jobs_group.command("run")
@with_appcontext
def jobs_run() -> None:
    """Run every job that is due, then stop."""
    done = runner.run_all(_app())
    click.echo(f"{done} jobs run.")


@jobs_group.command("work")
@click.option("--threads", default=2, show_default=True, help="How many jobs at once.")
@with_appcontext
def jobs_work(threads: int) -> None:
    """Run jobs until stopped; for a machine of its own beside the servers."""
    import signal
    import threading

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    worker = runner.Runner(_app(), threads)
    worker.start()
    stop.wait()
    worker.stop()


@click.group("audit")
def audit_group() -> None:
    """The trail of who did what."""


@audit_group.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def audit_check(as_json: bool) -> None:
    """Walk the chain and name the first entry that does not fit (exit 1)."""
    transaction.begin_read()
    count, fault = audit.check(db.session())
    data = {"entries": count, "good": fault is None, "first_fault": vars(fault) if fault else None}
    answer(data, as_json, f"{count} entries hold together." if fault is None else f"Entry {fault.seq}: {fault.reason}.")
    sys.exit(0 if fault is None else 1)


@click.group("people")
def people_group() -> None:
    """Members of the body."""


@people_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def people_list(as_json: bool) -> None:
    """List everyone with an account, and the roles they hold now."""
    transaction.begin_read()
    now = clock.now()
    rows = [
        {"id": p.public_id, "name": p.name, "email": p.email, "roles": sorted(held_roles(p, now))}
        for p in list_everyone()
    ]
    words = "\n".join(f"{row['email']:<40} {row['name']} {', '.join(row['roles'])}".rstrip() for row in rows)
    answer({"people": rows}, as_json, words or "Nobody has joined yet.")


ALL: list[click.Command] = [db_group, jobs_group, audit_group, people_group]
