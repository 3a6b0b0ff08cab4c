"""Counting hours: what counts, how full the ring is, and that it closes only when nothing is missing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.awarding.award import RenewalTerms
from certificates.cpd.hours import CpdKind, Hours, account, is_in_quarters, to_look_at

FIRST = date(2026, 9, 2)
TERMS = RenewalTerms(hours=60, structured_hours=30)


def hours(number, amount, kind=CpdKind.STRUCTURED, day=FIRST):
    return Hours(f"own:{number}", day, Decimal(amount), kind, "Workshop")


def test_what_was_done_before_and_what_was_used_does_not_count():
    entries = [hours(1, "10", day=date(2026, 9, 1)), hours(2, "20"), hours(3, "5")]
    assert account(entries, FIRST, {"own:3"}, TERMS).total == 20


def test_enough_needs_the_structured_part_too():
    reading = [hours(n, "20", CpdKind.SELF_DIRECTED) for n in range(3)]
    short = account(reading, FIRST, set(), TERMS)
    assert (short.total, short.structured, short.is_enough, short.share) == (60, 0, False, 0.0)
    whole = account([*reading, hours(9, "30")], FIRST, set(), TERMS)
    assert (whole.is_enough, whole.share) == (True, 1.0)


def test_nothing_asked_is_enough():
    assert account([], FIRST, set(), RenewalTerms()).share == 1.0
    assert account([], FIRST, set(), RenewalTerms()).is_enough


@given(st.lists(st.tuples(st.integers(1, 80), st.sampled_from(list(CpdKind))), max_size=20))
def test_the_ring_is_full_exactly_when_a_renewal_may_be_asked_for(given_hours):
    entries = [hours(n, Decimal(quarters) / 4, kind) for n, (quarters, kind) in enumerate(given_hours)]
    counted = account(entries, FIRST, set(), TERMS)
    assert (counted.share == 1.0) == counted.is_enough
    assert 0 <= counted.share <= 1


@pytest.mark.parametrize(("text", "good"), [
    ("0.25", True), ("1.5", True), ("60", True), ("0", False), ("-1", False), ("0.3", False), ("60.25", False),
    ("NaN", False), ("Infinity", False),
])  # fmt: skip
def test_hours_come_in_quarters(text, good):
    assert is_in_quarters(Decimal(text)) is good


@pytest.mark.parametrize(("count", "looked_at"), [(0, 0), (2, 2), (3, 3), (10, 3), (16, 4), (100, 20)])
def test_how_many_are_looked_at(count, looked_at):
    assert to_look_at(count) == looked_at
