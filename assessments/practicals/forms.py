"""The forms of practicals, and the reading of marks that a page or a module of ours sends."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, MultipleFileField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app import forms
from app.errors import DomainError
from assessments.practicals.marking import Entry
from assessments.practicals.models import Rubric
from assessments.practicals.submissions import MOST_TEXT

CLOSING = "closing"
MOST_VERSION = 1_000_000


class DraftForm(forms.Form):
    """A draft: its text as read at `version`, files to add, and what to do beside saving (`act`)."""

    text = forms.text(_l("Your text"), most=MOST_TEXT)
    file = MultipleFileField(_l("Add files"), validators=[Optional()])
    version = IntegerField(widget=HiddenInput())
    act = HiddenField()


class HandInForm(forms.Form):
    """The declaration, ticked by hand; `version` is the text of the declaration that was read."""

    agree = forms.tick(_l("I declare this"), required=_l("To hand in, agree to the declaration."))
    version = IntegerField(widget=HiddenInput())


def read_entries(given: Mapping[str, Any], rubric: Rubric) -> tuple[dict[str, Entry], Entry]:
    """What a marking page sends: an entry for each criterion, and the closing words. Raises DomainError."""
    entries = {
        criterion.code: read_entry(
            {name: given.get(f"{name}-{criterion.code}", "") for name in ("level", "comment", "version")},
            criterion.code,
        )
        for criterion in rubric.criteria
    }
    closing = {"comment": given.get(CLOSING, ""), "version": given.get(f"version-{CLOSING}", "")}
    return entries, read_entry(closing, CLOSING)


def read_entry(given: Mapping[str, Any], code: str) -> Entry:
    """One criterion as sent: a level or "", a comment, a version. Raises DomainError (field `code`) for anything else."""
    level, comment = given.get("level") or "", given.get("comment") or ""
    if not isinstance(level, str) or not isinstance(comment, str):
        raise DomainError(_("This could not be read. Open the page again."), code)
    return Entry(level or None, read_text(comment, code).rstrip(), _read_version(given.get("version"), code))


def read_text(given: str, code: str) -> str:
    """A text as it may be stored: `\\n` line ends, no NUL, writable as UTF-8. Raises DomainError (field `code`)."""
    text = forms.unify_lines(given) or ""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise DomainError(_("This text holds characters that cannot be stored."), code) from None
    return text


def _read_version(given: Any, code: str) -> int:
    text = str(given) if isinstance(given, int | str) and not isinstance(given, bool) else "?"
    if len(text) > len(str(MOST_VERSION)) or not text.isascii() or not text.isdecimal() or int(text) > MOST_VERSION:
        raise DomainError(_("This could not be read. Open the page again."), code)
    return int(text)
