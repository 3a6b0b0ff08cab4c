"""Marking what is drawn: every stroke on the page is either part of a structure element or an ornament.

A screen reader follows the structure tree and never the drawing (ISO 14289-1, 7.1). While the page is drawn, each piece
stands between BDC and EMC (ISO 32000-2, 14.6) with a number of its own; `Tags.elements` then holds, in reading order,
what certificates.pdf.structure turns into the tree.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, lower, right and upper edge in points, from the lower left corner of the page."""


@dataclass(frozen=True)
class Element:
    """One leaf of the structure tree, with the number of its marked content.

    `role` is a standard structure type (ISO 32000-2, 14.8.4). `text` is what a reader speaks in place of the drawn
    words, `alt` what it says of a picture, whose place is `box`.
    """

    role: str
    content: int
    text: str = ""
    alt: str = ""
    box: Box | None = None


class Tags:
    """The marks of one page. `write` takes a piece of content stream."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self.elements: list[Element] = []

    @contextmanager
    def ornament(self) -> Iterator[None]:
        """Mark what is drawn within as decoration, which readers pass over."""
        self._write("/Artifact <</Type /Layout>> BDC")
        yield
        self._write("EMC")

    @contextmanager
    def element(self, role: str, text: str = "") -> Iterator[None]:
        """Mark the words drawn within as one element; `text` is spoken in their place if it is given."""
        with self._marked(Element(role, len(self.elements), text=text)):
            yield

    @contextmanager
    def figure(self, alt: str, box: Box) -> Iterator[None]:
        """Mark what is drawn within as a picture that `alt` describes."""
        with self._marked(Element("Figure", len(self.elements), alt=alt, box=box)):
            yield

    @contextmanager
    def _marked(self, element: Element) -> Iterator[None]:
        self.elements.append(element)
        self._write(f"/{element.role} <</MCID {element.content}>> BDC")
        yield
        self._write("EMC")
