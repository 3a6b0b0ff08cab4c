"""A member's whole life in the house, in which one strange word stands wherever a person may leave words."""

from sqlalchemy import select

from app import clock, ids, transaction
from app.accounts import roles
from app.accounts import services as accounts
from app.accounts.models import Person
from app.extensions import db
from app.mail.models import MailMessage
from app.policy import Role
from assessments.exams import services as exam_services
from assessments.exams.answers import save_answer
from assessments.exams.models import AttemptItem, Exam, ItemReport
from assessments.exams.writing import Candidate
from assessments.practicals import judging
from assessments.practicals.models import Submission
from assessments.results.queries import find_by_submission
from certificates.models import Credential, CredentialStatus
from courses import services as courses
from courses.models import Course, CourseEdition, CourseModule, Lesson, Level
from tests.factories import assessments, practicals
from tests.factories.certificates import certify, run_jobs
from tests.factories.people import PersonFactory

WORD = "Zanzibara"
NAME, ADDRESS = f"{WORD} Quill", f"{WORD}@people.test"


def live() -> tuple[Person, Credential]:
    """Somebody who read, sat, handed in, holds a certificate, and left WORD everywhere on the way."""
    credential = certify(NAME)
    person = db.session.get_one(Person, credential.person_id)
    officer = practicals.actor_of(PersonFactory(holding=["officer"]), Role.OFFICER)
    accounts.ask_to_change_address(person, ADDRESS, clock.now())
    person.email = ADDRESS
    accounts.declare_affiliation(person, f"{WORD} Works", f"{WORD}’s cousin", False, clock.now())
    roles.grant(person, Role.MODERATOR, clock.now(), None, f"because {WORD} is kind", actor=officer, now=clock.now())
    transaction.commit()
    read_lessons(person)
    sit(person)
    hand_in(person, PersonFactory(holding=["assessor"]), officer)
    remark(credential, officer.public_id)
    run_jobs()
    db.session.expire_all()
    assert db.session.scalars(select(MailMessage).where(MailMessage.text.contains(WORD))).all()
    return person, credential


def read_lessons(person: Person) -> None:
    """A course of one lesson, enrolled in and read."""
    level = db.session.scalars(select(Level)).one()
    course = Course(code="READ", level_id=level.id, title="Reading")
    db.session.add(course)
    db.session.flush()
    lesson = Lesson(
        code="R.1", position=1, title="First", minutes=1, objective="read", text="Read.", techniques=[], language="en"
    )
    module = CourseModule(code="R", position=1, title="Part", summary="", outcomes=[], lessons=[lesson])
    edition = CourseEdition(
        course_id=course.id, edition="1", title="Reading", language="en", content_hash="0" * 64, data={},
        published_at=clock.now(), modules=[module],
    )  # fmt: skip
    db.session.add(edition)
    courses.enrol(person.id, "READ", clock.now(), person.public_id)
    courses.finish_lesson(person.id, "READ", "R.1", clock.now())
    transaction.commit()


def sit(person: Person, *, is_released: bool = True, exam: Exam | None = None) -> Exam:
    """An exam of one open question, answered and reported on with WORD, not passed."""
    exam = exam or assessments.exam_of([assessments.definition(f"OPEN-{person.id}", "short_text")], waits=[0, 0])
    exam_services.allow_attempt(exam, person, f"{WORD} was ill", "officer", clock.now())
    who = Candidate(person.id, person.public_id, person.name, 1)
    attempt = assessments.begin(exam, who)
    save_answer(attempt.public_id, who, 1, 1, f"{WORD} says", clock.now())
    item = db.session.scalars(select(AttemptItem.id).where(AttemptItem.attempt_id == attempt.id)).one()
    report = ItemReport(
        public_id=ids.new_public_id(), attempt_item_id=item, text=f"{WORD} doubts it", made_at=clock.now()
    )
    db.session.add(report)
    transaction.commit()
    assessments.hand_in(attempt, who, is_released=is_released)
    return exam


def hand_in(person: Person, assessor: Person, officer) -> Submission:
    """A practical with a file, marked with comments and released."""
    script = practicals.hand_in(person, f"{WORD} wrote this.", **{WORD: f"{WORD} in a file".encode()})
    marking = practicals.take(script, assessor)
    practicals.mark(marking)
    marking = practicals.marking_queries.get_marking(marking.public_id, assessor.id)
    for mark in marking.marks:
        mark.comment = f"{WORD} did well"
    marking.comment = f"{WORD}, go on"
    practicals.marking.finish(marking, practicals.actor_of(assessor), clock.now())
    judging.release([find_by_submission(script.id)], officer, clock.now())
    transaction.commit()
    return script


def remark(credential: Credential, officer: str) -> None:
    """A suspension of the past, with a note."""
    past = {"from_at": clock.now(), "until_at": None, "recorded_at": clock.now()}
    note = CredentialStatus(credential_id=credential.id, kind="lifted", by=officer, note=f"{WORD} called", **past)
    db.session.add(note)
    transaction.commit()
