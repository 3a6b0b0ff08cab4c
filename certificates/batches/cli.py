"""`laurel credentials issue`: the certificates of a cohort, with a bar while it works and a report at the end.

Exit codes: 0 all that could be made are made, 1 some are held, wait or are unknown, 2 could not begin or bad usage.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app import clock, transaction
from certificates.batches import making
from certificates.batches.cohort import Cohort, CohortUnreadable, find_cohort, list_candidates
from certificates.batches.making import Report, Row
from certificates.batches.progress import bar, stoppable
from certificates.checking.judgement import BAD, GOOD, UNSURE
from certificates.keys import published as published_keys
from certificates.keys.records import KeyPurpose, KeyStoreError
from certificates.models import CredentialState

NEEDED = (KeyPurpose.DOCUMENT_SIGNING, KeyPurpose.BADGE, KeyPurpose.BADGE_JWT)


@click.group("credentials")
def credentials() -> None:
    """Certificates in number."""


@credentials.command("issue")
@click.option("--cohort", required=True, metavar="FILE|LEVEL",
              help="A CSV with an e-mail address or an id of a person on each line; or the code of a level: everybody.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only tell what would be made, and what is not ready and why.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@with_appcontext
def issue(cohort: str, dry_run: bool, as_json: bool) -> None:
    """Award whatever only waits for being looked at, and make every ordered certificate of the cohort now.

    Nobody gets a second certificate, however often this is run. After ^C or a crash run it again: it goes on. Run it twice
    at once to use two cores.

    \b
    Exit 0: all that could be made are made.
    Exit 1: some are held up, wait for another try, or lines name nobody.
    Exit 2: it could not begin.
    """
    transaction.begin_read()
    try:
        meant = find_cohort(cohort, clock.now())
        if not dry_run:
            _refuse_without_keys()
    except (CohortUnreadable, KeyStoreError) as problem:
        click.echo(str(problem), err=True)
        sys.exit(UNSURE)
    with stoppable() as stopped:
        report = _look(meant) if dry_run else _issue(meant, stopped)
    click.echo(
        json.dumps(_as_data(report, meant, dry_run), ensure_ascii=False) if as_json else _in_words(report, meant)
    )
    sys.exit(BAD if report.held or report.waiting or report.stopped or meant.unknown else GOOD)


def _refuse_without_keys() -> None:
    for purpose in NEEDED:
        published_keys.signer_for(purpose, clock.now())


def _look(cohort: Cohort) -> Report:
    with bar("Looking", len(list_candidates(cohort, clock.now()))) as step:
        return making.look(cohort, clock.now(), step)


def _issue(cohort: Cohort, stopped: Callable[[], bool]) -> Report:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # it is a proxy
    before = making.list_in_state(cohort, CredentialState.ISSUED)
    with bar("Awarding", len(list_candidates(cohort, clock.now()))) as step:
        skipped = making.order_ready(cohort, clock.now(), stopped, step)
    with bar("Making", len(making.list_in_state(cohort, CredentialState.ORDERED))) as step:
        making.make_ordered(app, cohort, stopped, step)
    return making.tell(cohort, before, skipped, stopped=stopped())


def _as_data(report: Report, cohort: Cohort, dry_run: bool) -> dict[str, Any]:
    groups = {name: [vars(row) for row in getattr(report, name)] for name in ("made", "held", "waiting", "skipped")}
    return {
        "levels": list(cohort.levels),
        "dry_run": dry_run,
        "ready": [vars(row) for row in report.ready],
        **groups,
        "already": report.already,
        "unknown": [vars(line) for line in cohort.unknown],
        "stopped": report.stopped,
    }


def _in_words(report: Report, cohort: Cohort) -> str:
    counts = (
        ("would be made", report.ready), ("made", report.made), ("held up", report.held), ("not made", report.waiting),
        ("not ready", report.skipped),
    )  # fmt: skip
    told = [f"{len(rows)} {words}" for words, rows in counts if rows] or ["nothing to make"]
    lines = [", ".join([*told, *([f"{report.already} have theirs already"] if report.already else [])]) + "."]
    lines += [f"  {_named(row)}: {row.reason}" for row in (*report.held, *report.waiting)]
    lines += [f"  not ready, {count}: {reason}" for reason, count in report.skipped_by_reason.items()]
    lines += [f"  line {line.number} names nobody here: {line.text or '(empty)'}" for line in cohort.unknown]
    lines += ["Stopped. Run it again: it goes on."] if report.stopped else []
    return "\n".join(lines)


def _named(row: Row) -> str:
    return f"{row.email} ({row.level})" if row.level else row.email
