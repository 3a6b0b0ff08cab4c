"""The forms of certificates."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange

from app import forms
from app.forms import GovTextInput
from certificates.models import Visibility
from certificates.revocations import ReasonClass

REASONS = [
    (ReasonClass.ERROR.value, _l("Issued in error")),
    (ReasonClass.MISCONDUCT.value, _l("Finding of misconduct")),
    (ReasonClass.REQUEST.value, _l("At the request of the holder")),
]


class UploadForm(forms.Form):
    """A file to be checked."""

    file = FileField(_l("The file you were given"))


class BulkForm(forms.Form):
    """A list of numbers and names, or an archive of files."""

    file = FileField(_l("List (CSV) or archive (ZIP)"))


class CodeForm(forms.Form):
    """A photograph of a printed code, or the text of one that the browser has read."""

    photo = FileField(_l("A photo of the code"))
    text = StringField(_l("What the code holds"))


class NameForm(forms.Form):
    """The name as certificates will carry it."""

    name = forms.line(
        _l("Your name, as it should stand on your certificates"),
        required=_l("Enter your name as it should stand on a certificate."),
        most=160,
    )


class ConfirmNameForm(NameForm):
    """The same, confirmed after a look at the preview."""

    confirm = forms.tick(
        _l("This is my name, spelt as it should be"), required=_l("Look at the preview, then tick the box.")
    )


class VisibilityForm(forms.Form):
    """Who sees a certificate."""

    visibility = forms.one_of(
        _l("Who sees this certificate?"),
        [(choice.value, choice.value) for choice in Visibility],
        required=_l("Choose one."),
    )


class SuspendForm(forms.Form):
    """For how long, and why."""

    days = IntegerField(
        _l("For how many days?"),
        default=7,
        validators=[
            InputRequired(_l("Choose from one day to seven.")),
            NumberRange(1, 7, _l("Choose from one day to seven.")),
        ],
        widget=GovTextInput(),
    )
    note = forms.text(_l("Why"), required=_l("Say why; the holder reads it."), id="suspend-note")


class LiftForm(forms.Form):
    """Why a suspension ends early."""

    note = forms.text(_l("Why it ends now"), required=_l("Say why, for the trail."), id="lift-note")


class RevokeForm(forms.Form):
    """The kind of reason, which is published in the end, and the words for the holder."""

    reason = forms.one_of(_l("Kind of reason"), REASONS, required=_l("Choose the kind of reason."), id="revoke-reason")
    case = forms.line(_l("Reference of the case"), most=60, id="revoke-case")
    note = forms.text(_l("What happened"), required=_l("Say what happened; the holder reads it."), id="revoke-note")


class CorrectForm(forms.Form):
    """What went wrong, in words for the holder, who may show them to others."""

    note = forms.text(
        _l("What went wrong"), required=_l("Say what went wrong; the holder reads it."), id="correct-note"
    )


class ReplaceForm(forms.Form):
    """Why a certificate gets a new document."""

    reason = forms.line(
        _l("What the change of name rests on"), required=_l("Say what you looked at."), id="replace-reason"
    )


class DecideForm(forms.Form):
    """A named person's decision on an award."""

    outcome = forms.one_of(
        _l("Your decision"),
        [("award", _l("Award")), ("declined", _l("Decline"))],
        required=_l("Choose one."),
    )
    reason = forms.text(_l("Reason, if you decline"))
    independent = forms.tick(
        _l("I neither taught nor examined this candidate"),
        required=_l("Only somebody who neither taught nor examined the candidate may decide."),
    )


class StandingForm(forms.Form):
    """A minuted decision of the board."""

    level = forms.chosen(_l("Level"), [])
    text = forms.text(_l("The decision, in its words"), required=_l("Copy the decision from the minutes."))
    minuted_on = forms.day(_l("Date of the minutes"), required=_l("Enter the date of the minutes."))
