"""What happens to results, in the past tense."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ResultReleased:
    """A result became known to the person it belongs to. `kind` is exam or practical, `code` the code of either."""

    person_id: int
    kind: str
    code: str
    result_id: int


@dataclass(frozen=True)
class ResultRatified:
    """A result was confirmed before its release."""

    person_id: int
    kind: str
    code: str
    result_id: int


@dataclass(frozen=True)
class ResultRegraded:
    """A result was worked out again: `old_id` is kept and no longer counts, `result_id` counts. `by` decided it."""

    person_id: int
    kind: str
    code: str
    old_id: int
    result_id: int
    by: str
