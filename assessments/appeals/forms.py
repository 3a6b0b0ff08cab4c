"""The forms of appeals."""

from flask_babel import lazy_gettext as _l

from app import forms
from assessments.appeals.services import MOST_TEXT

MODES = [
    ("full_credit", _l("Everybody's point: the question is credited")),
    ("exclude", _l("The question is left out")),
]


class AppealForm(forms.Form):
    """What a candidate appeals on, and in which words."""

    grounds = forms.one_of(_l("What is your appeal about?"), [], required=_l("Choose what your appeal rests on."))
    text = forms.text(
        _l("What happened, and what do you ask for?"),
        required=_l("Say what happened and what you ask for."),
        most=MOST_TEXT,
    )


class AssignForm(forms.Form):
    """Who decides."""

    reviewer = forms.one_of(_l("Who decides this appeal?"), [], required=_l("Choose somebody without a part in it."))


class DecideForm(forms.Form):
    """Upheld or not, why, and what follows."""

    upheld = forms.one_of(
        _l("Your decision"),
        [("yes", _l("Upheld")), ("no", _l("Dismissed"))],
        required=_l("Decide: upheld or dismissed."),
    )
    decision = forms.text(
        _l("Your reasons"), required=_l("Give your reasons; the candidate reads them."), most=MOST_TEXT
    )
    remedy = forms.chosen(_l("What follows, if it is upheld"), [])
    positions = forms.line(_l("Numbers of the questions to credit or leave out, such as 3, 17"), most=80)
    mode = forms.chosen(_l("What happens with these questions"), MODES)
