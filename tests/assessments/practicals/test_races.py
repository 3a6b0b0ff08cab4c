"""Several people, or several windows, in the same moment; each thread has a transaction of its own."""

import threading
from collections import Counter
from collections.abc import Callable

from sqlalchemy import select

from app import clock, transaction
from app.errors import DomainError
from app.extensions import db
from assessments.practicals import marking, marking_queries, queries, submissions
from assessments.practicals.marking import Entry
from assessments.practicals.models import AgreedMark, Marking, Submission
from assessments.results.models import Result
from tests.factories.people import PersonFactory
from tests.factories.practicals import actor_of, assessor, begin, find_practical, hand_in, mark, take


def at_once(app, *acts: Callable[[], object]) -> Counter[str]:
    """Run the acts together, each committing what it did; how often each ended how."""
    ended: Counter[str] = Counter()
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            transaction.begin_write()
            start.wait()
            try:
                act()
                transaction.commit()
                ended["done"] += 1
            except DomainError as error:
                db.session.rollback()
                ended[type(error).__name__] += 1
            finally:
                db.session.remove()

    db.session.commit()
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    return ended


def test_of_several_assessors_one_gets_the_script(app, session):
    script, readers = hand_in().public_id, [actor_of(assessor()) for _n in range(4)]
    ended = at_once(app, *[lambda actor=actor: marking.take(script, actor, clock.now()) for actor in readers])
    assert ended == {"done": 1, "Stale": 3}
    assert len(session.scalars(select(Marking)).all()) == 1


def test_several_assessors_who_take_the_next_get_different_scripts(app, session):
    for days in (3, 2, 1):
        hand_in(days_ago=days)
    readers = [actor_of(assessor()) for _n in range(3)]
    ended = at_once(app, *[lambda actor=actor: marking.take_next(actor, clock.now()) for actor in readers])
    assert ended == {"done": 3}
    assert len({m.submission_id for m in session.scalars(select(Marking))}) == 3


def test_of_two_windows_that_save_one_criterion_one_is_told(app, session):
    reader = assessor()
    found = take(hand_in(), reader)
    public_id, assessor_id = found.public_id, found.assessor_id

    def save(word: str) -> None:
        held = marking_queries.get_marking(public_id, assessor_id, lock=True)
        marking.save(held, {"care": Entry("meets", word, 0)}, clock.now())

    ended = at_once(app, lambda: save("one"), lambda: save("two"))
    assert ended == {"done": 1, "Outdated": 1}


def test_handing_in_marks_in_two_windows_makes_one_result(app, session):
    reader = assessor()
    found = mark(take(hand_in(), reader))
    public_id, actor = found.public_id, actor_of(reader)

    def finish() -> None:
        marking.finish(marking_queries.get_marking(public_id, actor.person_id, lock=True), actor, clock.now())

    assert at_once(app, finish, finish, finish) == {"done": 3}
    assert len(session.scalars(select(Result)).all()) == 1
    assert len(session.scalars(select(AgreedMark)).all()) == 2


def test_beginning_in_two_windows_makes_one_draft(app, session):
    person, practical = PersonFactory(), find_practical()
    person_id, practical_code = person.public_id, practical.code

    def begin_draft() -> None:
        from app.accounts.queries import get_person

        submissions.open_draft(get_person(person_id), queries.get_practical(practical_code), clock.now())

    assert at_once(app, begin_draft, begin_draft, begin_draft) == {"done": 3}
    assert len(session.scalars(select(Submission)).all()) == 1


def test_of_two_windows_that_save_a_draft_one_is_told(app, session):
    draft = begin(PersonFactory())
    person_id, practical_id, version = draft.person_id, draft.practical_id, draft.version

    def save(text: str) -> None:
        submissions.save_text(queries.lock_draft(person_id, practical_id), text, version, clock.now())

    assert at_once(app, lambda: save("one"), lambda: save("two")) == {"done": 1, "Stale": 1}


def test_taking_back_and_taking_up_exclude_each_other(app, session):
    script, actor = hand_in(), actor_of(assessor())
    public_id, person_id, script_id = script.public_id, script.person_id, script.id
    ended = at_once(
        app,
        lambda: submissions.withdraw(queries.lock_own(person_id, public_id), "p"),
        lambda: marking.take(public_id, actor, clock.now()),
    )
    assert ended["done"] == 1
    assert session.get(Submission, script_id).state in ("withdrawn", "marking")
