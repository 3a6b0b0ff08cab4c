"""Topic bands: where a candidate stands in each topic, as four segments and a word, never item counts.

Four items say little about a topic, so a band needs at least five (reference/lms.md, score report by domain).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessments.grading.numbers import exact, percent

FEWEST_ITEMS = 5
# Keys of wording.BANDS, from one segment to four.
WORDS = ("to_study", "nearly_there", "sound", "strong")


@dataclass(frozen=True, slots=True)
class TopicBand:
    """A topic of one attempt. `segments` (1 to 4) and `word` are None where the topic has too few items to say."""

    topic: str
    items: int
    percent: Decimal
    segments: int | None
    word: str | None


def topic_bands(points: Iterable[tuple[str, Fraction]], pass_percent: Decimal, places: int) -> tuple[TopicBand, ...]:
    """Bands sorted by topic code; `points` are pairs of topic and exact points, one for each item."""
    by_topic: dict[str, list[Fraction]] = {}
    for topic, earned in points:
        by_topic.setdefault(topic, []).append(earned)
    return tuple(_band(topic, earned, pass_percent, places) for topic, earned in sorted(by_topic.items()))


def segments(topic_percent: Decimal, pass_percent: Decimal) -> int:
    """1 below two thirds of the pass mark, 2 below the pass mark, 3 below half-way from there to 100, else 4."""
    cut, reached = exact(pass_percent), exact(topic_percent)
    return 1 + sum(reached >= edge for edge in (cut * Fraction(2, 3), cut, (cut + 100) / 2))


def _band(topic: str, earned: list[Fraction], pass_percent: Decimal, places: int) -> TopicBand:
    shown = percent(sum(earned, Fraction(0)), len(earned), places)
    if len(earned) < FEWEST_ITEMS:
        return TopicBand(topic, len(earned), shown, None, None)
    lit = segments(shown, pass_percent)
    return TopicBand(topic, len(earned), shown, lit, WORDS[lit - 1])
