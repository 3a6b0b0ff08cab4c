"""The same house as another body: an officer renames it, gives it other colours, and no trace of the first one remains."""

import re

import pytest
from pypdf import PdfReader

from tests.journeys import test_training_path as path
from tests.support.browser import Guest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey-another")]
OTHER = "Guild of Night Gardeners"
TRACES = re.compile(r"Customer Reference Institute|\bCRI\b|customer reference", re.IGNORECASE)
PUBLIC = (
    "/", "/about", "/privacy", "/cookies", "/accessibility", "/terms", "/help", "/contact", "/about/code-of-conduct",
    "/about/candidates-rules", "/join", "/sign-in", "/forgotten-password", "/verify", "/training", "/style-guide", "/nowhere",
)  # fmt: skip
OWN = ("/path", "/certificates", "/results", "/account", "/account/sessions")
# Certificates issued before keep what they say, so the list of certificates is not among these.
OFFICE = ("/office", "/office/people", "/office/settings", "/office/mails", "/office/results", "/office/exams")


@pytest.fixture(scope="module")
def renamed(site, browser):
    """The site after an officer has made it another body; a first try with an unreadable colour is refused."""
    officer = Guest(site, browser)
    officer.sign_in("officer@demo.example", "laurel demo password")
    officer.open("/office/settings")
    officer.fill("Full name", OTHER)
    officer.fill("Short name", "GNG")
    officer.fill("The field it stands for", "night gardening")
    officer.fill("Headline of the front page", "Gardens that open after dark")
    officer.fill("What the body does, and for whom", "The Guild trains and examines those who garden by night.")
    officer.fill("Address for questions", "office@gardeners.example")
    officer.fill("First colour: buttons, links, band", "#F0E68C")
    officer.press("Save")
    officer.reads("Words would be hard to read")
    assert officer.page.get_by_label("Full name").input_value() == OTHER
    officer.fill("First colour: buttons, links, band", "#3A2A6B")
    officer.press("Save")
    officer.reads("Saved.")
    officer.page.wait_for_timeout(5_500)  # other processes keep the body's row for five seconds
    officer.close()
    return site


def test_the_office_speaks_of_the_new_body(renamed, browser):
    officer = Guest(renamed, browser)
    officer.sign_in("officer@demo.example", "laurel demo password")
    for address in OFFICE:
        officer.open(address)
        assert not traces(officer), address
    officer.close()


def traces(guest):
    """What still speaks of the first body, but for the course, whose subject it is."""
    return TRACES.findall(guest.page.title() + guest.page.inner_text("body"))


def test_no_page_speaks_of_the_first_one(renamed, browser):
    visitor = Guest(renamed, browser)
    for address in PUBLIC:
        visitor.page.goto(address)
        visitor.look()
        assert not traces(visitor), address
    colour = visitor.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--laurel').trim()")
    assert colour.upper() == "#3A2A6B"
    visitor.close()

    learner = Guest(renamed, browser)
    learner.sign_in("newcomer@demo.example", "laurel demo password")
    for address in OWN:
        learner.open(address)
        assert not traces(learner), address
    learner.close()


def test_the_whole_path_and_its_certificate_carry_the_new_name(renamed, browser, tmp_path):
    site = renamed
    learner = Guest(site, browser, accept_downloads=True)
    learner.looks_closely = False  # the pages themselves are looked at in the other journeys
    address, name = "night@people.example", "Nadia Night"
    path.joins(learner, address, name)
    path.studies(learner)
    path.sits_the_exam(learner)
    path.hands_in(learner)
    path.is_marked(site, browser, with_keyboard=False)
    path.is_released(site, browser, with_keyboard=False)
    paper = path.receives_the_certificate(learner, site, address, name, tmp_path)
    learner.close()

    printed = PdfReader(paper).pages[0].extract_text()
    assert "Foundation in night gardening" in printed
    assert not TRACES.search(printed)
    messages = site.mails_to(address)
    assert len(messages) >= 4
    for message in messages:
        assert not TRACES.search(message["Subject"] + message.get_content().replace("CR-F", "")), message["Subject"]
