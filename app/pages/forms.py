"""The forms of the texts."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from app import forms
from app.pages import placeholders


class PageForm(forms.Form):
    """A new version of a page; `version` is the one the editor began with."""

    version = IntegerField(widget=HiddenInput())
    title = forms.line(_l("Title"), required=_l("Give the page a title."))
    text = forms.text(_l("Text"), required=_l("A page cannot be empty."), most=forms.TEXT)
    language = forms.line(_l("Language of the text"), required=_l("Enter the code of a language, such as en."), most=20)
    note = forms.line(_l("What changed"), required=_l("Say in a few words what changed."))

    def validate_title(self, field: Any) -> None:
        """Refuse words in braces that nothing can be filled in for."""
        _check_placeholders(field)

    def validate_text(self, field: Any) -> None:
        """Refuse words in braces that nothing can be filled in for."""
        _check_placeholders(field)

    def check_preview(self) -> bool:
        """Check everything but the note, which a preview does not need yet."""
        self.validate()
        self.note.errors = []
        return not self.errors


class RestoreForm(forms.Form):
    """Publishing an older version again; `version` is the current one as the officer saw it."""

    version = IntegerField(widget=HiddenInput())


def _check_placeholders(field: Any) -> None:
    unknown = placeholders.list_unknown(field.data or "")
    if unknown:
        raise ValidationError(placeholders.refusal(unknown))
