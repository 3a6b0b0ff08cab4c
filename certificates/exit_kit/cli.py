"""`laurel export register`: the folder that checks every certificate without us."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import click
from flask.cli import with_appcontext

from app import clock, transaction
from certificates.checking.judgement import UNSURE
from certificates.exit_kit import writing
from certificates.keys.records import KeyStoreError
from certificates.register.export import NothingToExport
from certificates.register.heads import RegisterBroken


@click.group("export")
def export() -> None:
    """Copies of what the body holds, for the time after this server."""


@export.command("register")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--years", type=click.IntRange(1, 100), default=10, show_default=True,
    help="For how long the status lists in it say that they may be relied on.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@with_appcontext
def register(folder: Path, years: int, as_json: bool) -> None:
    """Write DIR: register, keys, status lists, proofs, and a program that checks certificates with nothing else.

    DIR is new, empty, or an earlier export, which is replaced whole. Its list of files is signed with the key for answers.
    Exit 2: it could not be written; DIR is as it was then.
    """
    transaction.begin_read()
    try:
        made = writing.export(folder.absolute(), clock.now(), timedelta(days=365.25 * years))
    except (writing.FolderTaken, NothingToExport, KeyStoreError, RegisterBroken, OSError) as problem:
        transaction.undo()
        click.echo(str(problem), err=True)
        sys.exit(UNSURE)
    words = f"{made.certificates} certificates, {made.entries} entries of the register, {made.files} files in {folder}."
    click.echo(
        json.dumps(vars(made) | {"folder": str(folder)}) if as_json else f"{words}\nSigned by key {made.key_id}."
    )
