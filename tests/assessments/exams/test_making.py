"""Forms of an exam: made from its plan, locked by a second person, given out evenly, retired by two, looked at for free."""

from random import Random

import pytest
from sqlalchemy import func, select

from app import clock, transaction
from app.errors import DomainError
from app.extensions import db
from app.jobs.models import Job
from app.mail.models import MailMessage
from assessments.exams import making, queries, sitting
from assessments.exams.errors import BankShort
from assessments.exams.models import Attempt, AttemptItem, ExamForm, ItemResponse
from assessments.items.models import Item, ItemEnemy
from tests.factories.assessments import (
    begin,
    candidate,
    exam_of,
    hand_in,
    held_clock,
    questions_of,
    run_jobs,
    singles,
    words,
)
from tests.factories.people import PersonFactory

__all__ = ["held_clock"]
AUTHOR, SECOND = "author-1", "author-2"


def made(exam, count=2):
    forms = making.make_forms(exam, count, AUTHOR, clock.now(), Random(7))
    transaction.commit()
    return forms


def locked(exam, count=2):
    forms = made(exam, count)
    for form in forms:
        making.lock_form(making.get_form(form.public_id), SECOND, clock.now())
    transaction.commit()
    return forms


def asked(attempt):
    return [question.item_version_id for question in questions_of(attempt)]


def text(response):
    return words(response.get_data(as_text=True))


def test_forms_fulfil_the_blueprint_and_share_nothing_while_the_bank_suffices(session):
    exam = exam_of(singles(8), draw=4)
    forms = made(exam)

    assert [(form.code, form.state, form.exam_version) for form in forms] == [("F1", "draft", 1), ("F2", "draft", 1)]
    found = making.compare(exam.id)
    assert found.shared == [[4, 0], [0, 4]]
    assert made(exam, 1)[0].code == "F3", "codes are never used twice"


def test_only_a_second_person_locks_and_the_hash_can_be_made_again(session):
    exam = exam_of(singles(6), draw=3)
    form = making.get_form(made(exam, 1)[0].public_id)
    with pytest.raises(DomainError, match="Somebody else"):
        making.lock_form(form, AUTHOR, clock.now())
    making.lock_form(form, SECOND, clock.now())
    transaction.commit()

    assert (form.state, form.locked_by) == ("locked", SECOND)
    assert form.sha256 == making.sha256_of(form)
    form.content = [form.content[0] | {"items": list(reversed(form.content[0]["items"]))}]
    assert making.sha256_of(form) != form.sha256
    transaction.undo()
    with pytest.raises(DomainError, match="not a draft"):
        making.lock_form(making.get_form(form.public_id), SECOND, clock.now())


def test_a_form_of_earlier_rules_is_not_locked(session):
    exam = exam_of(singles(6), draw=3)
    form = making.get_form(made(exam, 1)[0].public_id)
    exam.version += 1
    transaction.commit()

    with pytest.raises(DomainError, match="rules of the exam have changed"):
        making.lock_form(form, SECOND, clock.now())


def test_attempts_are_given_locked_forms_evenly_and_nobody_the_same_twice(session, held_clock):
    exam = exam_of(singles(9), draw=3, drawing="forms")
    with pytest.raises(BankShort):
        sitting.start(exam, candidate(), clock.now())
    transaction.undo()
    forms = locked(exam, 3)
    people = [candidate() for _n in range(6)]
    given = [begin(exam, who) for who in people]

    assert sorted(attempt.form_id for attempt in given) == sorted([form.id for form in forms] * 2)
    assert asked(given[0]) == [
        item["version"] for item in db.session.get(ExamForm, given[0].form_id).content[0]["items"]
    ]
    for days in (1, 7):
        hand_in(db.session.get(Attempt, given[0].id), people[0])
        held_clock.go(days=days)
        given.insert(0, begin(exam, people[0]))
    own = [attempt.form_id for attempt in given if attempt.person_id == people[0].person_id]
    assert len(set(own)) == 3, "each time another form"


def test_two_people_retire_a_form_and_it_is_given_to_nobody_any_more(session):
    exam = exam_of(singles(6), draw=3, drawing="forms")
    form = making.get_form(locked(exam, 1)[0].public_id)
    kept = begin(exam, candidate())
    with pytest.raises(DomainError, match="Two people"):
        making.retire_form(form, SECOND)
    making.ask_to_retire(form, SECOND)
    transaction.commit()
    with pytest.raises(DomainError, match="Two people"):
        making.retire_form(form, SECOND)
    making.retire_form(form, AUTHOR)
    transaction.commit()

    assert form.state == "retired"
    assert len(asked(kept)) == 3
    with pytest.raises(BankShort):
        sitting.start(exam, candidate(), clock.now())


