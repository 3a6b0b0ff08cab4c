"""`laurel verify` and `laurel log`: checking certificates and the register; `laurel keys` and `laurel signer` beside them.

Exit codes: 0 the answer is good, 1 it is no, 2 could not tell or bad usage.
"""

import json as json_module
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from app import clock, transaction
from certificates import words
from certificates.badging.cli import add_badges
from certificates.batches.cli import credentials
from certificates.checking import verification
from certificates.checking.judgement import UNSURE
from certificates.checking.verification import Answer
from certificates.exit_kit.cli import export
from certificates.keys.cli import keys
from certificates.keys.serving import signer
from certificates.numbers import NumberInvalid, parse_number
from certificates.register.cli import log

AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")


def _refuse(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(UNSURE)


def _say(data: dict[str, Any]) -> None:
    click.echo(json_module.dumps(data, ensure_ascii=False))


@click.command("verify")
@click.argument("what", metavar="FILE|ID")
@AS_JSON
@with_appcontext
def verify(what: str, as_json: bool) -> None:
    """Check a certificate by its number, or a file against what was signed: a PDF, or a badge as PNG, SVG, JSON or JWT.

    \b
    Exit 0: valid, and exact where a file was given.
    Exit 1: ours, and not to be relied on.
    Exit 2: unknown, unsigned, not ours, or genuine but not exact.
    """
    transaction.begin_read()
    answer = _ask(what)
    if as_json:
        _say(answer.to_json_dict())
    else:
        click.echo(_in_words(answer))
    sys.exit(answer.exit_code)


def _ask(what: str) -> Answer:
    """A file of that name goes before a number; what is neither ends the command."""
    path, now = Path(what), clock.now()
    if path.is_file():
        try:
            return verification.verify_file(path.read_bytes(), now)
        except OSError as problem:
            _refuse(f"{what}: {problem.strerror}")
    try:
        parse_number(what)
    except NumberInvalid as problem:
        if not what.strip() or path.suffix or "/" in what:
            _refuse(f"{what}: there is no such file")
        click.echo(f"{what}: not a certificate number ({problem.problem.value})", err=True)
    return verification.verify_number(what, now)


def _in_words(answer: Answer) -> str:
    lines = (
        [words.document_head(answer.document, answer.file.form if answer.file else "pdf").word]
        if answer.document
        else []
    )
    lines.append(words.status_head(answer.status).word + ": " + words.status_head(answer.status).advice)
    facts = (
        ("Number", answer.number),
        ("Holder", answer.holder),
        ("Award", answer.award),
        ("Level", answer.level),
        ("Awarded", answer.issued_on),
        ("Valid through", answer.valid_until or ("no end date" if answer.holder else None)),
        ("Examined", words.supervision_words(answer.supervision) if answer.supervision is not None else None),
        ("Issuer", answer.issuer),
        ("Names the number", answer.file.claimed_number if answer.file else None),
        *(("Fault", words.fault_sentence(fault)) for fault in (answer.file.faults if answer.file else ())),
        ("Read at", answer.checked_at.isoformat(timespec="seconds")),
    )
    return "\n".join([*lines, *(f"  {label}: {value}" for label, value in facts if value)])


credentials.add_command(add_badges)

ALL = (verify, keys, signer, log, export, credentials)
