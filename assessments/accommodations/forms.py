"""The forms of accommodations."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import FileField, IntegerField
from wtforms.validators import Optional

from app import forms
from app.body.queries import get_body
from assessments.accommodations.services import (
    MOST_BREAK_MINUTES,
    MOST_BREAKS,
    MOST_EXTRA_PERCENT,
    Amounts,
)


class FewField(forms.WholeField):
    """A whole number; left empty it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """As in WholeField."""
        super().process_formdata([text.strip() or "0" for text in valuelist])


def _few(label: object, most: int) -> IntegerField:
    rule = forms.WithinBounds(0, most, _l("Enter a whole number from 0 to %(most)s.", most=most))
    return FewField(label, validators=[rule], widget=GovTextInput(), default=0)


class AmountsForm(forms.Form):
    """What is needed."""

    time_percent = _few(_l("More time"), MOST_EXTRA_PERCENT)
    breaks = _few(_l("Breaks in an exam"), MOST_BREAKS)
    break_minutes = _few(_l("Minutes of each break"), MOST_BREAK_MINUTES)
    larger_text = forms.tick(_l("Larger text on the pages of an exam"))
    needs = forms.text(_l("What else people should arrange"), most=1_000)

    @property
    def amounts(self) -> Amounts:
        """What was asked for or granted."""
        return Amounts(
            self.time_percent.data or 0,
            self.breaks.data or 0,
            self.break_minutes.data or 0,
            bool(self.larger_text.data),
            self.needs.data or "",
        )


class AskForm(AmountsForm):
    """A member's request."""

    evidence = forms.text(_l("What speaks for it"), most=1_000)
    file = FileField(_l("A file as evidence"), validators=[Optional()])


class DecideForm(AmountsForm):
    """An officer's decision."""

    until = forms.day(_l("Until"))
    note = forms.text(_l("A note to the person"), most=500)

    @property
    def until_moment(self) -> datetime | None:
        """The last second of the day, in the body's zone."""
        if self.until.data is None:
            return None
        return datetime.combine(self.until.data, time(23, 59, 59), ZoneInfo(get_body().zone))


class GrantForm(DecideForm):
    """What an officer gives without a request in the program."""

    email = forms.address(_l("E-mail address of the member"), required=_l("Enter the e-mail address of the member."))
