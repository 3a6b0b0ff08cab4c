"""What a certificate is worth at a moment: the gravest word that is true, whatever else happened."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.lifecycle.status import Dates, Event, HistoryEntry, Status, ends_at, standing_at

NOON = datetime(2027, 6, 1, 12, tzinfo=UTC)
THREE_YEARS = Dates(date(2026, 9, 2), date(2029, 9, 1), "Europe/Madrid")


def entry(kind, hours=0, until=None, reason=""):
    end = None if until is None else NOON + timedelta(hours=until)
    return HistoryEntry(kind, NOON + timedelta(hours=hours), end, reason)


def status(*history, at=0, dates=THREE_YEARS):
    return standing_at(NOON + timedelta(hours=at), dates, history).status


def test_nothing_happened_so_it_is_valid():
    assert status() is Status.VALID


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-09-01T21:59:59+00:00", Status.NOT_YET_VALID),
        ("2026-09-01T22:00:00+00:00", Status.VALID),  # midnight in Madrid in summer
        ("2029-09-01T21:59:59+00:00", Status.VALID),
        ("2029-09-01T22:00:00+00:00", Status.EXPIRED),
    ],
)
def test_the_last_day_lasts_until_it_ends_where_the_body_is_at_home(moment, expected):
    assert standing_at(datetime.fromisoformat(moment), THREE_YEARS, []).status is expected


def test_an_award_for_life_never_expires():
    life = Dates(date(2026, 9, 2), None, "UTC")
    assert standing_at(datetime(2999, 1, 1, tzinfo=UTC), life, []).status is Status.VALID


def test_a_suspension_ends_by_itself_or_by_a_lift():
    week = entry(Event.SUSPENDED, 0, until=168)
    assert status(week, at=167) is Status.SUSPENDED
    assert status(week, at=168) is Status.VALID
    assert status(week, entry(Event.LIFTED, 24), at=24) is Status.VALID
    assert status(week, entry(Event.LIFTED, 24), at=23) is Status.SUSPENDED


def test_a_lift_does_not_reach_a_later_suspension():
    assert status(entry(Event.LIFTED), entry(Event.SUSPENDED, 1), at=2) is Status.SUSPENDED


def test_a_revocation_outlives_a_lift_and_tells_its_kind_and_its_day():
    found = standing_at(
        NOON + timedelta(hours=9), THREE_YEARS, [entry(Event.REVOKED, 1, reason="error"), entry(Event.LIFTED, 2)]
    )
    assert (found.status, found.reason_class, found.since) == (Status.REVOKED, "error", NOON + timedelta(hours=1))


def test_the_gravest_word_wins():
    replaced, suspended, revoked = entry(Event.SUPERSEDED), entry(Event.SUSPENDED), entry(Event.REVOKED)
    withdrawn = entry(Event.WITHDRAWN)
    expired = Dates(date(2020, 1, 1), date(2021, 1, 1), "UTC")
    assert status(dates=expired) is Status.EXPIRED
    assert status(replaced, dates=expired) is Status.SUPERSEDED
    assert status(replaced, withdrawn, dates=expired) is Status.WITHDRAWN
    assert status(replaced, suspended, withdrawn, dates=expired) is Status.SUSPENDED
    assert status(replaced, suspended, revoked, withdrawn, dates=expired) is Status.REVOKED


entries = st.builds(
    lambda kind, hours, lasts: entry(kind, hours, None if lasts is None else hours + lasts),
    st.sampled_from(list(Event)),
    st.integers(-400, 400),
    st.none() | st.integers(1, 200),
)
histories = st.lists(entries, max_size=8)
hours = st.integers(-500, 500)


@given(histories, hours, st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_read_changes_nothing(history, at, chance):
    shuffled = list(history)
    chance.shuffle(shuffled)
    assert status(*history, at=at) is status(*shuffled, at=at)


def test_the_holder_withdraws_and_takes_it_back_again_and_again():
    story = [entry(Event.WITHDRAWN, 1), entry(Event.RESTORED, 2), entry(Event.WITHDRAWN, 3), entry(Event.RESTORED, 4)]
    told = [status(*story, at=at) for at in (0, 1, 2, 3, 4)]
    assert told == [Status.VALID, Status.WITHDRAWN, Status.VALID, Status.WITHDRAWN, Status.VALID]
    since = standing_at(NOON + timedelta(hours=3), THREE_YEARS, story).since
    assert since == NOON + timedelta(hours=3)


def test_a_mistaken_revocation_stays_revoked_and_no_longer_gives_its_reason():
    story = [entry(Event.REVOKED, 1, reason="misconduct"), entry(Event.CORRECTED, 5)]
    assert standing_at(NOON + timedelta(hours=4), THREE_YEARS, story).reason_class == "misconduct"
    mended = standing_at(NOON + timedelta(hours=6), THREE_YEARS, story)
    assert (mended.status, mended.reason_class) == (Status.REVOKED, "mistake")


def test_a_correction_without_a_revocation_says_nothing():
    assert status(entry(Event.CORRECTED), at=1) is Status.VALID


@given(histories, hours, st.integers(0, 900))
def test_once_revoked_always_revoked(history, at, later):
    if status(*history, at=at) is Status.REVOKED:
        assert status(*history, at=at + later) is Status.REVOKED


@given(histories, entries, hours)
def test_only_a_lift_and_the_holder_can_make_a_status_better(history, added, at):
    order = [Status.VALID, Status.SUPERSEDED, Status.WITHDRAWN, Status.SUSPENDED, Status.REVOKED]
    before, after = status(*history, at=at), status(*history, added, at=at)
    if added.kind not in (Event.LIFTED, Event.RESTORED):
        assert order.index(after) >= order.index(before)


@given(histories, hours)
def test_what_lies_ahead_is_not_told(history, at):
    moment = NOON + timedelta(hours=at)
    past = [row for row in history if row.from_at <= moment]
    assert status(*history, at=at) is status(*past, at=at)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(["UTC", "Europe/Madrid", "Pacific/Apia"]))
def test_the_day_after_the_last_begins_where_validity_ends(last, zone):
    end = ends_at(last, zone)
    dates = Dates(date(1999, 1, 1), last, zone)
    assert standing_at(end - timedelta(seconds=1), dates, []).status is Status.VALID
    assert standing_at(end, dates, []).status is Status.EXPIRED
