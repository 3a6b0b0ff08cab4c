"""The forms of officers who change what a certificate is worth, or replace it."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from app import forms
from app.forms import GovTextInput
from certificates.lifecycle.revocations import ReasonClass

REASONS = [
    (ReasonClass.ERROR.value, _l("Issued in error")),
    (ReasonClass.MISCONDUCT.value, _l("Finding of misconduct")),
    (ReasonClass.REQUEST.value, _l("At the request of the holder")),
]


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
