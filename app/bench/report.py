"""Rows of a report: what was measured, what it may cost, and whether it does."""

from dataclasses import asdict, dataclass, field
from typing import Any

from app.bench.jobs import Goal
from app.bench.measuring import Measured

GOOD, MISSED, SKIPPED, NO_GOAL = "good", "missed", "skipped", "-"
MIB = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """One line. Times in milliseconds, `ratio` is cpu_ms by ceiling_ms, `bytes` the size of the answer or of memory.

    None where a column makes no sense. `parts` is cpu_ms by what was done, `per_second` how often it can be done on one core.
    `goal` says in words what is asked, `missed` what of it was not met.
    """

    job: str
    database: str
    cpu_ms: float | None = None
    ceiling_ms: float | None = None
    ratio: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    queries: int | None = None
    bytes: int | None = None
    errors: int | None = None
    goal: str = ""
    status: str = NO_GOAL
    missed: list[str] = field(default_factory=list)
    elsewhere: float | None = None
    parts: dict[str, float] | None = None
    per_second: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """The row for programs."""
        return asdict(self)


def measured_row(
    name: str, database: str, measured: Measured, queries: int, commits: int, goal: Goal, unit: str
) -> Row:
    """The row of a job that was replayed; `unit` is C or W."""
    ratio, p99_ms = measured.ratio, measured.percentile(99)
    missed = [
        *_over(ratio, goal.ratio, unit),
        *_over(queries, goal.queries, "queries"),
        *_over(commits, goal.commits, "commits"),
        *_over(p99_ms, goal.p99_ms, "ms at p99"),
        *_over(measured.errors, 0, "errors"),
    ]
    return Row(
        job=name,
        database=database,
        cpu_ms=_rounded(measured.cpu_ms),
        ceiling_ms=_rounded(measured.ceiling_ms),
        ratio=_rounded(ratio),
        p50_ms=_rounded(measured.percentile(50)),
        p95_ms=_rounded(measured.percentile(95)),
        p99_ms=_rounded(p99_ms),
        queries=queries,
        bytes=measured.bytes,
        errors=measured.errors,
        goal=goal_words(goal, unit),
        status=MISSED if missed else GOOD,
        missed=missed,
        elsewhere=_rounded(measured.elsewhere),
    )


def limited_row(
    name: str,
    database: str,
    goal: Goal,
    *,
    cpu_ms: float | None = None,
    size: int,
    parts: dict[str, float] | None = None,
) -> Row:
    """A row with a size, and a CPU time where there is one, that stand for themselves; `parts` of that time if told."""
    missed = [*_over(cpu_ms or 0.0, goal.cpu_ms, "CPU ms")]
    if goal.bytes is not None and size > goal.bytes:
        missed.append(f"{_size(size)} instead of {_size(goal.bytes)}")
    asked = goal.cpu_ms is not None or goal.bytes is not None
    return Row(
        job=name,
        database=database,
        cpu_ms=None if cpu_ms is None else _rounded(cpu_ms),
        bytes=size,
        goal=goal_words(goal, ""),
        status=MISSED if missed else GOOD if asked else NO_GOAL,
        missed=missed,
        parts={part: _rounded(cost) for part, cost in parts.items()} if parts else None,
        per_second=_rounded(1_000 / cpu_ms) if parts and cpu_ms else None,
    )


def skipped_row(database: str, why: str) -> Row:
    """The row that says that a whole database was left out, and why."""
    return Row(job="all", database=database, status=SKIPPED, missed=[why])


def _over(found: float, limit: float | None, unit: str) -> list[str]:
    """What is over its limit, in words; nothing where it is not, or where there is none."""
    return [] if limit is None or found <= limit else [f"{_rounded(found):g} {unit} instead of {limit:g}"]


def goal_words(goal: Goal, unit: str) -> str:
    """What is asked, for people."""
    parts = (
        goal.ratio is not None and f"{goal.ratio:g} {unit}",
        goal.cpu_ms is not None and f"{goal.cpu_ms:g} CPU ms",
        goal.queries is not None and f"{goal.queries} queries",
        goal.commits is not None and f"{goal.commits} commit",
        goal.p99_ms is not None and f"p99 {goal.p99_ms:g} ms",
        goal.bytes is not None and _size(goal.bytes),
    )
    return ", ".join(part for part in parts if part)


def _size(count: int) -> str:
    return f"{count / MIB:.0f} MiB" if count >= MIB else f"{count / 1000:.0f} KB"


def _rounded(value: float) -> float:
    return round(value, 3 if value < 10 else 1)


def exit_code(rows: list[Row]) -> int:
    """0: every goal holds; 1: one is missed; 2: none is missed, and something was not measured."""
    found = {row.status for row in rows}
    return 1 if MISSED in found else 2 if SKIPPED in found else 0


COLUMNS = (
    ("job", 34), ("database", 10), ("cpu_ms", 8), ("ceiling_ms", 10), ("ratio", 6), ("p50_ms", 7), ("p95_ms", 7),
    ("p99_ms", 7), ("queries", 7), ("bytes", 10), ("errors", 6), ("status", 7), ("goal", 0),
)  # fmt: skip


def table(rows: list[Row]) -> str:
    """The rows for people, and under them what was missed."""
    lines = [" ".join(_cell(name, width, name) for name, width in COLUMNS).rstrip()]
    lines += [" ".join(_cell(name, width, getattr(row, name)) for name, width in COLUMNS).rstrip() for row in rows]
    lines += [_parts(row) for row in rows if row.parts]
    lines += [f"{row.job} on {row.database}: {'; '.join(row.missed)}" for row in rows if row.missed]
    return "\n".join(lines)


def _parts(row: Row) -> str:
    """What a time is made of, and how often the whole can be done."""
    told = ", ".join(f"{part} {cost:g}" for part, cost in (row.parts or {}).items())
    return f"{row.job}: {told} CPU ms; {row.per_second:g} a second on one core"


def _cell(name: str, width: int, value: object) -> str:
    text = "" if value is None else str(value)
    return text.ljust(width) if name in ("job", "database", "goal", "status") else text.rjust(width)
