"""Ordering the look at attempts whose release something had held."""

from collections.abc import Iterable

from app.jobs import runner
from assessments.exams.closing import RELEASE


def order_again(attempts: Iterable[str], why: str) -> None:
    """Let the job look at these attempts (public ids) once more; `why` names what ended, once each."""
    for public_id in attempts:
        runner.order(RELEASE, {"attempt": public_id}, key=f"{RELEASE}:{public_id}:{why}")
