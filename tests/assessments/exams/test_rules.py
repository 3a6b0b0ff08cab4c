"""The pure rules: time, states, which write wins, and who may start. Properties over all moments and histories."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.exams.rules import (
    AWAITING,
    GRACE,
    Arrival,
    AttemptPolicy,
    AttemptState,
    PastAttempt,
    Reason,
    Write,
    arrival,
    closing,
    deadline,
    judge_write,
    may_follow,
    may_start,
    states_before,
)

NOON = datetime(2026, 12, 14, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FOUNDATION = AttemptPolicy(3, (1, 7, 30))


def released(day, passed=False):
    return PastAttempt(AttemptState.RELEASED, NOON + timedelta(days=day), passed)


# ---- time


def test_sixty_minutes_end_an_hour_later_and_extra_time_is_a_share_of_them():
    assert deadline(NOON, 60) == NOON + timedelta(minutes=60)
    assert deadline(NOON, 60, 25) == NOON + timedelta(minutes=75)
    assert deadline(NOON, 1, 1) == NOON + timedelta(seconds=61), "a part of a second is rounded up to a whole one"


@pytest.mark.parametrize(("minutes", "extra"), [(0, 0), (-5, 0), (60, -1)])
def test_an_exam_without_time_is_refused(minutes, extra):
    with pytest.raises(ValueError, match="at least a minute"):
        deadline(NOON, minutes, extra)


@pytest.mark.parametrize(
    ("seconds", "found"),
    [(-1, Arrival.IN_TIME), (0, Arrival.IN_TIME), (1, Arrival.LATE), (60, Arrival.LATE), (61, Arrival.CLOSED)],
)
def test_the_second_decides_what_is_late_and_what_is_closed(seconds, found):
    assert arrival(NOON + seconds * SECOND, NOON) is found


def test_a_microsecond_after_the_grace_is_closed():
    assert arrival(NOON + GRACE + timedelta(microseconds=1), NOON) is Arrival.CLOSED


@given(st.timedeltas(timedelta(days=-1), timedelta(days=1)))
def test_no_attempt_ends_after_its_deadline_and_none_is_handed_in_after_the_grace(offset):
    end = closing(NOON + offset, NOON)

    assert end.at == min(NOON + offset, NOON)
    assert (end.by == "clock") == (offset > GRACE)


# ---- states


@given(st.sampled_from(AttemptState), st.sampled_from(AttemptState))
def test_the_two_readings_of_the_states_agree(before, after):
    assert may_follow(before, after) == (before in states_before(after))


def test_no_state_leads_back_into_answering_once_an_attempt_is_handed_in():
    reached = {AttemptState.SUBMITTED}
    while more := {a for b in reached for a in AttemptState if may_follow(b, a)} - reached:
        reached |= more

    assert reached == AWAITING | {AttemptState.RELEASED, AttemptState.VOIDED}
    assert not any(may_follow(AttemptState.VOIDED, after) for after in AttemptState)
    assert all(may_follow(before, AttemptState.VOIDED) for before in AttemptState if before is not AttemptState.VOIDED)


# ---- writes


def test_higher_wins_the_same_twice_is_one_and_the_rest_is_stale():
    assert judge_write(2, "b", 1, "a") is Write.NEWER
    assert judge_write(1, "a", 1, "a") is Write.REPEATED
    assert judge_write(1, "b", 1, "a") is Write.STALE
    assert judge_write(1, "a", 2, "a") is Write.STALE


@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from("abc")), max_size=30))
def test_whatever_the_order_of_arrival_the_highest_number_stands(arrivals):
    stored_seq, stored = 0, None
    for seq, answer in arrivals:
        if judge_write(seq, answer, stored_seq, stored) is Write.NEWER:
            stored_seq, stored = seq, answer

    highest = max((seq for seq, _answer in arrivals), default=0)
    assert stored_seq == highest
    assert stored == next((answer for seq, answer in arrivals if seq == highest), None)


# ---- who may start


def test_the_first_attempt_is_free():
    permit = may_start(FOUNDATION, [], 0, NOON)

    assert (permit.may, permit.reason, permit.attempts_left) == (True, Reason.FREE, 3)


@pytest.mark.parametrize(("already", "days"), [(1, 1), (2, 7)])
def test_the_wait_counts_from_the_release_to_the_second(already, days):
    past = [released(0) for _n in range(already)]
    opens = NOON + timedelta(days=days)

    early = may_start(FOUNDATION, past, 0, opens - SECOND)
    assert (early.may, early.reason, early.from_when) == (False, Reason.WAIT, opens)
    assert may_start(FOUNDATION, past, 0, opens).may


def test_after_the_third_an_officer_decides_and_thirty_days_still_pass():
    past = [released(-20), released(-10), released(0)]
    opens = NOON + timedelta(days=30)

    refused = may_start(FOUNDATION, past, 0, opens + timedelta(days=365))
    assert (refused.may, refused.reason, refused.from_when) == (False, Reason.OFFICER_DECIDES, opens)
    allowed = may_start(FOUNDATION, past, 1, opens - SECOND)
    assert (allowed.may, allowed.reason, allowed.from_when) == (False, Reason.WAIT, opens)
    assert may_start(FOUNDATION, past, 1, opens).may


def test_whoever_has_passed_needs_no_further_attempt():
    assert may_start(FOUNDATION, [released(0, passed=True)], 5, NOON + timedelta(days=99)).reason is Reason.PASSED


def test_an_attempt_that_does_not_count_uses_nothing_up():
    past = [PastAttempt(AttemptState.VOIDED, NOON)] * 3

    assert may_start(FOUNDATION, past, 0, NOON).attempts_left == 3


histories = st.lists(
    st.builds(
        PastAttempt,
        st.sampled_from(AttemptState),
        st.none() | st.integers(-400, 0).map(lambda d: NOON + timedelta(days=d)),
        st.booleans(),
    ),
    max_size=6,
)


@given(histories, st.integers(0, 3), st.integers(0, 4), st.lists(st.integers(0, 40), max_size=4))
def test_a_start_is_never_allowed_beyond_the_attempts_or_beside_an_open_one(past, allowances, attempts, waits):
    permit = may_start(AttemptPolicy(attempts, tuple(waits)), past, allowances, NOON)
    counted = [attempt for attempt in past if attempt.state is not AttemptState.VOIDED]

    if permit.may and permit.reason not in (Reason.RUNNING, Reason.MAY_BEGIN):
        assert len(counted) < attempts + allowances
        assert not any(a.state in AWAITING or a.state is AttemptState.IN_PROGRESS or a.passed for a in counted)
        assert permit.from_when is None
    if permit.reason is Reason.WAIT:
        assert permit.from_when is not None
        assert permit.from_when > NOON
    assert permit.attempts_left == max(attempts + allowances - len(counted), 0)


@given(histories, st.integers(0, 3))
def test_waiting_is_always_rewarded(past, allowances):
    """Whoever is told to wait until a moment may start at that moment."""
    permit = may_start(FOUNDATION, past, allowances, NOON)

    if permit.reason is Reason.WAIT:
        assert may_start(FOUNDATION, past, allowances, permit.from_when).may
