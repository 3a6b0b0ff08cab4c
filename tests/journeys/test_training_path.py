"""The training path from the front page to an employer's check, by pointer and by keyboard, with nothing faked.

Somebody joins, reads the whole Foundation course, sits its exam, hands in the practical; an assessor marks it, an officer
releases it, the holder confirms the name, and an employer checks the signed PDF by number, by code and by upload.
"""

import shutil
import subprocess

import pytest

from tests.support.browser import PHONE, Guest, link_in
from tests.support.knowledge import Knowledge

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey-path")]
OWN, DEMO = "nine calm rivers turning", "laurel demo password"
WORK = (
    "## Account A\n\nWhy they chose us (sales, 4 October): the second quotation. How it was delivered: two weeks late."
)


@pytest.mark.parametrize("with_keyboard", [False, True], ids=["pointer", "keyboard"])
def test_from_the_front_page_to_a_certificate_that_an_employer_checks(site, browser, with_keyboard, tmp_path):
    hands = "keyboard" if with_keyboard else "pointer"
    learner = Guest(site, browser, with_keyboard=with_keyboard, accept_downloads=True)
    address, name = f"path.{hands}@people.example", f"Ágnes Path-{hands.title()}"

    joins(learner, address, name)
    studies(learner)
    sits_the_exam(learner)
    hands_in(learner)
    is_marked(site, browser, with_keyboard)
    is_released(site, browser, with_keyboard)
    paper = receives_the_certificate(learner, site, address, name, tmp_path)
    number = employer_checks(site, browser, paper, name)
    outside_judges_agree(paper, number, site)
    learner.close()


def joins(learner, address, name):
    learner.open("/join")
    learner.fill("Your name", name)
    learner.fill("E-mail address", address)
    learner.fill("Password", OWN)
    learner.tick("I do not work for an organisation in this field")
    learner.tick("I agree to the terms and to the code of conduct")
    learner.tick("I have read how my data is used")
    learner.press("Join")
    learner.open(link_in(learner.site.wait_for_mail(address, "Confirm")))
    learner.fill("Password", OWN)
    learner.press("Confirm and sign in")
    learner.reads("My path")


def studies(learner):
    learner.open("/training/CR-F")
    learner.press("Start Foundation")
    learner.open("/training/CR-F")
    learner.press("Start the first lesson", role="link")
    for _ in range(40):
        onward = learner.page.get_by_role("button", name="Next: ")
        if onward.count() == 0:
            break
        learner.follow(onward.first)
    learner.press("Finish the course")
    learner.open("/path")
    learner.reads("All 26 lessons read")


def sits_the_exam(learner):
    knowledge = Knowledge()
    learner.open("/exams/CR-F-EXAM")
    learner.hands.tick(learner.page.locator("input[name=declared]"))
    learner.press("Start the exam")
    for place in range(1, 41):
        learner.page.get_by_role("heading", name=f"Question {place} of 40", exact=True).wait_for()
        if place in (1, 20):
            learner.look()
        knowledge.answer(learner.page, learner.hands)
        onward = "Next question" if place < 40 else "Review and hand in"
        learner.hands.press(learner.page.locator(".exam-foot").get_by_role("button", name=onward))
    learner.page.wait_for_url("**/review")
    learner.look()
    learner.reads("Every question is answered.")
    learner.press("Hand in now")
    wait_for(learner, "/results", "Passed")


def wait_for(guest, path, text):
    for _ in range(60):
        guest.page.goto(path)
        if text in guest.page.inner_text("main"):
            guest.look()
            return
        guest.page.wait_for_timeout(500)
    raise AssertionError(f"{path} never said {text!r}: {guest.page.inner_text('main')}")


def hands_in(learner):
    learner.open("/practicals/CR-F-P1")
    learner.press("Begin the practical")
    learner.fill("Your text", WORK)
    learner.press("Look over and hand in")
    learner.hands.tick(learner.page.locator("input[name=agree]"))
    learner.press("Hand in")
    learner.reads("receipt")


