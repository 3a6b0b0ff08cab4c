"""What the figures mean: ratios of neighbours, goals held and missed, and the exit code."""

from app.bench import report
from app.bench.client import Load
from app.bench.jobs import Goal
from app.bench.measuring import Measured, Window

COLUMNS = [
    "job",
    "database",
    "cpu_ms",
    "ceiling_ms",
    "ratio",
    "p50_ms",
    "p95_ms",
    "p99_ms",
    "queries",
    "bytes",
    "errors",
]


def window(cpu_ms: float, latencies: list[float] | None = None, errors: int = 0, elsewhere: float = 0.0) -> Window:
    return Window(cpu_ms, elsewhere, Load(1.0, errors, 1_000, latencies or [1.0, 2.0]))


def measured(own: list[float], bare: list[float]) -> Measured:
    return Measured([window(cost) for cost in own], [window(cost) for cost in bare])


def row(figures: Measured, goal: Goal, queries: int = 3, commits: int = 0) -> report.Row:
    return report.measured_row("page", "sqlite", figures, queries, commits, goal, "C")


def test_the_ratio_is_the_middle_of_neighbouring_windows():
    figures = measured([2.0, 4.0, 9.0], [1.0, 2.0, 3.0])  # the machine slowed down; each pair says 2, 2 and 3
    assert (figures.cpu_ms, figures.ceiling_ms, figures.ratio) == (4.0, 2.0, 2.0)


def test_percentiles_are_those_of_all_windows_together():
    figures = Measured([window(1, [float(n) for n in range(1, 51)]), window(1, [float(n) for n in range(51, 102)])])
    assert [figures.percentile(place) for place in (50, 95, 99)] == [51.0, 96.0, 100.0]


def test_a_row_that_holds_its_goal():
    found = row(measured([2.0], [1.0]), Goal(ratio=2, queries=3))
    assert (found.status, found.missed, found.goal) == ("good", [], "2 C, 3 queries")
    assert set(COLUMNS) <= found.as_dict().keys()


def test_each_part_of_a_goal_is_looked_at():
    figures = Measured([window(5.0, [600.0] * 10, errors=1)], [window(1.0)])
    found = row(figures, Goal(ratio=3, queries=2, p99_ms=500, commits=1), queries=3, commits=2)
    assert found.status == "missed"
    assert found.missed == [
        "5 C instead of 3",
        "3 queries instead of 2",
        "2 commits instead of 1",
        "600 ms at p99 instead of 500",
        "1 errors instead of 0",
    ]


def test_an_error_of_the_bare_application_spoils_the_row_too():
    figures = Measured([window(1.0)], [window(1.0, errors=2)])
    assert row(figures, Goal()).status == "missed"


def test_size_and_time_that_stand_for_themselves():
    goal = Goal(cpu_ms=66, bytes=80_000)
    assert report.limited_row("certificate", "none", goal, cpu_ms=66.0, size=80_000).status == "good"
    late = report.limited_row("certificate", "none", goal, cpu_ms=66.4, size=80_001)
    assert late.missed == ["66.4 CPU ms instead of 66", "80 KB instead of 80 KB"]
    assert report.limited_row("check", "none", Goal(), cpu_ms=1_000, size=1).status == "-"


def test_what_a_time_is_made_of_is_told_with_how_often_it_can_be_done():
    parts = {"badge": 20.0, "page": 15.0, "sign": 5.0}
    found = report.limited_row("certificate", "none", Goal(cpu_ms=100), cpu_ms=40.0, size=1, parts=parts)
    assert (found.as_dict()["parts"], found.per_second, found.status) == (parts, 25.0, "good")
    assert "certificate: badge 20, page 15, sign 5 CPU ms; 25 a second on one core" in report.table([found])
    assert report.limited_row("memory", "none", Goal(), size=1).as_dict()["parts"] is None


def test_the_exit_code_tells_missed_from_skipped():
    good, bad = row(measured([1.0], [1.0]), Goal(ratio=2)), row(measured([9.0], [1.0]), Goal(ratio=2))
    skipped = report.skipped_row("postgresql", "no server")
    assert [report.exit_code(rows) for rows in ([good], [good, bad, skipped], [good, skipped])] == [0, 1, 2]
    assert (skipped.status, skipped.missed, skipped.cpu_ms) == ("skipped", ["no server"], None)


def test_the_table_names_what_was_missed():
    text = report.table([row(measured([9.0], [1.0]), Goal(ratio=2)), report.skipped_row("postgresql", "no server")])
    assert text.splitlines()[0].split() == [*COLUMNS, "status", "goal"]
    assert "page on sqlite: 9 C instead of 2" in text
    assert "all on postgresql: no server" in text
