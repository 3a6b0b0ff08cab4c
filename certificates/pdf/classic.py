"""The composition "lace": a landscape page about one centre axis, inside a frame of guilloche lace.

Reading order is that of the sentence on the page: the body certifies that somebody has earned a standing, at a level,
by certain evidence; then dates and number, who answers for it, and how to check it.
"""

from certificates.pdf.axial import AxialPage
from certificates.pdf.fitting import Fitted, Step
from certificates.pdf.fonts import Style
from certificates.pdf.model import CertificateModel, Signatory
from certificates.pdf.page import SIGNATURE_WIDTH, Emblem, Layout, Setting, extent
from certificates.pdf.typesetting import Ink

FRAME_OUTER = 20.0
"""Distance of the outer rule from the edge of the paper."""
FRAME_INNER = 45.0
"""Distance of the inner rule; all words stay inside it."""
_MEDAL_CENTRE, _MEDAL_RADIUS = 119.0, 54.0
_DESIGNED_FOR = 595.28
"""Height of the page that the heights in this file were chosen for; another one moves everything to its middle."""
_QR_TOP = 466.0
_GAP = 13.0
_SIGNATORY_WIDTH = 164.0
_SIGNATORY_FROM_EDGE = 166.0
_COLUMN_GAP = 30.0

NAME = Setting(640, (Step(1, 47, 27), Step(2, 27, 19), Step(3, 17.6, 9.5)))
_BODY = Setting(600, (Step(1, 20, 12.5), Step(2, 13.5, 8)), Style.SMALL_CAPITALS, 0.15)
_PHRASE = Setting(560, (Step(1, 14.6, 8),), Style.ITALIC)
_AWARD = Setting(600, (Step(1, 23.5, 16), Step(2, 16, 9)))
_EVIDENCE = Setting(540, (Step(1, 12.6, 12.6), Step(2, 12.6, 11.4), Step(3, 11.6, 10), Step(4, 10, 7.2)))
_LABEL = Setting(130, (Step(1, 9.4, 5),), Style.SMALL_CAPITALS, 0.12)
_VALUE = Setting(130, (Step(1, 13.2, 6),))
_NUMBER = Setting(250, (Step(1, 13.2, 6),))
_NUMBER_LABEL = Setting(250, (Step(1, 9.4, 5),), Style.SMALL_CAPITALS, 0.12)
_PERSON = Setting(_SIGNATORY_WIDTH, (Step(1, 13, 9.5), Step(2, 10, 6.5)))
_OFFICE = Setting(_SIGNATORY_WIDTH, (Step(1, 11.5, 9), Step(2, 9, 6)), Style.ITALIC)


def compose(model: CertificateModel, width: float, height: float, *, evidence: bool) -> Layout:
    """Lay out a certificate on a landscape page."""
    page = _Classic(model, width, height)
    page.head()
    page.holder()
    page.award(evidence=evidence)
    page.facts()
    page.foot()
    palette = model.palette
    top = _MEDAL_CENTRE + page.shift
    return page.finished(Emblem(page.axis, page.up(top), _MEDAL_RADIUS, palette.metal, palette.paper))


class _Classic(AxialPage):
    """The page while it is being laid out."""

    @property
    def shift(self) -> float:
        return (self.height - _DESIGNED_FOR) / 2

    def line(self, text: str, part: str, y: float, setting: Setting, ink: Ink, role: str = "P") -> Fitted:
        """Set a text about the axis."""
        return self.say(text, part, (self.axis, y + self.shift), setting, ink, role)

    def head(self) -> None:
        """The words in the medal, the body, and "certifies that"."""
        words, palette = self.model.wording, self.model.palette
        self.medal_words(_MEDAL_CENTRE + self.shift)
        self.line(self.model.body_name, "body_name", 200, _BODY, Ink(palette.primary, 0.2))
        self.line(words.certifies_that, "wording.certifies_that", 229.5, _PHRASE, Ink(palette.muted))

    def holder(self) -> None:
        """The name, the greatest thing on the page, and the short rule under it."""
        self.line(self.model.holder_name, "holder_name", 280, NAME, Ink(self.model.palette.ink), "H1")
        self.short_rule(301 + self.shift)

    def award(self, *, evidence: bool) -> None:
        """What was earned, and by what."""
        palette = self.model.palette
        self.line(
            self.model.wording.has_earned, "wording.has_earned", 322 + 8 * (not evidence), _PHRASE, Ink(palette.muted)
        )
        award = Ink(palette.primary, 0.2)
        self.line(self.model.award_title, "award_title", 349 + 12 * (not evidence), _AWARD, award, "H2")
        if evidence:
            self.line(self.model.evidence, "evidence", 383, _EVIDENCE, Ink(palette.ink))

    def facts(self) -> None:
        """Dates and number side by side, with fine rules between them."""
        columns = [(fact, *self._fact(*fact)) for fact in self.fact_texts()]
        widths = [max(extent(label), extent(value)) for _, label, value in columns]
        x = self.axis - (sum(widths) + 2 * _COLUMN_GAP * (len(columns) - 1)) / 2
        y, palette = 420 + self.shift, self.model.palette
        for number, ((_, label_text, _, text), label, value) in enumerate(columns):
            if number:
                self.rule(x, y - 9, x, y + 19, palette.accent, 0.7)
                x += _COLUMN_GAP
            pair = (label, label_text, Ink(palette.muted)), (value, text, Ink(palette.ink))
            self.say_pair(*pair, (x + widths[number] / 2, y), 15.0)
            x += widths[number] + _COLUMN_GAP

    def _fact(self, label_field: str, label: str, part: str, value: str) -> tuple[Fitted, Fitted]:
        over, under = (_NUMBER_LABEL, _NUMBER) if part == "number" else (_LABEL, _VALUE)
        return self.fitted(label, label_field, over), self.fitted(value, part, under)

    def foot(self) -> None:
        """Who answers for it, and how to check it."""
        people = self.model.signatories
        far = self.axis - _SIGNATORY_FROM_EDGE
        offsets = {0: (0.0, ()), 1: (-140.0, (190.0,)), 2: (0.0, (-far, far))}
        middle, places = offsets[len(people)]
        for number, (person, offset) in enumerate(zip(people, places, strict=True)):
            self._signatory(person, f"signatories.{number}", self.axis + offset)
        self.code_and_advice(self.axis + middle, _QR_TOP + self.shift, 178, _GAP)

    def _signatory(self, person: Signatory, part: str, middle: float) -> None:
        palette = self.model.palette
        name = self.fitted(person.name, f"{part}.name", _PERSON)
        office = self.fitted(person.office, f"{part}.office", _OFFICE)
        signed = any(other.image_sha256 for other in self.model.signatories)
        lift = 6 if signed else (name.drop + office.drop) / 2
        top = 483 + 7 * signed + self.shift - (lift if not signed else 0)
        half = SIGNATURE_WIDTH / 2 if signed else 14
        self.rule(middle - half, top, middle + half, top, palette.accent, 0.7)
        self.scan(person, middle - SIGNATURE_WIDTH / 2, top - 1.5)
        below = 16 if signed else 19
        self.say_pair(
            (name, person.name, Ink(palette.ink)), (office, person.office, Ink(palette.muted)),
            (middle, top + below + name.drop / 2), 15 + name.drop / 2 + office.drop / 2,
        )  # fmt: skip
