"""Assembling forms: ten thousand draws that keep every promise, and refusals that name what is short."""

import time
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.blueprint import Cell
from assessments.grading.form_plan import Bank, BankItem, Plan, PlanInvalid, Section, rests
from assessments.grading.form_sets import assemble_forms
from assessments.grading.forms import Form, FormShort, assemble, form_sha256
from tests.assessments.grading.item_contents import properties

CELLS = (Cell("F1", "understand", 3), Cell("F1", "apply", 3), Cell("F2", "apply", 2))
PLAN = Plan((Section("A", CELLS),))


def item(code: str, topic: str, thinking: str, **more: Any) -> BankItem:
    """An item whose version hash can be told from its code."""
    return BankItem(code, topic, thinking, f"sha-{code}", **more)


def bank_of(each: int, **more: Any) -> Bank:
    """`each` items in each cell of the plan."""
    return Bank(
        tuple(
            item(f"{cell.topic}-{cell.thinking}-{place:02}", cell.topic, cell.thinking)
            for cell in CELLS
            for place in range(each)
        ),
        **more,
    )


def rich_bank(each: int = 15) -> Bank:
    """A bank with enemies in one cell and across cells, with two cases, and with pilots."""
    plain = bank_of(each)
    cases = [
        item("CASE1-b", "F1", "apply", stimulus="one", place=2),
        item("CASE1-a", "F1", "understand", stimulus="one", place=1),
        item("CASE2-a", "F2", "apply", stimulus="two", place=1),
        item("CASE2-b", "F2", "apply", stimulus="two", place=2),
    ]
    pilots = [item(f"PILOT-{place}", "F1", "apply", is_pilot=True) for place in range(4)]
    enemies = (
        frozenset({"F1-understand-00", "F1-understand-01", "F1-understand-02"}),
        frozenset({"F1-apply-00", "F2-apply-00"}),
        frozenset({"CASE1-a", "CASE2-b"}),
        frozenset({"PILOT-0", "F1-apply-01"}),
    )
    return Bank((*plain.items, *cases, *pilots), enemies)


def scored(form: Form) -> list[str]:
    return [one.code for section in form.sections for one in section.items if not one.is_pilot]


def counts(form: Form) -> Counter[tuple[str, str]]:
    return Counter((one.topic, one.thinking) for section in form.sections for one in section.items if not one.is_pilot)


def has_whole_cases(form: Form) -> bool:
    codes = list(form.codes)
    return all(
        (one in codes) == (two in codes) and (one not in codes or codes.index(two) == codes.index(one) + 1)
        for one, two in (("CASE1-a", "CASE1-b"), ("CASE2-a", "CASE2-b"))
    )


def test_ten_thousand_draws_keep_every_promise_and_no_item_passes_the_cap() -> None:
    """Blueprint, enemies, whole cases, pilots, and at most 30 % of the forms for each item (E8)."""
    plan = replace(PLAN, pilots=2, exposure_cap=Decimal("0.30"))
    bank, rng, shown = rich_bank(), Random(2026), Counter[str]()
    wanted = {(cell.topic, cell.thinking): cell.draw for cell in CELLS}
    items = {one.code: one for one in bank.items}
    begun = time.process_time()

    for forms in range(10_000):
        form = assemble(plan, Bank(tuple(items.values()), bank.enemies, forms), (), rng)
        shown.update(scored(form))
        items |= {code: replace(items[code], shown=shown[code]) for code in scored(form)}

        assert counts(form) == wanted
        assert len(set(form.codes)) == 10
        assert all(len(enemies & set(form.codes)) < 2 for enemies in bank.enemies)
        assert has_whole_cases(form)
        assert (form.above_cap, form.repeated, form.pilots_missing) == ((), (), 0)

    assert max(shown.values()) <= 3_000
    assert set(shown) == {one.code for one in bank.items if not one.is_pilot}, "every item is met by somebody"
    assert time.process_time() - begun < 60


def test_an_item_that_would_be_met_too_often_rests_at_its_cap() -> None:
    """Four items for three places: each would stand in 75 % of the forms; five with a cap of 65 % reach just that."""
    plan = Plan((Section("A", (Cell("F1", "apply", 3),)),), exposure_cap=Decimal("0.65"))
    rng, shown = Random(5), Counter[str]()
    for forms in range(2_000):
        bank = Bank(tuple(item(f"I{place}", "F1", "apply", shown=shown[f"I{place}"]) for place in range(5)), (), forms)
        form = assemble(plan, bank, (), rng)
        assert form.above_cap == ()
        shown.update(form.codes)

    assert max(shown.values()) <= 1_300


