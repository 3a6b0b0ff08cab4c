"""The forms of requests and of the decisions on them."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from app import forms
from certificates.changes.models import ChangeKind

KINDS = [
    (ChangeKind.SPELLING.value, _l("There is a typing error in my name")),
    (ChangeKind.NAME.value, _l("My name is another now")),
]


class NameChangeForm(forms.Form):
    """Another name on a certificate: what is wrong with it, how it should be, and for a new name why and a proof."""

    kind = forms.one_of(_l("What is it about?"), KINDS, required=_l("Choose one."))
    new_name = forms.line(
        _l("Your name, as it should stand on the certificate"),
        required=_l("Enter your name as it should stand on the certificate."),
        most=160,
    )
    words = forms.text(_l("What the new name rests on"))
    file = FileField(_l("Proof of the new name"))


class ConfirmForm(forms.Form):
    """A box to tick before an act that others will see."""

    confirm = forms.tick(_l("Yes, I want this"), required=_l("Tick the box to go on."))


class AgreeNameForm(forms.Form):
    """An officer grants another name; for a new one the proof was looked at."""

    seen_proof = forms.tick(_l("I looked at the proof, and it shows this change"))


class AgreeRenewalForm(forms.Form):
    """An officer grants the next period."""

    declared = forms.tick(
        _l("I neither taught nor examined this candidate"),
        required=_l("Only somebody who neither taught nor examined the candidate may decide."),
    )
    sampled = forms.tick(_l("I looked at the activities that are marked"))


class RefuseForm(forms.Form):
    """Why a request is not granted."""

    answer = forms.text(_l("Why not"), required=_l("Say why not; the holder reads it."))
