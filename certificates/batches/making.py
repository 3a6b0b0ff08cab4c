"""Ordering what is ready and making what is ordered. Any number of processes may do this at once, and any may be killed.

Every award is considered in a transaction of its own, which makes one decision and one order at most, whoever asks. Each
ordered certificate is a job of the ledger; a process claims one after the other, so that several share the work, and what a
killed one held is taken up when its lease has ended.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app import transaction
from app.extensions import db
from app.jobs import runner
from app.jobs.models import Job, JobState
from certificates import queries
from certificates.awarding import services as awards
from certificates.batches.cohort import Candidate, Cohort, Standing, list_candidates, list_certificates, list_people
from certificates.batches.progress import Step
from certificates.issuing import ordering
from certificates.models import CaseState, CredentialState

PAUSE_SECONDS = 0.5
MOST_TROUBLE = 10
"""How often the database may refuse in one run; each refusal on SQLite comes after eight seconds of waiting."""
WAITS_FOR = {
    CaseState.NAME: "the holder has not confirmed the name, or it cannot be printed",
    CaseState.STANDING: "no decision of the board is in force for this level",
    CaseState.PERSON: "a person has to decide",
}
INCOMPLETE = "the evidence is not complete"
NOTHING = "no released result that a level asks for"


@dataclass(frozen=True)
class Row:
    """One line of the report."""

    person: str
    email: str
    level: str
    number: str = ""
    reason: str = ""


@dataclass
class Report:
    """What a run came to. `stopped`: somebody pressed ^C; run again, it goes on."""

    made: list[Row] = field(default_factory=list)
    held: list[Row] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)
    skipped: list[Row] = field(default_factory=list)
    ready: list[Row] = field(default_factory=list)
    already: int = 0
    stopped: bool = False

    @property
    def skipped_by_reason(self) -> dict[str, int]:
        """How many were skipped, by reason."""
        return dict(Counter(row.reason for row in self.skipped).most_common())


def _row(candidate: Candidate, number: str = "", reason: str = "") -> Row:
    return Row(candidate.public_id, candidate.email, candidate.level, number, reason)


def look(cohort: Cohort, now: datetime, step: Step) -> Report:
    """What a run would do: each award is considered, and the consideration undone. Nothing is written."""
    transaction.begin_read()
    report, rows = Report(), list_certificates(cohort)
    _sort(report, rows, {row.credential for row in rows})
    report.ready, report.waiting = report.waiting, []
    for candidate in list_candidates(cohort, now):
        transaction.begin_write()
        reason = _consider(candidate, now)
        transaction.undo()
        (report.skipped if reason else report.ready).append(_row(candidate, reason=reason))
        step(1)
    transaction.begin_read()
    report.skipped += _without_anything(cohort, report)
    return report


def order_ready(cohort: Cohort, now: datetime, stopped: Callable[[], bool], step: Step) -> list[Row]:
    """Consider every award that is open, each in a transaction of its own; those that were not made, with the reasons."""
    transaction.begin_read()
    skipped = []
    for candidate in list_candidates(cohort, now):
        if stopped():
            break
        transaction.begin_write()
        reason = _consider(candidate, now)
        transaction.commit()
        if reason:
            skipped.append(_row(candidate, reason=reason))
        step(1)
    transaction.begin_read()
    return skipped


def _consider(candidate: Candidate, now: datetime) -> str:
    """Make the award if everything for it is there; else what it waits for."""
    if awards.consider_award(candidate.person_id, candidate.level, now) is not None:
        return ""
    case = queries.find_case(candidate.person_id, candidate.level, 1)
    return WAITS_FOR.get(CaseState(case.state), INCOMPLETE) if case is not None else INCOMPLETE


def list_in_state(cohort: Cohort, state: CredentialState) -> set[str]:
    """The public ids of the certificates of a cohort that are in a state now."""
    transaction.begin_read()
    return {row.credential for row in list_certificates(cohort) if row.state is state}


def make_ordered(app: Flask, cohort: Cohort, stopped: Callable[[], bool], step: Step) -> None:
    """Make every certificate of the cohort that is ordered.

    Each is tried once by this process. One that another process holds is waited for, until that one is done or its lease has
    ended.
    """
    wanted = left = list_in_state(cohort, CredentialState.ORDERED)
    tried: set[int] = set()
    patience = MOST_TROUBLE
    while not stopped():
        jobs = _list_open_jobs(left, tried)
        if not jobs:
            break
        try:
            _run_all(app, jobs, tried, stopped, step)
        except OperationalError:  # locked by a long backup, or away for a moment: the jobs stay as they are
            transaction.undo()
            patience -= 1
            if patience == 0:
                raise
        fewer = list_in_state(cohort, CredentialState.ORDERED) & wanted
        if fewer == left and not stopped():
            time.sleep(PAUSE_SECONDS)
        left = fewer
    transaction.begin_read()


def _run_all(app: Flask, jobs: Sequence[int], tried: set[int], stopped: Callable[[], bool], step: Step) -> None:
    for job_id in jobs:
        if stopped():
            return
        if runner.run_chosen(app, job_id):
            tried.add(job_id)
            step(1)


def _list_open_jobs(credentials: set[str], tried: set[int]) -> list[int]:
    rows = _jobs(JobState.WAITING, JobState.RUNNING)
    return [row.id for row in rows if row.payload.get("credential") in credentials and row.id not in tried]


def _jobs(*states: JobState) -> Sequence[Any]:
    columns = (Job.id, Job.payload, Job.last_error, Job.attempts)
    return db.session.execute(
        select(*columns).where(Job.kind == ordering.JOB, Job.state.in_(states)).order_by(Job.run_at, Job.id)
    ).all()


def tell(cohort: Cohort, before: set[str], skipped: list[Row], *, stopped: bool) -> Report:
    """The report: how everything of the cohort stands now. `before` are the certificates that were there at the beginning;
    what was made since is told as made, whichever process made it."""
    transaction.begin_read()
    report = Report(skipped=skipped, stopped=stopped)
    _sort(report, list_certificates(cohort), before)
    report.skipped += _without_anything(cohort, report)
    return report


def _without_anything(cohort: Cohort, report: Report) -> list[Row]:
    """People of a list who have neither a certificate nor a result that a level asks for."""
    seen = {row.person for rows in (report.skipped, report.ready) for row in rows}
    seen |= {row.candidate.public_id for row in list_certificates(cohort)}
    return [_row(person, reason=NOTHING) for person in list_people(cohort) if person.public_id not in seen]


def _sort(report: Report, rows: Sequence[Standing], before: set[str]) -> None:
    why = {row.payload.get("credential"): row for row in _jobs(JobState.WAITING, JobState.RUNNING, JobState.FAILED)}
    for row in rows:
        if row.state is CredentialState.HELD:
            report.held.append(_row(row.candidate, row.number, row.problem))
        elif row.state is CredentialState.ORDERED:
            job = why.get(row.credential)
            report.waiting.append(_row(row.candidate, row.number, _job_words(job)))
        elif row.credential in before:
            report.already += 1
        else:
            report.made.append(_row(row.candidate, row.number))


def _job_words(job: Any) -> str:
    if job is None:
        return "no job makes it: order it again in the office"
    return f"tried {job.attempts} times: {job.last_error}" if job.last_error else "not made yet"
