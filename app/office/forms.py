"""The forms of the office."""

from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from app import forms
from app.accounts.roles import role_name
from app.policy import Role


class GrantRoleForm(forms.Form):
    """A role for a person, from a day, and to a day unless it stays open."""

    role = forms.chosen(_l("Role"), [])
    starts_on = forms.day(_l("From"), required=_l("Enter the first day."))
    ends_on = forms.day(_l("To, and including"))
    reason = forms.line(_l("Why, or by which decision"), required=_l("Say why: it stays in the record."), most=300)
    guest_of = forms.line(_l("Guest sent by"), most=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = forms.options([(role.value, role_name(role)) for role in Role])


class SmallBodyForm(forms.Form):
    """The declaration that one person does alone what the rules give to two."""

    words = forms.text(_l("What the public reads"), required=_l("Say it in your own words."), most=600)
    until = forms.day(_l("Until, and including"), required=_l("Enter the last day."))


class BodyForm(forms.Form):
    """What the body says of itself, and how it looks."""

    name = forms.line(_l("Full name"), required=_l("Enter the name of the body."), most=120)
    short_name = forms.line(_l("Short name"), required=_l("Enter a short name or initials."), most=24)
    field = forms.line(
        _l("The field it stands for"), required=_l("Name the field, such as “careful testing”."), most=120
    )
    headline = forms.line(_l("Headline of the front page"), required=_l("Enter a headline."), most=120)
    purpose = forms.text(
        _l("What the body does, and for whom"), required=_l("Say it in two or three sentences."), most=600
    )
    contact_email = forms.address(_l("Address for questions"), required=_l("Enter an e-mail address."))
    postal_address = forms.text(_l("Postal address"), most=400)
    zone = forms.chosen(_l("Time zone"), [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())])
    primary_colour = forms.line(_l("First colour: buttons, links, band"), required=_l("Enter a colour like #1F4D3A."))
    accent_colour = forms.line(_l("Second colour: achievements"), required=_l("Enter a colour like #A97820."))
    logo = FileField(_l("Logo"))
    signatory_1 = forms.line(_l("First signatory: name"), most=80)
    office_1 = forms.line(_l("First signatory: office"), most=80)
    signatory_2 = forms.line(_l("Second signatory: name"), most=80)
    office_2 = forms.line(_l("Second signatory: office"), most=80)
    remove_logo = forms.tick(_l("Go back to the leaf that comes with the house"))

    @property
    def signatories(self) -> list[tuple[str, str]]:
        """Names and offices as given, empty ones left out."""
        pairs = ((self.signatory_1.data, self.office_1.data), (self.signatory_2.data, self.office_2.data))
        return [(name, office or "") for name, office in pairs if name]


class MailTextForm(forms.Form):
    """An officer's wording of a message."""

    subject = forms.line(_l("Subject"), required=_l("Enter a subject."), most=200)
    text = forms.text(_l("Text"), required=_l("Enter the text."), most=5_000)
