"""The forms of decisions: a named person's on one award, and the board's for a level."""

from flask_babel import lazy_gettext as _l

from app import forms


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
