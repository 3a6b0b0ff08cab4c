"""`laurel keys`: the life of the keys, from the machine that holds them. Exit codes: 0 done, 1 the answer is no, 2 refused.

Run where the key folder is, by the user that owns it or as root, with the settings of the body.
"""

import json as json_module
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from flask.cli import with_appcontext

from app import clock, transaction
from app.body.queries import get_body
from app.errors import DomainError
from certificates.keys import changes
from certificates.keys import published as published_keys
from certificates.keys.authority import AuthorityRefused
from certificates.keys.models import SigningKeyRow
from certificates.keys.records import KeyPurpose, KeyState, KeyStoreError
from certificates.resigning.stolen import BADGES

ACTOR = "command"
SOON = timedelta(days=90)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
YES = click.option("--yes", is_flag=True, help="Do not ask; for programs.")


class Moment(click.ParamType):
    """A date, or a date and time in ISO 8601; without a zone it is in UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment, with its zone."""
        try:
            given = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a time; write it like 2026-11-06T14:30 or 2026-11-06T14:30+01:00", param, ctx)
        return given if given.tzinfo else given.replace(tzinfo=UTC)


@contextmanager
def _refusing() -> Iterator[None]:
    """End with 2 and the reason for whatever a rule, the folder or the signer refuses."""
    try:
        yield
    except (DomainError, KeyStoreError, AuthorityRefused, OSError) as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)


def _say(data: dict[str, Any], as_json: bool, words: str) -> None:
    click.echo(json_module.dumps(data, ensure_ascii=False) if as_json else words)


def _confirm(question: str, is_agreed: bool) -> None:
    """Ask on the terminal; without an answer nothing is done."""
    if is_agreed:
        return
    try:
        agreed = click.confirm(question, err=True)
    except click.Abort:
        agreed = False
    if not agreed:
        click.echo("Nothing was changed. (--yes agrees without asking.)", err=True)
        sys.exit(2)


@click.group("keys")
def keys() -> None:
    """The keys that sign certificates, badges, the log and answers."""


@keys.command("init")
@AS_JSON
@with_appcontext
def init(as_json: bool) -> None:
    """Make the keys that are missing, encrypted with LAUREL_KEY_PASSPHRASE; those that are there stay.

    They are kept in LAUREL_KEYS, or in the folder `keys` of the instance, readable by its owner only. Afterwards move the
    root's `.key.pem` to a place that is not on this machine: it is needed only to make the next document signer.
    """
    with _refusing(), transaction.standalone():
        body = get_body()
        made = published_keys.init_keys(body.name, clock.now(), specimen=body.is_demo)
    data = [{"key": row.key_id, "purpose": row.purpose.value, "until": row.not_after.isoformat()} for row in made]
    lines = [f"Made {row.key_id} for {row.purpose}, until {row.not_after:%Y-%m-%d}." for row in made]
    _say({"made": data}, as_json, "\n".join(lines) or "Nothing was missing; nothing was changed.")


@keys.command("list")
@AS_JSON
@with_appcontext
def list_(as_json: bool) -> None:
    """The published keys: purpose, algorithm, window, state. Exit 2 when there are none."""
    transaction.begin_read()
    rows, now = published_keys.list_keys(), clock.now()
    soon = {row.key_id for row in published_keys.ends_soon(rows, now, SOON)}
    words = [_line(row) + ("  ends soon: rotate it" if row.key_id in soon else "") for row in rows]
    _say({"keys": [_shown(row) for row in rows]}, as_json, "\n".join(words) or "There are no keys: laurel keys init")
    sys.exit(0 if rows else 2)


def _shown(row: SigningKeyRow) -> dict[str, Any]:
    return {
        "key": row.key_id,
        "purpose": row.purpose,
        "algorithm": row.algorithm,
        "from": row.not_before.isoformat(),
        "to": row.not_after.isoformat(),
        "state": row.state,
        "compromised_since": row.compromised_at.isoformat() if row.compromised_at else None,
        "specimen": row.specimen,
        "fingerprint": row.fingerprint,
        "public_pem": row.public_pem,
    }


def _line(row: SigningKeyRow) -> str:
    since = f" since {row.compromised_at.isoformat()}" if row.compromised_at else ""
    window = f"{row.not_before:%Y-%m-%d} to {row.not_after:%Y-%m-%d}"
    return f"{row.key_id}  {row.purpose:<16}  {row.algorithm:<17}  {window}  {row.state}{since}"


