"""The record of a check of many: what was asked, what the register said and when, with our signature; and the same as CSV."""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from app.body.queries import get_body
from certificates.bulk.checking import FileOutcome, RowOutcome
from certificates.checking import signed_answers

KIND = "certificates-checked"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets take for the beginning of a formula (OWASP, CSV Injection)."""

Outcome = RowOutcome | FileOutcome


def make_record(outcomes: Sequence[Outcome], sent: bytes, name: str, now: datetime) -> dict[str, Any]:
    """The record as a JSON object with its proof. The SHA-256 of what was sent ties it to that list or archive."""
    body = get_body()
    record = {
        "kind": KIND,
        "issuer": body.name,
        "address": body.base_address,
        "checked_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "sent": {"name": name, "sha256": hashlib.sha256(sent).hexdigest(), "size": len(sent)},
        "results": [asdict(outcome) for outcome in outcomes],
    }
    return signed_answers.sign(record, now)


def as_csv(record: dict[str, Any]) -> str:
    """The results of a record as CSV with a head. Raises KeyError, TypeError or AttributeError for another object."""
    results = record["results"]
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    heads = list(results[0]) if results else []
    writer.writerow([*map(_cell, heads), "checked_at"])
    for result in results:
        writer.writerow([*(_cell(result[head]) for head in heads), _cell(record["checked_at"])])
    return target.getvalue()


def _cell(value: Any) -> str:
    """A value that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
