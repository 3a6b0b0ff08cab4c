"""What exam day came to: times and errors of each kind of request, who used the cores, and whether the goals hold."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import quantiles
from typing import Any

from app.bench.databases import POSTGRESQL
from app.bench.day_script import Told
from app.bench.report import GOOD, MISSED, NO_GOAL, SKIPPED

GOAL_P95_MS = 200.0
GOAL_LEARNERS = 500
SHOWN_FAULTS = 5
KEPT = "answers kept"


@dataclass(frozen=True)
class DayRow:
    """One kind of request: how many were answered well, within how many milliseconds, and how many were not.

    For `answers kept` the count is that of acknowledged answers, and the errors are what is wrong with them.
    """

    job: str
    database: str
    count: int = 0
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    most_ms: float | None = None
    errors: int = 0
    goal: str = ""
    status: str = NO_GOAL
    missed: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The row for programs."""
        return asdict(self)


@dataclass(frozen=True)
class Usage:
    """Cores that a phase used: of the server with its database, of the learners, and of other programs.

    `lag_ms` is how late the learners' own loop ran at the 95th percentile: their times can be no better than that.
    """

    phase: str
    database: str
    seconds: float
    server: float
    learners: float
    elsewhere: float
    lag_ms: float

    def as_dict(self) -> dict[str, Any]:
        """The line for programs."""
        return asdict(self)


def percentile(values: Sequence[float], place: int) -> float:
    """The value that `place` per cent do not exceed; 0 for nothing."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return quantiles(values, n=100, method="inclusive")[place - 1]


def rows(told: Told, database: str, learners: int, timed: frozenset[str]) -> list[DayRow]:
    """A row for each kind of request. `timed` are the kinds whose p95 has a goal, on PostgreSQL and up to 500 learners."""
    has_goals = database == POSTGRESQL and learners <= GOAL_LEARNERS
    kinds = [*told.latencies, *(kind for kind in told.errors if kind not in told.latencies)]
    return [_row(told, kind, database, has_goals, has_goals and kind in timed) for kind in kinds]


def _row(told: Told, kind: str, database: str, has_goals: bool, is_timed: bool) -> DayRow:
    values, errors = told.latencies.get(kind, []), told.errors.get(kind, 0)
    p95 = percentile(values, 95)
    missed = [f"{errors} errors instead of 0"] if has_goals and errors else []
    if is_timed and p95 > GOAL_P95_MS:
        missed.append(f"{p95:.0f} ms at p95 instead of {GOAL_P95_MS:g}")
    goal = ", ".join(["0 errors"] * has_goals + [f"p95 {GOAL_P95_MS:g} ms"] * is_timed)
    return DayRow(
        job=kind,
        database=database,
        count=len(values),
        p50_ms=round(percentile(values, 50), 1),
        p95_ms=round(p95, 1),
        p99_ms=round(percentile(values, 99), 1),
        most_ms=round(max(values, default=0.0), 1),
        errors=errors,
        goal=goal,
        status=MISSED if missed else GOOD if goal else NO_GOAL,
        missed=missed,
    )


def kept_row(database: str, acknowledged: int, faults: Sequence[str]) -> DayRow:
    """Whether everything acknowledged is there; this is asked of every database, however many learners."""
    missed = [f"{len(faults)} faults: {'; '.join(faults[:SHOWN_FAULTS])}"] if faults else []
    return DayRow(
        KEPT,
        database,
        acknowledged,
        errors=len(faults),
        goal="none lost, none twice, one result each",
        status=MISSED if faults else GOOD,
        missed=missed,
    )


def skipped_row(database: str, why: str) -> DayRow:
    """The row that says that a database was left out, and why."""
    return DayRow("all", database, status=SKIPPED, missed=[why])


def exit_code(found: Sequence[DayRow]) -> int:
    """0: every goal holds; 1: one is missed; 2: none is missed, and something was not measured."""
    states = {row.status for row in found}
    return 1 if MISSED in states else 2 if SKIPPED in states else 0


COLUMNS = (
    ("job", 33), ("database", 10), ("count", 6), ("p50_ms", 8), ("p95_ms", 8), ("p99_ms", 8), ("most_ms", 8), ("errors", 6),
    ("status", 7), ("goal", 0),
)  # fmt: skip
WORDS = ("job", "database", "goal", "status", "phase")
USAGE = (
    ("phase", 30), ("database", 10), ("seconds", 8), ("server", 8), ("learners", 8), ("elsewhere", 9), ("lag_ms", 8),
)  # fmt: skip


def table(found: Sequence[DayRow], used: Sequence[Usage]) -> str:
    """Times, then cores, then what was missed, for people."""
    lines = [_line(COLUMNS), *(_line(COLUMNS, row.as_dict()) for row in found)]
    lines += ["", "cores in use", _line(USAGE), *(_line(USAGE, line.as_dict()) for line in used)]
    return "\n".join(lines + [f"{row.job} on {row.database}: {'; '.join(row.missed)}" for row in found if row.missed])


def _line(columns: Sequence[tuple[str, int]], values: dict[str, Any] | None = None) -> str:
    cells = [(name, width, name if values is None else values[name]) for name, width in columns]
    return " ".join(_cell(name, width, value) for name, width, value in cells).rstrip()


def _cell(name: str, width: int, value: object) -> str:
    text = "" if value is None else str(value)
    return text.ljust(width) if name in WORDS else text.rjust(width)
