"""What courses add to My path."""

from app.home.gathering import Asked, Found
from assessments.grading.decision import Evidence
from assessments.grading.requirements import LessonsEvidence


def lessons(asked: Asked) -> Found:
    """Lessons read, of how many, for each course of the level."""
    counts = {
        code: LessonsEvidence(sum(m.done for m in modules), sum(m.total for m in modules))
        for code, modules in asked.modules.items()
    }
    return Found(Evidence(lessons=counts))
