"""Reading one file of a form: looked at and cleaned before anything is written."""

from contextlib import closing
from typing import Any

from flask_babel import gettext as _

from app.errors import DomainError
from assessments.practicals.files import Prepared, prepare


def read_upload(given: Any, kinds: tuple[str, ...], most_megabytes: int) -> Prepared | None:
    """The file of a form, cleaned; None where none was chosen. Raises DomainError (field `file`). Slow."""
    if not given or not given.filename:
        return None
    most = most_megabytes * 1024**2
    with closing(given):
        data = given.stream.read(most + 1)
    if len(data) > most:
        raise DomainError(_("The file is larger than %(most)s MB.", most=most_megabytes), "file")
    return prepare(data, given.filename, allowed=list(kinds), most_megabytes=most_megabytes)
