"""`laurel log`: checking the register, signing and showing its head, proving, exporting, and checking an export.

Exit codes: 0 the answer is good, 1 it is no, 2 could not tell or bad usage.
"""

import json as json_module
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext

from app import clock, transaction
from app.body.queries import get_body
from app.extensions import db
from certificates.checking.judgement import BAD, GOOD, UNSURE
from certificates.keys import published as published_keys
from certificates.keys.records import KeyPurpose, KeyStoreError
from certificates.numbers import NumberInvalid, parse_number
from certificates.register import examining, export, heads, offline, services
from certificates.register.note import NoteInvalid, key_from_pem
from certificates.register.proof import ProofInvalid

AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")


def _answer(data: dict[str, Any], words: str, as_json: bool, code: int) -> NoReturn:
    click.echo(json_module.dumps(data, ensure_ascii=False) if as_json else words)
    sys.exit(code)


def _refuse(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(UNSURE)


@click.group("log")
def log() -> None:
    """The register of what happened to certificates."""


@log.command("check")
@click.option("--without-files", is_flag=True, help="Compare hashes only, and do not read the stored documents.")
@AS_JSON
@with_appcontext
def check(without_files: bool, as_json: bool) -> None:
    """Walk the register and everything that it commits to. Exit 1 names the first row that does not fit.

    That is: entries, nodes, signed heads and kept proofs; certificates with their decisions, documents and files; their
    history; and the keys.
    """
    transaction.begin_read()
    keys = {key_id: raw for key_id, (_, raw) in heads.log_keys().items()}
    transaction.begin_read()
    read = None if without_files else current_app.extensions["store"].get
    report = examining.examine(db.session(), keys, read)
    fault = report.fault
    good = f"{report.entries} entries, {report.heads} signed heads, {report.certificates} certificates: they hold together."
    words = f"{fault.table} {fault.row}: {fault.reason}" if fault else good
    _answer(report.to_json_dict(), words, as_json, BAD if fault else GOOD)


@log.command("head")
@click.option("--sign", is_flag=True, help="Sign the register as it is now, and keep the head.")
@AS_JSON
@with_appcontext
def head(sign: bool, as_json: bool) -> None:
    """Show the newest signed head. Exit 2 where there is none."""
    transaction.begin_read()
    found = _sign() if sign else services.newest_head()
    if found is None:
        _refuse("There is no signed head yet: `laurel log head --sign` makes one.")
    _answer(heads.head_as_json(found), found.note.rstrip("\n"), as_json, GOOD)


def _sign() -> services.SignedHead:
    try:
        made = heads.sign_now(published_keys.signer_for(KeyPurpose.LOG, clock.now()), clock.now())
    except (KeyStoreError, heads.RegisterBroken) as problem:
        transaction.undo()
        _refuse(str(problem))
    transaction.commit()
    return made


@log.command("prove")
@click.argument("number")
@AS_JSON
@with_appcontext
def prove(number: str, as_json: bool) -> None:
    """Prove every event of a certificate: its leaf, the path to the newest signed head, and the head.

    The proofs are checked before they are shown: exit 1 if one does not hold, 2 for an unknown number or where no signed
    head covers every event yet. They tell the whole history, suspensions that were lifted included.
    """
    transaction.begin_read()
    try:
        seqs = heads.list_seqs(parse_number(number))
    except NumberInvalid:
        seqs = []
    if not seqs:
        _refuse(f"The register holds no entry about {number}.")
    proofs = [services.prove(seq) for seq in seqs]
    keys = [raw for _, raw in heads.log_keys().values()]
    code, lines = GOOD, []
    for proof in proofs:
        word = "in the signed head" if proof.note else "not under a signed head yet"
        try:
            if proof.note:
                proof.check(keys)
        except ProofInvalid as problem:
            code, word = BAD, f"does not hold: {problem}"
        lines.append(f"{proof.seq}  {proof.leaf.at}  {proof.leaf.kind}  {word}")
    if code == GOOD and not all(proof.note for proof in proofs):
        code = UNSURE
    _answer({"proofs": [proof.to_json_dict() for proof in proofs]}, "\n".join(lines), as_json, code)


@log.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@AS_JSON
@with_appcontext
def export_command(folder: Path, as_json: bool) -> None:
    """Write the register into FOLDER as static files: leaves, signed heads, public keys. No number is in them.

    Again into the same folder: what is new is added.
    """
    transaction.begin_read()
    try:
        size = export.export(db.session(), folder, get_body().domain)
    except (export.NothingToExport, OSError) as problem:
        _refuse(str(problem))
    _answer({"entries": size, "folder": str(folder)}, f"{size} entries written to {folder}.", as_json, GOOD)


@log.command("verify")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--key", "keys", multiple=True, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A public key of the log as a PEM file; several where it was changed.")  # fmt: skip
@click.option("--kept", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A signed head that you kept: the register must still begin with it.")  # fmt: skip
@AS_JSON
def verify(folder: Path, keys: tuple[Path, ...], kept: Path | None, as_json: bool) -> None:
    """Check an exported FOLDER offline: every leaf, every head, every signature. Needs no server and no database."""
    try:
        raw = [key_from_pem(path.read_bytes()) for path in keys]
        report = offline.check_folder(folder, raw, kept.read_text(encoding="utf-8") if kept else "")
    except (NoteInvalid, offline.FolderUnreadable, OSError, UnicodeDecodeError) as problem:
        _refuse(str(problem))
    fault = report.fault
    good = f"{report.entries} entries under {report.heads} signed heads: they hold together."
    words = f"{fault.place}: {fault.reason}" if fault else good
    _answer(report.to_json_dict(), words, as_json, BAD if fault else GOOD)