def test_enemies_never_meet_and_what_was_asked_too_often_rests(session):
    exam = exam_of(singles(6), draw=3, exposure_cap=50)
    ids = list(session.scalars(select(Item.id).order_by(Item.id)))
    session.add(ItemEnemy(item_id=ids[0], other_id=ids[1], made_by=AUTHOR, made_at=clock.now()))
    session.execute(Item.__table__.update().where(Item.id == ids[5]).values(times_asked=90))
    transaction.commit()
    together = {frozenset(q.item_version.item_id for q in questions_of(begin(exam, candidate()))) for _n in range(12)}

    assert all(not {ids[0], ids[1]} <= drawn for drawn in together)
    assert all(ids[5] not in drawn for drawn in together)


def test_a_short_bank_uses_up_nothing_says_so_and_officers_hear_once(visit, held_clock):
    officer = PersonFactory(holding=["officer"])
    sitter = visit.sign_in(PersonFactory())
    exam = exam_of(singles(2), blueprint=[{"topic": "F1", "thinking": "apply", "draw": 5}])
    for _try in range(2):
        answer = sitter.post(f"/exams/{exam.code}/start", {"declared": "y"})
        assert answer.status_code == 409
        assert "its bank lacks questions. No attempt is used" in text(answer)

    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0
    assert db.session.scalar(select(func.count()).where(Job.kind == "exams.short")) == 1
    run_jobs()
    told = db.session.scalars(select(MailMessage).where(MailMessage.kind == "exams.short")).all()
    assert [(message.recipient, "F1/apply" in message.text) for message in told] == [(officer.email, True)]


# ---- pages


@pytest.fixture
def author(visit):
    """A signed-in author."""
    return visit.sign_in(PersonFactory(holding=["author"]))


def test_an_author_makes_forms_and_a_second_one_locks_them(visit, author):
    exam = exam_of(singles(8), draw=4)
    assert "No form yet" in text(author.get("/exam-forms"))
    short = author.post(f"/exam-forms/{exam.code}/new", {"count": "99"})
    assert (short.status_code, "Enter a number from 1 to 12." in text(short)) == (422, True)
    author.post(f"/exam-forms/{exam.code}/new", {"count": "2"})
    form = db.session.scalars(select(ExamForm).order_by(ExamForm.code)).first()
    page = f"/exam-forms/{exam.code}/forms/{form.public_id}"
    assert "Somebody else looks at it and locks it" in text(author.get(page))
    assert author.post(f"{page}/lock").status_code == 409
    second = visit.another().sign_in(PersonFactory(holding=["officer"]))
    assert "Lock this form" in text(second.get(page))
    second.post(f"{page}/lock")

    assert "Locked" in text(author.get("/exam-forms"))
    assert "all 4" in text(author.get(f"/exam-forms/{exam.code}/compare"))
    assert author.get(f"/exam-forms/OTHER/forms/{form.public_id}").status_code == 404
    author.post(f"{page}/retire")
    assert "Somebody else has to agree" in text(author.get(page))
    second.post(f"{page}/retire")
    assert "Retired" in text(author.get("/exam-forms"))


def test_a_bank_that_cannot_fill_a_form_says_which_cell_is_short(author):
    exam = exam_of(singles(2), blueprint=[{"topic": "F1", "thinking": "apply", "draw": 5}])
    answer = author.post(f"/exam-forms/{exam.code}/new", {"count": "1"})

    assert answer.status_code == 422
    assert "Short: F1/apply" in text(answer)


def test_a_look_as_a_learner_stores_nothing_and_shows_no_key(author):
    exam = exam_of(singles(5), draw=4)
    address = author.get(f"/exam-forms/{exam.code}/preview").headers["Location"]
    first = author.get(address)
    again = author.get(address)
    before = {table: db.session.scalar(select(func.count()).select_from(table)) for table in (Attempt, AttemptItem)}
    pages = [author.get(f"{address}&q={place}") for place in range(1, 5)]

    assert "nothing is saved, nothing counts" in text(first)
    assert text(first) == text(again), "the same seed draws the same"
    assert all("keymark" not in page.get_data(as_text=True) for page in pages)
    assert author.get(f"{address}&q=5").status_code == 404
    for table in (Attempt, AttemptItem, ItemResponse):
        assert db.session.scalar(select(func.count()).select_from(table)) == before.get(table, 0) == 0


