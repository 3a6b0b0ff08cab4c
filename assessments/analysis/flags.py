"""Which items are worth a look, each with the figure and the threshold it crossed.

A flag says nothing about a small group: below `fewest` answers there is none, below `settled` it is provisional. A
correlation of .20 has a 95 % interval from -.17 to .52 among 30 people; a flag is `clear` when its whole interval lies
beyond the threshold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.analysis.distractors import OMITTED, Option
from assessments.analysis.distributions import correlation_interval
from assessments.analysis.thresholds import Thresholds
from assessments.grading.messages import N_, Message

FLAG_WORDS = {
    "too_easy": N_("Nearly everybody earns the point (facility %(value)s, looked at from %(threshold)s)."),
    "too_hard": N_("Few earn the point (facility %(value)s, looked at below %(threshold)s)."),
    "weak": N_(
        "Those who do well elsewhere hardly do better here (correlation with the rest %(value)s, looked at below %(threshold)s)."
    ),
    "check_key": N_(
        "Those who do well elsewhere do worse here: check the key (correlation with the rest %(value)s, looked at below %(threshold)s)."
    ),
    "dead_option": N_("Option %(option)s is hardly ever chosen (share %(value)s, looked at below %(threshold)s)."),
    "wrong_option": N_(
        "Option %(option)s counts as wrong and is chosen by those who do well elsewhere "
        "(correlation with the rest %(value)s, looked at above %(threshold)s)."
    ),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What the flags are made from."""

    shown: int
    facility: float
    item_rest: float | None
    options: Sequence[Option] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at. `name` is a key of FLAG_WORDS; `option` is empty where the whole item is meant."""

    name: str
    value: float
    threshold: float
    provisional: bool
    clear: bool
    option: str = ""

    @property
    def message(self) -> Message:
        """The flag as a sentence."""
        figures = {"value": f"{self.value:.2f}", "threshold": f"{self.threshold:.2f}", "option": self.option}
        return Message(FLAG_WORDS[self.name], figures)


def flags_of(measured: Measured, thresholds: Thresholds) -> tuple[Flag, ...]:
    """The flags of one item, none while too few have met it."""
    if measured.shown < thresholds.fewest:
        return ()
    provisional = measured.shown < thresholds.settled
    found = [*_of_facility(measured, thresholds), *_of_correlation(measured, thresholds)]
    found += [flag for option in measured.options for flag in _of_option(option, measured.shown, thresholds)]
    return tuple(Flag(name, value, edge, provisional, clear, option) for name, value, edge, clear, option in found)


_Found = tuple[str, float, float, bool, str]


def _of_facility(measured: Measured, thresholds: Thresholds) -> Iterator[_Found]:
    low, high = share_interval(measured.facility, measured.shown)
    if measured.facility >= thresholds.too_easy:
        yield "too_easy", measured.facility, thresholds.too_easy, low >= thresholds.too_easy, ""
    elif measured.facility < thresholds.too_hard:
        yield "too_hard", measured.facility, thresholds.too_hard, high < thresholds.too_hard, ""


def _of_correlation(measured: Measured, thresholds: Thresholds) -> Iterator[_Found]:
    r = measured.item_rest
    if r is None or r >= thresholds.weak:
        return
    name, edge = ("check_key", thresholds.check_key) if r < thresholds.check_key else ("weak", thresholds.weak)
    interval = correlation_interval(r, measured.shown)
    yield name, r, edge, interval is not None and interval[1] < edge, ""


def _of_option(option: Option, shown: int, thresholds: Thresholds) -> Iterator[_Found]:
    if option.code == OMITTED or option.right:
        return
    if option.share < thresholds.dead_option:
        clear = share_interval(option.share, shown)[1] < thresholds.dead_option
        yield "dead_option", option.share, thresholds.dead_option, clear, option.code
    elif option.with_rest is not None and option.with_rest > thresholds.wrong_option:
        clear = option.interval is not None and option.interval[0] > thresholds.wrong_option
        yield "wrong_option", option.with_rest, thresholds.wrong_option, clear, option.code


def share_interval(share: float, n: int) -> tuple[float, float]:
    """95 % interval of a share of `n` people (Wilson 1927, J. Am. Stat. Assoc. 22, 209-212)."""
    z = 1.959963984540054
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return middle - reach, middle + reach
