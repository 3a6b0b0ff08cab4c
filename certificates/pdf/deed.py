"""The composition "leaves": an upright page about one axis, in a double rule with a sprig in every corner.

A wreath stands behind the words, so pale that it is felt rather than seen.
"""

from certificates.pdf.axial import AxialPage
from certificates.pdf.fitting import Fitted, Step
from certificates.pdf.fonts import Style
from certificates.pdf.model import CertificateModel, Signatory
from certificates.pdf.page import SIGNATURE_WIDTH, Emblem, Layout, Setting
from certificates.pdf.typesetting import Ink

FRAME_OUTER, FRAME_INNER = 26.0, 31.0
"""Distances of the two rules from the edge of the paper."""
CORNER = 40.0
"""Side of the sprig in each corner."""
_DESIGNED_FOR = 841.89
_MEDAL_CENTRE, _MEDAL_RADIUS = 138.0, 54.0
_ROOM = 440.0
_GAP = 14.0
_SIGNATORY_WIDTH = 172.0

_NAME = Setting(_ROOM, (Step(1, 42, 26), Step(2, 30, 18), Step(3, 18, 12), Step(5, 12, 6.5)), leading=1.12)
_BODY = Setting(_ROOM, (Step(1, 18.5, 12), Step(2, 13, 8), Step(3, 8, 6)), Style.SMALL_CAPITALS, 0.15)
_PHRASE = Setting(_ROOM, (Step(1, 15, 8),), Style.ITALIC)
_AWARD = Setting(_ROOM, (Step(1, 24, 18), Step(2, 21, 11), Step(3, 11, 7)))
_EVIDENCE = Setting(390, (Step(2, 12.6, 12), Step(3, 12.4, 11), Step(5, 11.4, 7.5)), leading=1.32)
_LABEL = Setting(190, (Step(1, 9.6, 5),), Style.SMALL_CAPITALS, 0.12)
_VALUE = Setting(190, (Step(1, 13.4, 6),))
_NUMBER = Setting(_ROOM, (Step(1, 13.4, 6),), tracking=0.02)
_PERSON = Setting(_SIGNATORY_WIDTH, (Step(1, 13, 9.5), Step(2, 10, 6.5)))
_OFFICE = Setting(_SIGNATORY_WIDTH, (Step(1, 11.5, 9), Step(2, 9, 6)), Style.ITALIC)


def compose(model: CertificateModel, width: float, height: float, *, evidence: bool) -> Layout:
    """Lay out a certificate on an upright page."""
    page = _Deed(model, width, height)
    page.head()
    page.holder()
    page.award(evidence=evidence)
    page.facts()
    page.people()
    page.check()
    palette = model.palette
    return page.finished(Emblem(page.axis, page.at(_MEDAL_CENTRE), _MEDAL_RADIUS, palette.metal, palette.paper))


class _Deed(AxialPage):
    """The page while it is being laid out."""

    def scaled(self, y: float) -> float:
        """A height on a page that is shorter than the one this composition was made for."""
        return y * self.height / _DESIGNED_FOR

    def at(self, y: float) -> float:
        return self.up(self.scaled(y))

    def line(self, text: str, part: str, y: float, setting: Setting, ink: Ink, role: str = "P") -> Fitted:
        """Set a text about the axis."""
        return self.say(text, part, (self.axis, self.scaled(y)), setting, ink, role)

    def head(self) -> None:
        """The words in the medal, the body, and "certifies that"."""
        words, palette = self.model.wording, self.model.palette
        self.medal_words(self.scaled(_MEDAL_CENTRE))
        self.line(self.model.body_name, "body_name", 240, _BODY, Ink(palette.primary, 0.2))
        self.line(words.certifies_that, "wording.certifies_that", 282, _PHRASE, Ink(palette.muted))

    def holder(self) -> None:
        """The name, and a short rule under it."""
        self.line(self.model.holder_name, "holder_name", 337, _NAME, Ink(self.model.palette.ink), "H1")
        self.short_rule(self.scaled(369))

    def award(self, *, evidence: bool) -> None:
        """What was earned, and by what."""
        palette, lower = self.model.palette, 22 * (not evidence)
        self.line(self.model.wording.has_earned, "wording.has_earned", 400 + lower, _PHRASE, Ink(palette.muted))
        self.line(self.model.award_title, "award_title", 432 + lower, _AWARD, Ink(palette.primary, 0.2), "H2")
        if evidence:
            self.line(self.model.evidence, "evidence", 479, _EVIDENCE, Ink(palette.ink))

    def facts(self) -> None:
        """The dates side by side, the number under them."""
        *dates, number = self.fact_texts()
        spread = 92.0 if len(dates) == 2 else 0.0
        for place, fact in zip((-spread, spread), dates, strict=False):
            self._fact(fact, self.axis + place, 540, _VALUE)
        if spread:
            middle = self.scaled(540)
            self.rule(self.axis, middle - 9, self.axis, middle + 19, self.model.palette.accent, 0.7)
        self._fact(number, self.axis, 583, _NUMBER)

    def _fact(self, fact: tuple[str, str, str, str], x: float, y: float, setting: Setting) -> None:
        label_part, label, part, value = fact
        palette = self.model.palette
        over, under = self.fitted(label, label_part, _LABEL), self.fitted(value, part, setting)
        pair = (over, label, Ink(palette.muted)), (under, value, Ink(palette.ink))
        self.say_pair(*pair, (x, self.scaled(y)), 15.5)

    def people(self) -> None:
        """Who answers for it, side by side or alone on the axis."""
        people = self.model.signatories
        signed = any(person.image_sha256 for person in people)
        spread = 118.0 if len(people) == 2 else 0.0
        for number, (person, place) in enumerate(zip(people, (-spread, spread), strict=False)):
            self._signatory(person, f"signatories.{number}", self.axis + place, signed=signed)

    def _signatory(self, person: Signatory, part: str, middle: float, *, signed: bool) -> None:
        palette, top = self.model.palette, self.scaled(650)
        name = self.fitted(person.name, f"{part}.name", _PERSON)
        office = self.fitted(person.office, f"{part}.office", _OFFICE)
        half = SIGNATURE_WIDTH / 2 if signed else 14
        self.scan(person, middle - SIGNATURE_WIDTH / 2, top - 1.5)
        self.rule(middle - half, top, middle + half, top, palette.accent, 0.7)
        self.say_pair(
            (name, person.name, Ink(palette.ink)), (office, person.office, Ink(palette.muted)),
            (middle, top + 17 + name.drop / 2), 15 + name.drop / 2 + office.drop / 2,
        )  # fmt: skip

    def check(self) -> None:
        """The code and the advice, at the foot."""
        self.code_and_advice(self.axis, self.height - 121, 190, _GAP)
