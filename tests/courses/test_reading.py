"""A lesson on the page: cut at its questions, marked at its headings, its tables readable on a phone."""

import pytest

from courses.reading import read


@pytest.fixture(autouse=True)
def _page(app):
    with app.test_request_context():
        yield


def test_the_text_is_cut_where_a_question_stands():
    reading = read("Before.\n\n::: check A-Q01\n:::\n\nAfter.\n")
    assert [part.check for part in reading.parts] == ["", "A-Q01", ""]
    assert "Before" in reading.parts[0].html
    assert "After" in reading.parts[2].html


def test_headings_have_marks_to_come_back_to():
    reading = read("## One *thing*\n\ntext\n\n### Two & three\n")
    assert [(section.mark, section.title) for section in reading.sections] == [
        ("part-1", "One thing"),
        ("part-2", "Two & three"),
    ]
    assert '<h3 id="part-2">' in reading.parts[0].html
    assert reading.title_of("part-2") == "Two & three"
    assert reading.title_of("part-7") == ""


def test_cells_carry_the_name_of_their_column():
    html = read('| Who | Asks "why" |\n|---|---|\n| Sales | *now* |\n').parts[0].html
    assert '<td class="first">Sales</td>' in html
    assert "<em>now</em>" in html
    assert 'data-label="Asks “why”"' in html


def test_markup_in_the_text_stays_text():
    html = read('<script>alert(1)</script>\n\n<div class="block block-check" data-check="A-Q01"></div>\n')
    assert [part.check for part in html.parts] == [""]
    assert "<script" not in html.parts[0].html
