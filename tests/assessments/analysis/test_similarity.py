"""Similar answers: colluders are found, honest people are left in peace, small and odd sheets do no harm."""

import time
from random import Random

import pytest

from assessments.analysis.knowing import chances_of_right, curve
from assessments.analysis.sheets import Answer, Sheet
from assessments.analysis.similarity import similar_pairs
from tests.assessments.analysis.cohorts import copying, honest, sheets_of_answers


@pytest.mark.parametrize(
    ("share", "least_wrong"),
    [(1.0, 0), (0.9, 8)],
    ids=["the same sheet, whoever wrote it", "nine tenths of a sheet with eight or more wrong answers"],
)
def test_nine_of_ten_colluding_pairs_are_found_at_one_false_in_a_hundred(share: float, least_wrong: int) -> None:
    """Four cohorts of 300 with 20 pairs each, to be found among 180,000 pairs of 40 answers."""
    found = false = made = 0
    for seed in range(4):
        rng = Random(seed)
        answers = honest(rng, 300)
        colluding = copying(rng, answers, 20, share)
        flagged = {pair.people for pair in similar_pairs(sheets_of_answers(answers))}
        telling = {pair for pair in colluding if sum(code != "a" for code in answers[pair[0]]) >= least_wrong}
        found, false, made = found + len(flagged & telling), false + len(flagged - colluding), made + len(telling)

    assert made >= 50
    assert found >= 0.9 * made
    assert false <= 0.01 * (found + false)


def test_honest_cohorts_of_any_size_are_left_in_peace() -> None:
    flagged = [
        pair
        for seed in range(12)
        for people in (12, 40, 120)
        for pair in similar_pairs(sheets_of_answers(honest(Random(seed), people, ease=(0.0, 0.8, 2.0)[seed % 3])))
    ]

    assert flagged == []


def test_neighbours_alone_are_found_with_less_in_common() -> None:
    rng = Random(21)
    answers = honest(rng, 300)
    colluding = copying(rng, answers, 20, 0.7)
    names = sorted(answers)
    sheets = sheets_of_answers(answers)

    everybody = {pair.people for pair in similar_pairs(sheets)}
    neighbours = {pair.people for pair in similar_pairs(sheets, pairs=list(zip(names[1:], names[:-1], strict=True)))}

    assert everybody < neighbours
    assert neighbours <= colluding


def test_five_hundred_people_are_compared_within_seconds() -> None:
    rng = Random(7)
    answers = honest(rng, 500)
    copying(rng, answers, 5, 1.0)
    sheets = sheets_of_answers(answers)
    begun = time.process_time()

    found = similar_pairs(sheets)

    assert time.process_time() - begun < 20
    assert len(found) == 5


def test_the_figures_of_a_pair_can_be_counted_by_hand() -> None:
    rng = Random(4)
    answers = honest(rng, 100)
    copying(rng, answers, 1, 1.0)
    answers["P001"][0] = "z"
    wrong = [f"I{item:02}" for item, code in enumerate(answers["P000"]) if code != "a" and item > 0]

    [pair] = similar_pairs(sheets_of_answers(answers))

    assert pair.people == ("P000", "P001")
    assert (pair.same, pair.together, pair.versions) == (len(wrong), 40, tuple(wrong))
    assert 0 < pair.expected < pair.same
    assert pair.chance < 1e-4
    assert pair.adjusted == pytest.approx(100 * 99 / 2 / pair.ratio)


def test_right_answers_in_common_are_no_reason() -> None:
    """Two who got everything are alike in 40 answers, and nothing is said of them."""
    answers = honest(Random(9), 60)
    answers["P000"] = answers["P001"] = ["a"] * 40

    assert similar_pairs(sheets_of_answers(answers)) == []


def test_a_wrong_key_makes_no_pairs() -> None:
    """Five items whose key is wrong: all the able give the same 'wrong' answers."""
    answers = honest(Random(10), 150, ease=1.0)
    for row in answers.values():
        row[:5] = ["b" if code == "a" else "a" for code in row[:5]]

    assert similar_pairs(sheets_of_answers(answers)) == []


def test_drawn_forms_and_empty_answers_are_compared_where_they_meet() -> None:
    rng = Random(12)
    answers = honest(rng, 80)
    copying(rng, answers, 1, 1.0)
    drawn = [
        Sheet(sheet.person, tuple(sheet.answers[item] for item in sorted(rng.sample(range(40), 38))))
        for sheet in sheets_of_answers(answers)
    ]
    blank = Sheet("Z", tuple(Answer(f"I{item:02}", 0.0, answered=False) for item in range(40)))

    [pair] = similar_pairs([*drawn, blank, Sheet("Y", blank.answers)])

    assert pair.people == ("P000", "P001")
    assert pair.together <= 38


def test_ten_people_are_the_fewest_that_show_how_people_answer() -> None:
    same = ["b"] * 20 + ["c"] * 20

    assert similar_pairs(sheets_of_answers({f"P{place}": same for place in range(9)})) == []


def test_the_chances_of_a_person_add_up_to_the_score_and_rise_with_it() -> None:
    facilities = [0.2, 0.5, 0.8, 0.95, 0.05]
    low, high = chances_of_right(facilities, 0.3), chances_of_right(facilities, 0.7)

    assert (sum(low), sum(high)) == (pytest.approx(1.5), pytest.approx(3.5))
    assert all(one < other for one, other in zip(low, high, strict=True))
    assert [round(chance, 9) for chance in chances_of_right(facilities, 0.5)] == facilities
    assert chances_of_right([0.0, 1.0, 0.5], 1.0) == [1.0, 1.0, 1.0]
    assert (curve(0.0, 3), curve(1.0, 3), curve(0.4, 1)) == (0.0, 1.0, pytest.approx(0.4))
