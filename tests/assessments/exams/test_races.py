"""Fifty presses at once: real threads, real transactions, on whichever database. The constraints decide."""

import io
import itertools
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from app import clock, transaction
from app.accounts.models import Person
from app.errors import DomainError
from app.extensions import db
from assessments.exams import answer_files, closing, conducting, sitting
from assessments.exams.answers import save_answer
from assessments.exams.models import AnswerFile, Attempt, AttemptItem, ItemResponse
from assessments.exams.queries import get_exam
from assessments.exams.rules import AttemptState, may_follow
from assessments.results import services as result_services
from assessments.results.models import Result
from tests.factories.assessments import begin, candidate, definition, exam_of, hand_in, questions_of, singles
from tests.factories.people import PersonFactory


def at_once(app, acts: list[Callable[[], Any]]) -> Counter[str]:
    """Run the acts in the same moment, each in a transaction of its own; how often each ended how."""
    ended: Counter[str] = Counter()
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        with app.app_context():
            transaction.begin_write()
            gate.wait()
            try:
                act()
                transaction.commit()
                ended["done"] += 1
            except DomainError as error:
                db.session.rollback()
                transaction.run_later_asides()
                ended[type(error).__name__] += 1
            finally:
                db.session.remove()

    transaction.commit()
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    return ended


def test_fifty_starts_at_once_are_one_attempt(app, session):
    exam, who = exam_of(singles(6), draw=4), candidate()
    code, found = exam.code, []

    def start():
        found.append(sitting.start(get_exam(code), who, clock.now()).public_id)

    ended = at_once(app, [start] * 50)

    assert ended == {"done": 50}
    assert len(set(found)) == 1
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1
    assert session.scalar(select(func.count()).select_from(AttemptItem)) == 4


def test_many_candidates_start_at_once_and_each_has_an_attempt(app, session):
    exam, people = exam_of(singles(6), draw=4), [candidate() for _n in range(12)]
    code = exam.code

    def start(who):
        sitting.start(get_exam(code), who, clock.now())

    ended = at_once(app, [lambda who=who: start(who) for who in people])

    assert ended == {"done": 12}
    assert session.scalar(select(func.count(func.distinct(Attempt.person_id)))) == 12


def test_of_parallel_saves_the_highest_number_stands_whatever_the_order(app, session):
    who = candidate()
    attempt = begin(exam_of(), who)
    public_id, raws = attempt.public_id, ["a", "b", "c"]

    def save(seq):
        save_answer(public_id, who, 1, seq, raws[seq % 3], clock.now())

    ended = at_once(app, [lambda seq=seq: save(seq) for seq in range(1, 25)])

    question = questions_of(attempt)[0]
    assert (question.response_seq, question.response) == (24, raws[24 % 3])
    assert ended["done"] + ended["StaleAnswer"] == 24
    log = session.scalars(select(ItemResponse)).all()
    assert len(log) == 24, "every arrival is in the log"
    assert sum(row.accepted for row in log) == ended["done"]


def test_the_same_save_twenty_times_at_once_is_one(app, session):
    who = candidate()
    public_id = begin(exam_of(), who).public_id

    ended = at_once(app, [lambda: save_answer(public_id, who, 1, 1, "b", clock.now())] * 20)

    assert ended == {"done": 20}
    assert session.scalar(select(func.count()).select_from(ItemResponse)) == 1


def test_twenty_hand_ins_at_once_are_one(app, session):
    who = candidate()
    public_id = begin(exam_of(), who).public_id

    ended = at_once(app, [lambda: closing.submit(public_id, who, clock.now())] * 20)

    assert ended == {"done": 20}
    assert session.scalar(select(func.count()).select_from(Result)) == 1
    assert session.scalars(select(Attempt.state)).all() == [AttemptState.SCORED]


@pytest.mark.parametrize("_round", range(4))
def test_an_answer_that_was_acknowledged_before_the_hand_in_is_scored(app, session, _round):
    """Saves and a hand-in in the same moment: whatever was acknowledged counts, whatever came after is refused."""
    who = candidate()
    attempt = begin(exam_of(singles(8)), who)
    public_id, row_id, acknowledged = attempt.public_id, attempt.id, []

    def save(position):
        save_answer(public_id, who, position, 1, "b", clock.now())
        transaction.commit()
        acknowledged.append(position)

    acts = [lambda position=position: save(position) for position in range(1, 9)]
    acts.insert(4, lambda: closing.submit(public_id, who, clock.now()))
    ended = at_once(app, acts)

    assert ended["done"] + ended["AttemptClosed"] == 9
    assert {q.position for q in questions_of(session.get(Attempt, row_id)) if q.points == 1} == set(acknowledged)


def test_twenty_releases_at_once_tell_once(app, session):
    who = candidate()
    result_id = hand_in(begin(exam_of(is_auto_released=False), who), who).id
    officer, told = PersonFactory(holding=["officer"]).public_id, []

    def release():
        told.append(result_services.release(session.get(Result, result_id), officer, clock.now()))

    at_once(app, [release] * 20)

    assert sorted(told) == [False] * 19 + [True]
    assert session.get(Result, result_id).released_by == officer


