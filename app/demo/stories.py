"""The stories of the demonstration, told through the product's own services, as if they had happened over weeks.

Each is a list of chapters; a chapter is one transaction, after which the jobs it ordered are run.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from app import clock
from app.demo import cast
from app.extensions import db
from assessments.exams import closing, sitting
from assessments.exams import queries as exams
from assessments.exams.answers import save_answer
from assessments.exams.models import AttemptItem
from assessments.exams.writing import Candidate
from assessments.grading.kinds.registry import kind
from assessments.practicals import marking, marking_queries, submissions
from assessments.practicals import queries as practicals
from assessments.practicals.marking import Entry
from assessments.practicals.models import Submission
from assessments.results import queries as results
from assessments.results import services as result_services
from certificates.awarding import services as awards
from certificates.holding import services as holding
from certificates.lifecycle import revocations
from certificates.lifecycle.revocations import ReasonClass, Revocation
from certificates.models import Credential, Visibility
from courses import importing, levels
from courses import queries as courses
from courses import services as learning
from courses.folder.reader import read_folder

CURRICULUM = Path(levels.LEVELS_FILE).parent
COURSE, EXAM, PRACTICAL, LEVEL = "CR-F", "CR-F-EXAM", "CR-F-P1", "foundation"
Chapter = Callable[[], Any]
WORK = """## Ten accounts, and why these ten

Account A to Account J, chosen because somebody on our side speaks with each of them every week. Account A renewed twice and
tells us plainly what annoys it; Account B left us once and came back; Account C has not spoken to anyone but support for a year.

## Profile of Account A

**Why they chose us** (sales, 4 October): the second quotation, because the first ignored their night shift.
**How it was delivered** (consulting, 9 October): two weeks late, and a weekend of our people on their floor put it right.
**How they see us today** (support, 14 October): short tickets, friendly tone, one open for forty days.
**What is on their mind** (plant manager, 20 October): a new site in spring, and nobody has asked whether we go with them.

What the four views say together: the forty-day ticket is about the very machine they want to copy into the new site.
"""


def bring_course(now: datetime) -> None:
    """Import the levels and the Foundation course, and record the board's standing decision for its level."""
    content, _faults = levels.read_levels(levels.LEVELS_FILE)
    assert content is not None
    levels.import_levels(content)
    folder, faults = read_folder(
        CURRICULUM / "foundation", current_app.extensions["item_check"], [level["code"] for level in content.levels]
    )
    if folder is None:
        raise ValueError("; ".join(f"{fault.file}:{fault.line}: {fault.message}" for fault in faults))
    importing.import_course(folder, now)
    for importer in current_app.extensions["course_importers"]:
        importer(folder, now)
    text = "The board awards Foundation to everyone who meets the scheme, without a decision in each case."
    awards.record_standing(LEVEL, text, date(2026, 11, 1), actor=cast.acting("officer"), now=now)


def study(key: str, share: float, days_ago: int) -> None:
    """Enrol and read the first `share` of the lessons."""
    begun = clock.now() - timedelta(days=days_ago)
    person = cast.get(key)
    enrolment = learning.enrol(person.id, COURSE, begun)
    codes = [state.code for state in courses.lesson_states(enrolment)]
    done = codes[: round(len(codes) * share)]
    for number, code in enumerate(done):
        learning.open_lesson(person.id, COURSE, code, begun + timedelta(hours=5 * number))
        learning.finish_lesson(person.id, COURSE, code, begun + timedelta(hours=5 * number, minutes=11))


def sit(key: str, days_ago: int, wrong: int) -> None:
    """Sit the exam and answer all but `wrong` questions rightly."""
    begun = clock.now() - timedelta(days=days_ago)
    person = cast.get(key)
    candidate = Candidate(person.id, person.public_id, person.name, session_id=0)
    attempt = sitting.start(exams.get_exam(EXAM), candidate, begun)
    db.session.flush()
    items = db.session.scalars(
        select(AttemptItem).where(AttemptItem.attempt_id == attempt.id).order_by(AttemptItem.position)
    ).all()
    for item in items[wrong:]:
        question = exams.get_question(attempt.id, item.position)
        content = question.item_version.content
        right = kind(content["kind"]).right_response(content)
        at = begun + timedelta(seconds=50 * item.position)
        save_answer(attempt.public_id, candidate, item.position, 1, right, at)
    closing.submit(attempt.public_id, candidate, begun + timedelta(minutes=41))


def hand_in(key: str, days_ago: int) -> None:
    """Hand the practical in."""
    now = clock.now() - timedelta(days=days_ago)
    person, practical = cast.get(key), practicals.get_practical(PRACTICAL)
    draft = submissions.open_draft(person, practical, now)
    submissions.save_text(draft, WORK, draft.version, now)
    submissions.submit(practicals.lock_draft(person.id, practical.id), practical, person, now)


def mark(key: str, days_ago: int) -> None:
    """Let the assessor mark the practical and an officer release the result."""
    now = clock.now() - timedelta(days=days_ago)
    assessor = cast.acting("assessor")
    script = db.session.scalars(select(Submission).where(Submission.person_id == cast.get(key).id)).one()
    held = marking.take(script.public_id, assessor, now)
    held = marking_queries.get_marking(held.public_id, assessor.person_id, lock=True)
    comments = {criterion.code: Entry("meets", COMMENT, 0) for criterion in held.rubric.criteria}
    marking.save(held, comments, now, closing=Entry(None, "Careful, honest work. Keep the diary going.", held.version))
    marking.finish(held, assessor, now)
    result = results.find_by_submission(script.id)
    assert result is not None
    result_services.release(result, cast.acting("officer").public_id, now)


COMMENT = "Each view has a person and a date, and what they say is told apart from what you make of it."


def confirm_name(key: str) -> None:
    """The holder confirms the name; the award that waited for it is made."""
    person = cast.get(key)
    holding.confirm_name(person, person.name, clock.now())


def show(key: str) -> None:
    """The holder lets everybody see page and document."""
    person = cast.get(key)
    holding.show_to(_credential(key).public_id, person, Visibility.PUBLIC)


def _credential(key: str) -> Credential:
    return db.session.scalars(select(Credential).where(Credential.person_id == cast.get(key).id)).one()


def propose_revocation(key: str) -> None:
    """One officer enters the holder's own request to have the certificate revoked."""
    note = "The holder has left the field and asked for it in writing."
    credential = _credential(key)
    revocations.propose_revocation(
        credential.public_id, ReasonClass.REQUEST, note, actor=cast.acting("officer"), now=clock.now()
    )


def confirm_revocation(key: str) -> None:
    """The second officer confirms; at the holder's own request it takes effect at once."""
    row = db.session.scalars(select(Revocation).where(Revocation.credential_id == _credential(key).id)).one()
    revocations.confirm_revocation(row.public_id, actor=cast.acting("second-officer"), now=clock.now())


def _earned(key: str, days_ago: int) -> list[Chapter]:
    return [
        partial(study, key, 1.0, days_ago + 20),
        partial(sit, key, days_ago + 8, 5),
        partial(hand_in, key, days_ago + 6),
        partial(mark, key, days_ago),
        partial(confirm_name, key),
        partial(show, key),
    ]


ALL: list[list[Chapter]] = [
    [partial(study, "learner", 0.5, 25)],
    [partial(study, "candidate", 1.0, 30), partial(sit, "candidate", 9, 8), partial(hand_in, "candidate", 2)],
    _earned("holder", 12),
    [*_earned("former", 45), partial(propose_revocation, "former"), partial(confirm_revocation, "former")],
]
