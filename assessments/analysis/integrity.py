"""The integrity report of one sitting: reasons to look, in numbers, for people to read. It decides and sanctions nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assessments.analysis.changes import Changes, UnusualChanges, unusual_changes
from assessments.analysis.sheets import Sheet
from assessments.analysis.similarity import Pair, SimilarPair, similar_pairs
from assessments.analysis.thresholds import INTEGRITY, IntegrityThresholds
from assessments.analysis.timing import Pace, Timed, paces, unusual_paces
from assessments.grading.messages import N_, Message

KINDS = ("similar_answers", "answer_changes", "rapid_answers", "fast_right_answers")
ADVICE = N_(
    "Figures are a reason to look at seats, times and papers. They are never proof, and nothing follows from them by itself."
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason to look: what `kind` (see KINDS), whom it concerns, at which item versions, and why in numbers."""

    kind: str
    people: tuple[str, ...]
    versions: tuple[str, ...]
    message: Message


def integrity_report(
    sheets: Sequence[Sheet],
    changes: Sequence[Changes] = (),
    times: Mapping[str, Sequence[Timed]] | None = None,
    thresholds: IntegrityThresholds = INTEGRITY,
    pairs: Collection[Pair] | None = None,
) -> list[Reason]:
    """Everything worth a look, in the order of KINDS, the most unusual of a kind first.

    `pairs` limits the comparison of answers to those who could have seen each other. Raises SheetsInvalid.
    """
    unusual = unusual_paces(paces(times or {}, thresholds), thresholds)
    return [
        *(_of_pair(pair) for pair in similar_pairs(sheets, thresholds, pairs)),
        *(_of_changes(found) for found in unusual_changes(changes, thresholds)),
        *(_of_rapid(pace) for pace in unusual if pace.effort < thresholds.effort),
        *(_of_fast(pace) for pace in unusual if len(pace.fast_right) >= thresholds.fast_right),
    ]


def _of_pair(pair: SimilarPair) -> Reason:
    text = N_(
        "%(same)s identical wrong answers on %(together)s items that both answered, where %(expected)s were expected of two "
        "who worked apart. All their answers together are %(ratio)s times as likely if some were shared; among pairs "
        "as unusual as this at most %(adjusted)s %% are chance."
    )
    values = {
        "same": pair.same,
        "together": pair.together,
        "expected": f"{pair.expected:.1f}",
        "ratio": _large(pair.ratio),
        "adjusted": f"{100 * pair.adjusted:.2g}",
    }
    return Reason("similar_answers", pair.people, pair.versions, Message(text, values))


def _of_changes(found: UnusualChanges) -> Reason:
    text = N_(
        "%(right)s of %(all)s changed answers went from wrong to right, where %(expected)s were expected "
        "(%(share)s %% in the cohort); among people as unusual as this at most %(adjusted)s %% are chance."
    )
    values = {
        "right": found.changes.wrong_to_right,
        "all": found.changes.all,
        "expected": f"{found.expected:.1f}",
        "share": f"{100 * found.cohort_share:.0f}",
        "adjusted": f"{100 * found.adjusted:.2g}",
    }
    return Reason("answer_changes", (found.changes.person,), (), Message(text, values))


def _of_rapid(pace: Pace) -> Reason:
    text = N_("%(rapid)s of %(items)s items were answered faster than a tenth of their mean time.")
    return Reason(
        "rapid_answers", (pace.person,), pace.rapid, Message(text, {"rapid": len(pace.rapid), "items": pace.items})
    )


def _of_fast(pace: Pace) -> Reason:
    text = N_(
        "%(fast)s of %(items)s items were answered rightly, and far faster than this person's other answers let expect "
        "(log-time residuals down to %(least)s standard deviations)."
    )
    least = min(pace.residuals[version] for version in pace.fast_right)
    values = {"fast": len(pace.fast_right), "items": pace.items, "least": f"{least:.1f}"}
    return Reason("fast_right_answers", (pace.person,), pace.fast_right, Message(text, values))


def _large(ratio: float) -> str:
    """A ratio with two digits that mean something: 4,300 or 1.2e+09."""
    return f"{float(f'{ratio:.2g}'):,.0f}" if ratio < 1e6 else f"{ratio:.1e}"
