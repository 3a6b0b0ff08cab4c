"""Where everything stands on the page: one landscape A4, one centre axis.

Every measure of the design is in this file, in points. Heights are counted from the top of the page, as a reader sees
them, and turned into PDF's own (from the bottom) in one place, `Page.up`. Nothing is drawn here.
"""

from dataclasses import dataclass

from certificates.pdf.fitting import Fitted, Step, fit
from certificates.pdf.fonts import Style, checked
from certificates.pdf.model import CertificateModel, Medal, Signatory
from certificates.pdf.typesetting import Ink, SetLine

WIDTH, HEIGHT = 841.89, 595.28
CENTRE = WIDTH / 2
FRAME_OUTER = 20.0
"""Distance of the outer rule from the edge of the paper."""
FRAME_INNER = 45.0
"""Distance of the inner rule; all words stay inside it."""
MEDAL_CENTRE, MEDAL_RADIUS = 119.0, 54.0
QR_TOP, QR_SIDE = 466.0, 64.0
_SIGNATORY_WIDTH = 164.0
_SIGNATORY_OFFSET = 255.0
_CHECK_WIDTH = 178.0
_GAP = 13.0
_OPTICAL_MIDDLE = 0.32
"""Height of the middle of a line over its base line, in em."""
_NAME_WIDTH = 640.0
_NAME_STEPS = (Step(1, 47, 27), Step(2, 27, 19), Step(3, 17.6, 9.5))
_BODY_STEPS = (Step(1, 20, 12.5), Step(2, 13.5, 8))
_AWARD_STEPS = (Step(1, 23.5, 16), Step(2, 16, 9))
_EVIDENCE_STEPS = (Step(1, 12.6, 12.6), Step(2, 12.6, 12), Step(3, 12, 10.4), Step(4, 10, 7.5))
_PERSON_STEPS = (Step(1, 13, 9.5), Step(2, 10, 6.5))
_OFFICE_STEPS = (Step(1, 11.5, 9), Step(2, 9, 6))
_CHECK_STEPS = (Step(3, 10.4, 9.2), Step(4, 9.4, 7), Step(5, 8, 5))


@dataclass(frozen=True)
class Placed:
    """One line of type in its place; `x` is its left end and `y` its base line, from the lower left corner."""

    line: SetLine
    x: float
    y: float
    size: float
    ink: Ink
    tracking: float = 0.0

    @property
    def right(self) -> float:
        """The right end of the line."""
        return self.x + self.line.width(self.size, self.tracking)


@dataclass(frozen=True)
class Rule:
    """A fine straight line between two points."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    thickness: float = 0.6


@dataclass(frozen=True)
class Layout:
    """A whole page: the lines in reading order, the rules, and the lower left corner of the code."""

    texts: tuple[Placed, ...]
    rules: tuple[Rule, ...]
    code_at: tuple[float, float]


def lay_out(model: CertificateModel) -> Layout:
    """Lay out a certificate. Raises NameNotRenderable for a text that cannot be printed, naming its field."""
    page = _Page(model)
    page.head()
    page.holder()
    page.award()
    page.facts()
    page.foot()
    return Layout(tuple(page.texts), tuple(page.rules), page.code_at)


def check_holder_name(name: str) -> str:
    """Return a name as a certificate would print it, so that its holder can confirm it.

    Raises NameNotRenderable with the reason and the characters when it cannot be printed or is too long.
    """
    plain = checked(name, "holder_name")
    fit(plain, Style.ROMAN, _NAME_WIDTH, _NAME_STEPS, field="holder_name")
    return plain


def up(from_top: float) -> float:
    """Turn a height counted from the top of the page into PDF's own."""
    return HEIGHT - from_top


