"""Words in braces: what they become, and which are refused."""

from dataclasses import replace

import pytest

from app import markup
from app.body.queries import get_body
from app.pages import placeholders


def render(text, body):
    return str(markup.render(placeholders.fill_markdown(text, body)))


def test_another_body_leaves_no_trace_of_the_first(app):
    first = get_body()
    second = replace(
        first, name="Guild of Weavers", short_name="GW", field="weaving", contact_email="hello@weavers.test"
    )
    text = "{body} ({short_name}) is for {field}. [{contact}](mailto:{contact})"
    assert "The Test Body" in render(text, first)
    html = render(text, second)
    assert "Guild of Weavers (GW) is for weaving." in html
    assert 'href="mailto:hello@weavers.test"' in html
    assert "Test" not in html


def test_the_name_of_a_body_is_words_and_never_markup(app):
    tricky = replace(get_body(), name="A_B_ [x](https://evil.test) *new* <b>& `Co` | #1")
    html = render("We are {body} today", tricky)
    assert "We are A_B_ [x](https://evil.test) *new* &lt;b&gt;&amp; `Co` | #1 today" in html
    assert "<a" not in html
    assert "<em>" not in html


def test_a_name_that_holds_a_placeholder_is_not_filled_again(app):
    sly = replace(get_body(), name="{contact}")
    assert "{contact}" in render("{body}", sly)


def test_an_address_in_several_lines_becomes_one(app):
    body = replace(get_body(), postal_address="1 Long Lane\n\n  Oldtown \nOT1 2AB\n")
    assert "By post: 1 Long Lane, Oldtown, OT1 2AB" in render("By post: {postal_address}", body)


def test_a_line_with_nothing_to_fill_in_is_left_out(app):
    assert get_body().postal_address == ""
    html = render("Before\n\nBy post: {postal_address}\n\nAfter", get_body())
    assert html == "<p>Before</p>\n<p>After</p>\n"


@pytest.mark.parametrize("word", ["{Body}", "{ body }", "{contact-email}", "{phone}", "{naïve}", "{__class__}"])
def test_a_word_that_nothing_can_be_filled_in_for_is_found_as_typed(word):
    assert placeholders.list_unknown(f"Write to {word}, or {word}, or {{body}}.") == [word]


@pytest.mark.parametrize("text", ["{body} {site}", "a { b c } d", "{}", "{1}", "no braces"])
def test_what_is_no_placeholder_or_a_known_one_is_let_through(text):
    assert placeholders.list_unknown(text) == []