def test_where_a_cell_would_be_short_the_least_shown_come_back_and_the_form_says_so() -> None:
    plan = Plan((Section("A", (Cell("F1", "apply", 3),)),), exposure_cap=Decimal("0.25"))
    shown = {"I0": 10, "I1": 900, "I2": 400, "I3": 500}
    bank = Bank(tuple(item(code, "F1", "apply", shown=count) for code, count in shown.items()), (), 1_000)

    forms = [assemble(plan, bank, (), Random(seed)) for seed in range(10)]

    assert {form.above_cap for form in forms} == {("I2", "I3")}
    assert {frozenset(form.codes) for form in forms} == {frozenset({"I0", "I2", "I3"})}


@pytest.mark.parametrize(
    ("shown", "forms", "is_resting"), [(29, 10, False), (30, 10, True), (299, 999, False), (300, 999, True)]
)
def test_exposure_counts_the_form_that_is_being_drawn(shown: int, forms: int, is_resting: bool) -> None:
    assert rests(item("I", "F1", "apply", shown=shown), forms, Decimal("0.3")) is is_resting
    assert not rests(item("I", "F1", "apply", shown=shown), forms, None)


@properties
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_same_seed_assembles_the_same_form_whatever_the_order_of_the_bank(seed: int, order: Any) -> None:
    bank, plan = rich_bank(6), replace(PLAN, pilots=1)
    mixed = list(bank.items)
    order.shuffle(mixed)

    one, two = (
        assemble(plan, bank, {"F1-apply-03"}, Random(seed)),
        assemble(plan, replace(bank, items=tuple(mixed)), ["F1-apply-03"], Random(seed)),
    )

    assert one == two


def test_a_retake_holds_nothing_of_the_last_attempts_and_is_refused_when_it_cannot() -> None:
    seen: set[str] = set()
    for attempt in range(3):
        form = assemble(PLAN, bank_of(9), seen, Random(attempt))
        assert seen.isdisjoint(form.codes)
        seen |= set(form.codes)

    with pytest.raises(FormShort, match=r"F1/understand: 0 of 3, F1/apply: 0 of 3") as refusal:
        assemble(PLAN, bank_of(9), seen, Random(9))

    assert [(gap.topic, gap.thinking, gap.missing) for gap in refusal.value.gaps] == [
        ("F1", "understand", 3),
        ("F1", "apply", 3),
    ], "F2 has three left and needs two"


def test_where_the_policy_allows_it_repeats_fill_the_short_cell_only_and_are_named() -> None:
    seen = {f"F1-apply-{place:02}" for place in range(4)} | {"F2-apply-00"}

    form = assemble(replace(PLAN, may_repeat=True), bank_of(5), seen, Random(1))

    assert len(form.repeated) == 2
    assert set(form.repeated) < seen - {"F2-apply-00"}


def test_a_case_is_not_torn_by_a_retake() -> None:
    """One item of a case was seen: the whole case stays away."""
    forms = [assemble(PLAN, rich_bank(6), {"CASE2-a"}, Random(seed)) for seed in range(30)]

    assert all("CASE2-b" not in form.codes for form in forms)


def test_cases_are_found_where_a_cell_cannot_do_without_them() -> None:
    """F2 holds one item and two cases of two: only a case fills it, whatever is tried first."""
    cells = (Cell("F2", "apply", 4), Cell("F1", "apply", 1))
    items = [item("S", "F2", "apply"), item("T", "F1", "apply"), item("U", "F1", "apply")]
    items += [item(f"{case}{place}", "F2", "apply", stimulus=case, place=place) for case in "xy" for place in (1, 2)]
    # The only way to four is both cases; each bans one of the two items of the other cell but for one.
    bank = Bank(tuple(items), (frozenset({"x1", "T"}),))

    form = assemble(Plan((Section("A", cells),)), bank, (), Random(0))

    assert set(form.codes) == {"x1", "x2", "y1", "y2", "U"}


