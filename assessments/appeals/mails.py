"""The messages of appeals. Neither a result nor a decision ever stands in a message."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import force_locale, format_date
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts.models import Person
from app.body.queries import get_body
from app.extensions import db
from app.mail.kinds import MailKind
from app.mail.services import send
from assessments.appeals.models import Appeal
from assessments.results.models import Result

_EXAMPLE = {"name": "Alex Example", "work": "Foundation exam", "link": "https://body.example/results/…"}
KINDS = (
    MailKind(
        "appeals.received",
        _l("A candidate appeals against a result"),
        _l("We have received your appeal at {body}"),
        _l(
            "Hello {name},\n\nyour appeal has arrived.\n\nIt is about: {work}\nAnswer by: {due}\nNumber: {number}\n\nIt "
            "is decided by a person who had no part in your result. You can follow it, or take it back, here:\n\n{link}"
            "\n\n{body}\n{site}"
        ),
        _EXAMPLE | {"due": "14 January 2027", "number": "k3x9…"},
    ),
    MailKind(
        "appeals.assigned",
        _l("Somebody is asked to decide an appeal"),
        _l("An appeal at {body} waits for your decision"),
        _l(
            "Hello {name},\n\nyou are asked to decide an appeal, since you had no part in the result it is about. The "
            "candidate expects an answer by {due}:\n\n{link}\n\n{body}\n{site}"
        ),
        {"name": "Alex Example", "due": "14 January 2027", "link": "https://body.example/appeals/…"},
    ),
    MailKind(
        "appeals.decided",
        _l("An appeal is decided"),
        _l("Your appeal at {body} is decided"),
        _l(
            "Hello {name},\n\nyour appeal is decided: {work}. Sign in to read the decision and its reasons:\n\n{link}"
            "\n\n{body}\n{site}"
        ),
        _EXAMPLE,
    ),
)


def _person(appeal: Appeal) -> Person:
    return db.session.scalars(select(Person).where(Person.id == appeal.person_id)).one()


def _day(moment: datetime, person: Person) -> str:
    with force_locale(person.language):
        zone = ZoneInfo(person.zone or get_body().zone)
        return format_date(moment.astimezone(zone), "d MMMM y", rebase=False)


def send_receipt(appeal: Appeal, result: Result) -> None:
    """Tell the candidate that the appeal arrived, and by when it is answered."""
    person = _person(appeal)
    values = {
        "name": person.name,
        "work": result.title,
        "due": _day(appeal.due_at, person),
        "number": appeal.public_id,
        "link": f"{get_body().base_address}/results/{result.public_id}/appeal",
    }
    send("appeals.received", person.email, values, person=person.public_id, language=person.language)


def send_assigned(appeal: Appeal, reviewer: Person) -> None:
    """Tell the reviewer what waits for them."""
    link = f"{get_body().base_address}/appeals/{appeal.public_id}"
    values = {"name": reviewer.name, "due": _day(appeal.due_at, reviewer), "link": link}
    send("appeals.assigned", reviewer.email, values, person=reviewer.public_id, language=reviewer.language)


def send_decided(appeal: Appeal) -> None:
    """Tell the candidate that there is a decision, not which."""
    person = _person(appeal)
    link = f"{get_body().base_address}/results/{appeal.result.public_id}/appeal"
    values = {"name": person.name, "work": appeal.result.title, "link": link}
    send("appeals.decided", person.email, values, person=person.public_id, language=person.language)
