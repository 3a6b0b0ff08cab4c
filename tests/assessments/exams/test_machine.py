"""The whole life of an attempt as a machine: two devices, lost and repeated requests, a clock that is moved, supervision.

Every step calls the real services on a real database, in a transaction of its own as a request does; a model of what was
acknowledged is kept beside it. Whatever the order of the steps: no answer is taken after its deadline and grace, no
acknowledged answer is lost, there are never two results, and the history is a walk over allowed steps. (security.md E5)
"""

import itertools
import os
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from app import clock, transaction
from app.errors import DomainError
from app.extensions import db
from app.jobs.models import Job
from assessments.accommodations.models import Accommodation
from assessments.exams import closing, conducting, pausing, quarantine, sitting
from assessments.exams.answers import save_answer
from assessments.exams.errors import AttemptClosed, AttemptPaused, OtherDevice, StaleAnswer
from assessments.exams.models import Attempt, AttemptItem, ItemResponse, LateAnswer
from assessments.exams.rules import RUNNING, AttemptState, may_follow
from assessments.exams.times import ends_at
from assessments.exams.writing import Candidate
from assessments.results.models import Result
from tests.factories.assessments import candidate, exam_of, run_jobs, singles
from tests.factories.people import PersonFactory

QUESTIONS = 4
GRACE = timedelta(seconds=60)
SOAK_STEPS = int(os.environ.get("LAUREL_MACHINE_STEPS", "10000"))  # on each database
positions = st.integers(1, QUESTIONS)
devices = st.sampled_from(["laptop", "phone"])
raws = st.sampled_from(["a", "b", "c", None])


