"""The thresholds of every flag, in one place, each with where it comes from.

Flags ask people to look; they change nothing. Facility and discrimination follow the classical ranges that
certification programmes publish (Ebel & Frisbie 1991, Essentials of Educational Measurement, ch. 13; the guide cited in
reference/lms.md section 1 E: facility .20 to .95, discrimination above .20).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When an item is worth a look."""

    too_easy: float = 0.96  # facility at or above
    too_hard: float = 0.20  # facility below
    weak: float = 0.20  # item-rest correlation below
    check_key: float = 0.0  # item-rest correlation below
    dead_option: float = 0.05  # share of the answers below
    wrong_option: float = 0.0  # correlation of a wrong option with the rest, above
    fewest: int = 30  # below this number of answers nothing is flagged
    settled: int = 100  # below this number a flag is provisional


@dataclass(frozen=True, slots=True)
class IntegrityThresholds:
    """When a sheet or a pair of sheets is worth a look."""

    most_false: float = 0.01  # share of the flagged pairs and people that chance may explain (Benjamini-Hochberg)
    fewest_people: int = 10  # smaller groups give no picture of how people answer
    fewest_same: int = 3  # identical wrong answers below this number are never flagged
    fewest_changes: int = 5  # answer changes below this number are never flagged
    rapid_share: float = 0.10  # of an item's mean time (normative threshold NT10, Wise & Ma 2012)
    rapid_most_seconds: float = 10.0  # nobody who took longer is called rapid (same source)
    effort: float = 0.90  # share of items answered with effort, below (response time effort, Wise & Kong 2005)
    fast_residual: float = -3.0  # standardised log-time residual at or below
    fast_right: int = 3  # so many right answers that fast


THRESHOLDS = Thresholds()
INTEGRITY = IntegrityThresholds()
