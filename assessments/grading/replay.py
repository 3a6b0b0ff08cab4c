"""Records of outcomes with everything they were made from, and the proof that they still come out the same.

A record is a JSON object: `what` (exam, regraded_exam, practical, decision), `engine` (version), `inputs`, `inputs_sha256`
(canonical.digest of the inputs) and `outcome`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import InvalidOperation
from typing import Any

from assessments.grading.canonical import digest, plain
from assessments.grading.decision import Evidence, SchemeRule, decide
from assessments.grading.regrade import Decision, read_decisions, score_regraded, store_decisions
from assessments.grading.rubric import Marks, PracticalRule, Rubric, judge_practical
from assessments.grading.scoring import ExamRules, ItemInput, score_exam
from assessments.grading.snapshots import (
    read_evidence,
    read_exam_rules,
    read_items,
    read_practical_rule,
    read_rubric,
    read_scheme_rule,
    store_items,
)
from assessments.grading.version import ENGINE_VERSION

Record = dict[str, Any]
Json = Mapping[str, Any]

RECORD_FIELDS = frozenset({"what", "engine", "inputs", "inputs_sha256", "outcome"})


class RecordInvalid(ValueError):
    """Something that is no record, or one whose inputs the engine cannot read."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of a record that does not come out as stored: `engine`, `inputs_sha256` or `outcome.<name>`."""

    part: str
    stored: Any
    computed: Any


def record_exam(items: Sequence[ItemInput], rules: ExamRules) -> Record:
    """The record of one scored attempt. Raises as scoring.score_exam does."""
    return _record("exam", {"items": store_items(items), "rules": rules})


def record_regraded_exam(items: Sequence[ItemInput], rules: ExamRules, decisions: Sequence[Decision]) -> Record:
    """The record of an attempt whose keys changed: its first inputs and the decisions. Raises as score_regraded does."""
    inputs = {"items": store_items(items), "rules": rules, "regrade": store_decisions(decisions)}
    return _record("regraded_exam", inputs)


def record_practical(rubric: Rubric, marks: Marks, rule: PracticalRule) -> Record:
    """The record of one judged submission. Raises as rubric.judge_practical does."""
    return _record("practical", {"rubric": rubric, "marks": marks, "rule": rule})


def record_decision(rule: SchemeRule, evidence: Evidence) -> Record:
    """The record of one decision on an award. Raises as decision.decide does."""
    return _record("decision", {"rule": rule, "evidence": evidence})


def replay(record: Mapping[str, Any]) -> list[Difference]:
    """Compute a record's outcome again with the engine that made it; an empty list means that all is as stored.

    Raises RecordInvalid when there is nothing that could be computed.
    """
    if not isinstance(record, Mapping) or not record.keys() >= RECORD_FIELDS or not isinstance(record["outcome"], dict):
        raise RecordInvalid("not a record of this engine")
    engine = ENGINES.get(record["engine"]) if isinstance(record["engine"], str) else None
    if engine is None:
        return [Difference("engine", record["engine"], sorted(ENGINES))]
    computed, sha256 = _compute(engine, record)
    stored = record["inputs_sha256"]
    changed = [] if stored == sha256 else [Difference("inputs_sha256", stored, sha256)]
    return changed + _compare_outcome(record["outcome"], computed)


def _record(what: str, inputs: Mapping[str, Any]) -> Record:
    stored = plain(inputs)
    return {
        "what": what,
        "engine": ENGINE_VERSION,
        "inputs": stored,
        "inputs_sha256": digest(stored),
        "outcome": ENGINES[ENGINE_VERSION][what](stored),
    }


def _compute(engine: Mapping[str, Callable[[Json], Any]], record: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The outcome of the stored inputs, and their digest. Raises RecordInvalid."""
    what = record["what"]
    if not isinstance(what, str) or what not in engine:
        raise RecordInvalid(f"the engine judges no {what!r:.60}")
    try:
        return engine[what](record["inputs"]), digest(record["inputs"])
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, InvalidOperation) as error:
        raise RecordInvalid(f"the stored inputs cannot be read: {error!r:.120}") from error


def _compare_outcome(stored: dict[str, Any], computed: dict[str, Any]) -> list[Difference]:
    names = sorted(stored.keys() | computed.keys())
    return [
        Difference(f"outcome.{name}", stored.get(name), computed.get(name))
        for name in names
        if name not in stored or name not in computed or _json(stored[name]) != _json(computed[name])
    ]


def _json(value: Any) -> str:
    """Text to compare by, in which 1, 1.0 and true differ; a touched outcome may hold what no engine would write."""
    return json.dumps(value, sort_keys=True)


def _as_shown(outcome: Any) -> Any:
    """An outcome as JSON, its numbers with the places in which they are shown."""
    return plain(outcome, lambda number: format(number, "f"))


def _replay_exam(inputs: Json) -> Any:
    return _as_shown(score_exam(read_items(inputs["items"]), read_exam_rules(inputs["rules"])))


def _replay_regraded_exam(inputs: Json) -> Any:
    items, rules = read_items(inputs["items"]), read_exam_rules(inputs["rules"])
    return _as_shown(score_regraded(items, rules, read_decisions(inputs["regrade"])))


def _replay_practical(inputs: Json) -> Any:
    return _as_shown(
        judge_practical(read_rubric(inputs["rubric"]), inputs["marks"], read_practical_rule(inputs["rule"]))
    )


def _replay_decision(inputs: Json) -> Any:
    return _as_shown(decide(read_scheme_rule(inputs["rule"]), read_evidence(inputs["evidence"])))


# One line a version that has ever stored an outcome; see version.py.
ENGINES: dict[str, dict[str, Callable[[Json], Any]]] = {
    "1": {
        "exam": _replay_exam,
        "regraded_exam": _replay_regraded_exam,
        "practical": _replay_practical,
        "decision": _replay_decision,
    },
}
