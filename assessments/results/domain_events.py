"""What happens to results, in the past tense."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ResultReleased:
    """A result became known to the person it belongs to. `kind` is exam or practical, `code` the code of either."""

    person_id: int
    kind: str
    code: str
    result_id: int
