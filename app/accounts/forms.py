"""The forms of accounts."""

from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from app import forms

NAME = _l("Enter your name as it should stand on a certificate.")
EMAIL = _l("Enter your e-mail address.")
WORKS_FOR, CHOOSE = _l("Whom do you work for?"), _l("Choose the sentence that fits you.")
EMPLOYER, TIES = _l("Name of the organisation"), _l("Other ties that people should know of")
AFFILIATION = [
    ("employer", _l("I work for, or with, an organisation")),
    ("none", _l("I do not work for an organisation in this field")),
]


class SignInForm(forms.Form):
    """Address and password; `kept` carries a form that waits to be sent again."""

    email = forms.address(_l("E-mail address"), required=EMAIL)
    password = forms.secret(_l("Password"), required=_l("Enter your password."))
    next = HiddenField()
    kept = HiddenField()


class ConfirmPasswordForm(forms.Form):
    """The password again, before a dangerous act or with a mailed link."""

    password = forms.secret(_l("Password"), required=_l("Enter your password."))
    next = HiddenField()
    kept = HiddenField()


class AffiliationForm(forms.Form):
    """Whom one works for and is tied to."""

    affiliation = forms.one_of(WORKS_FOR, AFFILIATION, required=CHOOSE)
    employer = forms.line(EMPLOYER, most=160)
    ties = forms.line(TIES, most=500)

    @property
    def is_none(self) -> bool:
        """Whether the answer was "none"."""
        return self.affiliation.data == "none"


class JoinForm(AffiliationForm):
    """What someone gives to join."""

    name = forms.line(_l("Your name"), required=NAME, most=160)
    email = forms.address(_l("E-mail address"), required=EMAIL)
    password = forms.secret(_l("Password"), required=_l("Choose a password."))
    # named again, so that faults are listed in the order of the page
    affiliation = forms.one_of(WORKS_FOR, AFFILIATION, required=CHOOSE)
    employer = forms.line(EMPLOYER, most=160)
    ties = forms.line(TIES, most=500)
    agree_terms = forms.tick(
        _l("I agree to the terms and to the code of conduct"), required=_l("To join, agree to the terms and the code.")
    )
    agree_privacy = forms.tick(
        _l("I have read how my data is used"), required=_l("To join, read how your data is used, and tick the box.")
    )


class AskResetForm(forms.Form):
    """The address of the account whose password was forgotten."""

    email = forms.address(_l("E-mail address"), required=EMAIL)


class NewPasswordForm(forms.Form):
    """A new password, by a mailed link."""

    password = forms.secret(_l("New password"), required=_l("Choose a password."))


class ChangePasswordForm(forms.Form):
    """A new password, from the account."""

    password = forms.secret(_l("New password"), required=_l("Choose a password."))


class ChangeAddressForm(forms.Form):
    """Another address for the account."""

    email = forms.address(_l("New e-mail address"), required=EMAIL)


class ProfileForm(forms.Form):
    """The name for certificates and the zone that times are shown in."""

    name = forms.line(_l("Your name, as it should stand on a certificate"), required=NAME, most=160)
    zone = forms.chosen(
        _l("Your time zone"),
        [("", _l("The body's own")), *[(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]],
    )


class ConsentForm(forms.Form):
    """Agreement to the current texts."""

    agree = forms.tick(_l("I have read them and agree"), required=_l("To go on, agree to the texts."))