class _Page:
    """The page while it is being laid out."""

    def __init__(self, model: CertificateModel) -> None:
        self.model = model
        self.texts: list[Placed] = []
        self.rules: list[Rule] = []
        self.code_at = (0.0, 0.0)

    def head(self) -> None:
        """The words in the medal, the body, and "certifies that"."""
        words, palette = self.model.wording, self.model.palette
        metal = Ink(palette.metal, 0.05)
        open_wreath = self.model.medal is Medal.WREATH
        top, width, largest = (MEDAL_CENTRE - 5, 64.0, 15.5) if open_wreath else (MEDAL_CENTRE + 13, 60.0, 14.0)
        self._centred(words.level, "wording.level", top, width, (Step(1, 8.6, 4),), metal, Style.SMALL_CAPITALS, 0.16)
        title, steps = self.model.level_title, (Step(1, largest, 4),)
        self._centred(title, "level_title", top + largest - 1, width, steps, Ink(palette.metal), Style.ITALIC)
        body = Ink(palette.primary, 0.2)
        self._centred(self.model.body_name, "body_name", 200, 600, _BODY_STEPS, body, Style.SMALL_CAPITALS, 0.15)
        self._phrase(words.certifies_that, "wording.certifies_that", 229.5)

    def holder(self) -> None:
        """The name, the greatest thing on the page, and the short rule under it."""
        self._centred(self.model.holder_name, "holder_name", 280, _NAME_WIDTH, _NAME_STEPS, Ink(self.model.palette.ink))
        self._rule(CENTRE - 28, 301, CENTRE + 28, 301, self.model.palette.accent, 0.8)

    def award(self) -> None:
        """What was earned, and by what."""
        palette = self.model.palette
        self._phrase(self.model.wording.has_earned, "wording.has_earned", 322)
        award = Ink(palette.primary, 0.2)
        self._centred(self.model.award_title, "award_title", 349, 600, _AWARD_STEPS, award)
        self._centred(self.model.evidence, "evidence", 383, 490, _EVIDENCE_STEPS, Ink(palette.ink))

    def facts(self) -> None:
        """Dates and number side by side, with fine rules between them."""
        columns = [self._fact(*fact) for fact in self._fact_texts()]
        gap = 30.0
        total = sum(width for _, _, width in columns) + 2 * gap * (len(columns) - 1)
        x = CENTRE - total / 2
        for place, (label, value, width) in enumerate(columns):
            if place:
                self._rule(x + gap, 410.5, x + gap, 438, self.model.palette.accent, 0.45)
                x += 2 * gap
            self._place(label, x + width / 2, 418.5, Ink(self.model.palette.muted))
            self._place(value, x + width / 2, 434.5, Ink(self.model.palette.ink))
            x += width

    def foot(self) -> None:
        """Who answers for it, and how to check it."""
        people = self.model.signatories
        offsets = {0: (0.0, ()), 1: (-140.0, (190.0,)), 2: (0.0, (-_SIGNATORY_OFFSET, _SIGNATORY_OFFSET))}
        middle, places = offsets[len(people)]
        for number, (person, offset) in enumerate(zip(people, places, strict=True)):
            self._signatory(person, f"signatories.{number}", CENTRE + offset)
        self._check(CENTRE + middle)

    def _fact_texts(self) -> list[tuple[str, str, str, str]]:
        words = self.model.wording
        found = [("awarded", words.awarded, self.model.awarded)]
        if self.model.valid_through:
            found.append(("valid_through", words.valid_through, self.model.valid_through))
        found.append(("number", words.number, self.model.number))
        return [(f"wording.{field}", label, field, value) for field, label, value in found]

    def _fact(self, label_field: str, label: str, field: str, value: str) -> tuple[Fitted, Fitted, float]:
        """Set one label over its value; the wider of both is the width of the column."""
        width = 250.0 if field == "number" else 130.0
        over = self._fitted(label, label_field, width, (Step(1, 9.4, 5),), Style.SMALL_CAPITALS, 0.12)
        under = self._fitted(value, field, width, (Step(1, 13.2, 6),))
        return over, under, max(_extent(over), _extent(under))

    def _signatory(self, person: Signatory, field: str, middle: float) -> None:
        palette = self.model.palette
        name = self._fitted(person.name, f"{field}.name", _SIGNATORY_WIDTH, _PERSON_STEPS)
        office = self._fitted(person.office, f"{field}.office", _SIGNATORY_WIDTH, _OFFICE_STEPS, Style.ITALIC)
        top = 483 - (name.drop + office.drop) / 2
        self._rule(middle - 14, top, middle + 14, top, palette.accent, 0.7)
        self._place(name, middle, top + 19 + name.drop / 2, Ink(palette.ink))
        self._place(office, middle, top + 34 + name.drop + office.drop / 2, Ink(palette.muted))

    def _check(self, middle: float) -> None:
        """The code, and beside it the advice to type the address oneself."""
        palette, words = self.model.palette, self.model.wording
        steps = (Step(1, 9.8, 5),)
        head = self._fitted(
            words.check_heading, "wording.check_heading", _CHECK_WIDTH, steps, Style.SMALL_CAPITALS, 0.1
        )
        advice = self._fitted(self.model.check_text, "check_text", _CHECK_WIDTH, _CHECK_STEPS, leading=1.3)
        left = middle - (QR_SIDE + _GAP + max(_extent(head), _extent(advice))) / 2
        self.code_at = (left, up(QR_TOP + QR_SIDE))
        column = left + QR_SIDE + _GAP
        top = QR_TOP + (QR_SIDE - 15.5 - advice.drop) / 2
        self._column(head, column, top + 6, Ink(palette.primary, 0.08))
        self._column(advice, column, top + 6 + 15.5, Ink(palette.ink))

    def _phrase(self, text: str, field: str, y: float) -> None:
        """One of the italic lines that join the parts into a sentence."""
        self._centred(text, field, y, 560, (Step(1, 14.6, 8),), Ink(self.model.palette.muted), Style.ITALIC)

    def _centred(
        self, text: str, field: str, y: float, width: float, steps: tuple[Step, ...], ink: Ink,
        style: Style = Style.ROMAN, tracking: float = 0.0,
    ) -> None:  # fmt: skip
        """Fit a text about the centre axis; `y` is the base line that one line of the largest size would have."""
        block = self._fitted(text, field, width, steps, style, tracking)
        self._place(block, CENTRE, y - _OPTICAL_MIDDLE * (steps[0].largest - block.size), ink)

    def _fitted(
        self, text: str, field: str, width: float, steps: tuple[Step, ...],
        style: Style = Style.ROMAN, tracking: float = 0.0, leading: float = 1.16,
    ) -> Fitted:  # fmt: skip
        plain = checked(text, field, style)
        return fit(plain, style, width, steps, field=field, tracking=tracking, leading=leading)

    def _place(self, block: Fitted, middle: float, y: float, ink: Ink) -> None:
        """Centre a block; several lines are spread evenly about the base line of a single one."""
        for number, line in enumerate(block.lines):
            left = middle - line.width(block.size, block.tracking) / 2
            self._put(block, number, left, y - block.drop / 2, ink)

    def _column(self, block: Fitted, left: float, y: float, ink: Ink) -> None:
        """Set a block flush left, its first base line at `y`."""
        for number in range(len(block.lines)):
            self._put(block, number, left, y, ink)

    def _put(self, block: Fitted, number: int, left: float, y: float, ink: Ink) -> None:
        at = up(y + number * block.leading)
        self.texts.append(Placed(block.lines[number], left, at, block.size, ink, block.tracking))

    def _rule(self, x1: float, y1: float, x2: float, y2: float, colour: str, thickness: float) -> None:
        self.rules.append(Rule(x1, up(y1), x2, up(y2), colour, thickness))


def _extent(block: Fitted) -> float:
    return max(line.width(block.size, block.tracking) for line in block.lines)
