"""How people press, type and choose: with a pointer, or with the keyboard alone."""

from typing import Any, Protocol

MOST_TABS = 400
IS_HERE = "(element) => element === document.activeElement"


class Hands(Protocol):
    """The few things one does on a page. Each takes a Playwright locator."""

    def press(self, target: Any) -> None:
        """Press a button or follow a link."""

    def type(self, target: Any, text: str) -> None:
        """Type into a field, over what stood there."""

    def tick(self, target: Any) -> None:
        """Choose a radio button or tick a box."""

    def pick(self, target: Any, label: str) -> None:
        """Choose an entry of a list by its words."""


class Pointer:
    """A mouse or a finger."""

    def press(self, target: Any) -> None:
        target.click()

    def type(self, target: Any, text: str) -> None:
        target.fill(text)

    def tick(self, target: Any) -> None:
        """People press the words, which are larger than the box and lie over it."""
        name = target.get_attribute("id")
        words = target.page.locator(f'label[for="{name}"]') if name else target.locator("xpath=ancestor::label[1]")
        if not target.is_checked():
            words.first.click()
        assert target.is_checked(), target

    def pick(self, target: Any, label: str) -> None:
        target.select_option(label=label)


class Keyboard:
    """No pointer at all: Tab to get there, Enter, Space, arrows and letters to act."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def _reach(self, target: Any) -> None:
        """Press Tab until the target, or the radio group it belongs to, has the focus."""
        for _ in range(MOST_TABS):
            if target.evaluate(IS_HERE):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached with the Tab key on {self.page.url}")

    def press(self, target: Any) -> None:
        self._reach(target)
        self.page.keyboard.press("Enter")

    def type(self, target: Any, text: str) -> None:
        self._reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def tick(self, target: Any) -> None:
        if target.is_checked():
            return
        if target.get_attribute("type") == "radio":
            self._tick_radio(target)
        else:
            self._reach(target)
            self.page.keyboard.press("Space")
        assert target.is_checked()

    def _tick_radio(self, target: Any) -> None:
        """A group of radio buttons is one stop of the Tab key; arrows move within it."""
        name = target.get_attribute("name")
        group = self.page.locator(f'input[type=radio][name="{name}"]')
        for _ in range(MOST_TABS):
            if self.page.evaluate("document.activeElement.name") == name:
                break
            self.page.keyboard.press("Tab")
        for _ in range(group.count() + 1):
            if target.is_checked():
                return
            if target.evaluate(IS_HERE):
                self.page.keyboard.press("Space")
            else:
                self.page.keyboard.press("ArrowDown")

    def pick(self, target: Any, label: str) -> None:
        self._reach(target)
        labels = target.evaluate("(list) => [...list.options].map((o) => o.label)")
        self.page.keyboard.press("Home")
        for _ in range(labels.index(label)):
            self.page.keyboard.press("ArrowDown")
        assert target.evaluate("(list) => list.selectedOptions[0].label") == label
