"""The pure clock: deadlines, pauses, breaks, extensions and sections, over all moments."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.exams.delivery import Delivery, plan, read
from assessments.exams.timing import (
    LONGEST_EXTENSION,
    Times,
    deadline_now,
    extended,
    resumed,
    seconds_allowed,
    section_deadline,
)

NOON = datetime(2026, 12, 14, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
seconds = st.integers(0, 20_000)
times = st.builds(
    Times,
    started_at=st.just(NOON),
    allowed=st.integers(1, 20_000),
    extended=seconds,
    paused=seconds,
    closes_at=st.one_of(st.none(), seconds.map(lambda n: NOON + n * SECOND)),
)


def test_the_time_allowed_is_the_limit_and_its_share_more():
    assert seconds_allowed(60) == 3_600
    assert seconds_allowed(60, 25) == 4_500
    assert seconds_allowed(1, 1) == 61, "a part of a second is rounded up to a whole one"
    with pytest.raises(ValueError, match="at least a minute"):
        seconds_allowed(0)


@given(times)
def test_the_deadline_is_never_after_the_close_nor_before_the_start(found):
    assert found.started_at <= found.deadline <= found.wanted
    if found.closes_at is not None:
        assert found.deadline <= max(found.closes_at, found.started_at)


@given(times, seconds, seconds)
def test_while_the_clock_stands_still_the_deadline_moves_with_every_second_up_to_the_close(found, after, still):
    paused_at = NOON + after * SECOND
    paused = Times(NOON, found.allowed, found.extended, found.paused, found.closes_at, paused_at)
    later = paused_at + still * SECOND

    assert deadline_now(paused, later) == resumed(paused, later).deadline
    assert resumed(paused, later).wanted == found.wanted + still * SECOND
    assert resumed(paused, later).paused_at is None


@given(times, seconds, st.integers(1, 3_600), seconds)
def test_a_break_counts_no_longer_than_it_may_last(found, after, length, away):
    paused_at = NOON + after * SECOND
    until = paused_at + length * SECOND
    taken = Times(NOON, found.allowed, 0, 0, None, paused_at, until)

    assert resumed(taken, paused_at + away * SECOND).paused == min(away, length)


@given(times, st.integers(1, LONGEST_EXTENSION))
def test_an_extension_moves_the_end_by_itself_whatever_closes(found, more):
    if found.closes_at is not None and found.closes_at < NOON:
        return
    longer = extended(found, more)

    assert longer.deadline - found.deadline == more * SECOND
    assert longer.closes_at is None or longer.closes_at >= found.closes_at


@pytest.mark.parametrize("more", [0, -1, LONGEST_EXTENSION + 1])
def test_an_extension_out_of_reach_is_refused(more):
    with pytest.raises(ValueError, match="between a second and a day"):
        extended(Times(NOON, 60), more)


@given(seconds, seconds)
def test_a_section_never_outlasts_the_attempt(start, length):
    end = NOON + timedelta(hours=1)

    assert section_deadline(NOON + start * SECOND, length, end) == min(NOON + (start + length) * SECOND, end)


def test_an_attempt_from_before_there_was_a_delivery_reads_as_it_was():
    assert read(None) == Delivery()
    assert (read(None).grace, read(None).expires, len(read(None).sections)) == (60 * SECOND, False, 1)


def test_the_way_of_a_section_is_its_own_or_the_exams_and_its_time_grows_with_the_candidates():
    stored = plan(
        grace_seconds=5,
        time_up="expire",
        navigation="one_way",
        sections=[
            {"code": "a", "title": "A", "minutes": 10},
            {"code": "b", "title": "B", "minutes": None, "navigation": "free"},
        ],
        extra_percent=50,
    )
    found = read(stored)

    assert [(part.seconds, part.is_one_way) for part in found.sections] == [(900, True), (0, False)]
    assert (found.grace, found.expires) == (5 * SECOND, True)
    assert (found.section(7).code, found.is_last(0), found.is_last(1)) == ("b", False, True)