def test_a_resting_item_comes_back_where_enemies_would_leave_no_form() -> None:
    """Neither cell lacks items, but those that do not rest are enemies of each other."""
    cells = (Cell("F1", "apply", 1), Cell("F2", "apply", 1))
    items = (item("A", "F1", "apply"), item("B", "F2", "apply"), item("C", "F2", "apply", shown=900))
    plan = Plan((Section("S", cells),), exposure_cap=Decimal("0.5"))

    form = assemble(plan, Bank(items, (frozenset("AB"),), 1_000), (), Random(0))

    assert (set(form.codes), form.above_cap) == ({"A", "C"}, ("C",))


def test_a_large_bank_without_a_form_is_refused_within_seconds() -> None:
    """400 items in 8 cells where all of one cell are enemies: nobody waits long for the refusal."""
    cells = tuple(Cell(f"F{place}", "apply", 5) for place in range(8))
    items = tuple(item(f"{cell.topic}-{place}", cell.topic, "apply") for cell in cells for place in range(50))
    banned = frozenset(one.code for one in items if one.topic == "F3")
    begun = time.process_time()

    with pytest.raises(FormShort, match="F3/apply: 1 of 5"):
        assemble(Plan((Section("S", cells),)), Bank(items, (banned,)), (), Random(0))

    assert time.process_time() - begun < 10


def test_enemies_that_leave_a_cell_short_are_found_out_and_the_cell_is_named() -> None:
    """Four items, all enemies of each other: one can be had of the three."""
    bank = Bank(tuple(item(f"I{place}", "F1", "apply") for place in range(4)), (frozenset({"I0", "I1", "I2", "I3"}),))

    with pytest.raises(FormShort, match="F1/apply: 1 of 3"):
        assemble(Plan((Section("A", (Cell("F1", "apply", 3),)),)), bank, (), Random(0))


@properties
@given(st.data())
def test_a_form_is_found_wherever_trying_everything_finds_one(data: Any) -> None:
    """Small banks with any enemies and cases, against all choices of units."""
    cells = (Cell("F1", "apply", data.draw(st.integers(0, 3))), Cell("F2", "apply", data.draw(st.integers(0, 3))))
    items = tuple(
        item(
            f"I{place}",
            data.draw(st.sampled_from(["F1", "F2"])),
            "apply",
            stimulus=data.draw(st.sampled_from(["", "", "s", "t"])),
        )
        for place in range(data.draw(st.integers(0, 7)))
    )
    units = [
        frozenset(one.code for one in items if one.stimulus == name)
        for name in {one.stimulus for one in items if one.stimulus}
    ] + [frozenset({one.code}) for one in items if not one.stimulus]
    pairs = [
        frozenset(pair)
        for pair in combinations([one.code for one in items], 2)
        if not any(set(pair) <= unit for unit in units)
    ]
    enemies = tuple(data.draw(st.lists(st.sampled_from(pairs), max_size=6))) if pairs else ()
    topic = {one.code: one.topic for one in items}

    def works(chosen: tuple[frozenset[str], ...]) -> bool:
        codes = frozenset().union(*chosen)
        drawn = Counter(topic[code] for code in codes)
        return all(drawn[cell.topic] == cell.draw for cell in cells) and not any(pair <= codes for pair in enemies)

    exists = any(works(chosen) for size in range(len(units) + 1) for chosen in combinations(units, size))
    try:
        form = assemble(Plan((Section("A", cells),)), Bank(items, enemies), (), Random(data.draw(st.integers(0, 99))))
    except FormShort:
        assert not exists
    else:
        codes = set(form.codes)
        assert works(tuple(unit for unit in units if unit <= codes))
        assert exists


SECTIONS = Plan(
    (
        Section("I", (Cell("F1", "understand", 2),), minutes=20, navigation="one_way"),
        Section("II", (Cell("F1", "understand", 1), Cell("F1", "apply", 3), Cell("F2", "apply", 2)), minutes=40),
    ),
    rules={"pass_percent": "70"},
)


def test_sections_have_cells_minutes_and_ways_of_their_own() -> None:
    form = assemble(SECTIONS, rich_bank(4), (), Random(3))

    one, two = form.sections
    assert (one.code, one.minutes, one.navigation) == ("I", 20, "one_way")
    assert (two.code, two.minutes, two.navigation) == ("II", 40, "free")
    assert {(row.topic, row.thinking) for row in one.items} == {("F1", "understand")}
    assert len(one.items) == 2
    assert len(two.items) == 6
    assert len(set(form.codes)) == 8


