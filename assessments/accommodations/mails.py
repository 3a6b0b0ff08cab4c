"""The messages of accommodations. None says why somebody needs one."""

from flask_babel import force_locale, format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import Person
from app.body.queries import get_body
from app.mail.kinds import MailKind
from app.mail.services import send
from assessments.accommodations.models import Accommodation

SAMPLES = {
    "name": "Alex Example",
    "what": "25 % more time; larger text",
    "until": "until 14 December 2027",
    "note": "From the day of this message on.",
    "link": "https://body.example/account/accommodations",
}

KINDS = (
    MailKind(
        "accommodations.approved",
        _l("An officer approves what a member needs to sit exams fairly"),
        _l("Approved: your arrangement for exams at {body}"),
        _l(
            "Hello {name},\n\nfrom now on you get this in every exam you start, without asking again:\n\n{what}\n{until}\n"
            "{note}\n\nThose who mark or see results never learn of it.\n\n{link}\n\n{body}\n{site}"
        ),
        SAMPLES,
    ),
    MailKind(
        "accommodations.refused",
        _l("An officer refuses what a member asked for to sit exams fairly"),
        _l("About the arrangement you asked for at {body}"),
        _l(
            "Hello {name},\n\nthe arrangement for exams that you asked for could not be approved:\n\n{note}\n\nThe evidence you "
            "sent has been deleted. You can ask again, with other evidence, at any time.\n\n{link}\n\n{body}\n{site}"
        ),
        SAMPLES,
    ),
    MailKind(
        "accommodations.ended",
        _l("What a member gets in exams ends"),
        _l("Your arrangement for exams at {body} has ended"),
        _l(
            "Hello {name},\n\nyour arrangement for exams has ended: {what}. It does not hold for exams you start from now on. "
            "The evidence you sent for it has been deleted. Do you still need it? Ask again:\n\n{link}\n\n{body}\n{site}"
        ),
        SAMPLES,
    ),
)


def tell(what: str, row: Accommodation, person: Person) -> None:
    """Tell the person: `approved`, `refused` or `ended`."""
    with force_locale(person.language):
        until = _("until %(day)s", day=format_date(row.until, "d MMMM y")) if row.until else _("without an end date")
        values = {"what": in_words(row), "until": until}
    values |= {"name": person.name, "note": row.decision_note}
    values["link"] = f"{get_body().base_address}/account/accommodations"
    send(f"accommodations.{what}", person.email, values, person=person.public_id, language=person.language)


def in_words(row: Accommodation) -> str:
    """What somebody gets, in one line: 25 % more time; 2 breaks of 10 minutes; larger text."""
    parts = [_("%(percent)s %% more time", percent=row.time_percent)] if row.time_percent else []
    if row.breaks:
        each = ngettext("of %(num)s minute", "of %(num)s minutes", row.break_minutes)
        parts.append(ngettext("%(num)s break", "%(num)s breaks", row.breaks) + " " + each)
    if row.larger_text:
        parts.append(_("larger text"))
    if row.needs:
        parts.append(row.needs)
    return "; ".join(parts)
