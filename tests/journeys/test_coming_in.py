"""Somebody new finds the site, joins, makes mistakes on the way, and is in."""

import pytest

from tests.support.browser import link_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey-coming-in")]
PASSWORD = "seven quiet garden chairs"
ADDRESS = "new.person@people.example"


def test_from_the_front_page_to_the_own_account(guest):
    guest.open("/")
    guest.follow(guest.page.get_by_role("main").get_by_role("link", name="Start Foundation").first)
    guest.follow(guest.page.get_by_role("main").get_by_role("link", name="Join and start").first)
    guest.press("Join")
    guest.reads("There is a problem")
    assert guest.page.evaluate("document.activeElement.className").startswith("govuk-error-summary")

    guest.fill("Your name", "Zoë van der Éxample-Long")
    guest.fill("E-mail address", ADDRESS)
    guest.fill("Password", "password")
    guest.page.get_by_label("I work for, or with, an organisation").check()
    guest.page.get_by_label("Name of the organisation").fill("Example Works")
    guest.page.get_by_label("I agree to the terms and to the code of conduct").check()
    guest.page.get_by_label("I have read how my data is used").check()
    guest.press("Join")
    guest.reads("among the first that attackers try")
    assert guest.page.get_by_label("Your name", exact=True).input_value() == "Zoë van der Éxample-Long"

    guest.fill("Password", PASSWORD)
    guest.press("Join")
    guest.reads("Look into your mail")

    guest.open(link_in(guest.site.wait_for_mail(ADDRESS, "Confirm")))
    guest.fill("Password", PASSWORD)
    guest.press("Confirm and sign in")
    guest.open("/account")
    guest.reads("Your account")
    with guest.on_a_phone():
        guest.look()


def test_signing_in_with_the_keyboard_alone(guest):
    guest.open("/sign-in")
    guest.page.keyboard.press("Tab")
    assert guest.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    guest.page.keyboard.press("Enter")
    for _ in range(12):
        guest.page.keyboard.press("Tab")
        if guest.page.evaluate("document.activeElement.id") == "email":
            break
    guest.page.keyboard.type("officer@demo.example")
    guest.page.keyboard.press("Tab")
    guest.page.keyboard.type("laurel demo password")
    guest.page.keyboard.press("Enter")
    guest.page.wait_for_url("**/office")
    guest.look()
    guest.reads("Office")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_accounts_and_office_is_clean(site, browser, scheme):
    from tests.support.browser import PHONE, Guest

    officer = Guest(site, browser, color_scheme=scheme)
    for path in (
        "/",
        "/join",
        "/sign-in",
        "/forgotten-password",
        "/nowhere",
        "/about",
        "/privacy",
        "/cookies",
        "/style-guide",
    ):
        officer.page.goto(path)
        officer.look()
    officer.sign_in("officer@demo.example", "laurel demo password")
    paths = (
        "/office", "/office/people", "/office/settings", "/office/mails", "/office/mails/accounts.confirm", "/office/outbox",
        "/office/jobs", "/office/audit", "/office/events", "/office/pages", "/office/pages/about", "/account",
        "/account/sessions", "/confirm-password",
    )  # fmt: skip
    for path in paths:
        officer.open(path)
    officer.page.set_viewport_size(PHONE)
    for path in paths:
        officer.open(path)
    officer.close()
