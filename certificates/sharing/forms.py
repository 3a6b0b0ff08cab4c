"""The forms of sharing and of watching."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from app import forms
from app.forms import GovTextInput
from certificates.sharing.services import DAYS, FEWEST_DAYS, MOST_DAYS

DAYS_WORDS = _l("Choose from 1 to 90 days.")
PAGE, DOCUMENT = "page", "document"


class DaysField(IntegerField):
    """A number of days; what is no number is refused in the same words as one out of range."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number. Raises ValueError with the words for the field."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(DAYS_WORDS)) from None


class ShareForm(forms.Form):
    """For whom a link is, for how long, and what it shows."""

    audience = forms.line(_l("For whom?"), required=_l("Say for whom the link is. Only you see it."), most=120)
    days = DaysField(
        _l("For how many days?"),
        default=DAYS,
        validators=[
            InputRequired(DAYS_WORDS),
            NumberRange(FEWEST_DAYS, MOST_DAYS, DAYS_WORDS),
        ],
        widget=GovTextInput(),
    )
    shows = forms.one_of(
        _l("What does it show?"),
        [(PAGE, _l("The page of the certificate")), (DOCUMENT, _l("The page and the signed PDF"))],
        required=_l("Choose one."),
        default=PAGE,
    )


class WatchForm(forms.Form):
    """The address that wants to hear."""

    email = forms.address(_l("Your e-mail address"), required=_l("Enter an address that we can write to."))
