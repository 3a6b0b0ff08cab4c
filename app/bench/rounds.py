"""A whole measurement: a scratch instance on each database, both servers beside each other, every job in its turn."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app import transaction
from app.bench import baseline, certified, jobs, process, report, scenery, servers
from app.bench.counting import Count, count_job
from app.bench.databases import NoServer, Place, postgres_place, sqlite_place
from app.bench.jobs import Goal, Job
from app.bench.measuring import DEFAULT, QUICK, Course, Pace
from app.bench.report import MIB, Row
from app.bench.scenery import Scene
from app.config import Settings
from app.extensions import db
from app.factory import Laurel, create_app

LEVEL = "foundation"
COUNTED_ONCE = 4  # people who hand in while statements are counted
WARM_ONCE = 8  # people who hand in to warm the server up
MEMORY = {1: Goal(bytes=120 * MIB), 2: Goal(bytes=200 * MIB)}
MAKING = Goal(cpu_ms=100, bytes=80_000)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How much is measured: the pace, how many people, on which server program."""

    pace: Pace = DEFAULT
    people: int = 32
    host: str = servers.GRANIAN

    @property
    def closers(self) -> int:
        """People who can hand in: some for counting and for warming up, and those of every round."""
        return COUNTED_ONCE + WARM_ONCE + self.people * self.pace.rounds


QUICK_PLAN = Plan(pace=QUICK, people=4)


@dataclass(frozen=True)
class Stage:
    """A scratch instance that has been prepared: the application in this process, its people, what requests cost."""

    app: Laurel
    settings: Settings
    place: Place
    scene: Scene
    port: int


def measure(folder: Path, plan: Plan, say: Say) -> list[Row]:
    """Measure on SQLite and on PostgreSQL in `folder`, which holds nothing else; what cannot be is a skipped row."""
    with sqlite_place(_made(folder / "sqlite")) as place:
        rows = _measure_on(place, folder / "sqlite", plan, say)
    try:
        with postgres_place(_made(folder / "postgresql")) as place:
            rows += _measure_on(place, folder / "postgresql", plan, say)
    except NoServer as reason:
        rows.append(report.skipped_row("postgresql", str(reason)))
    return rows


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _measure_on(place: Place, folder: Path, plan: Plan, say: Say) -> list[Row]:
    say(f"{place.name}: preparing people, attempts and certificates")
    stage = _prepare(place, folder, plan)
    rows = _making_rows(stage) if stage.settings.is_sqlite else []
    counts = {job.name: _count(stage, job) for job in jobs.JOBS}
    with stage.app.app_context():
        db.engine.dispose()
    with _servers(stage, plan) as course:
        for job in jobs.JOBS:
            if not job.is_once:
                say(f"{place.name}: {job.name}")
                rows.append(_replay(stage, course, job, counts[job.name]))
        rows.append(_memory_row(stage, course))
    with _servers(stage, plan, job_threads="0") as course:
        for job in jobs.JOBS:
            if job.is_once:
                say(f"{place.name}: {job.name}")
                rows.append(_replay(stage, course, job, counts[job.name]))
    return rows


def _prepare(place: Place, folder: Path, plan: Plan) -> Stage:
    port = servers.free_port()
    settings = Settings(
        mode="demo",
        secret_key=f"demo-{secrets.token_urlsafe(40)}",
        database_url=place.laurel_url,
        base_url=f"http://127.0.0.1:{port}",
        instance=str(folder / "instance"),
    )
    app = create_app(settings)
    with app.app_context():
        course = scenery.found(app)
        scene = scenery.populate(app, course, sitters=plan.people, closers=plan.closers)
        numbers = certified.certify(app, [sitter.person_id for sitter in scene.sitters], LEVEL)
    baseline.seed(place.baseline_url)
    return Stage(app, settings, place, replace(scene, numbers=numbers), port)


def _count(stage: Stage, job: Job) -> Count:
    """Statements of a job, measured here; of handing in, with a short exam as well as with a long one."""
    if not job.is_once:
        return count_job(stage.app, job.scripts(stage.scene, stage.port), job.expected)
    long = replace(stage.scene, closers=stage.scene.closers[:COUNTED_ONCE])
    short = replace(stage.scene, closers=stage.scene.short_closers)
    found = [count_job(stage.app, job.scripts(s, stage.port), job.expected, times=COUNTED_ONCE) for s in (short, long)]
    return Count(max(count.statements for count in found), max(count.commits for count in found))


@contextmanager
def _servers(stage: Stage, plan: Plan, job_threads: str = "") -> Iterator[Course]:
    own = servers.start_laurel(stage.settings, stage.port, host=plan.host, job_threads=job_threads)
    try:
        bare = servers.start_baseline(stage.place.baseline_url, stage.settings, host=plan.host)
        try:
            yield Course(own, bare, stage.place.roots, plan.pace)
        finally:
            bare.end()
    finally:
        own.end()


def _replay(stage: Stage, course: Course, job: Job, count: Count) -> Row:
    turns = iter(range(1_000))
    shares = _shares(stage.scene, course.pace.rounds) if job.is_once else iter(lambda: stage.scene, None)
    measured = course.run(
        lambda: job.scripts(next(shares), stage.port),
        lambda: jobs.baseline_scripts(job.ceiling, course.bare.port, next(turns)),
        expected=job.expected,
        clients=job.clients,
    )
    unit = "C" if job.ceiling == jobs.READ else "W"
    return report.measured_row(job.name, stage.place.name, measured, count.statements, count.commits, job.goal, unit)


def _shares(scene: Scene, rounds: int) -> Iterator[Scene]:
    """The closers of the warm-up and of each round; those who handed in while statements were counted are left out."""
    warm, left = scene.closers[COUNTED_ONCE : COUNTED_ONCE + WARM_ONCE], scene.closers[COUNTED_ONCE + WARM_ONCE :]
    size = len(left) // rounds
    shares = [warm, *(left[n * size : (n + 1) * size] for n in range(rounds))]
    return iter([replace(scene, closers=share) for share in shares])


def _memory_row(stage: Stage, course: Course) -> Row:
    """Memory of the server after all that load, the process that watches the workers included."""
    workers = stage.settings.worker_count
    name = f"memory, {workers} worker{'s' if workers > 1 else ''}"
    return report.limited_row(name, stage.place.name, MEMORY[workers], size=process.memory_bytes(course.own.pid))


def _making_rows(stage: Stage) -> list[Row]:
    with stage.app.app_context():
        transaction.begin_read()
        made = certified.measure_making(stage.scene.numbers[0])
    name = "certificate: render, badge, sign"
    return [report.limited_row(name, "none", MAKING, cpu_ms=made.whole, size=made.bytes, parts=made.parts)]
