"""The quiet room in a real browser: what the module does when the connection, another window or the clock get in the way."""

import sqlite3
from datetime import timedelta

import pytest

from app import clock
from tests.journeys.test_training_path import studies
from tests.support.browser import PHONE, Guest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey-quiet-room")]
DEMO = "laurel demo password"
SINGLE = ".answer-box input[type=radio]"


@pytest.fixture
def sitter(site, browser):
    """A newcomer in the quiet room."""
    guest = Guest(site, browser)
    guest.page.on("dialog", lambda dialog: dialog.accept())
    guest.sign_in("newcomer@demo.example", DEMO)
    guest.looks_closely = False  # the lessons are looked at in the journey of the training path
    studies(guest)
    guest.looks_closely = True
    guest.open("/exams/CR-F-EXAM")
    guest.page.locator("input[name=declared]").check()
    guest.press("Start the exam")
    yield guest
    guest.faults = [fault for fault in guest.faults if "ERR_FAILED" not in fault and "ERR_INTERNET" not in fault]
    guest.close()


def places_of_single_choice(guest, count):
    """Addresses of the first questions that ask for one answer."""
    base, found = guest.page.url.split("?")[0], []
    for place in range(1, 41):
        guest.page.goto(f"{base}?q={place}")
        if guest.page.locator(SINGLE).count() > 2:
            found.append(f"{base}?q={place}")
        if len(found) == count:
            return base, found
    raise AssertionError("this attempt has too few questions of single choice")


def wait_for_saved(page):
    page.locator(".saved:not(.saved-waiting)", has_text="Saved at").wait_for()


def chosen(page):
    return [box.is_checked() for box in page.locator(SINGLE).all()]


def test_connection_windows_devices_and_the_bell(site, browser, sitter):
    page = sitter.page
    base, [first, second, third] = places_of_single_choice(sitter, 3)

    # an answer is saved as it is given, and the grid follows without a reload
    page.goto(first)
    page.locator(SINGLE).nth(1).check()
    wait_for_saved(page)
    place = first.split("=")[1]
    assert page.locator(f'[data-cell="{place}"]').get_attribute("aria-label") == f"Question {place}, answered"
    page.locator("[data-flag]").click()
    page.locator('[data-flag][aria-pressed="true"]').wait_for()
    sitter.look()

    # the connection goes: the answer waits on the device, survives a reload, and is sent when it is back
    page.goto(second)
    page.route("**/answers/*", lambda route: route.abort())
    page.locator(SINGLE).nth(2).check()
    page.locator("[data-offline]").wait_for(state="visible")
    sitter.look()
    page.reload()
    assert chosen(page)[2], "the answer came back after the reload"
    page.unroute("**/answers/*")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_for_saved(page)
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    assert chosen(page)[2], "the server has it"

    # a second window answers first: the newer answer stays, and this window says so
    page.goto(third)
    other = sitter.context.new_page()
    other.goto(third)
    other.locator(SINGLE).nth(0).check()
    wait_for_saved(other)
    page.locator(SINGLE).nth(1).check()
    page.get_by_text("answered in another window").wait_for()
    page.reload()
    assert chosen(page)[0]
    other.close()

    answers_by_keyboard_alone(page, first)
    carries_on_through_a_minute_without_a_network(page, second)
    is_given_time_and_paused_without_a_reload(site, sitter, first)

    # a second device takes over; the first one may no longer write, and is told the way
    phone = Guest(site, browser, viewport=PHONE)
    phone.sign_in("newcomer@demo.example", DEMO)
    phone.open(base)
    phone.press("Go on here")
    phone.reads("Question 1 of 40")
    page.locator(SINGLE).nth(1).check()
    page.get_by_text("being written on another device").wait_for()
    assert page.get_by_role("link", name="Put this right").is_visible()
    page.evaluate("localStorage.clear()")

    # the bell: announced, then handed in by itself with what was saved
    ring_soon(site, seconds=9, of=24)
    phone.page.goto(first)
    phone.page.locator("[data-announce]", has_text="seconds left").wait_for(state="attached")
    phone.page.wait_for_url("**/receipt", timeout=30_000)
    phone.look()
    phone.reads("3 of 40 questions")
    phone.reads("what was saved was handed in as of the end")
    phone.close()


def answers_by_keyboard_alone(page, address):
    """Choose, flag and go on without a mouse; what has the focus is seen to have it."""
    page.goto(address)
    for _press in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    before = chosen(page)
    page.keyboard.press("ArrowDown")
    assert chosen(page) != before
    wait_for_saved(page)
    for _press in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Next question":
            break
    place = int(address.split("=")[1])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**?q={place + 1}")


def carries_on_through_a_minute_without_a_network(page, address):
    """Sixty seconds without a network: the banner comes, the answer waits through it, and is saved when it is back."""
    page.goto(address)
    page.context.set_offline(True)
    page.locator(SINGLE).nth(0).check()
    page.locator("[data-offline]").wait_for(state="visible", timeout=20_000)
    page.wait_for_timeout(60_000)
    assert chosen(page)[0]
    assert page.evaluate("localStorage.length") == 1, "the answer waits on this device"
    page.context.set_offline(False)
    wait_for_saved(page)
    page.locator("[data-offline]").wait_for(state="hidden")
    page.reload()
    assert chosen(page)[0], "the server has it"


def is_given_time_and_paused_without_a_reload(site, sitter, address):
    """More time and a pause reach the page within fifteen seconds; the question is covered and comes back by itself."""
    page = sitter.page
    page.goto(address)
    page.evaluate("window.sameLoad = true")
    minutes = int(page.locator("[data-clock-left]").inner_text().split(":")[0])
    running = "state = 'in_progress'"
    change(
        site,
        f"UPDATE attempt SET extended_seconds = 600, deadline_at = datetime(deadline_at, '+600 seconds') || '.000000' WHERE {running}",
    )
    page.locator("[data-more]", has_text="You have been given more time").wait_for(timeout=15_000)
    assert int(page.locator("[data-clock-left]").inner_text().split(":")[0]) - minutes in (8, 9, 10)
    sitter.look()

    now = f"{clock.now():%Y-%m-%d %H:%M:%S.%f}"
    change(site, f"UPDATE attempt SET state = 'paused', paused_at = '{now}' WHERE {running}")
    page.locator("[data-still]").wait_for(state="visible", timeout=15_000)
    assert not page.locator("[data-covered]").is_visible()
    sitter.look()
    change(site, "UPDATE attempt SET state = 'in_progress', paused_at = NULL WHERE state = 'paused'")
    page.locator("[data-covered]").wait_for(state="visible", timeout=15_000)
    assert page.evaluate("window.sameLoad === true"), "no reload in between"


def change(site, statement):
    """Write into the database of the running site, as its own services would."""
    with sqlite3.connect(site.instance / "laurel.sqlite3", timeout=10) as database:
        assert database.execute(statement).rowcount == 1
    database.close()


def ring_soon(site, seconds, of):
    """Let the running attempt end in so many seconds, as if it lasted `of` seconds in all."""
    now = clock.now()
    moments = [f"{now + timedelta(seconds=span):%Y-%m-%d %H:%M:%S.%f}" for span in (seconds - of, seconds)]
    with sqlite3.connect(site.instance / "laurel.sqlite3", timeout=10) as database:
        database.execute("UPDATE attempt SET started_at = ?, deadline_at = ? WHERE state = 'in_progress'", moments)
    database.close()
