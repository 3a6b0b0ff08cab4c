"""The messages of practicals. None of those to assessors says whose work it is."""

from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import Person
from app.body.queries import get_body
from app.mail.kinds import MailKind
from app.mail.services import send
from assessments.practicals import rules
from assessments.practicals.models import Practical, Submission

SITE = "https://body.example"

KINDS = (
    MailKind(
        "practicals.received",
        _l("A member hands in a practical"),
        _l("Received: {title}, attempt {number}"),
        _l(
            "Hello {name},\n\nwe have received your practical “{title}” (attempt {number}) with {files}. An assessor who "
            "does not know your name reads it by {due}.\n\nYour receipt (SHA-256 over all of it):\n{receipt}\n\nWhat you "
            "handed in, and how it stands:\n{link}\n\n{body}"
        ),
        {
            "name": "Alex Example",
            "title": "Account intelligence set",
            "number": "1",
            "files": "2 files",
            "due": "15 December 2026",
            "receipt": "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4",
            "link": f"{SITE}/practicals/CR-F-P1",
        },
    ),
    MailKind(
        "practicals.reminder",
        _l("Work waits for an assessor and is due soon"),
        _l("Practicals to mark: {held} with you, {waiting} waiting"),
        _l(
            "Hello {name},\n\n{held} that you have begun, and {waiting} that nobody has begun, are due within three days or "
            "overdue:\n\n{link}\n\nThank you for your reading.\n\n{body}"
        ),
        {"name": "Alex Example", "held": "1", "waiting": "2", "link": f"{SITE}/marking"},
    ),
)


def send_receipt(person: Person, practical: Practical, submission: Submission) -> None:
    """Tell a learner that the work has arrived, with its receipt."""
    assert submission.submitted_at is not None
    with force_locale(person.language):
        due = format_date(rules.due_at(submission.submitted_at).date(), "d MMMM y")
        count = len(submission.files)
        files = _("one file") if count == 1 else _("%(count)s files", count=count) if count else _("no files")
    values = {"name": person.name, "title": practical.title, "number": str(submission.number), "files": files}
    values |= {"due": due, "receipt": submission.receipt_hash, "link": _link(f"/practicals/{practical.code}")}
    send("practicals.received", person.email, values, person=person.public_id, language=person.language)


def send_reminder(assessor: Person, held: int, waiting: int) -> None:
    """Remind an assessor of what is due."""
    values = {"name": assessor.name, "held": str(held), "waiting": str(waiting), "link": _link("/marking")}
    send("practicals.reminder", assessor.email, values, person=assessor.public_id, language=assessor.language)


def _link(path: str) -> str:
    return f"{get_body().base_address}{path}"
