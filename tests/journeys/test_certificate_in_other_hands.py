"""A certificate in other hands: a link for one employer and its log, a list checked at once, and another name on it.

Each page is looked at on a laptop and on a phone, light and dark, with axe and without anything faked.
"""

import csv
import io
import json

import pytest

from tests.support.browser import LAPTOP, PHONE, Guest, link_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey-hands")]
DEMO, HOLDER = "laurel demo password", "holder@demo.example"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36"
"""What a browser with a window says of itself; one without says that it is a program."""
SETTLED_MS = 400
"""Buttons change their colour slowly; in between, no contrast can be judged."""


def looks_everywhere(guest):
    """The same page at both widths and in both schemes."""
    width = guest.page.viewport_size
    for scheme in ("light", "dark"):
        guest.page.emulate_media(color_scheme=scheme)
        guest.page.wait_for_timeout(SETTLED_MS)
        for size in (PHONE, LAPTOP):
            guest.page.set_viewport_size(size)
            guest.look()
    guest.page.emulate_media(color_scheme="light")
    guest.page.set_viewport_size(width)
    guest.page.wait_for_timeout(SETTLED_MS)


@pytest.fixture
def holder(site, browser):
    person = Guest(site, browser)
    person.sign_in(HOLDER, DEMO)
    yield person
    person.close()


@pytest.fixture
def employer(site, browser):
    """Somebody without an account, on a phone."""
    person = Guest(site, browser, PHONE, user_agent=CHROME, accept_downloads=True)
    yield person
    person.close()


def number_in(guest):
    """The number of the certificate in force, from the address that its holder may pass on."""
    guest.page.goto("/certificates")
    for address in guest.page.locator("[id^=address-]").all_text_contents():
        number = address.rsplit("/", 1)[-1].strip()
        guest.page.goto(f"/v/{number}")
        if "Valid" in guest.page.inner_text(".verify-head"):
            return number
    raise AssertionError("no certificate of this person is valid")


def name_of(guest):
    """The name that certificates carry."""
    guest.page.goto("/certificates/name")
    return guest.page.locator("input#name").input_value()


