"""The one clock: every time in the product comes from here, in UTC."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment as an aware datetime in UTC."""
    return datetime.now(UTC)  # noqa: TID251  the one place that may ask the system
