"""`laurel credentials add-badges`: badges for the certificates that were issued before there were any.

Exit codes: 0 every valid certificate has a badge now, 1 some could not be made or are left, 2 could not begin or bad usage.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import click
from flask.cli import with_appcontext

from app import clock, transaction
from certificates.badges.credential import FactsInvalid
from certificates.badging import services
from certificates.batches.progress import bar, stoppable
from certificates.checking.judgement import BAD, GOOD, UNSURE
from certificates.keys.records import KeyStoreError


@dataclass
class Outcome:
    """The numbers that got a badge, those that did not with the reason, and how many are left."""

    made: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    left: int = 0


@click.command("add-badges")
@click.option("--dry-run", is_flag=True, help="Only tell how many valid certificates have no badge.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@with_appcontext
def add_badges(dry_run: bool, as_json: bool) -> None:
    """Make the badge of every valid certificate that has none, such as those from before there were badges.

    Nothing is issued anew: numbers, dates and PDFs stay as they are, to the byte. An update never does this by itself.
    After ^C or a crash run it again: it goes on, and no certificate gets two.

    \b
    Exit 0: every valid certificate has a badge now.
    Exit 1: some could not be made, or are left.
    Exit 2: it could not begin.
    """
    transaction.begin_read()
    found = services.list_without(clock.now())
    if dry_run:
        _end(Outcome(left=len(found)), as_json)
    try:
        services.refuse_without_keys(clock.now())
    except KeyStoreError as problem:
        click.echo(str(problem), err=True)
        sys.exit(UNSURE)
    with stoppable() as stopped:
        _end(_make(found, stopped), as_json)


def _make(found: list[tuple[str, str]], stopped: Callable[[], bool]) -> Outcome:
    outcome = Outcome()
    with bar("Making", len(found)) as step:
        for public_id, number in found:
            if stopped():
                break
            transaction.begin_read()
            try:
                if services.make(public_id, clock.now()):
                    outcome.made.append(number)
            except (FactsInvalid, KeyStoreError, OSError) as problem:
                transaction.undo()
                outcome.failed[number] = str(problem)
            step(1)
    transaction.begin_read()
    outcome.left = len(services.list_without(clock.now()))
    return outcome


def _end(outcome: Outcome, as_json: bool) -> None:
    data = {"made": outcome.made, "failed": outcome.failed, "left": outcome.left}
    click.echo(json.dumps(data, ensure_ascii=False) if as_json else _in_words(outcome))
    sys.exit(BAD if outcome.left or outcome.failed else GOOD)


def _in_words(outcome: Outcome) -> str:
    lines = [f"{len(outcome.made)} badges made; {outcome.left} valid certificates have none."]
    return "\n".join([*lines, *(f"  {number}: {reason}" for number, reason in outcome.failed.items())])
