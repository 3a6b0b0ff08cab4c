"""The window of a seat: as long as its sitting's, and longer for whoever is granted more time or breaks."""

from datetime import datetime, timedelta

from assessments.accommodations import queries as accommodations
from assessments.exams.timing import seconds_allowed
from assessments.sittings.models import Sitting


def close_for(sitting: Sitting, person_id: int, now: datetime) -> datetime:
    """When the attempt of this person ends at the latest: nobody loses to the window what they are granted.

    The close of the sitting, moved by the extra time and by all breaks of an accommodation in force at `now`.
    """
    given = accommodations.find_in_force(person_id, now)
    if given is None:
        return sitting.closes_at
    more = seconds_allowed(sitting.exam.minutes, given.time_percent) - sitting.exam.minutes * 60
    return sitting.closes_at + timedelta(seconds=more, minutes=given.breaks * given.break_minutes)
