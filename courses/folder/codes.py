"""The codes of a course: each is given once, and whatever refers to one is checked."""

from courses.folder.files import TomlFile
from courses.folder.positions import Path


class Codes:
    """Codes seen so far, with where they were given."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, int]] = {}
        self._kinds: dict[str, set[str]] = {}
        self._unsure: set[str] = set()

    def add(self, kind: str, code: str, source: TomlFile, path: Path) -> None:
        """Take a code in; a fault is noted if it was given before, in any case of letters."""
        if not code:
            return  # its own fault has been noted
        before = self._seen.get(code.casefold())
        if before:
            source.fault(path, f"the code {code} is used twice: also in {before[0]}:{before[1]}")
            return
        self._seen[code.casefold()] = (source.name, source.line(path))
        self._kinds.setdefault(kind, set()).add(code)

    def give_up(self, *kinds: str) -> None:
        """A file of these kinds could not be read: do not blame what refers to the codes it may have held."""
        self._unsure.update(kinds)

    def is_sure(self, kind: str) -> bool:
        """Whether every file of this kind was read."""
        return kind not in self._unsure

    def knows(self, kind: str, code: str) -> bool:
        """Whether a code of this kind was given, or may have been."""
        return kind in self._unsure or code in self._kinds.get(kind, set())
