"""Files as answers: received, hashed, looked at and kept; the response of the question names those in force.

The hash is of the bytes as they arrived, the kept file may differ (a picture is drawn anew). Rows are never taken away: a
file that the candidate takes out stays as evidence of what was handed in when.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import FileStorage

from app.errors import DomainError, Missing
from app.extensions import db
from app.storage.services import clean_name, keep
from assessments.exams import answers, queries
from assessments.exams.models import AnswerFile, Attempt, AttemptItem
from assessments.exams.place import Place
from assessments.exams.rules import AttemptState
from assessments.exams.writing import Candidate, check_place
from assessments.grading.kinds.base import Content
from assessments.grading.kinds.file_answer import FileAnswer, received
from assessments.practicals import files
from assessments.practicals.files import Prepared

PURPOSE = "answer"
# Before these a marker has no business with an answer, and a voided one counts for nothing.
_MARKED_IN = (AttemptState.AWAITING_MARKING, AttemptState.SCORED, AttemptState.PROVISIONAL, AttemptState.RATIFIED)


@dataclass(frozen=True)
class Received:
    """A file that may be kept: as it is after cleaning, with the hash and the size of what arrived."""

    prepared: Prepared
    sha256: str
    size: int


Sent = list[Received | str]


def get_place(public_id: str, candidate: Candidate, position: int, now: datetime) -> Place:
    """A question that is answered by files and may be answered now. Raises Missing, AttemptClosed, OtherDevice."""
    place = queries.get_for_writing(public_id, candidate.person_id, position)
    if place.content["kind"] != FileAnswer.name:
        raise Missing
    check_place(place, candidate, now)
    return place


def receive(given: Sequence[FileStorage], content: Content) -> Sent:
    """Each file that was sent, hashed as it came and then cleaned, or the sentence that says why it is refused.

    Slow, so done before the writing transaction.
    """
    return [_receive(file, content) for file in given if file.filename]


def _receive(file: FileStorage, content: Content) -> Received | str:
    name, data = file.filename or "", file.stream.read()
    file.close()
    limits = {"allowed": content["file_types"], "most_megabytes": content["max_megabytes"]}
    try:
        prepared = files.prepare(data, name, **limits)
    except DomainError as error:
        return _about(name, error)
    return Received(prepared, hashlib.sha256(data).hexdigest(), len(data))


def change(public_id: str, candidate: Candidate, position: int, sent: Sent, remove: str, now: datetime) -> list[str]:
    """Take out the file whose id is `remove`, add what was sent, save the answer; why each refused one was refused.

    Raises as get_place and answers.save_answer do.
    """
    place = _locked(public_id, candidate, position, now)
    response = [one for one in place.response or [] if not remove or one.partition(":")[0] != remove]
    _mark_removed(place.row_id, response, now)
    refused = [one for one in sent if isinstance(one, str)]
    for one in sent:
        if isinstance(one, Received):
            try:
                response.append(_keep(place, candidate, one, len(response), now))
            except DomainError as error:
                refused.append(_about(one.prepared.shown_name, error))
    answers.save_answer(
        public_id, candidate, position, place.response_seq + 1, response, now, unless_same=True, is_received=True
    )
    return refused


def _locked(public_id: str, candidate: Candidate, position: int, now: datetime) -> Place:
    """The question, read again once no other upload to it can come between."""
    place = get_place(public_id, candidate, position, now)
    db.session.execute(select(AttemptItem.id).where(AttemptItem.id == place.row_id).with_for_update())
    return get_place(public_id, candidate, position, now)


def _keep(place: Place, candidate: Candidate, one: Received, held: int, now: datetime) -> str:
    content, prepared = place.content, one.prepared
    if held >= content["max_files"]:
        raise DomainError(_("At most %(most)s files can be handed in.", most=content["max_files"]), "file")
    stored = keep(
        prepared.data,
        prepared.shown_name,
        purpose=PURPOSE,
        owner=candidate.public_id,
        allowed=content["file_types"],
        # a picture drawn anew may have grown past what its owner was allowed to send
        most_bytes=max(len(prepared.data), content["max_megabytes"] * files.MEGABYTE),
    )
    row = AnswerFile(
        attempt_item_id=place.row_id,
        stored_file_id=stored.id,
        position=_last_position(place.row_id) + 1,
        sha256=one.sha256,
        size=one.size,
        received_at=now,
        late=now > place.deadline_at,
    )
    db.session.add(row)
    db.session.flush()
    return received(stored.public_id, one.sha256)


def _last_position(question_id: int) -> int:
    statement = select(func.max(AnswerFile.position)).where(AnswerFile.attempt_item_id == question_id)
    return db.session.scalar(statement) or 0


def _mark_removed(question_id: int, response: Sequence[str], now: datetime) -> None:
    """Note when a file left the answer; one that came back by a later answer is in force again."""
    for row in _list_rows(question_id):
        is_held = received(row.stored.public_id, row.sha256) in response
        if is_held or row.removed_at is None:
            row.removed_at = None if is_held else now


def _list_rows(question_id: int) -> Sequence[AnswerFile]:
    statement = select(AnswerFile).where(AnswerFile.attempt_item_id == question_id).order_by(AnswerFile.position)
    return db.session.scalars(statement.options(joinedload(AnswerFile.stored))).all()


def list_in_force(question: AttemptItem) -> list[AnswerFile]:
    """The files that are the answer to a question, in the order of their numbers, each with its stored file."""
    if not question.response:
        return []
    rows = _list_rows(question.id)
    return [row for row in rows if received(row.stored.public_id, row.sha256) in question.response]


def shown(item: dict[str, Any], attempt: Attempt, question: AttemptItem) -> dict[str, Any]:
    """What a page shows of an item, with the files that were handed in and where more go; other kinds stay as they are."""
    if item["kind"] != FileAnswer.name:
        return item
    own: dict[str, Any] = {"public_id": attempt.public_id, "position": question.position}
    held = [
        {
            "code": received(row.stored.public_id, row.sha256),
            "id": row.stored.public_id,
            "name": row.stored.shown_name,
            "size": row.size,
            "sha256": row.sha256,
            "address": url_for("answer_files.own_file", **own, number=row.position),
        }
        for row in list_in_force(question)
    ]
    return item | {"files": held, "upload": url_for("answer_files.change", **own)}


def get_own(public_id: str, person_id: int, position: int, number: int) -> AnswerFile:
    """A file of one's own answer, by its number. Raises Missing."""
    attempt = queries.get_attempt(public_id, person_id)
    return _numbered(queries.get_question(attempt.id, position), number)


def get_for_marker(public_id: str, marker_id: int, position: int, number: int) -> AnswerFile:
    """A file of a handed-in answer, for somebody who marks. Raises Missing, also for one's own and before the hand-in."""
    attempt = db.session.scalars(
        select(Attempt).where(
            Attempt.public_id == public_id, Attempt.person_id != marker_id, Attempt.state.in_(_MARKED_IN)
        )
    ).first()
    if attempt is None:
        raise Missing
    return _numbered(queries.get_question(attempt.id, position), number)


def _numbered(question: AttemptItem, number: int) -> AnswerFile:
    found = next((row for row in list_in_force(question) if row.position == number), None)
    if found is None:
        raise Missing
    return found


def _about(name: str, error: DomainError) -> str:
    return f"{clean_name(name)}: {error.message}"
