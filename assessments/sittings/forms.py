"""The forms of sittings. Moments are typed and shown in the reader's zone, as everywhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import DateTimeLocalField
from wtforms.validators import InputRequired, StopValidation

from app import forms
from app.body.queries import get_body
from app.policy import current_actor
from assessments.exams.models import Exam
from assessments.sittings.models import Sitting
from assessments.sittings.networks import BadNetwork, read_networks
from assessments.sittings.planning import Plan
from assessments.sittings.queries import MOST_SEATS
from assessments.sittings.supervising import MOST_MINUTES
from assessments.sittings.words import DECISIONS, HOWS, KINDS, MODES

WHY = _l("Say why; it goes into the trail.")
LOCAL = "%Y-%m-%dT%H:%M"


class MomentInput(GovTextInput):
    """The browser's own picker of day and time."""

    input_type = "datetime-local"


class EmptyIsNone(forms.WholeField):
    """A whole number or nothing."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """As in WholeField; what is empty is none and no fault."""
        self.is_empty = not any(text.strip() for text in valuelist)
        super().process_formdata(valuelist)


class WithinOrEmpty(forms.WithinBounds):
    """As WithinBounds, for a field that may stay empty."""

    field_flags = {"optional": True}

    def __call__(self, form: Any, field: Any) -> None:
        if not getattr(field, "is_empty", False):
            super().__call__(form, field)


class AreNetworks:
    """Refuses a line that is no network range, and names it."""

    def __call__(self, form: Any, field: Any) -> None:
        try:
            read_networks(field.data or "")
        except BadNetwork as error:
            message = _l("“%(line)s” is no network range. Write 192.0.2.0/24 or 2001:db8::/32.", line=error.line)
            raise StopValidation(str(message)) from None


def _moment(label: Any, words: Any) -> DateTimeLocalField:
    return DateTimeLocalField(
        label, format=[LOCAL, "%Y-%m-%dT%H:%M:%S"], validators=[InputRequired(words)], widget=MomentInput()
    )


def own_zone() -> ZoneInfo:
    """The zone of whoever reads."""
    return ZoneInfo(current_actor().zone or get_body().zone)


class PlanForm(forms.Form):
    """A sitting as an officer plans it."""

    title = forms.line(_l("Title"), required=_l("Give the sitting a name."), most=120)
    place = forms.line(_l("Place, or address of the call"), most=200)
    supervision = forms.one_of(_l("How it is watched"), MODES, required=_l("Choose how it is watched."))
    opens_at = _moment(_l("Opens"), _l("Enter the day and the time."))
    closes_at = _moment(_l("Closes"), _l("Enter the day and the time."))
    seats_most = EmptyIsNone(
        _l("Seats at most"),
        validators=[
            WithinOrEmpty(1, MOST_SEATS, _l("Enter a number from 1 to %(most)s, or nothing.", most=MOST_SEATS))
        ],
        widget=GovTextInput(),
    )
    needs_code = forms.tick(_l("To start, candidates type a code that the invigilator shows"))
    networks = forms.text(_l("Only from these networks"), most=1_000)
    instructions = forms.text(_l("What candidates should know"), most=2_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.networks.validators = [*self.networks.validators, AreNetworks()]

    @classmethod
    def of(cls, sitting: Sitting) -> "PlanForm":
        """The form with a sitting as it is planned."""
        zone = own_zone()
        plain = ("title", "place", "supervision", "seats_most", "needs_code", "instructions")
        return cls(
            formdata=None,
            data={name: getattr(sitting, name) for name in plain}
            | {
                "opens_at": sitting.opens_at.astimezone(zone).replace(tzinfo=None),
                "closes_at": sitting.closes_at.astimezone(zone).replace(tzinfo=None),
                "networks": "\n".join(sitting.networks),
            },
        )

    @property
    def plan(self) -> Plan:
        """What was typed, with moments in their zone."""
        return Plan(
            title=self.title.data or "",
            supervision=self.supervision.data or "",
            opens_at=_in_zone(self.opens_at.data),
            closes_at=_in_zone(self.closes_at.data),
            place=self.place.data or "",
            instructions=self.instructions.data or "",
            seats_most=self.seats_most.data,
            networks=read_networks(self.networks.data or ""),
            needs_code=bool(self.needs_code.data),
        )


def _in_zone(moment: datetime | None) -> datetime:
    assert moment is not None
    return moment.replace(tzinfo=own_zone())


class NewForm(PlanForm):
    """A new sitting, of an exam that is chosen with it."""

    exam = forms.chosen(_l("Exam"), [])

    def offer(self, exams: Sequence[Exam]) -> "NewForm":
        """Let one of these be chosen."""
        self.exam.choices = forms.options([(exam.code, exam.title) for exam in exams])
        return self


class WhomForm(forms.Form):
    """Somebody by address, with the label of a seat."""

    email = forms.address(_l("E-mail address of the member"), required=_l("Enter the e-mail address of the member."))
    label = forms.line(_l("Seat"), most=20)


class LinesForm(forms.Form):
    """A pasted list of people."""

    lines = forms.text(_l("One address a line"), required=_l("Paste at least one address."), most=50_000)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.text(_l("Reason"), required=WHY, most=500)


class StartForm(forms.Form):
    """The candidate's declaration and the code of the room."""

    code = forms.line(_l("Code of the sitting"), most=20)
    declared = forms.tick(
        _l("I am the person named here, I sit this exam alone, and I keep to its rules"),
        required=_l("To start, declare who you are and that you keep to the rules."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code.flags.optional = False  # shown only where it is needed; the gate says so


class ActForm(forms.Form):
    """What comes with an act on seats."""

    how = forms.chosen(_l("Recognised by"), HOWS)
    reason = forms.line(_l("Reason"), most=500)
    minutes = EmptyIsNone(
        _l("Minutes"), validators=[WithinOrEmpty(1, MOST_MINUTES, _l("Enter the minutes."))], widget=GovTextInput()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.flags.optional = self.minutes.flags.optional = False  # which are needed depends on the act


class IncidentForm(forms.Form):
    """Something that happened."""

    seat = forms.chosen(_l("Whom it concerns"), [])
    kind = forms.chosen(_l("What kind of thing"), KINDS)
    text = forms.text(_l("What happened"), required=_l("Say what happened."), most=2_000)
    holds_release = forms.tick(_l("Results wait until an officer has decided"))


class DecideForm(forms.Form):
    """An officer's decision on an incident."""

    decision = forms.one_of(_l("Decision"), DECISIONS, required=_l("Choose a decision."))
    minutes = EmptyIsNone(
        _l("Minutes of extra time"),
        validators=[WithinOrEmpty(1, MOST_MINUTES, _l("Enter the minutes."))],
        widget=GovTextInput(),
    )
    note = forms.text(_l("Why"), required=WHY, most=2_000)
