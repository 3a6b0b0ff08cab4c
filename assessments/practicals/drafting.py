"""The files of a draft form: looked at first, which is slow, then added or taken out in one go."""

from collections.abc import Sequence
from datetime import datetime

from werkzeug.datastructures import FileStorage

from app.errors import DomainError
from assessments.practicals import files, submissions
from assessments.practicals.files import Prepared
from assessments.practicals.models import Practical, Submission

Sent = list[Prepared | str]


def prepare_all(given: Sequence[FileStorage], practical: Practical) -> Sent:
    """Each file that was sent, cleaned, or the sentence that says why it is refused."""
    return [_prepare(file, practical) for file in given if file.filename]


def _prepare(file: FileStorage, practical: Practical) -> Prepared | str:
    name = file.filename or ""
    try:
        return files.prepare(
            file.stream.read(), name, allowed=practical.file_types, most_megabytes=practical.max_megabytes
        )
    except DomainError as error:
        return _about(name, error)


def change_files(draft: Submission, practical: Practical, sent: Sent, act: str, owner: str, now: datetime) -> list[str]:
    """Take out the file that `act` names ("remove:ID"), add what was sent; why each refused one was refused."""
    if act.startswith("remove:"):
        submissions.remove_file(draft, act.removeprefix("remove:"), now)
    refused = [file for file in sent if isinstance(file, str)]
    for file in sent:
        if isinstance(file, Prepared):
            try:
                submissions.add_file(draft, practical, file, owner, now)
            except DomainError as error:
                refused.append(_about(file.shown_name, error))
    return refused


def _about(name: str, error: DomainError) -> str:
    return f"{files.clean_name(name)}: {error.message}"
