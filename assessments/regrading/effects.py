"""What decisions do to one attempt beside what counts now, and the whole of it as an approver reads it."""

from collections.abc import Iterable, Sequence
from typing import Any

from assessments.grading.canonical import digest
from assessments.grading.numbers import plain_text
from assessments.grading.regrade import Change, Effect, score_regraded
from assessments.grading.scoring import ExamScore
from assessments.regrading.reading import Case, Row

Summary = dict[str, Any]


def effect_on(case: Case, before: Sequence[Row], proposed: Sequence[Row]) -> Effect:
    """What `proposed` does to an attempt on which `before` holds already. Raises as grading.regrade.score_regraded."""
    old = score_regraded(case.items, case.rules, case.decisions(before))
    new = score_regraded(case.items, case.rules, case.decisions([*before, *proposed]))
    return Effect(case.attempt.public_id, old, new, tuple(_changes(old, new)))


def _changes(old: ExamScore, new: ExamScore) -> Iterable[Change]:
    after = {item.code: item.points for item in new.items}
    for item in old.items:
        if after.get(item.code) != item.points:
            yield Change(item.code, item.points, after.get(item.code))


def is_changed(effect: Effect) -> bool:
    """Whether anything of the result differs."""
    return bool(effect.changes) or effect.old.percent != effect.new.percent


def summary(pairs: Sequence[tuple[Case, Effect]]) -> Summary:
    """Counts, who crosses the pass mark, and each changed result; `seen` is its fingerprint."""
    rows = [_row(case, effect) for case, effect in pairs if is_changed(effect)]
    return {
        "looked_at": len(pairs),
        "changed": len(rows),
        "to_pass": [row["candidate"] for row in rows if row["crossing"] == "to_pass"],
        "to_fail": [row["candidate"] for row in rows if row["crossing"] == "to_fail"],
        "rows": rows,
        "seen": digest({"rows": rows}),
    }


def _row(case: Case, effect: Effect) -> dict[str, Any]:
    return {
        "attempt": case.attempt.public_id,
        "candidate": case.attempt.candidate,
        "number": case.attempt.number,
        "old": plain_text(effect.old.percent),
        "new": plain_text(effect.new.percent),
        "passed": [effect.old.passed, effect.new.passed],
        "crossing": effect.crossing,
        "released": case.result.released_at is not None,
    }
