"""Practicals, work that was handed in and markings, for tests."""

import io
from datetime import timedelta

import factory
from PIL import Image

from app import clock, transaction
from app.accounts.models import Person
from app.errors import Missing
from app.policy import Actor, Role
from assessments.practicals import marking, marking_queries, queries, submissions
from assessments.practicals.files import Prepared
from assessments.practicals.marking import Entry
from assessments.practicals.models import Criterion, Marking, Practical, Rubric, Submission
from tests.factories.people import Committed, PersonFactory

LEVELS = ["absent", "developing", "meets", "exceeds"]
CODES = ("selection", "care")


class RubricFactory(Committed):
    """A rubric of two criteria, each with a descriptor for four levels."""

    class Meta:
        model = Rubric

    code = "T-R1"
    version = 1
    title = "Two criteria"
    levels = LEVELS
    pass_level = "meets"
    content_hash = "0" * 64
    made_at = factory.LazyFunction(clock.now)
    criteria = factory.LazyFunction(
        lambda: [
            Criterion(
                code=code,
                position=n,
                title=code.capitalize(),
                question=f"Is there {code}?",
                descriptors=[f"{code} is {level}" for level in LEVELS],
                objective=f"T.{n}",
            )
            for n, code in enumerate(CODES, 1)
        ]
    )


class PracticalFactory(Committed):
    """A practical with a case of one page, that takes two files of one megabyte each. Its rubric comes with it."""

    class Meta:
        model = Practical

    code = "T-P1"
    title = "Account set"
    summary = "Three pages."
    course_code = "T"
    level_code = "foundation"
    rubric_code = "T-R1"
    minutes = 120
    calendar_days = 28
    brief = "Write **three** pages."
    declaration = "It is my own work."
    dossier = [{"name": "01-start", "title": "Start here", "text": "An invented company."}]
    max_files = 2
    max_megabytes = 1
    file_types = ["pdf", "docx", "odt", "txt", "md", "png", "jpg"]
    changed_at = factory.LazyFunction(clock.now)

    @factory.post_generation
    def rubric(self, create, given, **_):
        """The newest rubric of the code, made if there is none."""
        if queries.find_rubric(self.rubric_code) is None:
            RubricFactory(code=self.rubric_code)


def find_practical() -> Practical:
    """The practical of this test, made at the first call."""
    try:
        return queries.get_practical("T-P1")
    except Missing:
        return PracticalFactory()


def begin(person: Person, text: str = "Ten accounts.", files: dict[str, bytes] | None = None) -> Submission:
    """A draft with a text and files (name to bytes, stored as they are)."""
    practical, now = find_practical(), clock.now()
    draft = submissions.open_draft(person, practical, now)
    submissions.save_text(draft, text, draft.version, now)
    for name, data in (files or {}).items():
        submissions.add_file(draft, practical, Prepared(data, name), person.public_id, now)
    transaction.commit()
    return draft


def hand_in(
    person: Person | None = None, text: str = "Ten accounts.", *, days_ago: int = 0, **files: bytes
) -> Submission:
    """Work that was handed in by this person, or by somebody; `files` are text files by their name without ending."""
    person = person or PersonFactory()
    begin(person, text, {f"{name}.txt": data for name, data in files.items()})
    practical = find_practical()
    draft = queries.lock_draft(person.id, practical.id)
    submissions.submit(draft, practical, person, clock.now() - timedelta(days=days_ago))
    transaction.commit()
    return draft


def actor_of(person: Person, *roles: Role) -> Actor:
    """Somebody as the services know them."""
    held = frozenset(roles or (Role.ASSESSOR,))
    return Actor(person.id, person.public_id, person.name, person.email, held, is_authenticated=True)


def assessor(**given: object) -> Person:
    """A person who holds the assessor's role."""
    return PersonFactory(holding=["assessor"], **given)


def take(script: Submission, person: Person) -> Marking:
    """A marking begun by this assessor, as the pages load it."""
    taken = marking.take(script.public_id, actor_of(person), clock.now())
    transaction.commit()
    return marking_queries.get_marking(taken.public_id, person.id)


def mark(found: Marking, level: str = "meets", **levels: str) -> Marking:
    """Every criterion marked with a level and a comment; `levels` by criterion. The marking as it is then."""
    saved = {mark.criterion.code: mark.version for mark in found.marks}
    entries = {code: Entry(levels.get(code, level), f"A word on {code}.", saved.get(code, 0)) for code in CODES}
    marking.save(found, entries, clock.now())
    transaction.commit()
    return marking_queries.get_marking(found.public_id, found.assessor_id)


def finish(script: Submission, person: Person, level: str = "meets", **levels: str) -> Marking:
    """A script marked and handed in by this assessor."""
    found = mark(take(script, person), level, **levels)
    marking.finish(found, actor_of(person), clock.now())
    transaction.commit()
    return found


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **save: object) -> bytes:
    """A picture in one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, "#285").save(out, kind, **save)
    return out.getvalue()


def pdf() -> bytes:
    """The smallest thing that is a PDF from head to end."""
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
