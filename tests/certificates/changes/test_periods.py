"""When a certificate may be renewed and for how long: nobody gains time by being late, nothing is dated back."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.awarding.award import RenewalTerms
from certificates.changes.periods import Phase, add_months, next_period, reminder_due, window_of

LAST = date(2029, 9, 1)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def test_the_window_opens_months_before_the_end_and_closes_months_after():
    window = window_of(LAST, RenewalTerms(60, 30, 6, 3))
    told = {day: window.phase(date.fromisoformat(day)) for day in (
        "2029-02-28", "2029-03-01", "2029-09-01", "2029-09-02", "2029-12-01", "2029-12-02",
    )}  # fmt: skip
    assert list(told.values()) == [Phase.EARLY, Phase.OPEN, Phase.OPEN, Phase.LATE, Phase.LATE, Phase.OVER]


@pytest.mark.parametrize(
    ("decided", "first", "last"),
    [
        ("2029-04-01", "2029-09-02", "2032-09-01"),  # early: from the day after the end
        ("2029-09-01", "2029-09-02", "2032-09-01"),
        ("2029-11-15", "2029-11-15", "2032-09-01"),  # late: from the decision, and no longer for it
        ("2033-01-10", "2033-01-10", "2036-01-09"),  # so late that the cycle itself is over
    ],
)
def test_the_next_period(decided, first, last):
    assert next_period(LAST, date.fromisoformat(decided), 3) == (date.fromisoformat(first), date.fromisoformat(last))


def test_a_level_that_is_for_life_by_now_ends_no_more():
    assert next_period(LAST, date(2029, 5, 1), 0) == (date(2029, 9, 2), None)


@given(days, st.integers(-200, 1_200), st.integers(1, 10))
def test_a_period_never_begins_before_its_decision_nor_overlaps_the_one_before(last, off, years):
    decided = last + timedelta(days=off)
    first, end = next_period(last, decided, years)
    assert first > last
    assert first >= decided
    assert end is not None
    assert end >= first


@pytest.mark.parametrize(
    ("left", "due"), [(91, None), (90, 90), (61, 90), (60, 60), (45, 60), (30, 30), (7, 7), (0, 7), (-1, None)]
)
def test_which_reminder_is_due(left, due):
    assert reminder_due(LAST, LAST - timedelta(days=left)) == due


@given(days, st.integers(-48, 48))
def test_months_away_is_the_same_day_or_the_last_of_a_short_month(day, months):
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1
