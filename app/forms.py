"""The base of every form, and the fields in the house's markup (widgets of govuk-frontend-wtf)."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation

from app.errors import DomainError

LINE, NOTE, TEXT = 200, 2_000, 50_000
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


def squeeze(value: str | None) -> str | None:
    """A line of text without surrounding or doubled white space; control characters become spaces."""
    if value is None:
        return None
    return " ".join("".join(" " if ord(c) < 32 or ord(c) == 127 else c for c in value).split())


def unify_lines(value: str | None) -> str | None:
    """A text with `\\n` line ends and no NUL characters, which no database takes."""
    return None if value is None else value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


class NoSurrogates:
    """Refuses text that cannot be written as UTF-8."""

    def __call__(self, form: Any, field: Any) -> None:
        try:
            (field.data or "").encode("utf-8")
        except UnicodeEncodeError:
            raise StopValidation(str(_l("This text holds characters that cannot be stored."))) from None


def line(label: Any, *, required: Any = None, most: int = LINE, **kwargs: Any) -> StringField:
    """One line of text; `required` is the sentence shown when it is empty."""
    return StringField(label, validators=_rules(required, most), filters=[squeeze], widget=GovTextInput(), **kwargs)


def address(label: Any, *, required: Any = None, **kwargs: Any) -> EmailField:
    """An e-mail address, checked for form only."""
    return EmailField(
        label, validators=[*_rules(required, 320), EmailShape()], filters=[squeeze], widget=EmailInput(), **kwargs
    )


def secret(label: Any, *, required: Any, **kwargs: Any) -> PasswordField:
    """A password as typed: nothing is trimmed."""
    return PasswordField(label, validators=_rules(required, 1_000), widget=GovPasswordInput(), **kwargs)


def text(label: Any, *, required: Any = None, most: int = NOTE, **kwargs: Any) -> TextAreaField:
    """Several lines of text."""
    return TextAreaField(
        label, validators=_rules(required, most), filters=[unify_lines], widget=GovTextArea(), **kwargs
    )


def options(choices: list[tuple[str, Any]]) -> list[SelectChoice]:
    """Values and labels as WTForms wants them."""
    return [SelectChoice(value, shown) for value, shown in choices]


def one_of(label: Any, choices: list[tuple[str, Any]], *, required: Any, **kwargs: Any) -> RadioField:
    """One of a few, shown as radio buttons."""
    return RadioField(
        label, choices=options(choices), validators=[InputRequired(required)], widget=GovRadioInput(), **kwargs
    )


def chosen(label: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> SelectField:
    """One of many, shown as a list to open."""
    return SelectField(label, choices=options(choices), widget=GovSelect(), **kwargs)


def tick(label: Any, *, required: Any = None, **kwargs: Any) -> BooleanField:
    """A box to tick; never ticked beforehand."""
    rules = [DataRequired(required)] if required else []
    return BooleanField(label, validators=rules, widget=GovCheckboxInput(), **kwargs)


def day(label: Any, *, required: Any = None, **kwargs: Any) -> DateField:
    """A calendar date."""
    first = InputRequired(required) if required else Optional()
    return DateField(label, validators=[first, DayInReach()], widget=DayInput(), **kwargs)


def whole(label: Any, least: int, most: int, words: Any, **kwargs: Any) -> IntegerField:
    """A whole number within bounds; `words` say what is asked for, whatever else was typed."""
    return WholeField(label, validators=[WithinBounds(least, most, words)], widget=GovTextInput(), **kwargs)


def number(label: Any, least: int, most: int, words: Any, **kwargs: Any) -> DecimalField:
    """A number within bounds, with a decimal point or comma; `words` as in `whole`."""
    return NumberField(
        label, places=None, validators=[WithinBounds(least, most, words)], widget=GovTextInput(), **kwargs
    )


class WholeField(IntegerField):
    """A whole number; what is none is kept as typed and left to WithinBounds to name."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """As in IntegerField, without its own words."""
        with suppress(ValueError):
            super().process_formdata([text.strip() for text in valuelist])


class NumberField(DecimalField):
    """A finite number; what is none is kept as typed and left to WithinBounds to name."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """As in DecimalField, without its own words; a comma is a decimal point."""
        with suppress(ValueError):
            super().process_formdata([text.strip().replace(",", ".") for text in valuelist])
        given: Decimal | None = self.data  # type: ignore[has-type]  # WTForms has no types
        self.data = given if given is not None and given.is_finite() else None


class WithinBounds:
    """Refuses what is no number, and numbers outside the bounds, with one sentence."""

    def __init__(self, least: int, most: int, words: Any) -> None:
        self.least, self.most, self.words = least, most, words

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is None or not self.least <= field.data <= self.most:
            raise StopValidation(str(self.words))


class EmailInput(GovTextInput):
    """A line whose keyboard on a phone offers the @."""

    input_type = "email"


class DayInput(GovTextInput):
    """The browser's own date picker."""

    input_type = "date"


class DayInReach:
    """Refuses days so far away that zones and spans of time could not be reckoned with them."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is not None and not EARLIEST_YEAR <= field.data.year <= LATEST_YEAR:
            message = _l("Enter a date between %(first)s and %(last)s.", first=EARLIEST_YEAR, last=LATEST_YEAR)
            raise StopValidation(str(message))


class EmailShape:
    """Refuses what cannot be an e-mail address; whether it is reached only a mail can tell."""

    def __call__(self, form: Any, field: Any) -> None:
        from email_validator import EmailNotValidError, validate_email

        if not field.data:
            return
        try:
            validate_email(field.data, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            raise StopValidation(str(_l("Enter an e-mail address like name@example.org."))) from None


def _rules(required: Any, most: int) -> list[Any]:
    message = _l("This is too long: at most %(most)s characters.", most=most)
    first = DataRequired(required) if required else Optional()
    return [first, Length(max=most, message=message), NoSurrogates()]


class Form(FlaskForm):
    """A form of the house. What a rule of a service refuses is shown at its field."""

    def refuse(self, error: DomainError) -> None:
        """Show a domain error: at the field it names, else at the head of the form."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(error.message)
        else:
            field.errors = [*field.errors, error.message]
