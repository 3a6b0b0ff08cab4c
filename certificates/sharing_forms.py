"""The forms of sharing and of watching."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from app import forms
from app.forms import GovTextInput
from certificates.sharing import DAYS, FEWEST_DAYS, MOST_DAYS

PAGE, DOCUMENT = "page", "document"


class ShareForm(forms.Form):
    """For whom a link is, for how long, and what it shows."""

    audience = forms.line(_l("For whom?"), required=_l("Say for whom the link is. Only you see it."), most=120)
    days = IntegerField(
        _l("For how many days?"),
        default=DAYS,
        validators=[
            InputRequired(_l("Choose from 1 to 90 days.")),
            NumberRange(FEWEST_DAYS, MOST_DAYS, _l("Choose from 1 to 90 days.")),
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
