"""What a candidate sees, and when: nothing before the release, no question of an exam a certificate rests on, ever."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.results.visibility import OF_OUTCOME, OF_QUESTIONS, Phase, What, phase, seen

NOW = datetime(2026, 11, 1, tzinfo=UTC)
EVERYTHING = {one.value: [what.value for what in What] for one in Phase}
stated = st.dictionaries(st.sampled_from([one.value for one in Phase]), st.lists(st.sampled_from([*What, "nonsense"])))
shows = st.sampled_from(["outcome", "bands", "score", "nonsense"])


@pytest.mark.parametrize(
    ("released", "closes", "expected"),
    [
        (None, None, Phase.HANDED_IN),
        (None, NOW - timedelta(days=1), Phase.HANDED_IN),
        (NOW, NOW + timedelta(days=1), Phase.RELEASED),
        (NOW, NOW, Phase.CLOSED),
        (NOW, None, Phase.CLOSED),
    ],
)
def test_the_phase_follows_from_release_and_close(released, closes, expected):
    assert phase(released, closes, NOW) is expected


@given(shows, stated, st.booleans())
def test_nothing_of_an_outcome_is_seen_before_its_release(shows, stated, certifies):
    assert not seen(Phase.HANDED_IN, shows, stated, certifies) & OF_OUTCOME


@given(st.sampled_from(Phase), shows, stated)
def test_an_exam_of_certificates_never_shows_a_question(at, shows, stated):
    assert not seen(at, shows, stated, True) & OF_QUESTIONS


@given(shows, stated, st.booleans())
def test_a_released_result_says_at_least_whether_one_passed(shows, stated, certifies):
    assert What.OUTCOME in seen(Phase.RELEASED, shows, stated, certifies)


@pytest.mark.parametrize(
    ("shows", "hidden"),
    [
        ("outcome", {What.SCORE, What.BANDS}),
        ("bands", {What.SCORE}),
        ("score", set()),
        ("what?", {What.SCORE, What.BANDS}),
    ],
)
def test_an_exam_says_no_more_than_it_shows(shows, hidden):
    assert seen(Phase.CLOSED, shows, EVERYTHING, False) == frozenset(What) - hidden


def test_what_is_not_stated_follows_the_defaults():
    assert seen(Phase.RELEASED, "score", {}, False) == {What.OUTCOME, What.SCORE, What.BANDS}
    assert seen(Phase.CLOSED, "score", {}, False) == frozenset(What)
    assert seen(Phase.RELEASED, "score", {"released": ["bands"]}, False) == {What.OUTCOME, What.BANDS}
