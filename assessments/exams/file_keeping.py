"""What becomes of files handed in as answers, and of marks with words, when somebody wants a copy or is to be forgotten."""

from collections.abc import Iterator

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.extensions import db
from app.privacy.personal import Named
from app.storage import services as storage
from app.storage.models import StoredFile
from assessments.exams.models import AnswerFile, Attempt, AttemptItem, ItemMark


def named_files(person: Person) -> Iterator[Named]:
    """The files of every attempt of a person, those that were taken out too, with names that say where they belong."""
    statement = (
        select(AnswerFile, Attempt.public_id, AttemptItem.position)
        .join(AttemptItem, AttemptItem.id == AnswerFile.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.person_id == person.id)
        .options(joinedload(AnswerFile.stored))
        .order_by(Attempt.id, AttemptItem.position, AnswerFile.position)
    )
    for row, attempt, question in db.session.execute(statement):
        yield f"{attempt}/{question}-{row.position}-{row.stored.shown_name}", storage.read(row.stored)


def forget(questions: Select[int]) -> None:
    """Delete the files of these questions (AttemptItem.id), rows and bytes, and empty what markers wrote about them."""
    of_these = AnswerFile.attempt_item_id.in_(questions)
    files = list(db.session.scalars(select(AnswerFile.stored_file_id).where(of_these)))
    db.session.execute(delete(AnswerFile).where(of_these))
    if files:
        storage.forget(StoredFile.id.in_(files))
    db.session.execute(update(ItemMark).where(ItemMark.attempt_item_id.in_(questions)).values(comment=""))
