"""People with a real browser, for journeys: they read mail, look at pages, and every page is checked with axe."""

import email
import email.policy
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.hands import Hands, Keyboard, Pointer
from tests.support.zoom import faults_at_zoom

LAPTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 667}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


@dataclass(frozen=True)
class Site:
    """A running site: its address and its folder."""

    address: str
    instance: Path

    def mails_to(self, address: str) -> list[email.message.EmailMessage]:
        """The messages that left for this address, oldest first."""
        found = []
        for path in sorted((self.instance / "mail").glob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if message["To"] == address:
                found.append(message)
        return found

    def wait_for_mail(self, address: str, words: str) -> str:
        """The text of the newest message to `address` with `words` in its subject; waits for the job that sends it."""
        for _ in range(100):
            fitting = [m for m in self.mails_to(address) if words in m["Subject"]]
            if fitting:
                return fitting[-1].get_content()
            time.sleep(0.2)
        raise AssertionError(
            f"no message with {words!r} for {address}; there are {[m['Subject'] for m in self.mails_to(address)]}"
        )


def link_in(text: str) -> str:
    """The first address in a message."""
    found = re.search(r"https?://\S+", text)
    assert found, text
    return found.group(0)


class Guest:
    """Somebody at a browser. `page` is Playwright's; `open` and `look` add the checks that hold for every page."""

    def __init__(
        self,
        site: Site,
        browser: Any,
        viewport: dict[str, int] | None = None,
        *,
        with_keyboard: bool = False,
        **context: Any,
    ) -> None:
        self.site, self.browser = site, browser
        self.context = browser.new_context(
            viewport=viewport or LAPTOP, bypass_csp=False, base_url=site.address, locale="en-GB", **context
        )
        self.page = self.context.new_page()
        self.hands: Hands = Keyboard(self.page) if with_keyboard else Pointer()
        self.looks_closely = not with_keyboard
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.faults.append(f"console: {message.text}")

    def close(self) -> None:
        """Leave; anything the browser complained about fails the test."""
        self.context.close()
        assert not self.faults, self.faults

    def open(self, path: str) -> None:
        """Go to a page and look at it."""
        self.page.goto(path)
        self.look()

    def press(self, name: str, role: str = "button", exact: bool = True) -> None:
        """Press the button or link of this name, and look at the page it leads to."""
        self.follow(self.page.get_by_role(role, name=name, exact=exact).first)

    def follow(self, target: Any) -> None:
        """Press something that leads to another page, wait until it is there, and look at it."""
        self.page.evaluate("window.stillHere = true")
        self.hands.press(target)
        self._wait_for_the_next_page()
        self.page.wait_for_load_state()
        self.look()

    def _wait_for_the_next_page(self) -> None:
        """Ask until the mark is gone; the page's policy forbids what Playwright's own waiting would evaluate."""
        from playwright.sync_api import Error

        for _ in range(300):
            try:
                if not self.page.evaluate("window.stillHere === true"):
                    return
            except Error:  # asked in the middle of the turn of the page
                pass
            self.page.wait_for_timeout(50)
        raise AssertionError(f"nothing followed on {self.page.url}")

    def fill(self, label: str, text: str) -> None:
        """Type into the field of this label."""
        self.hands.type(self.page.get_by_label(label, exact=True).first, text)

    def tick(self, label: str) -> None:
        """Choose the radio button or tick the box of this label."""
        self.hands.tick(self.page.get_by_label(label, exact=True).first)

    def look(self) -> None:
        """What holds for every page: axe finds nothing, nothing scrolls sideways, and at 400 % zoom all can be read."""
        findings = axe(self.page) if self.looks_closely else []
        assert not findings, f"{self.page.url}: {findings}"
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"], f"{self.page.url} scrolls sideways: {width}"
        if self.looks_closely:
            faults = faults_at_zoom(self.page)
            assert not faults, f"{self.page.url} at 400 % zoom: {faults}"

    def reads(self, words: str) -> None:
        """The page says this."""
        assert words in self.page.inner_text("body"), (
            f"{self.page.url} does not say {words!r}:\n{self.page.inner_text('body')[:3000]}"
        )

    def sign_in(self, address: str, password: str) -> None:
        """Sign in with an address and a password."""
        self.open("/sign-in")
        self.fill("E-mail address", address)
        self.fill("Password", password)
        self.press("Sign in")

    @contextmanager
    def on_a_phone(self) -> Iterator[None]:
        """The same page on a phone."""
        self.page.set_viewport_size(PHONE)
        yield
        self.page.set_viewport_size(LAPTOP)


def axe(page: Any) -> list[str]:
    """What axe finds on the page, one line each. It is evaluated, not loaded, so that the page's policy stays on."""
    from axe_playwright_python.base import AXE_SCRIPT

    page.evaluate(AXE_SCRIPT)
    result = page.evaluate("(options) => axe.run(document, options)", RULES)
    return [
        f"{found['id']} ({found['impact']}): {found['help']} at {[node['target'] for node in found['nodes'][:3]]}"
        for found in result["violations"]
    ]