def test_a_bank_too_small_for_both_sections_is_short_by_the_sum() -> None:
    with pytest.raises(FormShort, match="F1/understand: 2 of 3"):
        assemble(
            SECTIONS,
            Bank(tuple(one for one in bank_of(4).items if one.code not in {"F1-understand-00", "F1-understand-01"})),
            (),
            Random(0),
        )


def test_pilots_stand_anywhere_never_inside_a_case_and_their_lack_stops_no_exam() -> None:
    plan = replace(PLAN, pilots=2)
    places = Counter[int]()
    for seed in range(300):
        form = assemble(plan, rich_bank(4), (), Random(seed))
        assert has_whole_cases(form)
        places.update(place for place, one in enumerate(form.sections[0].items) if one.is_pilot)

    assert set(places) == set(range(10)), "a candidate cannot tell by the place"
    assert assemble(replace(PLAN, pilots=9), rich_bank(4), {"PILOT-1"}, Random(0)).pilots_missing >= 6


def test_the_hash_covers_versions_their_order_sections_and_rules() -> None:
    form = assemble(SECTIONS, rich_bank(4), (), Random(3))
    one, two = form.sections
    changed = [
        ((replace(one, minutes=21), two), SECTIONS.rules),
        ((replace(one, navigation="free"), two), SECTIONS.rules),
        ((replace(one, items=one.items[::-1]), two), SECTIONS.rules),
        ((replace(one, items=(replace(one.items[0], sha256="other"), *one.items[1:])), two), SECTIONS.rules),
        ((two, one), SECTIONS.rules),
        ((one, two), {"pass_percent": "71"}),
    ]

    assert form.sha256 == form_sha256(form.sections, SECTIONS.rules)
    assert len({form_sha256(sections, rules) for sections, rules in changed} | {form.sha256}) == 7


def test_fixed_forms_share_nothing_where_the_bank_is_large_enough() -> None:
    made = assemble_forms(PLAN, bank_of(9), 3, Random(1))

    assert (made.overlap, made.shared) == (0, 0)
    assert made.facilities is None
    assert len({form.sha256 for form in made.forms}) == 3


def test_fixed_forms_of_a_small_bank_share_no_more_than_they_must() -> None:
    """Three forms of 3 + 3 + 2 from 4 + 4 + 4: each pair shares at least 2 + 2 + 0."""
    made = assemble_forms(PLAN, bank_of(4), 3, Random(1))

    assert made.overlap <= 5
    assert made.shared == 2 * 3 + 2 * 3 + 2


def test_fixed_forms_are_made_alike_in_difficulty() -> None:
    rng = Random(4)
    bank = bank_of(9)
    graded = replace(bank, items=tuple(replace(one, facility=rng.uniform(0.3, 0.95)) for one in bank.items))

    once = [assemble_forms(PLAN, graded, 3, Random(seed), tries=1).spread for seed in range(20)]
    best = [assemble_forms(PLAN, graded, 3, Random(seed)).spread for seed in range(20)]

    assert sum(best) < 0.5 * sum(once)


@pytest.mark.parametrize(
    ("plan", "bank", "complaint"),
    [
        (Plan(()), Bank(()), "has sections"),
        (Plan((PLAN.sections[0],) * 2), Bank(()), "code of its own"),
        (Plan((Section("A", CELLS + CELLS[:1]),)), Bank(()), "each cell once"),
        (Plan((Section("A", CELLS, navigation="zigzag"),)), Bank(()), "no navigation"),
        (replace(PLAN, pilots=-1), Bank(()), "pilots"),
        (replace(PLAN, exposure_cap=Decimal(2)), Bank(()), "exposure cap"),
        (PLAN, Bank((item("I", "F1", "apply"),) * 2), "code twice"),
        (PLAN, Bank((item("I", "F1", "apply", is_pilot=True, stimulus="s"),)), "stands alone"),
        (
            PLAN,
            Bank(tuple(item(code, "F1", "apply", stimulus="s") for code in "ab"), (frozenset("ab"),)),
            "two enemies",
        ),
    ],
)
def test_plans_and_banks_that_contradict_themselves_are_refused(plan: Plan, bank: Bank, complaint: str) -> None:
    with pytest.raises(PlanInvalid, match=complaint):
        assemble(plan, bank, (), Random(0))
