"""What pages about one axis share: the words in the medal, the short rule, and the code with the advice beside it."""

from certificates.pdf.colours import readable
from certificates.pdf.fitting import Step
from certificates.pdf.fonts import Style
from certificates.pdf.model import Medal
from certificates.pdf.page import QR_SIDE, Page, Setting, extent
from certificates.pdf.typesetting import Ink

CHECK_STEPS = (Step(3, 10.4, 9.2), Step(4, 9.4, 7), Step(5, 8, 5))


class AxialPage(Page):
    """A page about its middle, while it is being laid out."""

    @property
    def axis(self) -> float:
        """The middle, from the left edge."""
        return self.width / 2

    def medal_words(self, middle: float) -> None:
        """The level in the medal, whose middle is at this height from the top."""
        words, palette = self.model.wording, self.model.palette
        open_wreath = self.model.medal is Medal.WREATH
        below, room, largest = (-5.0, 64.0, 15.5) if open_wreath else (13.0, 60.0, 14.0)
        metal = readable(palette.metal, palette.paper)
        label = self.fitted(words.level, "wording.level", Setting(room, (Step(1, 8.6, 4),), Style.SMALL_CAPITALS, 0.16))
        title = self.fitted(self.model.level_title, "level_title", Setting(room, (Step(1, largest, 4),), Style.ITALIC))
        self.say_pair(
            (label, words.level, Ink(metal, 0.05)), (title, self.model.level_title, Ink(metal)),
            (self.axis, middle + below), largest - 1 - 0.32 * (largest - title.size),
        )  # fmt: skip

    def short_rule(self, y: float) -> None:
        """The rule under the name."""
        self.rule(self.axis - 28, y, self.axis + 28, y, self.model.palette.accent, 0.8)

    def code_and_advice(self, middle: float, top: float, room: float, gap: float) -> None:
        """The code, `gap` beside it the advice to type the address oneself, at most `room` wide; together about `middle`."""
        palette, words = self.model.palette, self.model.wording
        over = Setting(room, (Step(1, 9.8, 5),), Style.SMALL_CAPITALS, 0.1, flush=True)
        under = Setting(room, CHECK_STEPS, leading=1.3, flush=True)
        head = self.fitted(words.check_heading, "wording.check_heading", over)
        advice = self.fitted(self.model.check_text, "check_text", under)
        left = middle - (QR_SIDE + gap + max(extent(head), extent(advice))) / 2
        column, first = left + QR_SIDE + gap, top + (QR_SIDE - 15.5 - advice.drop) / 2 + 6
        self.say(words.check_heading, "wording.check_heading", (column, first), over, Ink(palette.primary, 0.08), "H2")
        self.say(self.model.check_text, "check_text", (column, first + 15.5), under, Ink(palette.ink))
        self.code(left, top, palette.ink)
