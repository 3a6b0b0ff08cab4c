"""The public front page: what the body is, one thing to do, and a certificate to check without an account."""

import re

from flask import render_template

LEVEL = {
    "code": "foundation",
    "medal": "foundation",
    "title": "Groundwork",
    "summary": "Know the ground.",
    "facts": [("Exam", "40 questions")],
    "href": "/training/groundwork",
    "first": True,
}


def primaries(page: str) -> list[str]:
    return re.findall(r'<(?:a|button)[^>]*class="govuk-button"[^>]*>([^<]+)', page)


def test_a_stranger_reads_what_the_body_is_and_sees_one_thing_to_do(visit):
    page = visit.get("/").get_data(as_text=True)
    assert "<h1>Testing, practised as a profession</h1>" in page
    assert "The body trains, examines and certifies people who test with care." in page
    assert primaries(page) == ["Join"]


def test_with_levels_the_one_thing_to_do_is_to_start_the_first(app):
    with app.test_request_context("/"):
        page = render_template(
            "home/front.html", levels=[LEVEL, LEVEL | {"first": False}], figures=[("12", "", "people")]
        )
    assert primaries(page) == ["Start Groundwork"]
    assert page.count("Read the Groundwork syllabus") == 2
    assert "12" in page


def test_the_number_of_a_certificate_is_asked_for_by_get_without_a_token(visit):
    page = visit.get("/").get_data(as_text=True)
    form = re.search(r'<form action="/verify" method="get".*?</form>', page, re.DOTALL)
    assert form is not None
    assert 'name="number"' in form.group()
    assert "csrf_token" not in form.group()


def test_the_specimen_belongs_to_nobody_and_cannot_be_looked_up(visit):
    page = visit.get("/").get_data(as_text=True)
    specimen = re.search(r'<figure class="specimen">.*?</figure>', page, re.DOTALL)
    assert specimen is not None
    assert "SPECIMEN" in specimen.group()
    assert "/v/" not in specimen.group()
