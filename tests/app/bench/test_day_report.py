"""What the figures of exam day mean: goals on PostgreSQL and up to 500 learners, losses everywhere."""

import pytest

from app.bench import day_report
from app.bench.day_script import Told

SLOW, FAST = [250.0] * 20, [float(n) for n in range(1, 101)]


def told(**latencies: list[float]) -> Told:
    return Told(latencies=latencies)


def rows(found: Told, database: str = "postgresql", learners: int = 500) -> dict[str, day_report.DayRow]:
    return {row.job: row for row in day_report.rows(found, database, learners, frozenset({"save"}))}


def test_percentiles_are_those_of_all_answers():
    row = rows(told(save=FAST))["save"]
    assert (row.count, row.p50_ms, row.p95_ms, row.p99_ms, row.most_ms) == (100, 50.5, 95.0, 99.0, 100.0)
    assert (row.status, row.goal) == ("good", "0 errors, p95 200 ms")


def test_a_slow_save_misses_its_goal_and_a_slow_page_has_none():
    found = rows(told(save=SLOW, page=SLOW))
    assert found["save"].missed == ["250 ms at p95 instead of 200"]
    assert (found["page"].status, found["page"].goal) == ("good", "0 errors")


def test_an_error_misses_every_goal_even_where_nothing_came_back():
    found = rows(Told(latencies={"page": FAST}, errors={"page": 1, "save": 2}))
    assert found["page"].missed == ["1 errors instead of 0"]
    assert (found["save"].missed, found["save"].count) == (["2 errors instead of 0"], 0)


@pytest.mark.parametrize(("name", "learners"), [("sqlite", 500), ("postgresql", 1_500)])
def test_elsewhere_times_are_told_without_a_goal(name, learners):
    row = rows(Told(latencies={"save": SLOW}, errors={"save": 1}), name, learners)["save"]
    assert (row.status, row.goal, row.missed, row.errors, row.p95_ms) == ("-", "", [], 1, 250.0)


def test_a_lost_answer_is_a_miss_on_any_database_and_the_first_few_are_named():
    row = day_report.kept_row("sqlite", 90, [f"question {n}" for n in range(9)])
    assert (row.status, row.count, row.errors) == ("missed", 90, 9)
    assert row.missed == ["9 faults: question 0; question 1; question 2; question 3; question 4"]
    assert day_report.kept_row("sqlite", 90, []).status == "good"


def test_the_exit_code_tells_missed_from_skipped():
    good, bad = day_report.kept_row("sqlite", 1, []), day_report.kept_row("sqlite", 1, ["lost"])
    skipped = day_report.skipped_row("postgresql", "no server")
    assert [day_report.exit_code(found) for found in ([good], [good, bad, skipped], [good, skipped])] == [0, 1, 2]


def test_the_table_names_cores_and_what_was_missed():
    used = [day_report.Usage("work", "postgresql", 120.0, 0.8, 0.1, 0.05, 1.2)]
    text = day_report.table([*rows(told(save=SLOW)).values()], used)
    assert text.splitlines()[0].split() == [
        "job", "database", "count", "p50_ms", "p95_ms", "p99_ms", "most_ms", "errors", "status", "goal",
    ]  # fmt: skip
    assert "work                           postgresql    120.0      0.8      0.1      0.05      1.2" in text
    assert text.endswith("save on postgresql: 250 ms at p95 instead of 200")
