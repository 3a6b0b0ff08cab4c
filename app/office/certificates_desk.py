"""What certificates lay on the officers' desk: awards and revocations that wait, documents that could not be made."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.extensions import db
from app.office.queries import Figure, Waiting
from certificates.changes.models import ChangeRequest
from certificates.models import AwardCase, CaseState, Credential, CredentialState, Revocation

PLACE = "/office/certificates"


def waiting(now: datetime) -> list[Waiting]:
    """Decisions about certificates, one line a kind."""
    awards = AwardCase.state.in_((CaseState.PERSON, CaseState.STANDING))
    counted = (
        (_count(AwardCase, awards), _("awards wait for a decision"), _("Their evidence is complete.")),
        (
            _count(Revocation, Revocation.state.in_(("proposed", "appealed"))),
            _("revocations wait for a second person or the end of an appeal"),
            _("Nobody decides alone."),
        ),
        (
            _count(ChangeRequest, ChangeRequest.live == 1),
            _("holders ask for a renewal or another name"),
            _("Somebody without a tie to them decides."),
        ),
        (
            _count(Credential, Credential.state == CredentialState.HELD),
            _("certificates could not be made"),
            _("Look at the reason and try again."),
        ),
    )
    return [Waiting(f"{n} {title}", text, _("Open certificates"), PLACE) for n, title, text in counted if n]


def figures(now: datetime) -> list[Figure]:
    """How many certificates were issued."""
    return [Figure(f"{_count(Credential, Credential.state == CredentialState.ISSUED):,}", "", _("certificates issued"))]


def _count(table: type, condition: object) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(condition)) or 0  # type: ignore[arg-type]
