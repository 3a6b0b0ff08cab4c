"""An item from the empty form to the version in use: an author writes, an officer reads what changes and approves."""

import pytest

from tests.journeys.test_certificate_in_other_hands import DEMO, looks_everywhere
from tests.support.browser import Guest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey-items")]
STEM = "A customer said yes to one call. What may you do with that yes?"
FEEDBACK = "Consent is given for one use."


@pytest.fixture
def author(site, browser):
    person = Guest(site, browser)
    person.sign_in("author@demo.example", DEMO)
    yield person
    person.close()


@pytest.fixture
def officer(site, browser):
    person = Guest(site, browser)
    person.sign_in("officer@demo.example", DEMO)
    yield person
    person.close()


def write(author, number):
    """A draft with a faultless question of three options; the address of its item."""
    author.open("/items/bank/CR-F-BANK")
    author.press("Write an item", "link")
    author.fill("Number (optional)", number)
    author.press("Begin the draft")
    author.fill("Question", STEM)
    for place, text in enumerate(("Arrange this one call", "Print the logo", "Quote them")):
        author.page.fill(f"#f-options-{place}-text", text)
    author.page.check("#f-options-0-right")
    author.fill("Feedback", FEEDBACK)
    author.fill("Outcome", "F1")
    author.fill("Objective", "F1.1")
    author.page.select_option("#thinking", "apply")
    return author.page.evaluate("location.pathname").removesuffix("/write")


def test_an_item_is_written_saved_by_itself_reviewed_and_used(author, officer):
    address = write(author, "J-1")
    author.page.locator("[data-saved]", has_text="Saved at").wait_for()
    author.page.get_by_text("Arrange this one call").last.wait_for()
    author.press("Save and send to review")
    author.reads("Why this version")
    assert author.page.input_value("#stem") == STEM
    author.fill("Why this version", "Nothing asked about the limits of consent.")
    author.press("Save and send to review")
    author.reads("waits for a reviewer")

    officer.open("/items/bank/CR-F-BANK?state=in_review")
    officer.reads("J-1")
    officer.open(f"{address}/review")
    officer.reads(FEEDBACK)
    officer.press("Approve and put into use")
    officer.reads("The version is in use now.")

    author.open("/items/bank/CR-F-BANK?q=J-1")
    author.reads("Few answers")
    looks_everywhere(author)


def test_gaps_are_written_as_text_and_each_fault_has_its_line(author):
    author.open("/items/new?bank=CR-F-BANK")
    author.page.check("input[value=cloze]")
    author.press("Begin the draft")
    author.fill("Question", "Fill in what is missing.")
    author.page.fill("#f-toml", 'text = "It takes {{n}} days."\n\ngaps = [\n  { code = "n", kind = "numeric" },\n]')
    author.press("Save and send to review")
    author.reads("Line 4")
    assert "{{n}} days" in author.page.input_value("#f-toml")
    looks_everywhere(author)


def test_the_pages_of_an_item_hold_at_every_width(author):
    author.open("/items")
    author.open("/items/bank/CR-F-BANK")
    looks_everywhere(author)
    author.follow(author.page.locator(".stem-link").first)
    looks_everywhere(author)
    author.press("Write a new version", "link")
    looks_everywhere(author)
