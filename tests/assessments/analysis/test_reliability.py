"""Reliability and the sureness of pass and fail, against published figures and against exams that were sat twice."""

from pathlib import Path
from random import Random

import pytest

from assessments.analysis.consistency import effective_items, error_at, find_consistency
from assessments.analysis.correlation import find_correlation
from assessments.analysis.distribution_of_scores import score_summary
from assessments.analysis.reliability import (
    alpha_interval,
    coefficient_alpha,
    find_table,
    guttman_lambda_2,
    lengthened,
    reliability,
    times_the_items,
)
from assessments.analysis.sheets import Answer, Sheet, SheetsInvalid, sheets_of, totals
from tests.assessments.analysis.published import TABLES, expected, sheets_of_table


@pytest.mark.parametrize("name", TABLES)
def test_alpha_mean_spread_and_frequencies_of_the_published_tables(fixtures_dir: Path, name: str) -> None:
    known, sheets = expected(fixtures_dir, name), sheets_of_table(fixtures_dir, name)

    scores = score_summary([totals(sheet).points for sheet in sheets])

    assert round(reliability(sheets).value, 6) == known["cronbach_alpha_kr20"]
    assert (round(scores.mean, 6), round(scores.spread, 6)) == (known["mean_total"], known["sd_total_ddof1"])
    counts = [scores.frequencies.get(float(total), 0) for total in range(known["items"] + 1)]
    assert counts == known["score_frequencies_0_to_k"]


def test_alpha_and_lambda_2_that_another_program_printed(fixtures_dir: Path) -> None:
    table = find_table(sheets_of_table(fixtures_dir, "exam1-items-scored.txt"))

    assert table is not None
    assert coefficient_alpha(table) == pytest.approx(0.910616920064902, abs=1e-14)
    assert guttman_lambda_2(table) == pytest.approx(0.911941572128058, abs=1e-14)


def test_feldts_interval_covers_the_truth_as_often_as_it_says() -> None:
    """400 exams of 8 parallel items with true alpha 8 * .3 / (1 + 7 * .3) = .774, 60 people each."""
    rng, covered, true = Random(11), 0, 8 * 0.3 / (1 + 7 * 0.3)
    for _ in range(400):
        people = [rng.gauss(0, 0.3**0.5) for _ in range(60)]
        table = [[person + rng.gauss(0, 0.7**0.5) for _ in range(8)] for person in people]
        low, high = alpha_interval(coefficient_alpha(table), 60, 8)
        covered += low <= true <= high

    assert 365 <= covered <= 393, "95 % of 400 is 380, three standard deviations are 13"


def test_from_seventy_to_eighty_takes_1_7_times_the_items() -> None:
    assert times_the_items(0.70, 0.80) == pytest.approx(1.714, abs=0.001)
    assert lengthened(0.70, times_the_items(0.70, 0.80) or 0) == pytest.approx(0.80)
    assert times_the_items(-0.1) is None, "more of what measures nothing measures nothing"
    assert times_the_items(1.0) == 0
    with pytest.raises(ValueError, match="between 0 and 1"):
        times_the_items(0.5, 1.0)


def test_what_does_not_vary_has_no_reliability() -> None:
    with pytest.raises(SheetsInvalid, match="do not vary"):
        reliability(sheets_of(["A", "B"], [[1.0, 0.0], [0.0, 1.0]]))
    with pytest.raises(SheetsInvalid, match="two people"):
        reliability(sheets_of(["A", "B"], [[1.0, 0.0]]))
    with pytest.raises(SheetsInvalid, match="two items"):
        reliability(sheets_of(["A"], [[1.0], [0.0]]))


def drawn(rng: Random, people: int, bank: list[float], items: int) -> list[Sheet]:
    """Sheets of people with true shares around their own middle, each of items drawn from the bank."""
    sheets = []
    for person in range(people):
        able = rng.gauss(0, 0.15)
        chosen = rng.sample(range(len(bank)), items)
        answers = [Answer(f"I{place}", float(rng.random() < min(max(bank[place] + able, 0), 1))) for place in chosen]
        sheets.append(Sheet(str(person), tuple(answers)))
    return sheets