def test_the_job_and_the_candidate_end_it_once_between_them(app, session):
    who = candidate()
    attempt = begin(exam_of(), who)
    public_id, end = attempt.public_id, attempt.deadline_at
    late = end + timedelta(minutes=2)

    def by_hand():
        closing.submit(public_id, who, late)

    def by_job():
        closing.close(closing._lock(public_id), late)

    at_once(app, [by_hand, by_job] * 8)

    assert session.scalar(select(func.count()).select_from(Result)) == 1
    assert session.scalars(select(Attempt.submitted_at)).one() == end


def test_files_sent_in_the_same_moment_are_all_kept_up_to_the_limit(app, session):
    """Each upload waits for the one before it: no number twice, no file lost, never more than the item takes."""
    exam, who = exam_of([definition("RF", "file_answer", max_files=3)]), candidate()
    attempt = begin(exam, who)
    refused: list[str] = []

    def send(number: int) -> Callable[[], None]:
        file = FileStorage(io.BytesIO(b"File %d." % number), filename=f"{number}.txt")

        def act() -> None:
            place = answer_files.get_place(attempt_id, who, 1, clock.now())
            sent = answer_files.receive([file], place.content)
            refused.extend(answer_files.change(attempt_id, who, 1, sent, "", clock.now()))

        return act

    attempt_id = attempt.public_id
    ended = at_once(app, [send(number) for number in range(6)])

    rows = session.scalars(select(AnswerFile).order_by(AnswerFile.position)).all()
    assert ended == {"done": 6}
    assert [row.position for row in rows] == [1, 2, 3]
    assert len(refused) == 3
    assert len(questions_of(attempt)[0].response) == 3


def act_of(name, row_id, officer, moment):
    """One step of supervision by its name, on the attempt as the database holds it."""
    acts = {
        "pause": lambda found: conducting.pause(found, officer, "alarm", moment),
        "resume": lambda found: conducting.resume(found, officer, moment),
        "extend": lambda found: conducting.extend(found, 60, officer, "alarm", moment),
        "void": lambda found: conducting.void(found, officer, "not the candidate", moment),
    }
    return lambda: acts[name](db.session.get(Attempt, row_id))


def walk_of(attempt):
    """Its states, one after the other, without the lines that stay where they were."""
    lines = [line["state"] for line in attempt.history if "seconds" not in line]
    for before, after in itertools.pairwise(lines):
        assert may_follow(AttemptState(before), AttemptState(after)), lines
    assert lines[-1] == attempt.state
    return lines


@pytest.mark.parametrize("name", ["pause", "void"])
def test_of_twenty_steps_at_once_one_happens_and_one_line_says_so(app, session, name):
    row_id = begin(exam_of(), candidate()).id
    officer = PersonFactory(holding=["officer"]).public_id

    ended = at_once(app, [act_of(name, row_id, officer, clock.now())] * 20)

    assert ended == {"done": 1, "MoveRefused": 19}
    assert len(walk_of(session.get(Attempt, row_id))) == 2


def test_twenty_extensions_at_once_are_twenty_minutes(app, session):
    attempt = begin(exam_of(), candidate())
    row_id, end, officer = attempt.id, attempt.deadline_at, PersonFactory(holding=["officer"]).public_id

    ended = at_once(app, [act_of("extend", row_id, officer, clock.now())] * 20)

    assert ended == {"done": 20}
    found = session.get(Attempt, row_id)
    assert (found.extended_seconds, found.deadline_at) == (1_200, end + timedelta(minutes=20))
    assert len(found.history) == 21


@pytest.mark.parametrize("_round", range(3))
def test_supervision_and_the_candidate_at_once_leave_a_legal_walk_and_one_end(app, session, _round):
    who = candidate()
    attempt = begin(exam_of(), who)
    public_id, row_id, now = attempt.public_id, attempt.id, clock.now()
    officer = PersonFactory(holding=["officer"]).public_id
    acts = [act_of(name, row_id, officer, now) for name in ("pause", "resume", "extend", "void") for _n in range(4)]
    acts += [lambda: closing.submit(public_id, who, now)] * 4

    at_once(app, acts)

    walk = walk_of(session.get(Attempt, row_id))
    assert walk.count("submitted") <= 1
    assert walk[-1] == "voided"
    assert session.scalar(select(func.count()).select_from(Result)) == walk.count("submitted")


def test_twenty_starts_of_a_seat_at_once_begin_it_once(app, session):
    exam, who = exam_of(needs_sitting=True), candidate()
    officer, now, code = PersonFactory(holding=["officer"]).public_id, clock.now(), exam.code
    person = session.get(Person, who.person_id)
    seat = conducting.schedule(exam, person, "s-1", "invigilated", now, now + timedelta(hours=2), officer, now)
    conducting.authorise(seat, officer, now, {"by": officer})
    row_id = seat.id

    ended = at_once(app, [lambda: sitting.start(get_exam(code), who, clock.now())] * 20)

    assert ended == {"done": 20}
    assert walk_of(session.get(Attempt, row_id)) == ["scheduled", "authorised", "in_progress"]
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1
