"""What holders say of their certificates: the name on them, and who sees them."""

from flask_babel import lazy_gettext as _l

from app import forms
from certificates.models import Visibility


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
