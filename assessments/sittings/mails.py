"""The messages of sittings: to whom has a seat, and to whom watches."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import force_locale, format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import markup
from app.accounts.models import Person
from app.body.queries import get_body
from app.mail.kinds import MailKind
from app.mail.services import send
from assessments.exams.wording import supervision_words
from assessments.sittings.models import Sitting

SITE = "https://body.example"
ABOUT = {
    "name": "Alex Example",
    "exam": "Foundation exam",
    "title": "December sitting",
    "opens": "14 December 2026, 09:00 Central European Standard Time",
    "closes": "14 December 2026, 11:00 Central European Standard Time",
    "place": "Room 4, Example House",
    "watched": "Somebody appointed by the body sees who you are and watches the exam.",
    "instructions": "Bring a passport or an identity card.",
    "reason": "The room cannot be used.",
    "link": f"{SITE}/sittings/…",
}

KINDS = (
    MailKind(
        "sittings.seated",
        _l("A member gets a seat in a sitting"),
        _l("Your seat: {exam}, {opens}"),
        _l(
            "Hello {name},\n\nyou have a seat in “{title}”.\n\nExam: {exam}\nFrom: {opens}\nStart by: {closes}\nWhere: {place}\n\n"
            "{watched}\n\n{instructions}\n\nYou start on this page, once you have been recognised:\n{link}\n\n{body}\n{site}"
        ),
        ABOUT,
    ),
    MailKind(
        "sittings.changed",
        _l("A sitting in which somebody has a seat is changed"),
        _l("Changed: {exam}, {opens}"),
        _l(
            "Hello {name},\n\n“{title}”, in which you have a seat, has changed. This holds from now on:\n\nExam: {exam}\n"
            "From: {opens}\nStart by: {closes}\nWhere: {place}\n\n{watched}\n\n{instructions}\n\n{link}\n\n{body}\n{site}"
        ),
        ABOUT,
    ),
    MailKind(
        "sittings.cancelled",
        _l("A sitting is cancelled, or a seat in it taken back"),
        _l("Cancelled: {exam}, {opens}"),
        _l(
            "Hello {name},\n\nyour seat in “{title}” ({exam}, {opens}) is cancelled.\n\n{reason}\n\nNo attempt is used up. "
            "The officers can give you another seat.\n\n{link}\n\n{body}\n{site}"
        ),
        ABOUT,
    ),
    MailKind(
        "sittings.invigilator",
        _l("A member is named invigilator of a sitting"),
        _l("You watch: {exam}, {opens}"),
        _l(
            "Hello {name},\n\nyou are invigilator of “{title}”.\n\nExam: {exam}\nFrom: {opens}\nLast start: {closes}\n"
            "Where: {place}\n\nYour console, with the seat list:\n{link}\n\n{body}\n{site}"
        ),
        ABOUT,
    ),
    MailKind(
        "sittings.decided",
        _l("An officer decides on an incident, or on answers that came late"),
        _l("A decision about your exam: {exam}"),
        _l(
            "Hello {name},\n\nan officer has decided about your exam “{exam}”:\n\n{decision}\n{reason}\n\n{link}\n\n{body}\n{site}"
        ),
        {
            "name": "Alex Example",
            "exam": "Foundation exam",
            "decision": "2 answers that came late count.",
            "reason": "The network of the room had failed.",
            "link": f"{SITE}/exams/…",
        },
    ),
)


def tell(kind: str, person: Person, sitting: Sitting, reason: str = "") -> None:
    """Write to somebody with a seat, or with a console (`invigilator`)."""
    base = get_body().base_address
    where = f"{base}/sittings/{sitting.public_id}"
    with force_locale(person.language):
        values = {
            "name": person.name,
            "exam": sitting.exam.title,
            "title": sitting.title,
            "opens": _moment(sitting.opens_at, person),
            "closes": _moment(sitting.closes_at, person),
            "place": sitting.place or _("no place: at your own computer"),
            "watched": supervision_words(sitting.supervision)[1],
            "instructions": markup.plain(sitting.instructions),
            "reason": reason,
            "link": f"{where}/console" if kind == "invigilator" else where,
        }
    if kind == "cancelled":
        values["link"] = f"{base}/exams/{sitting.exam.code}"
    send(f"sittings.{kind}", person.email, values, person=person.public_id, language=person.language)


def tell_decision(person: Person, exam_title: str, exam_code: str, decision: str, reason: str) -> None:
    """Tell a candidate what an officer has decided about their attempt."""
    values = {"name": person.name, "exam": exam_title, "decision": decision, "reason": reason}
    values["link"] = f"{get_body().base_address}/exams/{exam_code}"
    send("sittings.decided", person.email, values, person=person.public_id, language=person.language)


def _moment(at: datetime, person: Person) -> str:
    zone = ZoneInfo(person.zone or get_body().zone)
    return format_datetime(at.astimezone(zone), "d MMMM y, HH:mm zzzz", rebase=False)
