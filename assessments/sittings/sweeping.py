"""The sweeper: sittings end with their window, whether or not somebody closes them. A job that comes round by itself."""

from app import clock
from app.jobs.ledger import Claim
from assessments.sittings import planning, queries

JOB = "sittings.sweep"
EVERY_SECONDS = 300


def sweep(claim: Claim) -> None:
    """The job: end the sittings whose window is over."""
    now = clock.now()
    for public_id in queries.list_over(now):
        planning.end_over(public_id, now)