class AttemptMachine(RuleBasedStateMachine):
    """One attempt. `app` is set by the test; `stored` is what the server acknowledged: position to (number, answer)."""

    app = None
    steps = 0

    def __init__(self):
        super().__init__()
        self.now = clock.now()
        self.real_now, clock.now = clock.now, lambda: self.now
        self.stored, self.lost, self.clients = {}, [], {"laptop": {}, "phone": {}}
        self.runs_jobs, self.kept = True, set()

    @initialize(breaks=st.integers(0, 2), percent=st.sampled_from([0, 25]), closes=st.sampled_from([None, 70, 200]))
    def begin(self, breaks, percent, closes):
        """A candidate with or without an accommodation begins an exam that closes or does not."""
        closes_at = None if closes is None else self.now + timedelta(minutes=closes)
        exam = exam_of(singles(QUESTIONS), closes_at=closes_at)
        laptop = candidate(session_id=11)
        self.officer = PersonFactory(holding=["officer"]).public_id
        self.devices = {
            "laptop": laptop,
            "phone": Candidate(laptop.person_id, laptop.public_id, laptop.name, session_id=22),
        }
        if breaks or percent:
            db.session.add(
                Accommodation(
                    public_id=f"a-{laptop.public_id[:12]}",
                    person_id=laptop.person_id,
                    state="approved",
                    time_percent=percent,
                    breaks=breaks,
                    break_minutes=7,
                    asked_by=self.officer,
                    asked_at=self.now,
                )
            )
        transaction.commit()
        attempt = sitting.start(exam, laptop, self.now)
        transaction.commit()
        self.first_end = self.now + timedelta(minutes=60 * (100 + percent) / 100)
        self.first_close = closes_at
        self.attempt_id, self.public_id, self.writer = attempt.id, attempt.public_id, "laptop"

    # ---- helpers

    @property
    def attempt(self):
        """The attempt as the database holds it."""
        statement = select(Attempt).where(Attempt.id == self.attempt_id).execution_options(populate_existing=True)
        return db.session.scalars(statement).one()

    def request(self, act):
        """Do something as a request does; what a rule refused, or None."""
        type(self).steps += 1
        transaction.begin_write()
        try:
            act()
            transaction.commit()
        except DomainError as refusal:
            transaction.undo()
            transaction.run_later_asides()
            return refusal
        return None

    def deadline(self):
        """When the time is up as things stand, None once the attempt has ended; worked out from the history alone."""
        attempt = self.attempt
        if attempt.state not in RUNNING:
            return None
        assert ends_at(attempt, self.now) == self.told_by(attempt.history)
        return self.told_by(attempt.history)

    def told_by(self, history):
        """The deadline that these lines tell: the limit, what was given, and every pause up to what it may last."""
        wanted, closes, still, most = self.first_end, self.first_close, None, None
        for line in [*history, {"state": "now", "at": self.now.isoformat()}]:
            at = datetime.fromisoformat(line["at"])
            if still is not None and line["state"] != "paused":
                span = at - still if most is None else min(at - still, timedelta(minutes=most))
                wanted, still = wanted + timedelta(seconds=-(-span // timedelta(seconds=1))), None
            if "seconds" in line:
                wanted += timedelta(seconds=line["seconds"])
                if closes is not None and closes < wanted:
                    closes = min(wanted, closes + timedelta(seconds=line["seconds"]))
            elif line["state"] == "paused":
                still, most = at, line.get("minutes")
        return wanted if closes is None else min(wanted, closes)

    # ---- the candidate on two devices

    @rule(device=devices, position=positions, raw=raws, ahead=st.integers(1, 3))
    def answer(self, device, position, raw, ahead):
        """An answer under a number of this device's own counting."""
        seq = self.clients[device].get(position, 0) + ahead
        self.clients[device][position] = seq
        self.send(device, position, seq, raw)

    @rule(device=devices, position=positions, seq=st.integers(1, 40), raw=raws)
    def answer_out_of_order(self, device, position, seq, raw):
        """A request that was overtaken, or comes from an old window."""
        self.send(device, position, seq, raw)

    @rule(device=devices, position=positions, raw=raws)
    def answer_and_lose_the_reply(self, device, position, raw):
        """The server has it, the browser does not know, and will send it again."""
        seq = self.clients[device].get(position, 0) + 1
        self.clients[device][position] = seq
        self.send(device, position, seq, raw)
        self.lost.append((device, position, seq, raw))

    @precondition(lambda self: self.lost)
    @rule(data=st.data())
    def replay(self, data):
        """An earlier request once more, perhaps much later."""
        self.send(*data.draw(st.sampled_from(self.lost)))

    def send(self, device, position, seq, raw):
        """Save, and compare what happened with what had to happen."""
        before, deadline = self.attempt, self.deadline()
        stored_seq, stored = self.stored.get(position, (0, None))
        refusal = self.request(lambda: save_answer(self.public_id, self.devices[device], position, seq, raw, self.now))
        if refusal is None:
            assert before.state in RUNNING
            assert self.now <= deadline + GRACE, "taken after the deadline and its grace"
            assert device == self.writer
            assert seq > stored_seq or (seq, raw) == (stored_seq, stored)
            self.stored[position] = (seq, raw) if seq > stored_seq else (stored_seq, stored)
        elif isinstance(refusal, StaleAnswer):
            assert (refusal.seq, refusal.response) == (stored_seq, stored)
        elif isinstance(refusal, OtherDevice):
            assert device != self.writer
        else:
            assert isinstance(refusal, AttemptClosed | AttemptPaused)
            is_new = seq > stored_seq and raw != stored
            assert refusal.is_kept == is_new, "what is new is kept aside, what is known is not"
            if is_new:
                self.kept.add((position, seq, raw))

    @rule(device=devices)
    def take_over(self, device):
        """The other device, after the password."""
        refusal = self.request(lambda: sitting.take_over(self.public_id, self.devices[device], self.now))
        if refusal is None:
            self.writer = device
        else:
            assert self.deadline() is None or self.now > self.deadline() + GRACE

    @rule(device=devices)
    def hand_in(self, device):
        """Handing in from either device, any number of times."""
        was = self.attempt.state
        refusal = self.request(lambda: closing.submit(self.public_id, self.devices[device], self.now))
        if isinstance(refusal, OtherDevice):
            assert device != self.writer
        elif refusal is None and was in RUNNING:
            assert self.attempt.state not in RUNNING

    @rule(device=devices)
    def take_break(self, device):
        """A break, if one is left."""
        self.request(lambda: pausing.take_break(self.public_id, self.devices[device], self.now))

    @rule(device=devices)
    def come_back(self, device):
        """The end of a break."""
        self.request(lambda: pausing.come_back(self.public_id, self.devices[device], self.now))

    # ---- supervision

    @rule()
    def pause(self):
        """The invigilator stops the clock."""
        self.request(lambda: conducting.pause(self.attempt, self.officer, "alarm", self.now))

    @rule()
    def resume(self):
        """And lets it run again."""
        self.request(lambda: conducting.resume(self.attempt, self.officer, self.now))

    @rule(minutes=st.integers(1, 20))
    def extend(self, minutes):
        """More time; the end moves by exactly that, or not at all."""
        before = self.deadline()
        refusal = self.request(lambda: conducting.extend(self.attempt, minutes * 60, self.officer, "late", self.now))
        if before is None:
            assert refusal is not None
        else:
            assert refusal is None
            assert timedelta() <= self.deadline() - before <= timedelta(minutes=minutes)

    @precondition(lambda self: self.attempt.state not in RUNNING)
    @rule(counted=st.booleans())
    def decide(self, counted):
        """An officer decides on an answer that was kept aside."""
        waiting = quarantine.list_late(attempt_id=self.public_id)
        if not waiting:
            return
        kept = waiting[0]
        position, seq, response = kept.position, kept.late.seq, kept.late.response
        assert self.request(lambda: quarantine.decide_late(kept.late, counted, self.officer, "so", self.now)) is None
        if counted and seq >= self.stored.get(position, (0, None))[0]:
            self.stored[position] = (seq, response)

    # ---- time

    @rule(seconds=st.sampled_from([1, 5, 30, 59, 60, 61, 300, 900]))
    def time_passes(self, seconds):
        """The server's clock moves on; what a client thinks of the time is sent nowhere."""
        self.now += timedelta(seconds=seconds)
        self.work()

    @precondition(lambda self: self.deadline() is not None)
    @rule(offset=st.sampled_from([-1, 0, 1, 59, 60, 61]))
    def near_the_bell(self, offset):
        """Right to the seconds that decide."""
        moment = self.deadline() + timedelta(seconds=offset)
        if moment > self.now and self.attempt.state == AttemptState.IN_PROGRESS:
            self.now = moment
            self.work()

    @precondition(lambda self: self.deadline() is not None and self.attempt.state == AttemptState.IN_PROGRESS)
    @rule(seconds=st.sampled_from([60, 61, 600]), position=positions)
    def answer_after_the_bell(self, seconds, position):
        """The runner is dead, the attempt still open: the clock alone decides."""
        self.runs_jobs = False
        self.now = max(self.now, self.deadline() + timedelta(seconds=seconds))
        seq, raw = self.stored.get(position, (0, None))
        self.send(self.writer, position, seq + 50, "a" if raw != "a" else "b")

    @rule(runs=st.booleans())
    def runner(self, runs):
        """The runner of jobs dies, or comes back."""
        self.runs_jobs = runs
        self.work()

    def work(self):
        """What is due is done, if anybody does it."""
        if self.runs_jobs:
            type(self).steps += 1
            run_jobs()

    # ---- what always holds

    @invariant()
    def no_acknowledged_answer_is_lost(self):
        """Every question holds exactly what was acknowledged last."""
        if not hasattr(self, "attempt_id"):
            return
        asked = select(AttemptItem.position, AttemptItem.response_seq, AttemptItem.response)
        found = db.session.execute(asked.where(AttemptItem.attempt_id == self.attempt_id)).all()
        assert {p: (seq, raw) for p, seq, raw in found if seq} == {
            p: kept for p, kept in self.stored.items() if kept[0]
        }

    @invariant()
    def what_was_said_to_be_kept_is_kept(self):
        """Whatever a candidate was told is kept for an officer lies there."""
        if not hasattr(self, "attempt_id") or not self.kept:
            return
        aside = select(AttemptItem.position, LateAnswer.seq, LateAnswer.response).join_from(LateAnswer, AttemptItem)
        found = db.session.execute(aside.where(AttemptItem.attempt_id == self.attempt_id))
        assert self.kept == {tuple(row) for row in found}

    @invariant()
    def one_result_and_a_legal_walk(self):
        """At most one result in force; each line of history follows from the one before and the last is the state."""
        if not hasattr(self, "attempt_id"):
            return
        count = select(func.count()).select_from(Result)
        in_force = count.where(Result.attempt_id == self.attempt_id, Result.superseded_at.is_(None))
        attempt = self.attempt
        assert db.session.scalar(in_force) == (0 if attempt.state in RUNNING else 1)
        for before, after in itertools.pairwise(attempt.history):
            stays = before["state"] == after["state"] and len(after) > 4
            assert stays or may_follow(AttemptState(before["state"]), AttemptState(after["state"])), attempt.history
        assert attempt.history[-1]["state"] == attempt.state
        if attempt.submitted_at is not None:
            assert attempt.started_at <= attempt.submitted_at <= attempt.deadline_at

    @invariant()
    def a_living_runner_leaves_nothing_open(self):
        """With a runner, an attempt whose time and grace are over is closed at the next stroke."""
        if hasattr(self, "attempt_id") and self.runs_jobs and self.attempt.state == AttemptState.IN_PROGRESS:
            assert self.now <= self.attempt.deadline_at + GRACE + timedelta(seconds=1)

    def teardown(self):
        """The runner comes back after an hour and ends everything; then the clock is the house's again."""
        try:
            if hasattr(self, "attempt_id"):
                self.end_everything()
        finally:
            clock.now = self.real_now
            transaction.undo()

    def end_everything(self):
        """Whatever was acknowledged in time is scored, though the runner had been dead for an hour."""
        if self.attempt.state == AttemptState.PAUSED:
            self.request(lambda: conducting.resume(self.attempt, self.officer, self.now))
        self.now += timedelta(days=3)
        run_jobs()
        assert self.attempt.state == AttemptState.RELEASED
        self.one_result_and_a_legal_walk()
        self.no_acknowledged_answer_is_lost()
        late = select(func.count()).where(
            ItemResponse.late, ItemResponse.accepted, ItemResponse.attempt_item_id.in_(self.own())
        )
        assert db.session.scalar(late) <= len(self.stored) * 40
        jobs = select(Job.state).where(Job.kind == closing.EXPIRE, Job.run_at <= self.now)
        assert set(db.session.scalars(jobs)) <= {"done"}

    def own(self):
        """The questions of this attempt."""
        return select(AttemptItem.id).where(AttemptItem.attempt_id == self.attempt_id)


def run(app, examples, count):
    """Run the machine; how many requests and rounds of jobs it made."""
    AttemptMachine.app, AttemptMachine.steps = app, 0
    rules = settings(
        max_examples=examples,
        stateful_step_count=count,
        deadline=None,
        derandomize=os.environ.get("LAUREL_MACHINE_SEED") is None,
        phases=[Phase.generate],  # to shrink a walk through a database takes longer than to read it
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(AttemptMachine, settings=rules)
    return AttemptMachine.steps


def test_some_hundred_steps_keep_every_promise(app):
    assert run(app, examples=10, count=40) > 200
    assert db.session.scalar(select(func.count()).select_from(LateAnswer)) > 0, "the machine came past the bell"


@pytest.mark.soak
def test_ten_thousand_steps_keep_every_promise(app):
    done = 0
    while done < SOAK_STEPS:
        done += run(app, examples=60, count=60)
        print(f"{done} steps, {db.session.scalar(select(func.count()).select_from(Attempt))} attempts", flush=True)
        os.environ["LAUREL_MACHINE_SEED"] = "further"
    os.environ.pop("LAUREL_MACHINE_SEED")
