"""What every page shares: the menu of the reader, and moments in the reader's zone."""

import re
from datetime import UTC, date, datetime

import pytest
from jinja2 import DictLoader

from app.shell import drawn_once, fragment, initials, show_date, show_time, show_utc
from tests.factories.people import PersonFactory

LATE = datetime(2026, 9, 2, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana María Ruiz", "AR"),
        ("Ana", "A"),
        ("", ""),
        ("  ", ""),
        ("“Mina” (II)", ""),
        ("ßeta", "SS"),
        ("李 明", "李明"),
        ("O’Neill 3", "O3"),
    ],
)
def test_a_round_mark_has_at_most_a_few_letters(name, letters):
    assert initials(name) == letters


def test_moments_are_in_the_bodys_zone_until_the_reader_chooses_one(app):
    with app.test_request_context():
        assert show_time(LATE) == "3 September 2026, 01:30"
        assert show_date(LATE) == "3 September 2026"
        assert show_utc(LATE) == "2 September 2026, 23:30 UTC"
        assert show_date(date(2026, 1, 1)) == "1 January 2026"


def test_many_entries_of_the_office_stand_by_section_and_few_in_one_line(visit):
    officer = visit.sign_in(PersonFactory(holding=["officer"]))
    page = officer.get("/office/people").text
    top, part = re.findall(r"<ul[^>]*>.*?</ul>", page.split('class="staff-nav"')[1], re.DOTALL)[:2]
    assert re.findall(r">([^<>]+)</a>", top) == [
        "Office",
        "People",
        "Exams",
        "Certificates",
        "The body",
    ]
    assert 'href="/office/people" aria-current="true">People' in top
    assert 'aria-label="People"' in part
    assert 'href="/office/people" aria-current="page">People' in part
    assert 'href="/office/roles">Roles' in part

    author = visit.another().sign_in(PersonFactory(holding=["author"]))
    flat = author.get("/path").text.split('class="staff-nav"')[1].split("</nav>")[0]
    assert "staff-part" not in flat
    assert "Items" in flat


@pytest.mark.parametrize(("roles", "sees"), [([], False), (["assessor"], False), (["officer"], True)])
def test_the_menu_shows_the_office_to_officers_only(visit, roles, sees):
    visit.sign_in(PersonFactory(holding=roles))
    assert ('href="/office"' in visit.get("/account").text) is sees


def test_a_mark_is_drawn_once_for_each_set_of_arguments():
    drawn = []
    mark = drawn_once(lambda name, size=20: drawn.append((name, size)) or f"<{name} {size}>")
    assert [mark("leaf"), mark("leaf"), mark("leaf", size=32)] == ["<leaf 20>", "<leaf 20>", "<leaf 32>"]
    assert drawn == [("leaf", 20), ("leaf", 32)]


def test_a_part_of_a_page_is_drawn_anew_only_when_its_facts_change(app, monkeypatch):
    times = iter(range(10))
    monkeypatch.setattr(app.jinja_env, "loader", DictLoader({"part.html": "<b>{{ count() }}</b>"}))
    monkeypatch.setitem(app.extensions, "fragments", {})
    app.jinja_env.globals["count"] = lambda: next(times)
    with app.test_request_context("/"):
        shown = [fragment("part.html", fact) for fact in ("a", "a", ["b"], ["b"], "a")]
    del app.jinja_env.globals["count"]
    assert shown == ["<b>0</b>", "<b>0</b>", "<b>1</b>", "<b>1</b>", "<b>0</b>"]


def test_who_has_not_signed_in_sees_no_head_of_somebody_else(visit):
    member = visit.another().sign_in(PersonFactory(name="Mina Member"))
    assert "Mina Member" in member.get("/training").text
    page = visit.get("/training").text
    assert "Mina Member" not in page
    assert 'href="/sign-in"' in page
    assert 'aria-current="page">Training' in page
    assert 'aria-current="page">Training' not in visit.get("/verify").text
