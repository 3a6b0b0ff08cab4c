"""Every kind can be shown and answered with a plain form, and shows nothing that tells the answer."""

from html.parser import HTMLParser

import pytest
from flask import render_template_string
from werkzeug.datastructures import MultiDict

from assessments.grading.kinds.registry import KINDS, kind
from assessments.items.rendering import public_view, read_answer, told
from tests.assessments.grading.item_contents import KIND_NAMES, item_content
from tests.factories.assessments import SECRET_MARK, definition

PAGE = '{% import "items/" ~ item.kind ~ ".html" as k with context %}{{ k.question(item, answer, "q", "") }}'


def html_of(app, content, answer=None):
    with app.test_request_context():
        return render_template_string(PAGE, item=public_view(content, None), answer=answer)


class Controls(HTMLParser):
    """What a browser without scripts would send, and whether each control has a name that is read out."""

    def __init__(self, html):
        super().__init__()
        self.fields, self.labelled_ids, self.controls, self.select, self.depth_label = [], set(), [], None, 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.depth_label += tag == "label"
        if tag == "label" and known.get("for"):
            self.labelled_ids.add(known["for"])
        if tag in ("input", "select"):
            self.controls.append((known, self.depth_label > 0))
        if tag == "input" and (known.get("type") == "text" or "checked" in known):
            self.fields.append((known["name"], known.get("value", "")))
        if tag == "select":
            self.select, self.chosen = known["name"], ""
        if tag == "option" and "selected" in known:
            self.chosen = known["value"]

    def handle_endtag(self, tag):
        self.depth_label -= tag == "label"
        if tag == "select":
            self.fields.append((self.select, self.chosen))


@pytest.mark.parametrize("answer", ["a", "", ["a", "b"], [], {"1": "a", "x": "y"}, {}])
@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_question_is_shown_whatever_shape_an_unreadable_answer_had(app, name, answer):
    """What could not be read comes back to the page of its question; a shape that no page of ours sends breaks nothing."""
    if name != "parametrised":  # it is asked as the kind that it holds
        assert "q-stem" in html_of(app, item_content(name), answer)


@pytest.mark.parametrize("name", KIND_NAMES)
def test_a_stored_answer_comes_back_from_the_plain_form_as_it_was(app, name):
    content = item_content(name)
    right = kind(name).right_response(content)

    sent = read_answer(MultiDict(Controls(html_of(app, content, right)).fields))

    assert kind(name).normalise(content, sent) == right


@pytest.mark.parametrize("name", KIND_NAMES)
def test_an_untouched_form_means_unanswered(app, name):
    content = item_content(name)

    assert kind(name).normalise(content, read_answer(MultiDict(Controls(html_of(app, content)).fields))) is None


@pytest.mark.parametrize("name", KIND_NAMES)
def test_every_control_is_named_and_the_question_is_read_with_it(app, name):
    html = html_of(app, item_content(name))
    found = Controls(html)

    assert found.controls
    for attributes, is_inside_label in found.controls:
        assert is_inside_label or attributes.get("id") in found.labelled_ids or attributes.get("aria-labelledby")
    assert 'aria-labelledby="q-stem' in html
    assert 'id="q-stem"' in html


@pytest.mark.parametrize("name", KIND_NAMES)
def test_nothing_hidden_is_in_the_question(app, name):
    html = html_of(app, definition("X", name))

    assert SECRET_MARK not in html
    assert "271828" not in html
    assert "31415" not in html


def test_a_half_filled_order_comes_back_as_typed(app):
    content = item_content("ordering")
    codes = kind("ordering").right_response(content)

    html = html_of(app, content, {codes[0]: "2", codes[1]: ""})

    assert Controls(html).fields.count((f"answer.map.{codes[0]}", "2")) == 1


def test_the_partial_credit_is_told_before_answering(app):
    assert "takes such a share away" in html_of(app, item_content("multiple"))
    assert "follows the step it should follow" in html_of(app, item_content("ordering"))


@pytest.mark.parametrize("name", KIND_NAMES)
def test_feedback_says_right_to_the_right_answer_and_names_what_was_missed(app, name):
    content = item_content(name)
    with app.test_request_context():
        good = told(content, kind(name).right_response(content))
        empty = told(content, None)

    assert (good.word, good.tone) == ("Right", "success")
    assert all(line.right for line in good.lines)
    assert empty.word == "No answer yet"
    assert empty.lines, "the answer is named to somebody who gave none"