def test_a_link_for_one_employer_its_log_and_its_end(site, holder, employer):
    link = makes_a_link(holder)
    employer.open(link)
    employer.reads("Valid")
    employer.reads("Shown to you by its holder")
    head = employer.page.locator(".verify-head").bounding_box()
    assert head["y"] + head["height"] < PHONE["height"], "the answer stands on the first screen"
    looks_everywhere(employer)
    with employer.page.expect_download() as download:
        employer.page.get_by_role("link", name="Fetch the signed PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    hears_of_changes(site, employer)

    holder.open("/certificates")
    holder.reads("1 open")
    holder.press("Share by a link", role="link", exact=False)
    holder.page.locator("summary", has_text="Opened 2 times").click()
    rows = [row.inner_text().split("\n") for row in holder.page.locator(".share tbody tr").all()]
    assert [(row[-1].split("\t")[-1], "Chrome" in " ".join(row), "127.0.0.0/24" in " ".join(row)) for row in rows] == [
        ("PDF", True, True),
        ("Page", True, True),
    ]
    holder.reads("One address hears when the status of this certificate changes.")
    assert "hr@employer.example" not in holder.page.content()
    looks_everywhere(holder)
    holder.press("End this link now")
    holder.reads("The link is ended.")

    employer.open(link)
    employer.reads("This link is over")
    looks_everywhere(employer)


def makes_a_link(holder):
    holder.open("/certificates")
    holder.press("Share by a link", role="link", exact=False)
    holder.reads("None yet.")
    looks_everywhere(holder)
    holder.press("Make the link")
    holder.reads("Say for whom the link is.")
    holder.fill("For whom?", "Acme & Sons, Ms Müller")
    holder.tick("The page and the signed PDF")
    holder.press("Make the link")
    holder.reads("Your link is ready")
    looks_everywhere(holder)
    link = holder.page.inner_text("#share-link").strip()
    holder.open(holder.page.url)
    assert link not in holder.page.content(), "it is shown this once"
    return link


def hears_of_changes(site, employer):
    employer.press("Hear of changes", role="link")
    looks_everywhere(employer)
    employer.fill("Your e-mail address", "hr@employer.example")
    employer.press("Send me the link to confirm")
    employer.reads("Look into your mail")
    text = site.wait_for_mail("hr@employer.example", "Please confirm")
    assert "Hollis" not in text
    employer.open(link_in(text))
    employer.reads("Do you want to hear of this certificate?")
    looks_everywhere(employer)
    employer.press("Yes, write to me")
    employer.reads("You hear of this certificate")


def test_an_employer_checks_a_whole_list_at_once(holder, employer):
    number = number_in(holder)
    name = name_of(holder)
    unknown = "0000-0000-0000-0000-0000-0000-000"
    rows = [
        ["ID", "Name"],
        [number.lower(), f" {name.upper()} "],
        [number, "Somebody Else"],
        [unknown, name],
        ["=1+1", ""],
    ]
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(rows)

    employer.open("/verify")
    employer.follow(employer.page.locator("main a[href='/verify/bulk']").first)
    looks_everywhere(employer)
    employer.press("Check them all")
    employer.reads("Choose a list or an archive.")
    sheet = {"name": "our people.csv", "mimeType": "text/csv", "buffer": b"\xef\xbb\xbf" + written.getvalue().encode()}
    employer.page.set_input_files("input[name=file]", sheet)
    employer.press("Check them all")
    employer.reads("What the register says")
    said = [" ".join(row.inner_text().split()) for row in employer.page.locator(".bulk-table tbody tr").all()]
    for line, words in zip(
        said, (("Valid", "Matches"), ("Valid", "Differs"), ("Not found",), ("Not found",)), strict=True
    ):
        assert all(word in line for word in words), line
    assert name not in employer.page.inner_text("main"), "no name of the register is told"
    looks_everywhere(employer)
    takes_the_answers(employer, number)


def takes_the_answers(employer, number):
    with employer.page.expect_download() as signed:
        employer.page.get_by_role("button", name="Take the signed record").click()
    record = json.loads(signed.value.path().read_text())
    assert record["proof"]["jws"]
    assert [row["name"] for row in record["results"]] == ["match", "differs", "not-compared", "not-compared"]
    with employer.page.expect_download() as table:
        employer.page.get_by_role("button", name="Take the answers as CSV").click()
    rows = list(csv.DictReader(io.StringIO(table.value.path().read_text(encoding="utf-8-sig"))))
    assert [row["status"] for row in rows] == ["valid", "valid", "unknown", "unknown"]
    assert (rows[0]["number"], rows[3]["number"]) == (number, "'=1+1")


def test_a_typing_error_is_mended_by_a_new_certificate_that_replaces_the_old(site, browser, holder, employer):
    old = number_in(holder)
    name = name_of(holder)
    mended = name.replace("Holder", "Hólder") if "Holder" in name else f"{name}s"
    asks_for_the_name(holder, mended)
    is_granted(site, browser, mended)
    site.wait_for_mail(HOLDER, "name")

    new = waits_for_another(holder, old)
    looks_everywhere(holder)
    holder.reads(mended)
    employer.open(f"/v/{old}")
    employer.reads("Replaced")
    looks_everywhere(employer)
    employer.open(f"/v/{new}")
    employer.reads("Valid")
    employer.reads(mended)


def asks_for_the_name(holder, mended):
    holder.open("/certificates")
    holder.page.locator("summary", has_text="Something is wrong, or has changed").first.click()
    holder.press("My name is misspelt, or is another now", role="link")
    looks_everywhere(holder)
    holder.tick("There is a typing error in my name")
    holder.fill("Your name, as it should stand on the certificate", "Quite Another Person")
    holder.press("Ask for it")
    holder.reads("This is more than a typing error.")
    looks_everywhere(holder)
    holder.fill("Your name, as it should stand on the certificate", mended)
    holder.press("Ask for it")
    holder.reads("Asked. An officer looks at it")


def is_granted(site, browser, mended):
    officer = Guest(site, browser)
    officer.sign_in("officer@demo.example", DEMO)
    officer.open("/office/certificates/requests")
    looks_everywhere(officer)
    officer.press("Look at it", role="link")
    officer.reads(mended)
    looks_everywhere(officer)
    officer.press("Grant it")
    officer.reads("Your decision is recorded, and the holder is told.")
    officer.close()


def waits_for_another(holder, old):
    """The number of the certificate that takes the place of the old one; a job makes it."""
    for _ in range(60):
        number = number_in_or_none(holder)
        if number and number != old:
            holder.open("/certificates")
            return number
        holder.page.wait_for_timeout(500)
    raise AssertionError("no new certificate came")


def number_in_or_none(holder):
    try:
        return number_in(holder)
    except AssertionError:
        return None
