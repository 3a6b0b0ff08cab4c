"""Certificates whose evidence is no longer what it was: a task for officers, and nothing by itself.

A result that was worked out again and no longer passes, or an attempt found not to count, opens one review for each
certificate that rests on it. An officer keeps the certificate, or begins the way that every revocation takes.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from app import clock, ids
from app.accounts.models import Person
from app.audit.services import record
from app.errors import DomainError, Missing, Refused, Stale
from app.extensions import db
from assessments.exams.domain_events import AttemptVoided
from assessments.results.domain_events import ResultRegraded
from assessments.results.models import Result
from certificates.models import AwardDecision, CertificateReview, Credential

KEEP, REVOKE = "keep", "revoke"
REGRADE, VOID = "regrade", "void"


def on_result_regraded(event: ResultRegraded) -> None:
    """The handler: a pass that has become none puts the certificates that rest on it before an officer."""
    old = db.session.scalars(select(Result).where(Result.id == event.old_id)).one()
    new = db.session.scalars(select(Result).where(Result.id == event.result_id)).one()
    if old.outcome == "pass" and new.outcome != "pass" and new.released_at is not None:
        detail = {"code": new.code, "old_outcome": old.outcome, "new_outcome": new.outcome, "result": new.public_id}
        _open(new.person_id, _story(new), REGRADE, new.public_id, detail)


def on_attempt_voided(event: AttemptVoided) -> None:
    """The handler: so does an attempt that was found not to count."""
    results = db.session.scalars(select(Result).where(Result.attempt_id == event.attempt_id)).all()
    if results:
        detail = {"code": results[0].code, "reason": event.reason}
        _open(results[0].person_id, {one.public_id for one in results}, VOID, event.public_id, detail)


def _story(result: Result) -> set[str]:
    """Every result of the same work: a certificate may rest on an earlier one than the last."""
    same = Result.attempt_id == result.attempt_id if result.attempt_id else Result.submission_id == result.submission_id
    return set(db.session.scalars(select(Result.public_id).where(same)))


def _open(person_id: int, results: Collection[str], cause: str, source: str, detail: dict[str, Any]) -> None:
    statement = select(Credential, AwardDecision.sources).join(
        AwardDecision, AwardDecision.id == Credential.decision_id
    )
    for credential, sources in db.session.execute(statement.where(Credential.person_id == person_id)):
        if set(sources) & set(results):
            _open_one(credential, cause, source, detail)


def _open_one(credential: Credential, cause: str, source: str, detail: dict[str, Any]) -> None:
    own_insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {
        "public_id": ids.new_public_id(),
        "credential_id": credential.id,
        "cause": cause,
        "source": source,
        "detail": detail,
        "opened_at": clock.now(),
    }
    values |= {"decision": "", "decided_by": "", "note": ""}
    statement = own_insert(CertificateReview).on_conflict_do_nothing().returning(CertificateReview)
    if db.session.scalars(statement, values).first() is not None:
        record("credential.review_opened", subject=("credential", credential.public_id), detail={"cause": cause})


def list_open() -> Sequence[CertificateReview]:
    """Reviews without a decision, the oldest first, each with its certificate."""
    statement = select(CertificateReview).where(CertificateReview.decision == "")
    statement = statement.options(joinedload(CertificateReview.credential, innerjoin=True))
    return db.session.scalars(statement.order_by(CertificateReview.opened_at, CertificateReview.id)).all()


def get_review(public_id: str, *, lock: bool = False) -> CertificateReview:
    """A review with its certificate. Raises Missing."""
    statement = select(CertificateReview).where(CertificateReview.public_id == public_id)
    statement = statement.options(joinedload(CertificateReview.credential, innerjoin=True))
    if lock:
        statement = statement.with_for_update(of=CertificateReview).execution_options(populate_existing=True)
    found = db.session.scalars(statement).first()
    if found is None:
        raise Missing
    return found


def decide(review: CertificateReview, decision: str, note: str, actor: str, now: datetime) -> None:
    """Decide once: keep the certificate, or begin to revoke it. Raises DomainError (fields), Refused, Stale."""
    review = get_review(review.public_id, lock=True)
    if review.decision:
        raise Stale(_("This has been decided already."))
    if decision not in (KEEP, REVOKE):
        raise DomainError(_("Say whether the certificate is kept."), "decision")
    if not note.strip():
        raise DomainError(_("Say why; it goes into the trail."), "note")
    own = select(Person.id).where(Person.id == review.credential.person_id, Person.public_id == actor)
    if db.session.scalar(own) is not None:
        raise Refused(_("This is your own certificate. Somebody else has to decide."))
    review.decision, review.note, review.decided_by, review.decided_at = decision, note.strip(), actor, now
    db.session.flush()
    subject = ("credential", review.credential.public_id)
    record("credential.reviewed", actor=actor, subject=subject, detail={"decision": decision}, personal={"note": note})
