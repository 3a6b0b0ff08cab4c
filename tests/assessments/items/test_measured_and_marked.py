"""The kinds whose forms are more than one field: numbers with units, essays, files, and questions drawn by number."""

import json
from random import Random

import pytest
from flask import render_template_string
from werkzeug.datastructures import MultiDict

from assessments.grading.kinds.file_answer import received
from assessments.grading.kinds.realising import realise
from assessments.grading.kinds.registry import kind
from assessments.items.rendering import public_view, read_answer, shuffled_order, told
from tests.assessments.grading.item_contents import OTHER_EXAMPLES, item_content

PAGE = '{% import "items/" ~ item.kind ~ ".html" as k with context %}{{ k.question(item, answer, "q", error) }}'
UNITS = [{"text": "min", "factor": "1"}, {"text": "sq m", "factor": "60"}]


def html_of(app, item, answer=None, error=""):
    with app.test_request_context():
        return render_template_string(PAGE, item=item, answer=answer, error=error)


def measured():
    content = item_content("numeric", answer="120", tolerance="0", units=UNITS)
    del content["unit"]
    return content


@pytest.mark.parametrize("answer", ["2 sq m", {"number": "2", "unit": "sq m"}])
def test_a_number_and_its_unit_come_back_into_their_own_fields(app, answer):
    html = html_of(app, public_view(measured(), None), answer)

    assert 'name="answer.map.number" value="2"' in html
    assert '<option value="sq m" selected>' in html
    assert html.count(" selected") == 1
    assert html.count("<label for=") == 2


def test_a_half_typed_measure_comes_back_as_it_was(app):
    html = html_of(app, public_view(measured(), None), {"number": "1,234", "unit": ""}, "Choose the unit.")

    assert 'value="1,234"' in html
    assert " selected" not in html
    assert "Choose the unit." in html


def test_a_plain_form_answers_with_number_and_unit():
    raw = read_answer(MultiDict([("answer.map.number", "2"), ("answer.map.unit", "sq m")]))

    assert kind("numeric").normalise(measured(), raw) == "2 sq m"


def test_an_essay_begins_with_its_template_and_keeps_every_line(app):
    item = public_view(item_content("essay"), None)

    assert "\nDear colleague,</textarea>" in html_of(app, item)
    html = html_of(app, item, "\nFirst <b>line</b>\n\nSecond")
    assert ">\n\nFirst &lt;b&gt;line&lt;/b&gt;\n\nSecond</textarea>" in html, "a page drops the first of two line ends"


@pytest.mark.parametrize(("words", "shown"), [(0, "fewer"), (4, "fewer"), (5, ""), (300, ""), (301, "more")])
def test_the_server_counts_the_words(app, words, shown):
    html = html_of(app, public_view(item_content("essay"), None), "word " * words)

    assert f"<b data-words>{words}</b>" in html
    assert ("data-short hidden" not in html) == (shown == "fewer")
    assert ("data-long hidden" not in html) == (shown == "more")


@pytest.mark.parametrize("name", ["essay", "file_answer"])
def test_what_it_is_marked_by_is_shown_and_how_is_not(app, name):
    content = json.loads(json.dumps(item_content(name, feedback="CANARY")))
    for row in content["marks"]:
        row["guidance"] = "CANARY"
        row["descriptors"] = ["CANARY"] * (row["points"] + 1)

    html = html_of(app, public_view(content, None))

    assert content["marks"][0]["title"] in html
    assert "CANARY" not in html


def test_files_that_were_received_stand_in_the_form_so_that_leaving_keeps_them(app):
    code = received("abc", "1" * 64)
    held = [{"code": code, "id": "abc", "name": "My plan.pdf", "size": 2048, "sha256": "1" * 64, "address": "/x"}]
    content = item_content("file_answer")

    html = html_of(app, public_view(content, None) | {"files": held, "upload": "/attempts/a/files/1"}, [code])

    assert f'<input type="hidden" name="answer.list" value="{code}">' in html
    assert 'formaction="/attempts/a/files/1" formenctype="multipart/form-data"' in html
    assert 'name="remove" value="abc"' in html
    assert kind("file_answer").normalise(content, read_answer(MultiDict([("answer.list", code)]))) == [code]


def test_a_full_answer_offers_no_further_field(app):
    held = [
        {"code": received(name, "1" * 64), "id": name, "name": name, "size": 1, "sha256": "1" * 64, "address": "/x"}
        for name in ("abc", "def")
    ]

    html = html_of(app, public_view(item_content("file_answer"), None) | {"files": held, "upload": "/x"}, [])

    assert 'type="file"' not in html


def test_a_parametrised_question_is_shown_as_the_kind_it_became(app):
    content = item_content("parametrised")
    order = shuffled_order(content, Random(3))
    made = realise(content, order)

    html = html_of(app, public_view(content, order))

    assert made["stem"] in html
    assert "{people}" not in html
    assert public_view(content, order)["kind"] == "numeric"


def test_the_shuffle_of_other_items_is_what_it_was_before_there_were_variants():
    assert shuffled_order(item_content("single"), Random("seed/parts")) == {"options": _shuffled(["a", "b", "c"])}


def _shuffled(codes):
    Random("seed/parts").shuffle(codes)
    return codes


@pytest.mark.parametrize("name", ["essay", "file_answer"])
def test_practice_judges_nothing_that_people_mark(app, name):
    content = item_content(name)
    response = "My answer" if name == "essay" else [received("abc", "1" * 64)]

    with app.test_request_context():
        assert (told(content, response).word, told(content, response).feedback) == (
            "Compare it yourself",
            content["feedback"],
        )
        assert told(content, None).word == "No answer yet"


def test_every_other_kind_has_its_example():
    assert set(OTHER_EXAMPLES) == {"essay", "file_answer", "parametrised"}
