"""What a learner does: open a draft, write, add files, hand in, take back. Never commits.

Races end at `uq_submission_open` (one open attempt), at the version of the draft (two tabs), and at the lock on the
draft's row (two uploads, handing in while saving).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app import ids
from app.accounts.models import Person
from app.audit.services import record
from app.errors import DomainError, Stale
from app.extensions import db
from app.storage.models import StoredFile
from app.storage.services import keep
from assessments.practicals import files, mails, queries, rules
from assessments.practicals.files import Prepared
from assessments.practicals.models import Practical, Submission, SubmissionFile, SubmissionState

MOST_TEXT = 100_000


@dataclass(frozen=True)
class Saved:
    """A draft after a save: its new version and when it was made."""

    version: int
    at: datetime


def open_draft(person: Person, practical: Practical, now: datetime) -> Submission:
    """Begin an attempt, or give back the one that is open. A new attempt starts from the last one's text and files.

    Raises DomainError when the practical has been passed, or the last attempt waits for its result.
    """
    current = queries.find_open(person.id, practical.id)
    if current is not None and current.state == SubmissionState.DRAFT:
        return current
    if current is not None:
        raise DomainError(_("Your last attempt is with an assessor. You can begin again after its result."))
    if queries.has_passed(person.id, practical.code, now):
        raise DomainError(_("You have passed this practical. There is nothing to hand in again."))
    return _begin(person, practical, queries.find_last(person.id, practical.id), now)


def _begin(person: Person, practical: Practical, last: Submission | None, now: datetime) -> Submission:
    draft = Submission(
        public_id=ids.new_public_id(),
        person_id=person.id,
        practical_id=practical.id,
        number=last.number + 1 if last else 1,
        state=SubmissionState.DRAFT,
        candidate_number=_new_candidate_number(practical.id),
        text=last.text if last else "",
        opened_at=now,
        saved_at=now,
    )
    draft.files = (
        [SubmissionFile(stored_file_id=f.stored_file_id, position=f.position) for f in last.files] if last else []
    )
    try:
        with db.session.begin_nested():
            db.session.add(draft)
    except IntegrityError:  # another tab was faster
        found = queries.find_open(person.id, practical.id)
        if found is None:
            raise
        return found
    return draft


def _new_candidate_number(practical_id: int) -> str:
    chance = secrets.SystemRandom()
    while True:
        number = rules.make_candidate_number(chance)
        if not queries.is_number_taken(practical_id, number):
            return number


def save_text(draft: Submission, text: str, version: int, now: datetime) -> Saved:
    """Save the text of a draft that was read at `version`. Raises Stale when it has been saved elsewhere since."""
    if len(text) > MOST_TEXT:
        raise DomainError(_("This is too long: at most %(most)s characters.", most=MOST_TEXT), "text")
    if draft.text == text and draft.version >= version:
        return Saved(draft.version, draft.saved_at)
    statement = (
        update(Submission)
        .where(Submission.id == draft.id, Submission.state == SubmissionState.DRAFT, Submission.version == version)
        .values(text=text, version=version + 1, saved_at=now)
        .execution_options(synchronize_session=False)
    )
    saved = db.session.execute(statement).rowcount == 1  # type: ignore[attr-defined]
    db.session.refresh(draft, ["text", "version", "saved_at", "state"])
    if draft.state != SubmissionState.DRAFT:
        raise DomainError(_("This work has been handed in, so its text can no longer be changed."))
    if not saved:
        raise Stale(_("This draft was saved in another window after you opened it here. Both texts are shown below."))
    return Saved(draft.version, now)


def add_file(draft: Submission, practical: Practical, prepared: Prepared, owner: str, now: datetime) -> StoredFile:
    """Add a file to a locked draft. Raises DomainError (field `file`) when there are too many, or over quota."""
    if len(draft.files) >= practical.max_files:
        raise DomainError(_("At most %(most)s files can be handed in.", most=practical.max_files), "file")
    stored = keep(
        prepared.data,
        prepared.shown_name,
        purpose=files.PURPOSE,
        owner=owner,
        allowed=practical.file_types,
        # a picture drawn anew may have grown past what its owner was allowed to send
        most_bytes=max(len(prepared.data), practical.max_megabytes * files.MEGABYTE),
    )
    position = max((file.position for file in draft.files), default=0) + 1
    draft.files.append(SubmissionFile(stored_file_id=stored.id, stored=stored, position=position))
    draft.saved_at = now
    db.session.flush()
    return stored


def remove_file(draft: Submission, file_id: str, now: datetime) -> None:
    """Take a file out of a locked draft; one that is there no more is fine. An earlier attempt keeps its files."""
    for file in list(draft.files):
        if file.stored.public_id == file_id:
            draft.files.remove(file)
            db.session.delete(file)
            draft.saved_at = now
            if not queries.is_held_elsewhere(file.stored_file_id, draft.id):
                files.forget(file.stored, now)
    db.session.flush()


def submit(draft: Submission, practical: Practical, person: Person, now: datetime) -> Submission:
    """Hand a locked draft in under the declaration and the rubric as they stand now, and mail the receipt.

    Raises DomainError (field `text`) when there is neither text nor file.
    """
    if not draft.text.strip() and not draft.files:
        raise DomainError(_("There is nothing to hand in yet: write a text or add a file."), "text")
    draft.state = SubmissionState.SUBMITTED
    draft.declaration, draft.declaration_version = practical.declaration, practical.declaration_version
    draft.declared_at = draft.submitted_at = now
    draft.rubric_version_id = queries.get_rubric(practical.rubric_code).id
    draft.receipt_hash = rules.make_receipt(handed(draft, practical))
    db.session.flush()
    detail = {"practical": practical.code, "number": draft.number, "receipt": draft.receipt_hash}
    record("practical.submitted", actor=person.public_id, subject=("submission", draft.public_id), detail=detail)
    mails.send_receipt(person, practical, draft)
    return draft


def handed(submission: Submission, practical: Practical) -> rules.Handed:
    """What the receipt of a submission stands for."""
    assert submission.submitted_at is not None
    return rules.Handed(
        practical=practical.code,
        number=submission.number,
        text=submission.text,
        files=[file.stored.sha256 for file in submission.files],
        declaration=submission.declaration,
        submitted_at=submission.submitted_at,
    )


def withdraw(submission: Submission, actor: str) -> None:
    """Take work back before an assessor has begun. Raises DomainError once that is too late."""
    statement = (
        update(Submission)
        .where(Submission.id == submission.id, Submission.state == SubmissionState.SUBMITTED)
        .values(state=SubmissionState.WITHDRAWN)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise DomainError(_("An assessor has begun to read it, so it can no longer be taken back."))
    record("practical.withdrawn", actor=actor, subject=("submission", submission.public_id))
    db.session.refresh(submission, ["state"])
