"""What somebody knows who has studied: the right answers of the shipped course, found by the words of the question."""

import tomllib
from pathlib import Path
from typing import Any

from app import markup

FOUNDATION = Path(__file__).resolve().parent.parent.parent / "courses" / "curriculum" / "foundation"


def words(text: str) -> str:
    """A text as a page shows it: no markup, single spaces."""
    return " ".join(text.split())


def plain(text: str) -> str:
    """Markdown as its reader sees it."""
    import html

    return words(html.unescape(markup.plain(text)))


def load(folder: Path = FOUNDATION) -> dict[str, dict[str, Any]]:
    """Every exam item by the words of its question."""
    items: list[dict[str, Any]] = []
    for path in sorted((folder / "items").glob("*.toml")):
        items += tomllib.loads(path.read_text(encoding="utf-8"))["item"]
    return {plain(item["stem"]): item for item in items}


class Knowledge:
    """Answers the question on a page of the exam rightly, by reading it."""

    def __init__(self) -> None:
        self.items = load()

    def answer(self, page: Any, hands: Any) -> None:
        """Find the question by its words and give the right answer."""
        asked = words(page.locator(".question").inner_text())
        item = self.items.get(asked) or next(
            i for stem, i in self.items.items() if stem.replace(" ", "") == asked.replace(" ", "")
        )
        getattr(self, f"_{item['kind']}")(page, hands, item)

    @staticmethod
    def _option(page: Any, text: str) -> Any:
        shown = plain(text)
        boxes = page.locator("label.answer-box")
        for number in range(boxes.count()):
            if words(boxes.nth(number).inner_text()) == shown:
                return boxes.nth(number).locator("input")
        raise AssertionError(f"no option {shown!r} on {page.url}")

    def _single(self, page: Any, hands: Any, item: dict[str, Any]) -> None:
        hands.tick(self._option(page, next(o["text"] for o in item["options"] if o.get("right"))))

    def _multiple(self, page: Any, hands: Any, item: dict[str, Any]) -> None:
        for option in item["options"]:
            if option.get("right"):
                hands.tick(self._option(page, option["text"]))

    def _true_false(self, page: Any, hands: Any, item: dict[str, Any]) -> None:
        hands.tick(page.locator(f'input[name=answer][value="{"true" if item["answer"] else "false"}"]'))

    def _matching(self, page: Any, hands: Any, item: dict[str, Any]) -> None:
        rights = {plain(pair["left"]): pair["right"] for pair in item["pairs"]}
        boxes = page.locator(".pair-box")
        for number in range(boxes.count()):
            left = words(boxes.nth(number).locator("label").inner_text())
            hands.pick(boxes.nth(number).locator("select"), rights[left])

    def _ordering(self, page: Any, hands: Any, item: dict[str, Any]) -> None:
        places = {plain(step["text"]): str(place) for place, step in enumerate(item["steps"], 1)}
        boxes = page.locator(".place-box")
        for number in range(boxes.count()):
            step = words(boxes.nth(number).locator("label").inner_text())
            hands.pick(boxes.nth(number).locator("select"), places[step])

    def _numeric(self, page: Any, hands: Any, item: dict[str, Any]) -> None:
        hands.type(page.locator("#q-answer"), item["answer"])

    def _short_text(self, page: Any, hands: Any, item: dict[str, Any]) -> None:
        hands.type(page.locator("#q-answer"), item["accepted"][0])
