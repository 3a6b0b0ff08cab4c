"""The texts a body is born with: complete, filled in, and true of this system."""

import re
from itertools import pairwise

import pytest
from markupsafe import Markup

from app import markup
from app.accounts import queries as account_queries
from app.accounts import services as account_services
from app.accounts import sessions
from app.body.queries import get_body
from app.pages import placeholders
from app.pages.defaults import FOLDER, KINDS, get_default

SLUGS = [kind.slug for kind in KINDS]
LINK = re.compile(r"\]\((/[^)\s]*)\)")


def words_of(slug):
    return " ".join(get_default(slug).text.split())


def test_every_page_has_a_text_and_every_text_a_page():
    assert {path.stem for path in FOLDER.iterdir()} == set(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_text_has_a_good_length_and_only_known_placeholders(slug):
    default = get_default(slug)
    assert 300 <= len(default.text.split()) <= 900
    assert placeholders.list_unknown(default.title + default.text) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_a_text_renders_with_headings_in_order_and_nothing_left_to_fill_in(app, slug):
    html = markup.render(placeholders.fill_markdown(get_default(slug).text, get_body()))
    levels = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert levels, "a text of this length needs headings"
    assert levels[0] == 2
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert not re.search(r"[{}]|\*\*", Markup(html).striptags())


@pytest.mark.parametrize("slug", SLUGS)
def test_links_lead_to_pages_that_are_there(app, slug):
    adapter = app.url_map.bind("body.test")
    for path in LINK.findall(get_default(slug).text):
        assert adapter.test(path, method="GET"), path


def test_the_cookie_page_names_the_cookie_and_the_times_that_sessions_keep(app):
    text = words_of("cookies")
    assert f"`{app.config['SESSION_COOKIE_NAME']}`" in text
    assert "`__Host-laurel`" in text
    in_words = {12 * 60: "twelve hours", 120: "two hours", 30: "thirty minutes"}
    for time in (sessions.LONGEST, sessions.IDLE_MEMBER, sessions.IDLE_STAFF):
        assert in_words[time.total_seconds() // 60] in text


def test_the_help_page_gives_the_life_of_the_link_for_a_forgotten_password():
    assert account_services.RESET_FOR.total_seconds() == 3600
    assert "works once, within an hour" in words_of("help")


def test_the_pages_members_agree_to_are_those_that_joining_asks_for():
    assert {kind.slug for kind in KINDS if kind.is_agreed_to} == set(account_queries.CONSENT_PAGES)


def test_the_privacy_notice_gives_a_ground_and_a_period_for_each_kind_of_data():
    held = get_default("privacy").text.split("## What we hold")[1].split("## Who sees it")[0]
    kinds = [paragraph for paragraph in held.split("\n\n") if paragraph.startswith("**")]
    assert len(kinds) == 13
    for kind in kinds:
        is_told_elsewhere = "](/cookies)" in kind
        assert ("*Ground:*" in kind and "*Kept:*" in kind) != is_told_elsewhere, kind


def test_the_code_names_every_step_and_both_times_for_an_appeal():
    text = words_of("code-of-conduct")
    assert [f"**Step {n}:" in text for n in range(5)] == [True] * 5
    assert "**within 21 days**" in text
    assert "**within 28 days**" in text
