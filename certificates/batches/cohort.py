"""Who is meant by a cohort: everybody who is on the way to a level, or the people of a list."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, or_, select

from app.accounts.models import Person
from app.extensions import db
from assessments.results.models import Result
from certificates.awarding import evidence
from certificates.awarding import services as awards
from certificates.models import AwardCase, AwardDecision, Credential, CredentialState
from certificates.queries import WAITING
from courses import summaries

LARGEST_FILE = 10 * 1024 * 1024
HEADINGS = ("email", "e-mail", "id", "public_id", "public id", "person")
AT_ONCE = 400


class CohortUnreadable(ValueError):
    """A cohort that is neither a level nor a list that can be read; the message says why."""


@dataclass(frozen=True)
class Line:
    """One line of a list: its number from 1, and what stands there."""

    number: int
    text: str


@dataclass(frozen=True)
class Candidate:
    """One possible award: a person (row id, public id, address) and a level."""

    person_id: int
    public_id: str
    email: str
    level: str


@dataclass(frozen=True)
class Cohort:
    """The levels and people that are meant. `people` None: everybody; `unknown` are the lines that name nobody."""

    levels: tuple[str, ...]
    people: tuple[int, ...] | None
    unknown: tuple[Line, ...] = ()


def find_cohort(what: str, now: datetime) -> Cohort:
    """The cohort that somebody typed: a file of that name goes before a level. Raises CohortUnreadable."""
    levels = [level.code for level in summaries.list_levels() if evidence.find_terms(level.code, awards.today(now))]
    path = Path(what)
    if path.is_file():
        people, unknown = _find_people(list(read_lines(_read(path))))
        return Cohort(tuple(levels), tuple(people), tuple(unknown))
    if what in levels:
        return Cohort((what,), None)
    known = ", ".join(levels) or "none yet"
    raise CohortUnreadable(f"{what!r} is no file and no level with a scheme in force (levels: {known})")


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CohortUnreadable(f"{path} is larger than {LARGEST_FILE // 1024**2} MB")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise CohortUnreadable(f"{path}: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        raise CohortUnreadable(f"{path} is not in UTF-8") from problem


def read_lines(text: str) -> Iterator[Line]:
    """The e-mail addresses or ids of a CSV: of the first column, or of the one that a heading names. Empty lines pass.

    Raises CohortUnreadable for what is no CSV.
    """
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    column = 0
    try:
        for count, row in enumerate(rows):
            cells = [cell.strip() for cell in row]
            headed = [place for place, cell in enumerate(cells) if cell.lower() in HEADINGS]
            if count == 0 and headed:
                column = headed[0]
            elif any(cells):
                yield Line(rows.line_num, cells[column] if column < len(cells) else "")
    except csv.Error as problem:
        raise CohortUnreadable(f"line {rows.line_num} is no CSV: {problem}") from problem


def _find_people(lines: Sequence[Line]) -> tuple[list[int], list[Line]]:
    """The people of a list, each once, in its order; and the lines that name nobody who has an account."""
    found: dict[str, int] = {}
    names = [line.text for line in lines]
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        folded = [name.lower() for name in some]
        named = or_(Person.public_id.in_(some), func.lower(Person.email).in_(folded))
        statement = select(Person.id, Person.public_id, Person.email).where(named, Person.erased_at.is_(None))
        for row in db.session.execute(statement):
            found |= {row.public_id: row.id, row.email.lower(): row.id}
    place = [(line, found.get(line.text) or found.get(line.text.lower())) for line in lines]
    people = list(dict.fromkeys(person_id for _line, person_id in place if person_id))
    return people, [line for line, person_id in place if not person_id]


def list_candidates(cohort: Cohort, now: datetime) -> list[Candidate]:
    """Everybody of the cohort with each level that no decision was made on yet, as far as there is anything to look at."""
    found: list[Candidate] = []
    for level in cohort.levels:
        waiting = select(AwardCase.person_id).where(AwardCase.level_code == level, AwardCase.state.in_(WAITING))
        terms = evidence.find_terms(level, awards.today(now))
        targets = terms.targets if terms else ()
        passed = select(Result.person_id).where(
            Result.code.in_(targets), Result.released_at.is_not(None), Result.superseded_at.is_(None)
        )
        decided = select(AwardDecision.person_id).where(AwardDecision.level_code == level)
        statement = select(Person.id, Person.public_id, Person.email).where(
            or_(Person.id.in_(waiting), Person.id.in_(passed)), Person.id.not_in(decided)
        )
        rows = db.session.execute(statement.order_by(Person.id)).all()
        found += [Candidate(*row, level) for row in rows if cohort.people is None or row.id in set(cohort.people)]
    return found


def list_people(cohort: Cohort) -> list[Candidate]:
    """The people of a list, without a level; nobody for the cohort of a level."""
    found, people = [], cohort.people or ()
    for start in range(0, len(people), AT_ONCE):
        statement = select(Person.id, Person.public_id, Person.email).where(
            Person.id.in_(people[start : start + AT_ONCE])
        )
        found += [Candidate(*row, "") for row in db.session.execute(statement.order_by(Person.id))]
    return found


@dataclass(frozen=True)
class Standing:
    """How the certificate of one candidate stands in the making."""

    credential: str
    candidate: Candidate
    number: str
    state: CredentialState
    problem: str


def list_certificates(cohort: Cohort) -> list[Standing]:
    """The certificates of the cohort, whatever their state, oldest first."""
    people = None if cohort.people is None else set(cohort.people)
    statement = (
        select(
            Person.id, Person.public_id, Person.email, Credential.level_code,
            Credential.public_id, Credential.number, Credential.state, Credential.problem,
        )
        .join(Person, Person.id == Credential.person_id)
        .where(Credential.level_code.in_(cohort.levels))
        .order_by(Credential.id)
    )  # fmt: skip
    rows = db.session.execute(statement).all()
    return [
        Standing(row[4], Candidate(*row[:4]), row[5], CredentialState(row[6]), row[7])
        for row in rows
        if people is None or row[0] in people
    ]
