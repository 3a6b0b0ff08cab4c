"""Exam day: many learners start, answer and hand in together on the real server, and nothing they were told may be lost."""

import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app import transaction, workers
from app.bench import day_check, day_report, exam_hall, process, servers
from app.bench.databases import POSTGRESQL, SQLITE, NoServer, Place, postgres_place, sqlite_place
from app.bench.day_report import DayRow, Usage
from app.bench.day_script import Phase, Script, Spent, Told
from app.bench.learners import raise_open_files
from app.config import Settings
from app.extensions import db
from app.factory import Laurel, create_app

START_AHEAD, START_TOGETHER, START = "start together, drawn ahead", "start together", "start within a minute"
WORK, SUBMIT, SAVE = "work", "submit", "save"
TIMED = frozenset({START_AHEAD, START, SAVE})
"""Kinds of request whose p95 has a goal. Where a thousand questions are drawn in seconds, the time is only reported."""
SAMPLE = 0.5
Say = Callable[[str], None]


@dataclass(frozen=True)
class DayPlan:
    """How many learners, how long an exam; in seconds how long they work, how fast they begin and end, how often they save."""

    learners: int = 500
    questions: int = 20
    work: float = 120.0
    arrive: float = 60.0
    together: float = 5.0
    every: float = 10.0
    host: str = servers.GRANIAN

    def phases(self, sitting: str) -> tuple[Phase, ...]:
        """The day in its order; `sitting` is the address of the one whose questions are drawn ahead."""
        day, together = f"/exams/{exam_hall.DAY}", f"/exams/{exam_hall.TOGETHER}"
        return (
            Phase("exam page", "open", exam_hall.DAY, self.arrive / 2, day),
            Phase(START_AHEAD, "start", exam_hall.AHEAD, self.together, sitting),
            Phase(START_TOGETHER, "start", exam_hall.TOGETHER, self.together, together),
            Phase(START, "start", exam_hall.DAY, self.arrive, day),
            Phase(WORK, "work", exam_hall.DAY, self.work, day),
            Phase(SUBMIT, "submit", exam_hall.DAY, self.together, day),
        )


QUICK_PLAN = DayPlan(learners=12, questions=6, work=4.0, arrive=2.0, together=1.0, every=0.5)


@dataclass(frozen=True)
class Sample:
    """CPU seconds used so far by the server with its database, and by the whole machine, at a moment."""

    at: float
    server: float
    machine: float


@dataclass
class DayFound:
    """What came of the day on every database."""

    rows: list[DayRow] = field(default_factory=list)
    usages: list[Usage] = field(default_factory=list)
    load: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def exit_code(self) -> int:
        """As day_report.exit_code."""
        return day_report.exit_code(self.rows)

    def as_dict(self) -> dict[str, Any]:
        """Everything for programs."""
        rows, cores = [row.as_dict() for row in self.rows], [usage.as_dict() for usage in self.usages]
        return {"rows": rows, "cores": cores, "load": self.load, "exit": self.exit_code}


def measure(folder: Path, plan: DayPlan, say: Say, databases: Sequence[str] = (SQLITE, POSTGRESQL)) -> DayFound:
    """Play the day on each of the databases in `folder`, which holds nothing else; what cannot be is a skipped row."""
    raise_open_files()
    found = DayFound(load=os.getloadavg())
    for name in databases:
        own, place_of = _made(folder / name), sqlite_place if name == SQLITE else postgres_place
        try:
            with place_of(own) as place:
                _play(place, own, plan, found, say)
        except NoServer as reason:
            found.rows.append(day_report.skipped_row(name, str(reason)))
    return found


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _play(place: Place, folder: Path, plan: DayPlan, found: DayFound, say: Say) -> None:
    say(f"{place.name}: preparing {plan.learners} learners")
    port = servers.free_port()
    settings = _settings(place, folder, port)
    app = create_app(settings)
    with app.app_context():
        guests, sitting = exam_hall.furnish(app, plan.learners, plan.questions)
        db.session.remove()
        db.engine.dispose()
    phases = plan.phases(sitting)
    say(f"{place.name}: exam day, about {sum(phase.seconds for phase in phases):.0f} seconds")
    script = Script(port, plan.questions, plan.every, guests, phases, seed=1)
    server = servers.start_laurel(settings, port, host=plan.host)
    try:
        with _sampled((server.pid, *place.roots)) as samples:
            told = play(script, folder)
    finally:
        server.end()
    found.usages += [_usage(spent, samples, place.name) for spent in told.spent]
    found.rows += day_report.rows(told, place.name, plan.learners, TIMED)
    found.rows.append(_kept(app, told, place.name))
    for fault in told.faults[: day_report.SHOWN_FAULTS]:
        say(f"{place.name}: {fault}")


def _settings(place: Place, folder: Path, port: int) -> Settings:
    return Settings(
        mode="demo",
        secret_key=f"demo-{secrets.token_urlsafe(40)}",
        database_url=place.laurel_url,
        base_url=f"http://127.0.0.1:{port}",
        instance=str(folder / "instance"),
    )


def play(script: Script, folder: Path) -> Told:
    """Let the learners do what the script says, in a process of their own; what they tell."""
    given, out = folder / "script.json", folder / "told.json"
    script.write(given)
    command = [sys.executable, "-m", "app.bench.learners", str(given), str(out)]
    subprocess.run(command, cwd=workers.ROOT, check=True)  # noqa: S603  our own words
    return Told.read(out)


def _kept(app: Laurel, told: Told, database: str) -> DayRow:
    with app.app_context():
        transaction.begin_read()
        faults = day_check.check(told.saved, told.handed_in)
        db.session.remove()
        db.engine.dispose()
    return day_report.kept_row(database, sum(answer.status == day_check.OK for answer in told.saved), faults)


@contextmanager
def _sampled(roots: Sequence[int]) -> Iterator[list[Sample]]:
    """Look twice a second at who uses the cores, as long as the block runs."""
    samples, stop = [_sample(roots)], threading.Event()

    def watch() -> None:
        while not stop.wait(SAMPLE):
            samples.append(_sample(roots))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield samples
    finally:
        stop.set()
        thread.join()
        samples.append(_sample(roots))


def _sample(roots: Sequence[int]) -> Sample:
    return Sample(time.monotonic(), process.cpu_seconds(roots), process.busy_seconds())


def _usage(spent: Spent, samples: Sequence[Sample], database: str) -> Usage:
    """The cores of one phase, by the samples nearest to its bounds."""
    first, last = (min(samples, key=lambda s: abs(s.at - moment)) for moment in (spent.begun, spent.ended))
    seconds = max(last.at - first.at, SAMPLE)
    server, learners = (last.server - first.server) / seconds, spent.cpu / max(spent.ended - spent.begun, 0.001)
    machine = (last.machine - first.machine) / seconds
    return Usage(
        phase=spent.name,
        database=database,
        seconds=round(spent.ended - spent.begun, 1),
        server=round(server, 2),
        learners=round(learners, 2),
        elsewhere=round(max(machine - server - learners, 0.0), 2),
        lag_ms=round(day_report.percentile(spent.lag_ms, 95), 1),
    )
