"""The form of a check of many."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from app import forms


class BulkForm(forms.Form):
    """A list of numbers and names, or an archive of files."""

    file = FileField(_l("List (CSV) or archive (ZIP)"))
