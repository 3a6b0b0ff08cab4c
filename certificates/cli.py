"""`laurel verify`, `laurel keys`, `laurel log`: checking certificates, the keys, the register.

Exit codes: 0 the answer is good, 1 it is no, 2 could not tell or bad usage.
"""

import json as json_module
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from app import clock, transaction
from app.body.queries import get_body
from app.errors import DomainError
from app.extensions import db
from certificates import published_keys, register, verification
from certificates.keys.authority import AuthorityRefused
from certificates.keys.store import KeyStoreError
from certificates.numbers import NumberInvalid, parse_number
from certificates.routes import words
from certificates.verification import GOOD, UNSURE, Answer

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
    """Check a certificate by its number, or a PDF against what was signed.

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
    lines = [words.document_head(answer.document).word] if answer.document else []
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
        ("Read at", answer.checked_at.isoformat(timespec="seconds")),
    )
    return "\n".join([*lines, *(f"  {label}: {value}" for label, value in facts if value)])


@click.group("keys")
def keys() -> None:
    """The keys that sign certificates."""


@keys.command("init")
@AS_JSON
@with_appcontext
def keys_init(as_json: bool) -> None:
    """Make the root and the first document signer, encrypted with LAUREL_KEY_PASSPHRASE.

    They are kept in the folder `keys` of the instance, readable by its owner only. Afterwards move the root's
    `.key.pem` to a place that is not on this machine: it is needed only to make the next signer.
    """
    try:
        with transaction.standalone():
            body = get_body()
            record = published_keys.init_keys(body.name, clock.now(), specimen=body.is_demo)
    except (DomainError, KeyStoreError, AuthorityRefused) as problem:
        _refuse(str(problem))
        return
    data = {"key": record.key_id, "fingerprint": record.fingerprint, "until": record.not_after.isoformat()}
    if as_json:
        _say(data)
    else:
        click.echo(f"Key {record.key_id} signs documents until {record.not_after:%Y-%m-%d}.")


@keys.command("list")
@AS_JSON
@with_appcontext
def keys_list(as_json: bool) -> None:
    """The published keys: purpose, algorithm, window, state."""
    transaction.begin_read()
    rows = [
        {
            "key": row.key_id,
            "purpose": row.purpose,
            "algorithm": row.algorithm,
            "from": row.not_before.isoformat(),
            "to": row.not_after.isoformat(),
            "state": row.state,
            "specimen": row.specimen,
            "fingerprint": row.fingerprint,
        }
        for row in published_keys.list_keys()
    ]
    if as_json:
        _say({"keys": rows})
    else:
        for row in rows:
            click.echo("  ".join(str(row[name]) for name in ("key", "purpose", "algorithm", "from", "to", "state")))
    sys.exit(GOOD if rows else UNSURE)


@click.group("log")
def log() -> None:
    """The register of what happened to certificates."""


@log.command("check")
@AS_JSON
@with_appcontext
def log_check(as_json: bool) -> None:
    """Walk the whole register. Exit 1 names the first entry that does not fit."""
    transaction.begin_read()
    count, fault = register.check(db.session())
    data = {"entries": count, "fault": {"entry": fault.seq, "reason": fault.reason} if fault else None}
    if as_json:
        _say(data)
    else:
        click.echo(f"Entry {fault.seq}: {fault.reason}" if fault else f"{count} entries, and they hold together.")
    sys.exit(verification.BAD if fault else GOOD)


ALL = (verify, keys, log)
