"""The composition "band": a landscape page, all words flush left beside a broad band in the colour of the body.

The band carries the medal at its head and the way to check the certificate at its foot; lace runs down its edge.
"""

from certificates.pdf.colours import mixed, readable
from certificates.pdf.fitting import Fitted, Step
from certificates.pdf.fonts import Style, normalise
from certificates.pdf.model import CertificateModel, Medal, Signatory
from certificates.pdf.page import QR_SIDE, Block, Emblem, Layout, Page, Setting, extent
from certificates.pdf.typesetting import Ink

BAND = 212.0
"""Width of the band."""
LACE = 17.0
"""Width of the lace at its edge."""
TILE = 9.0
"""The quiet zone about the code, in the colour of the paper."""
_LEFT = 262.0
_MARGIN = 56.0
_DESIGNED_FOR = 595.28
_MEDAL_CENTRE, _MEDAL_RADIUS = 128.0, 56.0
_MIDDLE = (BAND - LACE) / 2

_CHECK_HEAD = Setting(158, (Step(1, 10.4, 5),), Style.SMALL_CAPITALS, 0.1)
_CHECK = Setting(152, (Step(3, 10, 9), Step(4, 9.4, 7), Step(6, 8, 5)), leading=1.3)


def compose(model: CertificateModel, width: float, height: float, *, evidence: bool) -> Layout:
    """Lay out a certificate on a landscape page."""
    page = _Gallery(model, width, height)
    page.medal()
    page.head()
    page.holder()
    page.award(evidence=evidence)
    page.facts()
    page.people()
    page.check()
    palette = model.palette
    pale = mixed(palette.metal, palette.paper, 0.35)
    mark = readable(pale, palette.primary, 3.0)
    return page.finished(Emblem(_MIDDLE, page.up(_MEDAL_CENTRE), _MEDAL_RADIUS, mark, palette.primary), left=BAND)


def code_tile(layout: Layout) -> tuple[float, float, float]:
    """Return the lower left corner and the side of the light square behind the code."""
    return (
        _MIDDLE - QR_SIDE / 2 - TILE,
        layout.height - _tile_top(layout.height) - QR_SIDE - 2 * TILE,
        QR_SIDE + 2 * TILE,
    )


def _tile_top(height: float) -> float:
    return height - 196


