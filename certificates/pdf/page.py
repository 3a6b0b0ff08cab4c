"""A page while it is laid out: what stands on it, in the order in which it is read, and how lines of type are placed.

All measures are points. Compositions count heights from the top of the page, as a reader sees them; `Page.up` alone
turns them into PDF's own, from the bottom. Nothing is drawn here.
"""

from dataclasses import dataclass, field

from certificates.pdf.fitting import Fitted, Step, fit
from certificates.pdf.fonts import Style, checked, normalise
from certificates.pdf.model import CertificateModel, Signatory
from certificates.pdf.tagging import Box
from certificates.pdf.typesetting import Ink, SetLine

_OPTICAL_MIDDLE = 0.32
"""Height of the middle of a line over its base line, in em."""
QR_SIDE = 64.0
SIGNATURE_WIDTH, SIGNATURE_HEIGHT = 124.0, 36.0
"""The room of a scanned signature."""


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
class Block:
    """Lines that are read as one piece: a heading (`role` H1, H2) or a paragraph (P); `text` is the whole of it."""

    role: str
    lines: tuple[Placed, ...]
    text: str


@dataclass(frozen=True)
class Code:
    """The place of the QR code."""

    box: Box
    colour: str


@dataclass(frozen=True)
class SignaturePlace:
    """The place of a scanned signature, with its hash and whose it is."""

    box: Box
    sha256: str
    name: str


Item = Block | Code | SignaturePlace


@dataclass(frozen=True)
class Emblem:
    """The place of the medal: its middle, its radius, its colour and the colour of its ground."""

    x: float
    y: float
    radius: float
    colour: str
    ground: str


@dataclass(frozen=True)
class Layout:
    """A whole page: its size, what is read on it, in that order, and what is only seen.

    `left` is where the part begins on which words stand; a word across the page keeps to that part.
    """

    width: float
    height: float
    items: tuple[Item, ...]
    rules: tuple[Rule, ...]
    emblem: Emblem
    left: float = 0.0

    @property
    def texts(self) -> tuple[Placed, ...]:
        """All lines of type in reading order."""
        return tuple(line for item in self.items if isinstance(item, Block) for line in item.lines)


@dataclass(frozen=True)
class Setting:
    """How a text is set: into which width, by which tries, in which cut; tracking and leading in em.

    A flush text begins at the left end of its room, any other stands about the middle.
    """

    width: float
    steps: tuple[Step, ...]
    style: Style = Style.ROMAN
    tracking: float = 0.0
    leading: float = 1.16
    flush: bool = False


@dataclass
class Page:
    """A page that compositions fill. Raises NameNotRenderable for a text that cannot be printed, naming its field."""

    model: CertificateModel
    width: float
    height: float
    items: list[Item] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def up(self, from_top: float) -> float:
        """Turn a height counted from the top of the page into PDF's own."""
        return self.height - from_top

    def fitted(self, text: str, part: str, setting: Setting) -> Fitted:
        """Fit a text of the certificate; `part` is the field of the model that a refusal names."""
        plain = checked(text, part, setting.style)
        return fit(
            plain, setting.style, setting.width, setting.steps,
            field=part, tracking=setting.tracking, leading=setting.leading,
        )  # fmt: skip

    def say(self, text: str, part: str, at: tuple[float, float], setting: Setting, ink: Ink, role: str = "P") -> Fitted:
        """Set a text as one block. `at` is its middle or its left end, and the base line that one line of the largest
        size would have; several lines are spread evenly about it, or follow it where the text is flush."""
        block = self.fitted(text, part, setting)
        shift = 0.0 if setting.flush else _OPTICAL_MIDDLE * (setting.steps[0].largest - block.size)
        placed = self.placed(block, (at[0], at[1] - shift), ink, flush=setting.flush)
        self.items.append(Block(role, tuple(placed), normalise(text)))
        return block

    def say_pair(
        self, label: tuple[Fitted, str, Ink], value: tuple[Fitted, str, Ink], at: tuple[float, float], drop: float,
        *, flush: bool = False,
    ) -> None:  # fmt: skip
        """Set a label and, `drop` below it, its value as one block."""
        (over, label_text, label_ink), (under, value_text, value_ink) = label, value
        lines = self.placed(over, at, label_ink, flush=flush)
        lines += self.placed(under, (at[0], at[1] + drop), value_ink, flush=flush)
        self.items.append(Block("P", tuple(lines), f"{normalise(label_text)} {normalise(value_text)}"))

    def placed(self, block: Fitted, at: tuple[float, float], ink: Ink, *, flush: bool = False) -> list[Placed]:
        """Place the lines of a block without saying them yet."""
        first = at[1] if flush else at[1] - block.drop / 2
        found = []
        for number, line in enumerate(block.lines):
            left = at[0] if flush else at[0] - line.width(block.size, block.tracking) / 2
            y = self.up(first + number * block.leading)
            found.append(Placed(line, left, y, block.size, ink, block.tracking))
        return found

    def code(self, left: float, top: float, colour: str) -> None:
        """Place the QR code."""
        bottom = self.up(top + QR_SIDE)
        self.items.append(Code((left, bottom, left + QR_SIDE, bottom + QR_SIDE), colour))

    def scan(self, person: Signatory, left: float, foot: float) -> None:
        """Place the scanned signature of a signatory who has one; `foot` is its lower edge."""
        if person.image_sha256:
            bottom = self.up(foot)
            box = (left, bottom, left + SIGNATURE_WIDTH, bottom + SIGNATURE_HEIGHT)
            self.items.append(SignaturePlace(box, person.image_sha256, normalise(person.name)))

    def rule(self, x1: float, y1: float, x2: float, y2: float, colour: str, thickness: float) -> None:
        """Draw a fine line."""
        self.rules.append(Rule(x1, self.up(y1), x2, self.up(y2), colour, thickness))

    def finished(self, emblem: Emblem, left: float = 0.0) -> Layout:
        """Return the page as it is now."""
        return Layout(self.width, self.height, tuple(self.items), tuple(self.rules), emblem, left)

    def fact_texts(self) -> list[tuple[str, str, str, str]]:
        """The dates and the number: field of the label, label, field of the value, value."""
        words = self.model.wording
        found = [("awarded", words.awarded, self.model.awarded)]
        if self.model.valid_through:
            found.append(("valid_through", words.valid_through, self.model.valid_through))
        found.append(("number", words.number, self.model.number))
        return [(f"wording.{name}", label, name, value) for name, label, value in found]


def extent(block: Fitted) -> float:
    """Return the width of the longest line of a block."""
    return max(line.width(block.size, block.tracking) for line in block.lines)
