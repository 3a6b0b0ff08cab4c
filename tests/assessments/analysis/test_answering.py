"""Stored inputs become sheets: options by their codes, other answers as one code, marks where there are some."""

from decimal import Decimal
from typing import Any

import pytest

from assessments.analysis.answering import chosen, find_answer, find_key, sheet_of
from assessments.analysis.items import analyse_items
from assessments.analysis.sheets import ItemKey
from assessments.grading.kinds.hand_marks import Mark
from assessments.grading.kinds.registry import kind
from assessments.grading.scoring import ItemInput
from tests.assessments.grading.item_contents import item_content


@pytest.mark.parametrize(
    ("response", "codes"),
    [
        (None, ()),
        ("b", ("b",)),
        (["a", "c"], ("a", "c")),
        (True, ("true",)),
        ({"b": "y", "a": "x"}, ('{"a":"x","b":"y"}',)),
    ],
)
def test_what_was_chosen(response: Any, codes: tuple[str, ...]) -> None:
    assert chosen(response) == codes


@pytest.mark.parametrize("name", ["single", "multiple", "true_false"])
def test_the_right_response_is_the_right_options_of_the_key(name: str) -> None:
    content = item_content(name)
    key = find_key(content)

    assert key is not None
    assert set(chosen(kind(name).right_response(content))) == key.right
    assert key.right < set(key.options)


def test_other_kinds_have_no_options_to_table() -> None:
    assert find_key(item_content("numeric")) is None
    assert find_key(item_content("matching")) is None


def test_attempts_are_analysed_from_what_their_records_hold() -> None:
    single, numeric = item_content("single"), item_content("numeric")
    versions = {"S": "S@2", "N": "N@1", "P": "P@1"}
    sheets = [
        sheet_of(
            f"person {place}",
            [
                ItemInput("S", "F1", single, "b" if place % 2 else None),
                ItemInput("N", "F1", numeric, "20" if place > 3 else "7"),
            ],
            versions,
            pilots=[ItemInput("P", "F1", single, "c")],
        )
        for place in range(8)
    ]

    n, p, s = analyse_items(sheets, {"S@2": ItemKey(("a", "b", "c"), frozenset({"b"}))})

    assert (n.version, n.facility, n.options) == ("N@1", 0.5, ())
    assert (p.version, p.facility, p.item_total) == ("P@1", 0.0, None)
    assert (s.version, s.facility, s.omitted) == ("S@2", 0.5, 4)
    assert [(option.code, option.chosen) for option in s.options] == [("a", 0), ("b", 4), ("c", 0), ("", 4)]


def test_an_answer_counts_once_somebody_has_marked_it() -> None:
    essay = item_content("essay")

    assert find_answer(ItemInput("E", "F1", essay, "Because."), "E@1") is None
    marked = find_answer(ItemInput("E", "F1", essay, "Because.", Mark(Decimal(3), Decimal(6))), "E@1")
    assert marked is not None
    assert marked.points == 0.5