@pytest.mark.parametrize("role", [[], ["assessor"], ["moderator"]])
def test_others_see_neither_forms_nor_previews(visit, role):
    exam = exam_of(singles(4))
    form = made(exam, 1)[0]
    other = visit.sign_in(PersonFactory(holding=role))

    paths = (f"/{exam.code}/preview", f"/{exam.code}/forms/{form.public_id}", f"/{exam.code}/compare", "")
    for path in paths:
        assert other.get(f"/exam-forms{path}").status_code == 403


# ---- rules


RULES = {
    "grace_seconds": "30",
    "time_up": "submit",
    "navigation": "free",
    "drawing": "random",
    "pilots": "0",
    "shows": "score",
    "appeal_days": "28",
    "cell_0": "",
    "cell_1": "",
    **{f"way_{number}": "free" for number in range(1, 6)},
}


@pytest.fixture
def officer(visit):
    """A signed-in officer."""
    return visit.sign_in(PersonFactory(holding=["officer"]))


def two_cells():
    blueprint = [{"topic": topic, "thinking": "apply", "draw": 2} for topic in ("F1", "F2")]
    return exam_of(singles(4) + singles(4, topic="F2"), blueprint=blueprint)


def fresh(exam):
    db.session.expire_all()
    return queries.get_exam(exam.code)


def test_an_officer_changes_the_rules_as_a_version_of_its_own(officer):
    exam = two_cells()
    address = f"/office/exams/{exam.code}/rules"
    assert 'value="60"' in officer.get(address).get_data(as_text=True)
    sections = {
        "title_1": "Reading",
        "minutes_1": "20",
        "title_2": "Doing",
        "minutes_2": "",
        "way_2": "one_way",
        "cell_0": "1",
        "cell_1": "2",
    }
    changes = {"opens_at": "2027-01-04 09:00", "closes_at": "2027-01-04 12:30", "exposure_cap": "30", "pilots": "2"}

    answer = officer.post(address, RULES | sections | changes | {"avoid_last": "1", "needs_ratifying": "y"})

    assert answer.status_code == 302, text(answer)
    found = fresh(exam)
    assert (found.version, found.grace_seconds, found.exposure_cap, found.avoid_last) == (2, 30, 30, 1)
    assert (found.pilots, found.needs_ratifying, found.needs_sitting) == (2, True, False)
    assert (found.closes_at - found.opens_at).total_seconds() == 3.5 * 3_600
    assert [(s["title"], s["minutes"], s["navigation"], len(s["cells"])) for s in found.sections] == [
        ("Reading", 20, "free", 1),
        ("Doing", None, "one_way", 1),
    ]
    page = officer.get(address).get_data(as_text=True)
    assert 'value="2027-01-04 09:00"' in page
    assert 'value="Reading"' in page
    officer.post(address, RULES | sections | changes | {"avoid_last": "1", "needs_ratifying": "y"})
    assert fresh(exam).version == 2, "the same again is no change"


@pytest.mark.parametrize(
    ("changes", "words_shown"),
    [
        ({"grace_seconds": "5000"}, "Enter a whole number from 0 to 600."),
        ({"opens_at": "tomorrow"}, "Write day and time like 2026-12-14 09:00."),
        ({"opens_at": "2027-01-04 09:00", "closes_at": "2027-01-04 09:00"}, "has to close after it opens"),
        ({"exposure_cap": "0"}, "from 1 to 100, or nothing"),
        ({"avoid_last": "-1"}, "from 0 to 100, or nothing"),
        ({"title_2": "Second"}, "from the first on, without gaps"),
        ({"title_1": "Only", "cell_0": "1"}, "Choose one of the sections you named."),
        ({"title_1": "A", "title_2": "B", "cell_0": "1", "cell_1": "1"}, "This section has no questions"),
        (
            {"title_1": "A", "minutes_1": "50", "title_2": "B", "minutes_2": "20", "cell_0": "1", "cell_1": "2"},
            "take 70 minutes together, the exam 60",
        ),
        ({"time_up": ""}, "Choose one."),
    ],
)
def test_a_rule_that_cannot_be_says_so_beside_its_field_and_keeps_what_was_typed(officer, changes, words_shown):
    exam = two_cells()
    answer = officer.post(f"/office/exams/{exam.code}/rules", RULES | {"appeal_days": "77"} | changes)

    assert answer.status_code == 422
    assert words_shown in text(answer)
    assert 'value="77"' in answer.get_data(as_text=True)
    assert fresh(exam).version == 1


def test_an_attempt_that_runs_keeps_the_rules_it_began_under(session):
    exam = two_cells()
    attempt = begin(exam, candidate())
    exam.grace_seconds, exam.version = 0, 2
    transaction.commit()

    assert attempt.exam_snapshot["delivery"]["grace"] == 60
