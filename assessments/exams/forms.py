"""The forms of exams."""

from flask_babel import lazy_gettext as _l

from app import forms

WHY = _l("Say why; it goes into the trail.")
WHOM = _l("Enter the e-mail address of the member.")


class StartForm(forms.Form):
    """The candidate's declaration before an attempt."""

    declared = forms.tick(
        _l("I am the person named here, I sit this exam alone, and I keep to its rules"),
        required=_l("To start, declare who you are and that you keep to the rules."),
    )


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
