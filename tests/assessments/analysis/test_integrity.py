"""Changes of answers, times, and the report that puts the reasons into words."""

from random import Random

import pytest

from assessments.analysis.changes import Changes, count_changes, unusual_changes
from assessments.analysis.integrity import ADVICE, integrity_report
from assessments.analysis.timing import Timed, paces, rapid_limits, unusual_paces
from tests.assessments.analysis.cohorts import copying, honest, sheets_of_answers


def cohort_of_changes(rng: Random, people: int = 60) -> list[Changes]:
    """People who change six to ten answers, a bit more than half of them for the better."""
    found = []
    for person in range(people):
        ways = rng.choices("abc", [55, 20, 25], k=rng.randint(6, 10))
        found.append(Changes(f"P{person:02}", ways.count("a"), ways.count("b"), ways.count("c")))
    return found


def test_a_change_is_the_first_answer_against_the_last() -> None:
    steps = [[0, 1], [1, 0], [0, 0.5], [0, 1, 0], [1, 0, 1], [1], []]

    changes = count_changes("P", steps)

    assert (changes.wrong_to_right, changes.right_to_wrong, changes.wrong_to_wrong, changes.all) == (1, 1, 2, 4)


def test_one_whose_changes_all_turn_right_stands_out_and_nobody_else() -> None:
    told = Changes("TOLD", wrong_to_right=16, right_to_wrong=0, wrong_to_wrong=0)

    [found] = unusual_changes([*cohort_of_changes(Random(2)), told])

    assert found.changes is told
    assert found.cohort_share == pytest.approx(0.55, abs=0.05)
    assert found.expected == pytest.approx(16 * found.cohort_share)
    assert found.chance == pytest.approx(found.cohort_share**16)


def test_honest_changes_are_unusual_in_one_cohort_of_a_hundred_at_most() -> None:
    flagged = sum(bool(unusual_changes(cohort_of_changes(Random(seed)))) for seed in range(200))

    assert flagged <= 6, "2 are expected at most; 6 is three standard deviations off"


def test_who_changed_little_or_in_a_small_group_is_not_judged() -> None:
    few = Changes("FEW", 4, 0, 0)

    assert unusual_changes([*cohort_of_changes(Random(2)), few]) == []
    assert unusual_changes([Changes(str(place), 20, 0, 0) for place in range(9)]) == []


def cohort_of_times(rng: Random, people: int = 80, items: int = 40) -> dict[str, list[Timed]]:
    """Lognormal times around a minute, people and items of unlike speed."""
    slow = [rng.gauss(4.1, 0.4) for _ in range(items)]
    found = {}
    for person in range(people):
        pace = rng.gauss(0, 0.3)
        found[f"P{person:02}"] = [
            Timed(f"I{item:02}", 2.718281828 ** (slow[item] + pace + rng.gauss(0, 0.4)), rng.random() < 0.7)
            for item in range(items)
        ]
    return found


def test_rapid_is_faster_than_a_tenth_of_the_mean_and_never_above_ten_seconds() -> None:
    times = {"one": [Timed("short", 30, True), Timed("long", 400, True)], "two": [Timed("short", 50, True)]}

    assert rapid_limits(times) == {"short": pytest.approx(4.0), "long": 10.0}


def test_honest_people_of_any_speed_are_left_in_peace() -> None:
    flagged = [pace for seed in range(10) for pace in unusual_paces(paces(cohort_of_times(Random(seed))))]

    assert flagged == []


def test_one_who_clicks_through_and_one_who_knew_five_items_beforehand() -> None:
    times = cohort_of_times(Random(1))
    times["CLICK"] = [Timed(f"I{item:02}", 2.0 if item >= 30 else 60.0, item % 4 == 0) for item in range(40)]
    times["KNEW"] = [
        Timed(row.version, 6.0 if place < 5 else row.seconds, True) for place, row in enumerate(times["P00"])
    ]

    found = {pace.person: pace for pace in unusual_paces(paces(times))}

    assert set(found) == {"CLICK", "KNEW"}
    assert found["CLICK"].effort == 0.75
    assert found["CLICK"].rapid == tuple(f"I{item}" for item in range(30, 40))
    assert found["KNEW"].fast_right == tuple(f"I{item:02}" for item in range(5))


def test_residuals_of_a_row_add_up_to_nothing_and_are_as_wide_as_they_say() -> None:
    found = paces(cohort_of_times(Random(6)))

    values = [value for pace in found for value in pace.residuals.values()]
    assert sum(values) / len(values) == pytest.approx(0, abs=1e-3)
    assert sum(value * value for value in values) / len(values) == pytest.approx(1)


def test_times_of_drawn_forms_and_of_nobody() -> None:
    rng = Random(3)
    drawn = {person: rng.sample(rows, 30) for person, rows in cohort_of_times(rng).items()}

    assert unusual_paces(paces(drawn)) == []
    assert paces({}) == []
    with pytest.raises(ValueError, match="never negative"):
        paces({"one": [Timed("A", -1, True)]})


def test_the_report_gives_its_reasons_in_numbers() -> None:
    rng = Random(30)
    answers = honest(rng, 80)
    copying(rng, answers, 1, 1.0)
    times = cohort_of_times(rng) | {"P05": [Timed(f"I{item:02}", 1.0, False) for item in range(40)]}
    changes = [*cohort_of_changes(rng), Changes("TOLD", 18, 0, 0)]

    report = integrity_report(sheets_of_answers(answers), changes, times)

    assert [(reason.kind, reason.people) for reason in report] == [
        ("similar_answers", ("P000", "P001")),
        ("answer_changes", ("TOLD",)),
        ("rapid_answers", ("P05",)),
    ]
    said = [reason.message.english for reason in report]
    assert "identical wrong answers on 40 items that both answered" in said[0]
    assert "18 of 18 changed answers went from wrong to right" in said[1]
    assert said[2] == "40 of 40 items were answered faster than a tenth of their mean time."
    assert "never proof" in ADVICE
