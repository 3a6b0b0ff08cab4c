"""Numbers with units, and the three ways to say how close is close enough."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.kinds.base import ResponseInvalid
from assessments.grading.kinds.nearness import to_figures
from assessments.grading.kinds.registry import kind
from tests.assessments.grading.item_contents import item_content, properties

UNITS = [
    {"text": "min", "factor": "1"},
    {"text": "h", "factor": "60"},
    {"text": "days", "factor": "1440"},
    {"text": "kg"},
]
NUMERIC = kind("numeric")


def measured(**changes: Any) -> dict[str, Any]:
    """An item whose answer is 120 minutes, in units to choose from."""
    content = item_content("numeric", answer="120", tolerance="0", units=UNITS, **changes)
    del content["unit"]
    return content


def points(content: dict[str, Any], raw: Any) -> Fraction:
    """What an answer earns as it is typed."""
    return NUMERIC.score(content, NUMERIC.normalise(content, raw)).exact


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("2 h", "2 h"), ("2h", "2 h"), (" 2,0  h ", "2 h"), ("2 H", "2 h"), ("1 200 min", "1200 min"), ("0,5 DAYS", "0.5 days"),
        ({"number": "2", "unit": "h"}, "2 h"), ({"number": " 1'440 ", "unit": "min"}, "1440 min"), ("1.2340 h", "1.2340 h"),
        ({"number": "", "unit": ""}, None), ({"number": " "}, None), ("", None), ({}, None),
    ],
)  # fmt: skip
def test_a_number_is_read_with_its_unit(raw: Any, kept: str | None) -> None:
    content = measured()

    assert NUMERIC.normalise(content, raw) == kept
    assert NUMERIC.normalise(content, kept) == kept


@pytest.mark.parametrize(
    "raw",
    [
        "2", "h", "2 weeks", "h 2", "2 2 h", "1,234 h", "2 hh", {"number": "2", "unit": ""}, {"number": "2"}, {"number": "", "unit": "h"},
        {"number": "2", "unit": "weeks"}, {"number": 2, "unit": "h"}, {"number": "2", "unit": 1}, 2, ["2 h"], "2 h" * 60,
        {"number": "2 h", "unit": "h"}, "nan h", "1e3 h",
    ],
)  # fmt: skip
def test_what_lacks_a_number_or_a_unit_of_the_item_is_refused(raw: Any) -> None:
    with pytest.raises(ResponseInvalid):
        NUMERIC.normalise(measured(), raw)


def test_without_units_a_form_cannot_send_a_number_in_two_fields() -> None:
    with pytest.raises(ResponseInvalid):
        NUMERIC.normalise(item_content("numeric"), {"number": "2", "unit": "h"})


@pytest.mark.parametrize(
    ("raw", "earned"),
    [("120 min", 1), ("2 h", 1), ("2,0 h", 1), ("120 h", 0), ("2 min", 0), ("2 kg", 0), ("120 kg", 0), ("7 h", 0)],
)
def test_units_are_converted_exactly(raw: str, earned: int) -> None:
    assert points(measured(), raw) == earned


@pytest.mark.parametrize(
    ("raw", "earned"),
    [("2 h", "1"), ("2 min", "1/2"), ("120 h", "1/2"), ("120 kg", "1/2"), ("2 kg", "1/2"), ("7 h", "0"), ("7 kg", "0")],
)
def test_the_right_number_with_a_wrong_unit_earns_what_the_item_says(raw: str, earned: str) -> None:
    content = measured(wrong_unit="half")

    assert points(content, raw) == Fraction(earned)
    assert NUMERIC.credit_rule(content) == "number_half_for_unit"
    assert NUMERIC.credit_rule(measured()) == "number_and_unit"


def test_a_factor_may_be_a_fraction() -> None:
    units = [{"text": "h", "factor": "1"}, {"text": "min", "factor": "1/60"}]
    content = measured() | {"answer": "0.1", "units": units}

    assert NUMERIC.check(content) == []
    assert points(content, "6 min") == 1
    assert NUMERIC.right_response(content) == "0.1 h"


@pytest.mark.parametrize(("raw", "earned"), [("98", 1), ("102", 1), ("97.9999", 0), ("102,00001", 0), ("-100", 0)])
def test_a_relative_tolerance_is_a_share_of_the_answer(raw: str, earned: int) -> None:
    assert points(item_content("numeric", answer="100", tolerance="2", tolerance_kind="percent"), raw) == earned
    assert (
        points(
            item_content("numeric", answer="-100", tolerance="2", tolerance_kind="percent"), f"-{raw}".replace("--", "")
        )
        == earned
    )


@pytest.mark.parametrize(
    ("raw", "earned"),
    [
        ("3.14", 1),
        ("3.1416", 1),
        ("3,1449", 1),
        ("3.1450", 0),
        ("3.1350", 1),
        ("3.1349", 0),
        ("3.1", 0),
        ("314", 0),
        ("-3.14", 0),
        ("0", 0),
    ],
)
def test_significant_figures_compare_both_rounded(raw: str, earned: int) -> None:
    assert points(item_content("numeric", answer="3.14159", tolerance="3", tolerance_kind="significant"), raw) == earned


@properties
@given(st.fractions().filter(bool), st.integers(1, 15))
def test_figures_keep_a_number_within_half_of_its_last_figure(value: Fraction, figures: int) -> None:
    rounded = to_figures(value, figures)

    assert abs(rounded - value) * 2 * 10 ** (figures - 1) <= abs(rounded) + abs(value)
    assert to_figures(rounded, figures) == rounded
    digits = str(abs(rounded.numerator * 10**400 // rounded.denominator)).rstrip("0")
    assert len(digits) <= figures or rounded.denominator % 3 == 0


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"tolerance_kind": "loose"}, "tolerance_kind"), ({"tolerance_kind": 3}, "tolerance_kind"),
        ({"tolerance_kind": "percent", "answer": "0"}, "tolerance_kind"),
        ({"tolerance_kind": "significant", "tolerance": "0"}, "tolerance"),
        ({"tolerance_kind": "significant", "tolerance": "1.5"}, "tolerance"),
        ({"units": []}, "units"), ({"units": "h"}, "units"), ({"units": [{"text": "h", "factor": "2"}]}, "units"),
        ({"units": [{"text": "h", "factor": "1"}, {"text": "h"}]}, "units"), ({"units": [{"text": "2h", "factor": "1"}]}, "units[0].text"),
        ({"units": [{"text": "h", "factor": "0"}]}, "units[0].factor"), ({"units": [{"text": "h", "factor": "1/0"}]}, "units[0].factor"),
        ({"units": [{"text": "h", "factor": 60}]}, "units[0].factor"), ({"units": [{"text": "h", "factor": "1", "x": 1}]}, "units[0].x"),
        ({"wrong_unit": "third"}, "wrong_unit"), ({"unit": "h"}, "unit"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_units_and_tolerances_is_named(changes: dict[str, Any], path: str) -> None:
    assert path in {fault.path for fault in NUMERIC.check(measured() | changes)}


def test_a_sound_item_with_units_tells_neither_factors_nor_answer() -> None:
    content = measured(wrong_unit="half", tolerance_kind="percent")
    face = NUMERIC.public(content)

    assert NUMERIC.check(content) == []
    assert face["units"] == ["min", "h", "days", "kg"]
    assert not {"60", "1440", "120", "factor", "wrong", "tolerance"} & set(str(face).replace("'", " ").split())


@properties
@given(st.sampled_from(["min", "h", "days", "kg"]), st.decimals(-9999, 9999, places=3))
def test_what_was_read_is_read_the_same_again(unit: str, number: Any) -> None:
    content = measured()
    kept = NUMERIC.normalise(content, f"{number}0{unit}")

    assert NUMERIC.normalise(content, kept) == kept
    assert 0 <= NUMERIC.score(content, kept).exact <= 1


def test_items_from_before_units_score_as_before() -> None:
    """A record of an earlier release: no new field in it, the same response text, the same points."""
    content = item_content("numeric")

    assert NUMERIC.public(content) == {"kind": "numeric", "stem": content["stem"], "unit": "minutes"}
    assert NUMERIC.normalise(content, "20,5") == "20.5"
    assert [NUMERIC.score(content, text).exact for text in ("20.5", "19.5", "20.51", None)] == [1, 1, 0, 0]
    assert NUMERIC.score(content, "20").detail == {"right": 1, "of": 1}