def test_drawn_forms_have_an_index_of_their_own_that_tells_how_two_draws_agree() -> None:
    """The index is the correlation that two independent draws for the same people have."""
    rng = Random(3)
    bank = [rng.uniform(0.3, 0.9) for _ in range(200)]

    found = reliability(drawn(rng, 4000, bank, 30))

    rng_one = Random(8)
    able = [rng_one.gauss(0, 0.15) for _ in range(4000)]
    scores = [
        [sum(rng.random() < min(max(bank[place] + one, 0), 1) for place in rng.sample(range(200), 30)) for one in able]
        for _ in range(2)
    ]

    assert found.name == "nested"
    assert found.value == pytest.approx(find_correlation(*scores), abs=0.03)
    assert found.interval[0] < found.value < found.interval[1]


def test_lords_error_is_nothing_at_the_ends_and_widest_in_the_middle() -> None:
    assert error_at(28, 40) == pytest.approx((28 * 12 / 39) ** 0.5)
    assert (error_at(0, 40), error_at(40, 40), error_at(1, 1)) == (0, 0, None)


def test_sureness_of_pass_and_fail_is_what_sitting_twice_shows() -> None:
    """20,000 people with beta true shares sit two exams of 40 items, pass mark 70 %."""
    rng, n = Random(3), 20_000
    true = [rng.betavariate(14, 6) for _ in range(n)]
    one, two = ([sum(rng.random() < share for _ in range(40)) for share in true] for _ in range(2))
    middle = sum(one) / n
    of_totals = sum((score - middle) ** 2 for score in one) / (n - 1)
    kr21 = 40 / 39 * (1 - middle * (40 - middle) / 40 / of_totals)

    found = find_consistency([score / 40 for score in one], kr21, 0.70)

    assert found is not None
    assert found.effective_items == 40, "with KR-21 the effective length is the length"
    assert found.consistency == pytest.approx(
        sum((a >= 28) == (b >= 28) for a, b in zip(one, two, strict=True)) / n, abs=0.01
    )
    assert found.accuracy == pytest.approx(
        sum((a >= 28) == (t >= 0.7) for a, t in zip(one, true, strict=True)) / n, abs=0.01
    )
    assert found.false_pass == pytest.approx(
        sum(a >= 28 and t < 0.7 for a, t in zip(one, true, strict=True)) / n, abs=0.01
    )
    assert found.accuracy + found.false_pass + found.false_fail == pytest.approx(1)
    assert found.kappa < found.consistency


def test_a_mark_that_everybody_passes_is_wholly_consistent() -> None:
    found = find_consistency([0.5, 0.6, 0.7, 0.8, 0.9], 0.7, 0.0)

    assert found is not None
    assert (found.consistency, found.accuracy) == (pytest.approx(1), pytest.approx(1))


def test_a_nearly_perfect_exam_decides_nearly_alike() -> None:
    found = find_consistency([place / 100 for place in range(5, 100)], 0.9999, 0.5)

    assert found is not None
    assert (found.effective_items, found.consistency > 0.97) == (500, True)
    assert found.accuracy + found.false_pass + found.false_fail == pytest.approx(1)


def test_nothing_is_said_where_nothing_can_be() -> None:
    assert find_consistency([0.5, 0.5], 0.8, 0.7) is None
    assert find_consistency([0.4, 0.6], 0.0, 0.7) is None
    assert effective_items([0.4, 0.6], 1.0) is None


def test_the_summary_of_one_person_and_of_nobody() -> None:
    one = score_summary([7.0])

    assert (one.least, one.median, one.most, one.spread, one.skewness) == (7, 7, 7, 0, None)
    with pytest.raises(ValueError, match="no totals"):
        score_summary([])
