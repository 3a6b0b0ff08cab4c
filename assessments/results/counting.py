"""From when on somebody's results count, where what was passed before a moment counts no more.

Each of COUNTED_SINCE takes a person, the code of an exam or practical, and the moment, and gives the moment before which
passes do not stand in the way of a new attempt, or None. Registered by app.wiring; asked only where somebody has passed.
"""

from collections.abc import Callable
from datetime import datetime

Since = Callable[[int, str, datetime], datetime | None]
COUNTED_SINCE: list[Since] = []


def counted_since(person_id: int, code: str, now: datetime) -> datetime | None:
    """The moment from which results of this exam or practical count; None where all do, as for nearly everybody."""
    moments = [since(person_id, code, now) for since in COUNTED_SINCE]
    return max((moment for moment in moments if moment is not None), default=None)
