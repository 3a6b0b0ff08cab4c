"""Equal data has one text and one digest."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.canonical import canonical_json, digest, plain
from tests.assessments.grading.item_contents import properties

json_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
)


@dataclass(frozen=True)
class Seat:
    """Any dataclass."""

    row: int
    price: Decimal


def test_the_text_is_sorted_compact_and_ascii() -> None:
    assert canonical_json({"b": Decimal("70.0"), "a": ["ü", None, True]}) == '{"a":["\\u00fc",null,true],"b":"70"}'


def test_the_digest_is_the_sha_256_of_the_text() -> None:
    """Known from `printf '{}' | sha256sum`."""
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@properties
@given(json_data)
def test_json_comes_back_as_it_was(value: Any) -> None:
    assert json.loads(canonical_json(value)) == value


@properties
@given(st.dictionaries(st.text(), st.integers(), max_size=6), st.randoms())
def test_the_order_of_keys_has_no_part_in_the_text(value: dict[str, int], rng: Any) -> None:
    keys = list(value)
    rng.shuffle(keys)

    assert canonical_json({key: value[key] for key in keys}) == canonical_json(value)


def test_dataclasses_tuples_and_sets_have_a_place() -> None:
    assert plain({"seat": Seat(3, Decimal("1.50")), "rows": (1, 2), "codes": frozenset("ba")}) == {
        "seat": {"row": 3, "price": "1.5"},
        "rows": [1, 2],
        "codes": ["a", "b"],
    }


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), date(2026, 11, 1), b"x", {1: "x"}, {None: 1}, [1.0], Seat, object()]
)
def test_what_has_no_exact_place_in_json_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)