def is_marked(site, browser, with_keyboard):
    assessor = Guest(site, browser, with_keyboard=with_keyboard)
    assessor.sign_in("assessor@demo.example", DEMO)
    assessor.open("/marking")
    waiting = assessor.page.locator("main tbody tr").count()
    for _ in range(waiting):
        assessor.open("/marking")
        assessor.press("Take the next script")
        assert "Path-" not in assessor.page.content()
        assert "Ágnes" not in assessor.page.content()
        marks(assessor)
    assessor.close()


def marks(assessor):
    criteria = assessor.page.locator("details.criterion")
    for number in range(criteria.count()):
        criterion = criteria.nth(number)
        if criterion.get_attribute("open") is None:
            assessor.hands.press(criterion.locator("summary"))
        assessor.hands.tick(criterion.locator("input[type=radio]").nth(2))
        assessor.hands.type(criterion.locator("textarea"), f"Criterion {number + 1}: named, dated and honest.")
    assessor.press("Hand in marks")


def is_released(site, browser, with_keyboard):
    officer = Guest(site, browser, with_keyboard=with_keyboard)
    officer.sign_in("officer@demo.example", DEMO)
    officer.open("/office/results")
    boxes = officer.page.locator("input[name=result]:not([disabled])")
    for number in range(boxes.count()):
        officer.hands.tick(boxes.nth(number))
    officer.press("Release the chosen results")
    officer.close()


def receives_the_certificate(learner, site, address, name, folder):
    site.wait_for_mail(address, "result")
    learner.open("/certificates")
    learner.press("Look at your name", role="link")
    learner.hands.tick(learner.page.locator("input[name=confirm]"))
    learner.press("Confirm this name")
    wait_for(learner, "/certificates", "Fetch the signed PDF")
    learner.hands.press(learner.page.locator("details:has(input[name=visibility]) > summary"))
    learner.hands.tick(learner.page.locator("input[name=visibility][value=public]"))
    learner.press("Save")
    learner.reads(name)
    with learner.page.expect_download() as download:
        learner.hands.press(learner.page.get_by_role("link", name="Fetch the signed PDF"))
    paper = folder / "certificate.pdf"
    download.value.save_as(paper)
    learner.open("/path")
    learner.reads("You hold Foundation")
    return paper


def employer_checks(site, browser, paper, name):
    employer = Guest(site, browser, PHONE)
    employer.open("/verify")
    employer.page.set_input_files("input[name=file]", paper)
    employer.follow(employer.page.locator("form:has(input[name=file]) button[type=submit]"))
    employer.reads("This is the file we signed")
    employer.reads("Valid")
    employer.reads(name)
    number = read_code(paper).rsplit("/", 1)[-1]
    employer.open(f"/V/{number}")
    employer.reads("Valid")
    top = employer.page.locator(".verify-head").bounding_box()
    assert top["y"] + top["height"] < PHONE["height"]

    forged = paper.with_name("forged.pdf")
    data = bytearray(paper.read_bytes())
    at = data.index(b"stream\n") + 40
    data[at] ^= 1
    forged.write_bytes(data)
    employer.open("/verify")
    employer.page.set_input_files("input[name=file]", forged)
    employer.follow(employer.page.locator("form:has(input[name=file]) button[type=submit]"))
    employer.reads("This file was altered after we signed it")
    assert "This is the file we signed" not in employer.page.inner_text("main")
    employer.close()
    return number


def read_code(paper):
    """The address in the QR code of a rasterised page."""
    import pypdfium2
    import zxingcpp

    document = pypdfium2.PdfDocument(paper)
    picture = document[0].render(scale=3).to_pil()
    document.close()
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1
    return found[0].text


def outside_judges_agree(paper, number, site):
    if shutil.which("pdfsig"):
        said = subprocess.run(["pdfsig", paper], capture_output=True, text=True, check=False).stdout
        assert "Signature is Valid" in said
        assert "Total document signed" in said
    host = site.address.removeprefix("http://").upper()
    assert read_code(paper) == f"HTTP://{host}/V/{number}"
