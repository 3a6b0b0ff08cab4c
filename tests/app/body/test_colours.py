"""Colours of the body: contrast as the standard counts it, refusals beside the field, and the sheet that follows."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.body.colours import ColourInvalid, accent_fault, contrast, mix, parse, primary_fault, shades
from app.body.queries import find_body_row
from app.policy import Permission
from tests.factories.people import PersonFactory

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [("#000000", "#FFFFFF", 21.0), ("#FFFFFF", "#FFFFFF", 1.0), ("#777777", "#FFFFFF", 4.48), ("#767676", "#FFFFFF", 4.54),
     ("#FF0000", "#FFFFFF", 4.0), ("#0000FF", "#FFFFFF", 8.59), ("#008000", "#FFFFFF", 5.14)],
)  # fmt: skip
def test_contrast_has_its_known_values(one, other, known):
    assert contrast(one, other) == pytest.approx(known, abs=0.01)


@given(COLOURS, COLOURS)
def test_contrast_is_the_same_both_ways_and_within_its_bounds(one, other):
    assert 1 <= contrast(one, other) == contrast(other, one) <= 21


@pytest.mark.parametrize(
    "typed", ["", "#FFF", "1F4D3A", "#1F4D3G", "#1F4D3A;}", "#1F4D3A\n", "red", "#１F4D3A", "rgb(0,0,0)"]
)
def test_what_is_no_colour_is_refused(typed):
    with pytest.raises(ColourInvalid):
        parse(typed)


@given(COLOURS, COLOURS)
def test_whatever_is_accepted_can_be_read_in_both_themes(primary, accent):
    if primary_fault(primary) is not None or accent_fault(accent) is not None:
        return
    derived = shades(primary, accent)
    assert contrast(derived.light["laurel"], "#FFFFFF") >= 4.5
    assert contrast(derived.light["gold-text"], derived.light["gold-tint"]) >= 4.5
    assert contrast(derived.dark["laurel"], "#121815") >= 4.5
    assert contrast(derived.dark["gold-text"], derived.dark["gold-tint"]) >= 4.5
    assert all(re.fullmatch("#[0-9A-F]{6}", mix(value, "#000000", 0)) for value in derived.light.values())


SETTINGS = {
    "name": "The Test Body", "short_name": "TTB", "field": "testing", "headline": "Tests", "purpose": "To test.",
    "contact_email": "office@body.test", "zone": "Europe/Madrid", "primary_colour": "#1F4D3A", "accent_colour": "#A97820",
}  # fmt: skip


@pytest.fixture
def officer(visit):
    return visit.sign_in(PersonFactory(holding=["officer"]))


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("primary_colour", "#FFFF00", "hard to read"),
        ("primary_colour", "yellow", "six digits"),
        ("accent_colour", "#FFFFFF", "hard to read"),
        ("accent_colour", "#12345", "six digits"),
    ],
)
def test_a_colour_that_cannot_be_read_is_refused_and_nothing_typed_is_lost(officer, field, typed, words):
    answer = officer.post("/office/settings", SETTINGS | {field: typed, "headline": "Typed with care"})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Typed with care" in answer.text
    assert f'value="{typed}"' in answer.text
    assert find_body_row().primary_colour == "#1F4D3A"


def test_new_colours_reach_every_page_through_one_sheet(officer):
    officer.post("/office/settings", SETTINGS | {"primary_colour": "#123456", "accent_colour": "#8A5A00"})
    page = officer.get("/").text
    address = re.search(r'href="(/brand\.css\?v=\d+)"', page).group(1)
    sheet = officer.get(address)
    assert "--laurel: #123456;" in sheet.text
    assert "--gold: #8A5A00;" in sheet.text
    assert (sheet.mimetype, sheet.headers["Cache-Control"]) == ("text/css", "public, max-age=31536000, immutable")
    assert officer.get("/brand.css?v=1").headers["Cache-Control"] == "no-cache"


def test_two_signatories_are_kept_in_their_order(officer, session):
    people = {"signatory_1": "Ana One", "office_1": "Chair", "signatory_2": "Bo Two", "office_2": "Registrar"}
    assert officer.post("/office/settings", SETTINGS | people).status_code == 302
    assert [(s.name, s.office) for s in find_body_row().signatories] == [("Ana One", "Chair"), ("Bo Two", "Registrar")]


def test_only_officers_change_the_body():
    from app.docs_pages import ACTORS
    from app.policy import can

    assert [name for name, actor in ACTORS.items() if can(actor, Permission.BODY_EDIT)] == ["officer"]