class _Gallery(Page):
    """The page while it is being laid out."""

    @property
    def room(self) -> float:
        return self.width - _LEFT - _MARGIN

    @property
    def shift(self) -> float:
        return (self.height - _DESIGNED_FOR) / 2

    def line(self, text: str, part: str, y: float, setting: Setting, ink: Ink, role: str = "P") -> Fitted:
        """Set a text flush left."""
        return self.say(text, part, (_LEFT, y + self.shift), setting, ink, role)

    def medal(self) -> None:
        """The level, in the medal upon the band."""
        words, palette = self.model.wording, self.model.palette
        open_wreath = self.model.medal is Medal.WREATH
        top, room, largest = (_MEDAL_CENTRE - 5, 66.0, 16.0) if open_wreath else (_MEDAL_CENTRE + 14, 62.0, 14.4)
        label = self.fitted(words.level, "wording.level", Setting(room, (Step(1, 8.8, 4),), Style.SMALL_CAPITALS, 0.16))
        title = self.fitted(self.model.level_title, "level_title", Setting(room, (Step(1, largest, 4),), Style.ITALIC))
        light = Ink(palette.paper, 0.05)
        self.say_pair(
            (label, words.level, light), (title, self.model.level_title, light),
            (_MIDDLE, top), largest - 1 - 0.32 * (largest - title.size),
        )  # fmt: skip

    def head(self) -> None:
        """The body, a fine rule under it, and "certifies that"."""
        words, palette = self.model.wording, self.model.palette
        body = Setting(self.room, (Step(1, 17.5, 12), Step(2, 12.5, 7)), Style.SMALL_CAPITALS, 0.13, flush=True)
        self.line(self.model.body_name, "body_name", 84, body, Ink(palette.primary, 0.15))
        y = 110 + self.shift
        self.rule(_LEFT, y, self.width - _MARGIN, y, mixed(palette.primary, palette.paper, 0.35), 0.6)
        phrase = Setting(self.room, (Step(1, 15, 8),), Style.ITALIC, flush=True)
        self.line(words.certifies_that, "wording.certifies_that", 168, phrase, Ink(palette.muted))

    def holder(self) -> None:
        """The name, on as many lines as it needs, growing upwards from one base line."""
        steps = (Step(1, 46, 27), Step(2, 26, 18), Step(3, 17, 9.5), Step(5, 9.5, 6.5))
        setting = Setting(self.room, steps, flush=True)
        block = self.fitted(self.model.holder_name, "holder_name", setting)
        y = 219 - block.drop * 0.55
        self.line(self.model.holder_name, "holder_name", y, setting, Ink(self.model.palette.ink), "H1")
        below = 243 + self.shift + max(0.0, block.drop * 0.45 - 12)
        self.rule(_LEFT, below, _LEFT + 56, below, self.model.palette.accent, 1.4)

    def award(self, *, evidence: bool) -> None:
        """What was earned, and by what."""
        palette, lower = self.model.palette, 14 * (not evidence)
        phrase = Setting(self.room, (Step(1, 15, 8),), Style.ITALIC, flush=True)
        self.line(self.model.wording.has_earned, "wording.has_earned", 277 + lower, phrase, Ink(palette.muted))
        title = Setting(self.room, (Step(1, 25, 16), Step(2, 16, 9)), flush=True)
        block = self.line(self.model.award_title, "award_title", 307 + lower, title, Ink(palette.primary, 0.2), "H2")
        if evidence:
            steps = (Step(1, 12.6, 12.6), Step(2, 12.6, 12), Step(3, 12, 10.4), Step(4, 10, 7.5))
            setting = Setting(min(self.room, 470), steps, leading=1.3, flush=True)
            self.line(self.model.evidence, "evidence", 333 + block.drop, setting, Ink(palette.ink))

    def facts(self) -> None:
        """Dates and number side by side, without rules: their labels stand on one line."""
        palette, x = self.model.palette, _LEFT
        for label_part, label, part, value in self.fact_texts():
            width = 236.0 if part == "number" else 118.0
            over = self.fitted(label, label_part, Setting(width, (Step(1, 9.4, 5),), Style.SMALL_CAPITALS, 0.12))
            under = self.fitted(value, part, Setting(width, (Step(1, 13, 6),)))
            pair = (over, label, Ink(palette.muted)), (under, value, Ink(palette.ink))
            self.say_pair(*pair, (x, 424 + self.shift), 15.5, flush=True)
            x += max(extent(over), extent(under)) + 26

    def people(self) -> None:
        """Who answers for it, side by side on one line."""
        signed = any(person.image_sha256 for person in self.model.signatories)
        for number, person in enumerate(self.model.signatories):
            self._signatory(person, f"signatories.{number}", _LEFT + number * (self.room + 24) / 2, signed=signed)

    def _signatory(self, person: Signatory, part: str, left: float, *, signed: bool) -> None:
        palette, width = self.model.palette, (self.room - 24) / 2
        name = self.fitted(person.name, f"{part}.name", Setting(width, (Step(1, 13, 9.5), Step(2, 10, 6.5))))
        steps = (Step(1, 11.5, 9), Step(2, 9, 6))
        office = self.fitted(person.office, f"{part}.office", Setting(width, steps, Style.ITALIC))
        top = self.height - 90
        self.scan(person, left, top - 1.5)
        self.rule(left, top, left + (width if signed else 28), top, palette.accent, 0.8)
        self.say_pair(
            (name, person.name, Ink(palette.ink)), (office, person.office, Ink(palette.muted)),
            (left, top + 17), 15 + name.drop, flush=True,
        )  # fmt: skip

    def check(self) -> None:
        """How to check the certificate, upon the band: heading, code, advice."""
        palette, words = self.model.palette, self.model.wording
        light, top = Ink(palette.paper), _tile_top(self.height)
        self.say(words.check_heading, "wording.check_heading", (_MIDDLE, top - 12), _CHECK_HEAD, light, "H2")
        block = self.fitted(self.model.check_text, "check_text", _CHECK)
        y = top + QR_SIDE + 2 * TILE + 20 + block.drop / 2
        self.items.append(Block("P", tuple(self.placed(block, (_MIDDLE, y), light)), normalise(self.model.check_text)))
        self.code(_MIDDLE - QR_SIDE / 2, top + TILE, palette.ink)
