"""Accommodations end on their date, and their evidence with them: a job that comes round by itself."""

from app import clock
from app.jobs.ledger import Claim
from assessments.accommodations import queries, services

JOB = "accommodations.end"
EVERY_SECONDS = 3_600


def end_due(claim: Claim) -> None:
    """The job: end those whose date has passed."""
    now = clock.now()
    for public_id in queries.list_ended_by_date(now):
        services.end_by_date(public_id, now)
