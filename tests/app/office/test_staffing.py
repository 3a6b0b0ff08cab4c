"""How many people the body needs, and where its work stops before anybody notices."""

from datetime import UTC, datetime, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from app.office.staffing import PROCESSES, Standing, Term, fewest, report, stops_on
from app.policy import Role

BY_CODE = {process.code: process for process in PROCESSES}
OFFICER, ASSESSOR, AUTHOR = frozenset({"officer"}), frozenset({"assessor"}), frozenset({"author"})
BOTH = OFFICER | ASSESSOR


def standing(code, people, **kwargs):
    found = report(BY_CODE[code], people, **kwargs)
    return found.standing, found.stops_without, found.lacking


def test_one_officer_who_marks_cannot_release_what_they_marked():
    assert standing("practical", {"Ada": BOTH}) == (Standing.STUCK, (), ("practical-release",))


def test_two_people_do_it_and_each_of_them_is_needed():
    assert standing("practical", {"Ada": OFFICER, "Ben": ASSESSOR}) == (Standing.FRAGILE, ("Ada", "Ben"), ())


def test_a_third_who_can_do_both_makes_it_sound():
    assert standing("practical", {"Ada": BOTH, "Ben": BOTH, "Cleo": BOTH}) == (Standing.SOUND, (), ())


def test_an_appeal_needs_a_third_person_who_had_no_part():
    people = {"Ada": OFFICER, "Ben": ASSESSOR}
    assert fewest(BY_CODE["appeal"]) == 3
    assert standing("appeal", people) == (Standing.STUCK, (), ("appeal-review",))
    assert standing("appeal", people | {"Cleo": ASSESSOR})[0] is Standing.FRAGILE


def test_with_nobody_the_first_act_is_what_lacks():
    assert standing("item", {}) == (Standing.STUCK, (), ("item-write",))


def test_a_small_body_may_approve_its_own_items_and_nothing_that_touches_a_person():
    alone = {"Ada": AUTHOR | BOTH}
    assert standing("item", alone, is_small=True)[0] is Standing.FRAGILE
    assert standing("form", alone, is_small=True)[0] is Standing.FRAGILE
    for code in ("practical", "decision", "appeal", "revocation", "keys", "roles"):
        assert standing(code, alone, is_small=True)[0] is Standing.STUCK


def test_a_hundred_officers_take_no_longer_than_a_few():
    people = {f"P{n:03}": BOTH for n in range(300)}
    assert all(report(process, people).standing is Standing.SOUND for process in PROCESSES)


def test_every_act_asks_for_roles_that_exist_and_names_acts_before_it():
    for process in PROCESSES:
        codes = [act.code for act in process.acts]
        for place, act in enumerate(process.acts):
            assert act.roles <= set(Role)
            assert set(act.unlike) <= set(codes[:place])


NOW = datetime(2026, 3, 1, tzinfo=UTC)


def term(person, role, days=None, starts=0):
    return Term(person, role, NOW + timedelta(days=starts), None if days is None else NOW + timedelta(days=days))


def test_the_day_is_named_on_which_a_term_that_ends_stops_the_work():
    terms = [term("Ada", "officer"), term("Ben", "officer", days=40), term("Cleo", "officer", days=90)]
    year = NOW + timedelta(days=365)

    assert stops_on(BY_CODE["revocation"], terms, NOW, year) == NOW + timedelta(days=90)
    assert stops_on(BY_CODE["revocation"], terms, NOW, NOW + timedelta(days=90)) is None
    assert stops_on(BY_CODE["revocation"], [*terms, term("Dan", "officer", starts=80)], NOW, year) is None
    assert stops_on(BY_CODE["revocation"], terms[:1], NOW, year) is None, "it is stuck already"


def test_the_end_of_the_declaration_stops_what_rested_on_it():
    terms, until = [term("Ada", "author")], NOW + timedelta(days=30)
    assert stops_on(BY_CODE["item"], terms, NOW, NOW + timedelta(days=365), until) == until


@given(st.dictionaries(st.sampled_from("ABCDE"), st.frozensets(st.sampled_from(sorted(Role))), max_size=5))
def test_it_agrees_with_trying_every_sharing_out(people):
    for process in PROCESSES:
        possible = any(_is_allowed(process, chosen, people) for chosen in product(people, repeat=len(process.acts)))
        assert (report(process, people).standing is not Standing.STUCK) == possible


def _is_allowed(process, chosen, people):
    doers = dict(zip([act.code for act in process.acts], chosen, strict=True))
    return all(
        people[doers[act.code]] & act.roles and doers[act.code] not in {doers[code] for code in act.unlike}
        for act in process.acts
    )
