"""A copy of everything that belongs to a person: one JSON document and their files, in a ZIP that is never stored."""

import json
import tempfile
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from app.accounts.models import Person
from app.privacy.personal import providers

FORMAT = "laurel personal data 1"
IN_MEMORY = 8 * 1024 * 1024


def write_copy(person: Person, now: datetime) -> IO[bytes]:
    """The ZIP, open at its beginning; beyond IN_MEMORY bytes it is a nameless file that goes when it is closed."""
    out = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  whoever sends it closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        held = {provider.name: provider.export(person) for provider in providers()}
        document = {"format": FORMAT, "made_at": now, **held}
        archive.writestr("data.json", json.dumps(document, default=_plain, ensure_ascii=False, indent=2))
        for provider in providers():
            for name, data in provider.files(person):
                archive.writestr(f"{provider.name}/{name}", data)
    out.seek(0)
    return out


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"no plain form for {type(value).__name__}")
