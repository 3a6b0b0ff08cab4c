"""Forms of the page on what an exam risks."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DecimalField
from wtforms.validators import ValidationError

from app import forms
from assessments.grading.risk import Risks

HUNDRED = Decimal(100)
PER_CENT = _l("Enter a number from 0 to 100.")


def _percent(label: Any, least: int = 0) -> DecimalField:
    return forms.number(label, least, 100, PER_CENT)


class RiskForm(forms.Form):
    """The risks a body accepts, in per cent."""

    knows_low = _percent(_l("Somebody who knows only this share of the field should fail"))
    knows_high = _percent(_l("Somebody who knows this share should pass"))
    false_pass = _percent(_l("Accepted chance that the first passes in any attempt"))
    false_fail = _percent(_l("Accepted chance that the second fails"))
    fails_within = forms.whole(
        _l("… in each of this many first attempts"), 1, 20, _l("Enter a whole number from 1 to 20.")
    )
    days = forms.whole(_l("Days within which attempts are counted"), 1, 3_660, _l("Enter a whole number of days."))

    def validate_knows_high(self, field: Any) -> None:
        """Who should pass knows more than who should fail."""
        if self.knows_low.data is not None and field.data is not None and field.data <= self.knows_low.data:
            raise ValidationError(_l("This must be more than the share of somebody who should fail."))

    @property
    def risks(self) -> Risks:
        """What was entered, as shares from 0 to 1."""
        names = ("knows_low", "knows_high", "false_pass", "false_fail")
        shares = {name: self[name].data / HUNDRED for name in names}
        return Risks(**shares, fails_within=self.fails_within.data or 1)


class SimulatorForm(forms.Form):
    """What to try out: another pass mark, more attempts, people who learn in between. Asked by GET."""

    class Meta:
        csrf = False

    cut = _percent(_l("Pass mark in per cent"), least=1)
    attempts = forms.whole(_l("Attempts"), 1, 10, _l("Enter a whole number from 1 to 10."))
    learns = _percent(_l("Share of what is missing that they learn between attempts"))
