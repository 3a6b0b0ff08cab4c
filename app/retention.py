"""How long things are kept: one table, the only place with periods, and a daily job for each of its lines.

Only what the privacy notice promises is deleted. `laurel docs` writes the table into docs/retention.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_

from app import clock, limits, transaction
from app.accounts.models import EmailToken, WebSession
from app.extensions import db
from app.jobs.ledger import Claim
from app.jobs.models import Job, JobState
from app.mail import services as mail
from app.mail.models import MailMessage
from app.privacy import closing, ground
from app.storage import services as storage
from assessments.exams import personal as exams
from assessments.practicals import personal as practicals
from assessments.sittings import addresses
from certificates.sharing import services as sharing
from certificates.sharing import watching

EVERY_SECONDS = 86_400
YEAR = timedelta(days=365)
APPEAL = timedelta(days=21)  # as the rules for candidates say


@dataclass(frozen=True)
class Rule:
    """One line: `what` goes a `period` after what `what` names, and `why` then. `forget` takes the moment before which."""

    code: str
    what: str
    period: timedelta
    why: str
    forget: Callable[[datetime], None]

    @property
    def kind(self) -> str:
        """The kind of its job."""
        return f"retention.{self.code}"

    def run(self, claim: Claim) -> None:
        """The job: delete what is due now."""
        self.forget(clock.now() - self.period)


def _limits(before: datetime) -> None:
    limits.forget_old(db.session(), before)


def _links(before: datetime) -> None:
    db.session.execute(delete(EmailToken).where(or_(EmailToken.used_at < before, EmailToken.ends_at < before)))


def _sessions(before: datetime) -> None:
    db.session.execute(delete(WebSession).where(WebSession.last_seen_at < before))


def _messages(before: datetime) -> None:
    mail.forget(MailMessage.created_at < before)


def _jobs(before: datetime) -> None:
    db.session.execute(delete(Job).where(Job.state == JobState.DONE, Job.finished_at < before))


def _bytes(before: datetime) -> None:
    transaction.begin_read()  # a walk through the store is slow, and nobody may wait for it
    storage.sweep(before)


RULES = (
    Rule("limits", "counts of tries, once their window has ended", timedelta(), "they limit nothing any more", _limits),
    Rule("links", "mailed links, once used or ended", timedelta(days=1), "they open nothing any more", _links),
    Rule("sessions", "sessions, last seen", timedelta(days=90), "a break-in is found by then", _sessions),
    Rule(
        "refused",
        "addresses typed at refused sign-ins",
        timedelta(days=90),
        "a break-in is found by then; that it was refused stays in the trail",
        ground.forget_refused,
    ),
    Rule(
        "affiliations",
        "earlier affiliations, ended, and their wording in the trail",
        2 * YEAR,
        "whoever questions the independence of a mark has done so by then",
        ground.forget_affiliations,
    ),
    Rule("messages", "messages, written", YEAR, "nobody asks any more what was said", _messages),
    Rule("jobs", "jobs, done", timedelta(days=30), "a fault in them has been looked into by then", _jobs),
    Rule("bytes", "stored bytes that no record knows", timedelta(days=1), "a transaction did not end well", _bytes),
    Rule(
        "openings",
        "the log of links to certificates, from each opening",
        timedelta(days=180),
        "the holder has seen by then who opened a link",
        sharing.forget_openings,
    ),
    Rule(
        "shares",
        "links to certificates, ended, with what is left of their logs",
        timedelta(days=90),
        "until then the holder can look up who had one",
        sharing.forget_ended,
    ),
    Rule(
        "watches",
        "addresses that watched a certificate, once that has ended, and the messages to them",
        timedelta(),
        "there is nothing more to tell them",
        watching.forget_ended,
    ),
    Rule(
        "answers",
        "answers of attempts not passed, and of voided ones, from the release",
        2 * YEAR,
        "the result stands, and appeals are over",
        exams.forget_failed,
    ),
    Rule(
        "addresses",
        "network addresses noted in exams of sittings",
        timedelta(days=180),
        "questions about where somebody sat are settled by then",
        addresses.forget,
    ),
    Rule(
        "practicals",
        "texts, files and comments of practicals, from the release",
        APPEAL + YEAR,
        "one year after the last day for an appeal",
        practicals.forget_old,
    ),
    Rule(
        "accounts",
        "closed accounts, from the closing",
        closing.REOPEN_FOR,
        "until then their owners can reopen them",
        closing.order_erasures,
    ),
)
