"""The table of options: who chooses what, and whether the able or the others do."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.analysis.correlation import find_correlation
from assessments.analysis.distributions import correlation_interval
from assessments.analysis.sheets import ItemKey, Seen

OMITTED = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of an item, or the row of those who left it empty (`code` is empty).

    Shares are 0 to 1 of those to whom the item was shown, of the upper and of the lower group. `with_rest` is the
    point-biserial of choosing the option with the rest of the sheet, so corrected as the item's own.
    """

    code: str
    right: bool
    chosen: int
    share: float
    top: float | None
    bottom: float | None
    with_rest: float | None
    interval: tuple[float, float] | None


def option_table(
    key: ItemKey, answers: Sequence[Seen], rest: Sequence[float], top: Sequence[Seen], bottom: Sequence[Seen]
) -> tuple[Option, ...]:
    """A row for each option in its authored order and a last one for omitted answers.

    `rest` holds the share of the rest of each sheet, in the order of `answers`.
    """
    return tuple(_row(code, code in key.right, answers, rest, (top, bottom)) for code in (*key.options, OMITTED))


def _row(
    code: str, right: bool, answers: Sequence[Seen], rest: Sequence[float], ends: tuple[Sequence[Seen], Sequence[Seen]]
) -> Option:
    chose = [float(_chose(seen, code)) for seen in answers]
    with_rest = find_correlation(chose, rest)
    return Option(
        code=code,
        right=right,
        chosen=int(sum(chose)),
        share=sum(chose) / len(answers),
        top=_share(ends[0], code),
        bottom=_share(ends[1], code),
        with_rest=with_rest,
        interval=None if with_rest is None else correlation_interval(with_rest, len(answers)),
    )


def _chose(seen: Seen, code: str) -> bool:
    return not seen.answer.answered if code == OMITTED else code in seen.answer.options


def _share(group: Sequence[Seen], code: str) -> float | None:
    return sum(_chose(seen, code) for seen in group) / len(group) if group else None
