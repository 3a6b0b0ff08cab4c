"""The forms of exams."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from app import forms
from assessments.accommodations.services import MOST_EXTRA_PERCENT

WHY = _l("Say why; it goes into the trail.")
WHOM = _l("Enter the e-mail address of the member.")


class StartForm(forms.Form):
    """The candidate's declaration before an attempt."""

    declared = forms.tick(
        _l("I am the person named here, I sit this exam alone, and I keep to its rules"),
        required=_l("To start, declare who you are and that you keep to the rules."),
    )
    code = forms.line(_l("Code of the sitting"), most=40)


class ReportForm(forms.Form):
    """What is wrong with a question."""

    report = forms.text(_l("What is wrong with this question?"), required=_l("Say in a few words what is wrong."))


class WaiverForm(forms.Form):
    """Why an exam may draw public items."""

    reason = forms.text(_l("Why this exam may draw public questions"), required=WHY, most=500)


class AllowForm(forms.Form):
    """One attempt more for a person."""

    email = forms.address(_l("E-mail address of the member"), required=WHOM)
    reason = forms.text(_l("Reason"), required=WHY, most=500)


class ExtraTimeForm(forms.Form):
    """More time for a person."""

    email = forms.address(_l("E-mail address of the member"), required=WHOM)
    percent = IntegerField(
        _l("Extra time in per cent"),
        validators=[
            InputRequired(_l("Enter a whole number, 0 for none.")),
            NumberRange(0, MOST_EXTRA_PERCENT, _l("Enter a number from 0 to 300.")),
        ],
    )
