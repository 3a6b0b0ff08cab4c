"""The form of an activity."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DecimalField
from wtforms.validators import InputRequired

from app import forms
from app.forms import GovTextInput
from certificates.cpd.hours import CpdKind

KINDS = [
    (CpdKind.STRUCTURED.value, _l("Structured: a course, a workshop, a conference")),
    (CpdKind.SELF_DIRECTED.value, _l("Self-directed: reading, a recording, a project of your own")),
    (CpdKind.CONTRIBUTION.value, _l("Contribution: teaching, mentoring, marking, writing for others")),
]


class PlainDecimalField(DecimalField):
    """A number as people write it: 1.5 and 1,5 are the same. What is no number is told at the field in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; raises ValueError with the sentence for the field."""
        try:
            super().process_formdata([text.strip().replace(",", ".") for text in valuelist])
        except ValueError:
            raise ValueError(str(_l("Enter a number of hours, such as 1.5."))) from None


class ActivityForm(forms.Form):
    """What was done, when, for how long, and what was learnt."""

    title = forms.line(_l("What you did"), required=_l("Say in a few words what it was."))
    done_on = forms.day(_l("The day, or the last of several"), required=_l("Enter the day."))
    hours = PlainDecimalField(
        _l("Hours"), places=None, validators=[InputRequired(_l("Enter the hours."))], widget=GovTextInput()
    )
    kind = forms.one_of(_l("Kind"), KINDS, required=_l("Choose one."))
    learnt = forms.text(_l("What you learnt, and what you do differently now"), required=_l("Say what you learnt."))
    file = FileField(_l("Proof, if there is any"))
