"""Drawing by blueprint: each cell in full, nothing twice, what was seen last of all."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.blueprint import BlueprintInvalid, Cell, CellShort, ItemRef, draw, gaps
from tests.assessments.grading.item_contents import properties

CELLS = [Cell("F1", "understand", 2), Cell("F1", "apply", 1), Cell("F2", "apply", 0)]


def bank(understand: int = 6, apply: int = 3) -> list[ItemRef]:
    """A bank of one topic."""
    rows = [ItemRef(f"U{place:02}", "F1", "understand") for place in range(understand)]
    return rows + [ItemRef(f"A{place:02}", "F1", "apply") for place in range(apply)]


@properties
@given(st.integers(0, 10**6), st.sets(st.sampled_from([item.code for item in bank()])))
def test_each_cell_is_drawn_in_full_without_repeats(seed: int, seen: set[str]) -> None:
    drawn = draw(CELLS, bank(), seen, Random(seed))

    assert Counter((item.topic, item.thinking) for item in drawn) == {("F1", "understand"): 2, ("F1", "apply"): 1}
    assert len(set(drawn)) == 3


@properties
@given(st.integers(0, 10**6), st.sets(st.sampled_from([item.code for item in bank()])))
def test_seen_items_come_only_where_the_others_do_not_suffice(seed: int, seen: set[str]) -> None:
    drawn = draw(CELLS, bank(), seen, Random(seed))

    for cell in CELLS:
        fresh = [item for item in bank() if item.thinking == cell.thinking and item.code not in seen]
        repeated = [item for item in drawn if item.thinking == cell.thinking and item.code in seen]
        if cell.topic == "F1":
            assert len(repeated) == max(0, cell.draw - len(fresh))


@properties
@given(st.integers(0, 10**6))
def test_the_same_seed_draws_the_same_items_whatever_the_order_of_the_bank(seed: int) -> None:
    assert draw(CELLS, bank(), {"U01"}, Random(seed)) == draw(CELLS, bank()[::-1], ["U01"], Random(seed))


def test_three_attempts_with_three_times_the_items_never_repeat_one() -> None:
    rng, seen = Random(7), set[str]()
    for _ in range(3):
        drawn = {item.code for item in draw(CELLS, bank(), seen, rng)}
        assert not drawn & seen
        seen |= drawn

    assert len(seen) == 9


def test_every_item_has_about_the_same_chance_and_cells_are_mixed() -> None:
    """600 draws of 2 from 6: each item 200 times, give or take five standard deviations (58)."""
    rng = Random(1)
    drawn = [draw(CELLS, bank(), (), rng) for _ in range(600)]

    counts = Counter(item.code for items in drawn for item in items if item.thinking == "understand")
    assert all(abs(count - 200) < 58 for count in counts.values())
    assert {items[0].thinking for items in drawn} == {"understand", "apply"}


def test_a_bank_that_cannot_fill_a_cell_is_named() -> None:
    with pytest.raises(CellShort, match=r"F1/understand: 1 of 2, F1/apply: 0 of 1") as refusal:
        draw(CELLS, bank(understand=1, apply=0), (), Random(0))

    assert [gap.missing for gap in refusal.value.gaps] == [1, 1]


def test_gaps_say_what_is_missing_for_all_attempts() -> None:
    assert gaps(CELLS, bank()) == []
    assert [(gap.thinking, gap.needed, gap.missing) for gap in gaps(CELLS, bank(5, 1))] == [
        ("understand", 6, 1),
        ("apply", 3, 2),
    ]
    assert gaps(CELLS, bank(5, 1), allowed_attempts=1) == []


@pytest.mark.parametrize(
    ("cells", "items"),
    [
        ([Cell("F1", "apply", 1), Cell("F1", "apply", 2)], bank()),
        ([Cell("F1", "apply", -1)], bank()),
        (CELLS, [*bank(), ItemRef("U00", "F2", "apply")]),
    ],
)
def test_a_muddled_blueprint_or_bank_is_refused(cells: list[Cell], items: list[ItemRef]) -> None:
    with pytest.raises(BlueprintInvalid):
        draw(cells, items, (), Random(0))
