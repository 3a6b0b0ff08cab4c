"""`laurel grading replay`: compute every stored outcome again from its stored inputs, with the engine that made it."""

import sys
from collections.abc import Iterator
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app import transaction
from app.commands import answer
from app.extensions import db
from assessments.grading import replay
from assessments.grading.canonical import digest
from assessments.results.models import Result
from assessments.results.queries import record_of
from certificates.models import AwardDecision

AWARD = "award"


@click.group("grading")
def group() -> None:
    """The grading engine."""


@group.command("replay")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def replay_all(as_json: bool) -> None:
    """Reproduce every result and every award; exit 1 and name them where an outcome differs."""
    transaction.begin_read()
    differing: list[dict[str, Any]] = []
    counts = {"results": 0, "decisions": 0}
    for name, found in (("results", _results()), ("decisions", _decisions())):
        for public_id, faults in found:
            counts[name] += 1
            if faults:
                differing.append({"kind": name, "id": public_id, "differences": faults})
    words = f"{counts['results']} results and {counts['decisions']} decisions replayed; {len(differing)} differ."
    lines = [f"{row['kind']} {row['id']}: {'; '.join(row['differences'])}" for row in differing]
    answer({**counts, "good": not differing, "differing": differing}, as_json, "\n".join([*lines, words]))
    sys.exit(1 if differing else 0)


def _results() -> Iterator[tuple[str, list[str]]]:
    """Every result but those whose inputs were erased with the answers: there is nothing left to compute from."""
    for row_id, public_id in db.session.execute(select(Result.id, Result.public_id).order_by(Result.id)).all():
        record = record_of(row_id)
        if record["inputs"]:
            yield public_id, _differences(record)


def _differences(record: dict[str, Any]) -> list[str]:
    try:
        return [str(difference) for difference in replay.replay(record)]
    except replay.RecordInvalid as problem:
        return [str(problem)]


def _decisions() -> Iterator[tuple[str, list[str]]]:
    for decision in db.session.scalars(select(AwardDecision).order_by(AwardDecision.id)):
        yield decision.public_id, _decision_faults(decision)


def _decision_faults(decision: AwardDecision) -> list[str]:
    """A decision keeps rule and evidence; a person may decline what the engine would award, never the reverse."""
    inputs = {"rule": decision.rule, "evidence": decision.inputs}
    engine = replay.ENGINES.get(decision.engine_version)
    if engine is None:
        return [f"there is no engine {decision.engine_version}"]
    if digest(inputs) != decision.inputs_hash:
        return ["the stored inputs are not those the decision was made on"]
    outcome = engine["decision"](inputs)["outcome"]
    return [] if outcome == AWARD else [f"the engine says {outcome}, the decision says {decision.outcome}"]
