"""What somebody hands in to be checked: a file, or a code."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField

from app import forms


class UploadForm(forms.Form):
    """A file to be checked."""

    file = FileField(_l("The file you were given"))


class CodeForm(forms.Form):
    """A photograph of a printed code, or the text of one that the browser has read."""

    photo = FileField(_l("A photo of the code"))
    text = StringField(_l("What the code holds"))
