"""A lesson as it is read: its text as safe HTML, cut where a question stands, with marks at the headings."""

import re
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from app import markup

CHECK = re.compile(r'<div class="block block-check" data-check="([A-Za-z0-9.-]{1,40})">\s*</div>')
HEADING = re.compile(r"<(h[23])>(.*?)</\1>", re.DOTALL)
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
HEAD_CELL = re.compile(r"<th[^>]*>(.*?)</th>", re.DOTALL)
ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
CELL = re.compile(r"<td>")


@dataclass(frozen=True)
class Part:
    """A stretch of text, or the code of an item to show in its place."""

    html: Markup
    check: str = ""


@dataclass(frozen=True)
class Section:
    """A heading of the lesson and the mark that leads to it."""

    mark: str
    title: str


@dataclass(frozen=True)
class Reading:
    """A lesson ready for the page."""

    parts: tuple[Part, ...]
    sections: tuple[Section, ...]

    def title_of(self, mark: str) -> str:
        """The heading a mark leads to; "" for one that is not there (any more)."""
        return next((section.title for section in self.sections if section.mark == mark), "")


def read(text: str) -> Reading:
    """Make a lesson's Markdown ready for the page, in the reader's language for the words that blocks add."""
    return _cut(markup.render(text))


@lru_cache(maxsize=256)
def _cut(html: Markup) -> Reading:
    """`html` has passed the cleaner; only marks and labels made from its own text are added here."""
    sections: list[Section] = []

    def mark(match: re.Match[str]) -> str:
        name = f"part-{len(sections) + 1}"
        sections.append(Section(name, Markup(match[2]).striptags()))  # noqa: S704  cleaned before
        return f'<{match[1]} id="{name}">{match[2]}</{match[1]}>'

    marked = TABLE.sub(_label_cells, HEADING.sub(mark, str(html)))
    pieces = CHECK.split(marked)
    parts = [_part(piece, is_code=bool(place % 2)) for place, piece in enumerate(pieces)]
    return Reading(tuple(part for part in parts if part.check or part.html.strip()), tuple(sections))


def _part(piece: str, is_code: bool) -> Part:
    return Part(Markup(""), piece) if is_code else Part(Markup(piece))  # noqa: S704  cleaned before


def _label_cells(match: re.Match[str]) -> str:
    """Name each cell after its column, so that a phone can show a row as a card."""
    table = match[0]
    labels = [escape(Markup(head).striptags()) for head in HEAD_CELL.findall(table)]  # noqa: S704  cleaned before
    body = ROW.sub(lambda row: _label_row(row[0], [str(label) for label in labels]), table)
    return body.replace("<table>", '<table class="table">', 1)


def _label_row(row: str, labels: list[str]) -> str:
    place = iter(range(len(labels)))

    def cell(_match: re.Match[str]) -> str:
        at = next(place, -1)
        if at <= 0:  # the first cell is the name of the card
            return '<td class="first">' if at == 0 else "<td>"
        return f'<td data-label="{labels[at]}">'

    return CELL.sub(cell, row)
