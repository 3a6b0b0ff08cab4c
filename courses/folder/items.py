"""Reading item files: what every item shares is checked here, what its kind asks for by the check handed in."""

import hashlib
from typing import Any

from courses.folder.codes import Codes
from courses.folder.files import TomlFile, Unreadable
from courses.folder.lessons import TECHNIQUES
from courses.folder.model import ItemCheck
from courses.folder.positions import parse_path
from courses.folder.shapes import Field, check_table, code, line, one_of, tables, text

MOST_ITEMS = 500
THINKING = ("understand", "apply")
SHARED: dict[str, Field] = {
    "code": code(),
    "kind": line(40),
    "topic": code(),
    "objective": code(),
    "thinking": one_of(*THINKING),
    "technique": one_of("", *TECHNIQUES),
    "stem": text(),
    "feedback": text(),
}
OF_THE_KIND = ("kind", "stem", "feedback")  # the check that knows the kinds looks at these as well


class Items:
    """Gathers items of one course; `topics` and `objectives` are the codes of its modules and lessons."""

    def __init__(self, codes: Codes, check_item: ItemCheck | None) -> None:
        self.codes, self.check_item = codes, check_item
        self.media: dict[str, bytes] = {}

    def read(self, source: TomlFile, kind: str) -> tuple[dict[str, Any], ...]:
        """The items of one file; `kind` is "item" for the exam bank, "practice" for a quiz. Faults are noted."""
        for name in source.data:
            if name != "item":
                source.fault((name,), f"{name!r:.60} is no field here; the file holds [[item]] tables")
        found = tables(source, "item", most=MOST_ITEMS)
        return tuple(self._item(source, kind, place, item) for place, item in enumerate(found))

    def _item(self, source: TomlFile, kind: str, place: int, item: Any) -> dict[str, Any]:
        at = ("item", place)
        if not isinstance(item, dict):
            source.fault(at, "an item must be a table")
            return {}
        fields = SHARED if self.check_item is None else {k: f for k, f in SHARED.items() if k not in OF_THE_KIND}
        shared = check_table(source, {k: v for k, v in item.items() if k in fields}, fields, at)
        self.codes.add(kind, shared["code"], source, (*at, "code"))
        self._refers(source, at, "topic", shared["topic"], "module")
        self._refers(source, at, "objective", shared["objective"], "lesson")
        for path, message in self.check_item(item) if self.check_item else []:
            source.fault((*at, *parse_path(path)), f"{path} {message}")
        return self._with_picture(source, at, item)

    def _with_picture(self, source: TomlFile, at: tuple[str | int, ...], item: dict[str, Any]) -> dict[str, Any]:
        """The item with the SHA-256 of its picture, whose bytes are kept; as it was when it has none."""
        picture = item.get("picture")
        name = picture.get("file") if isinstance(picture, dict) else None
        if not isinstance(name, str) or not source.folder.inside(source, (*at, "picture", "file"), name):
            return item
        try:
            self.media[name] = source.folder.data(f"media/{name}")
        except Unreadable:
            return item
        made = hashlib.sha256(self.media[name]).hexdigest()
        if item["picture"].get("sha256", made) != made:
            source.fault((*at, "picture", "sha256"), f"media/{name} is another picture; leave sha256 away to take it")
        return item | {"picture": item["picture"] | {"sha256": made}}

    def _refers(self, source: TomlFile, at: tuple[str | int, ...], field: str, value: str, kind: str) -> None:
        if value and not self.codes.knows(kind, value):
            source.fault((*at, field), f"{field} {value} is no {kind} of this course")
