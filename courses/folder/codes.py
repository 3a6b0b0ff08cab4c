"""The codes of a course: each is given once, and whatever refers to one is checked."""

from courses.folder.files import TomlFile
from courses.folder.positions import Path


class Codes:
    """Codes seen so far, with where they were given."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, int]] = {}
        self._kinds: dict[str, set[str]] = {}

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

    def of(self, kind: str) -> set[str]:
        """The codes of one kind."""
        return self._kinds.get(kind, set())