@keys.command("rotate")
@click.argument("purpose", type=click.Choice([purpose.value for purpose in KeyPurpose]))
@YES
@AS_JSON
@with_appcontext
def rotate(purpose: str, yes: bool, as_json: bool) -> None:
    """Make a new key for PURPOSE and retire the one in use, which stays published for ever.

    A new document signer is vouched for by the root, so the root's `.key.pem` has to be brought into the key folder for
    this. Documents or badges that wait for a new signature after a theft are ordered.
    """
    _confirm(f"Make a new key for {purpose} and retire the one in use?", yes)
    with _refusing(), transaction.standalone():
        body = get_body()
        turned = changes.rotate(KeyPurpose(purpose), body.name, clock.now(), actor=ACTOR, specimen=body.is_demo)
    made = turned.made
    data = {"made": made.key_id, "purpose": purpose, "retired": list(turned.retired), "ordered": turned.ordered}
    words = [f"Key {made.key_id} is active for {purpose} until {made.not_after:%Y-%m-%d}."]
    words += [f"Key {key_id} is retired and stays published." for key_id in turned.retired]
    what = "badges" if KeyPurpose(purpose) in BADGES else "documents"
    words += [f"{turned.ordered} {what} are ordered to be signed anew."] if turned.ordered else []
    _say(data, as_json, "\n".join(words))


@keys.command("retire")
@click.argument("key")
@YES
@AS_JSON
@with_appcontext
def retire(key: str, yes: bool, as_json: bool) -> None:
    """Let KEY (its id, or the beginning of it) sign no more. What it signed stays good."""
    with _refusing():
        transaction.begin_read()
        row = published_keys.get_key(key)
        purpose, is_last = row.purpose, _is_last(row)
    warning = (
        " It is the only one in use: nothing of that kind is signed until `laurel keys rotate`." if is_last else ""
    )
    _confirm(f"Retire key {row.key_id} for {purpose}?{warning}", yes)
    with _refusing(), transaction.standalone():
        key_id = changes.retire(row.key_id, clock.now(), actor=ACTOR).key_id
    _say({"retired": key_id, "purpose": purpose}, as_json, f"Key {key_id} is retired and stays published.{warning}")


def _is_last(row: SigningKeyRow) -> bool:
    same = published_keys.list_keys(KeyPurpose(row.purpose))
    return [other.key_id for other in same if other.state == KeyState.ACTIVE] == [row.key_id]


@keys.command("compromise")
@click.argument("key")
@click.option("--since", type=Moment(), required=True, help="Not believed from then on, like 2026-11-06T14:30 (UTC).")
@YES
@AS_JSON
@with_appcontext
def compromise(key: str, since: datetime, yes: bool, as_json: bool) -> None:
    """Say that others may have had KEY since a moment. This cannot be taken back.

    Certificates that the register holds from before that moment stay good. Later ones are listed and signed anew by the
    key in use; without one they wait for `laurel keys rotate`. For a key of badges this goes for the badges, and the
    documents stay as they are. For a root it holds for every document signer under it.
    """
    with _refusing():
        transaction.begin_read()
        key_id, purpose = (row := published_keys.get_key(key)).key_id, row.purpose
    _confirm(f"Believe nothing that key {key_id} for {purpose} signs from {since.isoformat()} on, for ever?", yes)
    with _refusing(), transaction.standalone():
        outcome = changes.compromise(key_id, since, clock.now(), actor=ACTOR)
    later = [{"number": row.number, "registered_at": row.registered_at.isoformat()} for row in outcome.later]
    data = {"keys": list(outcome.key_ids), "purpose": purpose, "since": since.isoformat(), "later": later}
    _say(data | {"ordered": outcome.ordered}, as_json, _in_words(outcome, purpose))


def _in_words(outcome: changes.Compromise, purpose: str) -> str:
    lines = [f"Key {key_id} is not believed since {outcome.since.isoformat()}." for key_id in outcome.key_ids]
    lines += [f"{len(outcome.later)} certificates came later:"] if outcome.later else ["No certificate came later."]
    lines += [f"  {row.number}  registered {row.registered_at.isoformat(timespec='seconds')}" for row in outcome.later]
    if outcome.ordered:
        lines.append("They are ordered to be signed anew.")
    lines.append(f"Next: laurel keys rotate {purpose}, unless a newer key is in use already (laurel keys list).")
    return "\n".join(lines)
