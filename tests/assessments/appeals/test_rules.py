"""Deadlines of appeals, and who may decide one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from assessments.appeals.independence import Part, may_decide, parts_of
from assessments.appeals.rules import deadline, due_tone, is_open_for

KNOWN = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
people = st.sampled_from(["ada", "ben", "cy", "dee"])
records = st.dictionaries(st.sampled_from(Part), st.frozensets(people))


def test_the_time_ends_with_a_day_of_the_body_and_not_with_an_hour():
    until = deadline(KNOWN, 28, MADRID)
    assert until == datetime(2026, 11, 30, 23, 59, 59, tzinfo=MADRID), "half past eleven in UTC is the next day there"
    assert is_open_for(KNOWN, 28, MADRID, until)
    assert not is_open_for(KNOWN, 28, MADRID, until + timedelta(seconds=1))


def test_a_due_day_changes_its_colour_in_its_last_week_and_after_it():
    assert [due_tone(KNOWN, KNOWN - timedelta(days=d)) for d in (8, 7, 0, -1)] == [
        "neutral",
        "warning",
        "warning",
        "danger",
    ]


@given(people, records)
def test_whoever_had_any_part_does_not_decide(person, record):
    assert may_decide(person, record) == all(person not in had for had in record.values())
    assert set(parts_of(person, record)) == {part for part, had in record.items() if person in had}


@given(records)
def test_nobody_at_all_does_not_decide(record):
    assert not may_decide("", record)
