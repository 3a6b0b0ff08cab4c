"""Item statistics: the published tables to their printed digits, noise that looks like noise, and honest flags."""

from pathlib import Path
from random import Random

import pytest

from assessments.analysis.items import analyse_items, end_groups
from assessments.analysis.sheets import Answer, ItemKey, Seen, Sheet, SheetsInvalid, Totals, sheets_of
from tests.assessments.analysis.published import TABLES, expected, sheets_of_table


@pytest.mark.parametrize("name", TABLES)
def test_published_tables_come_out_to_the_printed_digits(fixtures_dir: Path, name: str) -> None:
    known = expected(fixtures_dir, name)

    # A table without a header has numbered items, one with a header named ones: both are told by their order there.
    sheets = sheets_of_table(fixtures_dir, name)
    found = {item.version: item for item in analyse_items(sheets)}
    items = [found[answer.version] for answer in sheets[0].answers]

    assert [item.shown for item in items] == [known["n"]] * known["items"]
    assert [round(item.facility, 6) for item in items] == known["difficulty_p"]
    assert [round(item.item_rest or 0, 4) for item in items] == known["point_biserial_item_rest"]
    assert [round(item.item_total or 0, 4) for item in items] == known["point_biserial_item_total"]


@pytest.mark.parametrize(("items", "usual"), [(10, 0.32), (20, 0.22)])
def test_noise_does_not_discriminate_once_the_item_is_out_of_the_total(items: int, usual: float) -> None:
    rng = Random(5)
    rows = [[float(rng.random() < 0.5) for _ in range(items)] for _ in range(3000)]

    found = analyse_items(sheets_of([f"I{place:02}" for place in range(items)], rows))

    assert sum(item.item_total or 0 for item in found) / items == pytest.approx(usual, abs=0.01)
    assert sum(item.item_rest or 0 for item in found) / items == pytest.approx(0, abs=0.02)


def hundred(rights: int, people: int = 100) -> list[Sheet]:
    """`people` sheets of three items: the able half answers the others rightly, `rights` of all the first, able last."""
    return [
        Sheet(
            f"P{place:03}",
            (
                Answer("A@1", float(place < rights), options=("a" if place < rights else "b",)),
                Answer("B@1", float(place >= people // 2)),
                Answer("C@1", float(place >= people // 2 + place % 3)),
            ),
        )
        for place in range(people)
    ]


KEY = {"A@1": ItemKey(("a", "b", "c"), frozenset({"a"}))}


def test_a_wrong_key_shows_in_the_item_and_in_the_option_of_the_able() -> None:
    item = analyse_items(hundred(50), KEY)[0]

    assert [(flag.name, flag.option, flag.provisional, flag.clear) for flag in item.flags] == [
        ("check_key", "", False, True),
        ("wrong_option", "b", False, True),
        ("dead_option", "c", False, True),
    ]
    assert "check the key" in item.flags[0].message.english


def test_the_table_of_options_tells_who_chose_what() -> None:
    item = analyse_items(hundred(50), KEY)[0]

    rows = [(option.code, option.right, option.chosen, option.share) for option in item.options]
    assert rows == [("a", True, 50, 0.5), ("b", False, 50, 0.5), ("c", False, 0, 0.0), ("", False, 0, 0.0)]
    a, b = item.options[:2]
    assert a.with_rest == item.item_rest
    assert b.with_rest == pytest.approx(-(a.with_rest or 0))
    assert (item.top, item.bottom) == (a.top, a.bottom)


@pytest.mark.parametrize(("people", "flags"), [(29, set()), (30, {True}), (99, {True}), (100, {False})])
def test_small_groups_are_not_flagged_and_middling_ones_provisionally(people: int, flags: set[bool]) -> None:
    item = analyse_items(hundred(people // 2, people), KEY)[0]

    assert {flag.provisional for flag in item.flags} == flags


@pytest.mark.parametrize(
    ("rights", "flag"), [(96, "too_easy"), (95, None), (20, None), (19, "too_hard"), (0, "too_hard")]
)
def test_too_easy_and_too_hard_begin_at_the_stated_facility(rights: int, flag: str | None) -> None:
    item = analyse_items(hundred(rights))[0]

    assert item.facility == rights / 100
    assert [found.name for found in item.flags if found.name.startswith("too_")] == ([flag] if flag else [])


def test_omitted_answers_earn_nothing_and_are_counted_apart() -> None:
    rows = [[1.0, 1.0], [None, 1.0], [None, 0.0], [0.0, 0.0]]

    item = analyse_items(sheets_of(["A", "B"], rows))[0]

    assert (item.shown, item.omitted, item.facility) == (4, 2, 0.25)


def test_an_item_that_was_not_shown_lowers_nobody() -> None:
    sheets = [
        Sheet("one", (Answer("A@1", 1.0), Answer("B@1", 1.0))),
        Sheet("two", (Answer("A@1", 0.0), Answer("B@2", 0.0))),
        Sheet("three", (Answer("A@1", 1.0), Answer("B@2", 1.0))),
    ]

    found = {item.version: (item.shown, item.facility) for item in analyse_items(sheets)}

    assert found == {"A@1": (3, pytest.approx(2 / 3)), "B@1": (1, 1.0), "B@2": (2, 0.5)}, "versions are never pooled"


def test_a_pilot_item_counts_in_nobodys_rest() -> None:
    sheets = [
        Sheet(
            str(place),
            (Answer("A", float(place % 2)), Answer("B", float(place % 2)), Answer("P", 1.0 - place % 2, scored=False)),
        )
        for place in range(8)
    ]

    a, b, pilot = analyse_items(sheets)

    assert (a.item_rest, b.item_rest, pilot.item_rest) == (pytest.approx(1), pytest.approx(1), pytest.approx(-1))


def test_ties_widen_the_end_groups_so_that_their_order_has_no_part() -> None:
    def seen(share: float) -> Seen:
        return Seen("p", Answer("A", 0.0), Totals(share, 1.0), share)

    groups = end_groups([seen(share) for share in [0.1, 0.2, 0.2, 0.2, 0.5, 0.6, 0.7, 0.8, 0.8, 0.9]])

    assert (len(groups.bottom), len(groups.top)) == (4, 3)
    assert end_groups([seen(0.5)] * 10).top == []


def test_one_who_sat_twice_is_refused_and_so_are_points_beyond_the_maximum() -> None:
    with pytest.raises(SheetsInvalid, match="counts once"):
        analyse_items([Sheet("one", (Answer("A", 1.0),)), Sheet("one", (Answer("A", 0.0),))])
    with pytest.raises(SheetsInvalid, match="stands twice"):
        analyse_items([Sheet("one", (Answer("A", 1.0), Answer("A", 1.0)))])
    with pytest.raises(SheetsInvalid, match="between 0 and a maximum"):
        analyse_items([Sheet("one", (Answer("A", 1.5),))])
    with pytest.raises(SheetsInvalid, match="nothing"):
        analyse_items([])
