"""What is kept of a scored attempt: the finding that becomes its result, without any question."""

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.exams.models import Attempt
from assessments.exams.queries import Answered
from assessments.exams.times import span
from assessments.grading.numbers import plain_text
from assessments.grading.scoring import ExamScore
from assessments.grading.topics import TopicBand
from assessments.results.services import Finding

Data = dict[str, Any]


def finding_of(attempt: Attempt, score: ExamScore, answered: Sequence[Answered], record: Data) -> Finding:
    """The finding of an attempt that was scored from its answers; `record` is what grading.replay made."""
    return _finding(attempt, score, record, _data(attempt, score, answered))


def finding_again(attempt: Attempt, score: ExamScore, known: Mapping[str, Any], record: Data) -> Finding:
    """The finding of a new score of the same answers; `known` is what the earlier result says of the attempt."""
    return _finding(attempt, score, record, {**known, **_scored(attempt, score)})


def _finding(attempt: Attempt, score: ExamScore, record: Data, data: Data) -> Finding:
    exam = attempt.exam_snapshot
    return Finding(
        person_id=attempt.person_id,
        kind="exam",
        code=exam["code"],
        title=exam["title"],
        number=attempt.number,
        outcome="pass" if score.passed else "fail",
        percent=score.percent,
        data=data,
        record=record,
        rule_version=f"v{exam['version']}",
        attempt_id=attempt.id,
    )


def _scored(attempt: Attempt, score: ExamScore) -> Data:
    return {
        "percent": plain_text(score.percent),
        "points": plain_text(score.total),
        "maximum": score.maximum,
        "topics": [_band(band, attempt.exam_snapshot["topics"]) for band in score.topics],
    }


def _data(attempt: Attempt, score: ExamScore, answered: Sequence[Answered]) -> Data:
    """What the result page and the certificate need to know of the attempt, without any question."""
    exam = attempt.exam_snapshot
    started_at, deadline_at = span(attempt)
    end = attempt.submitted_at or deadline_at
    return {
        "attempt": attempt.public_id,
        **_scored(attempt, score),
        "cut_percent": exam["pass_percent"],
        "level_code": exam["level_code"],
        "course_code": exam["course_code"],
        "supervision": attempt.supervision,
        "waiver": exam["waiver"],
        "drew_public_items": any(question.is_public for question in answered),
        "late_answers": sum(
            question.answered_at is not None and question.answered_at > deadline_at for question in answered
        ),
        "timed_out": attempt.ended_by == "clock",
        "minutes": exam["minutes"],
        "started_at": started_at.isoformat(),
        "ended_at": end.isoformat(),
        "seconds_used": int((end - started_at).total_seconds()),
    }


def _band(band: TopicBand, titles: dict[str, str]) -> Data:
    title = titles.get(band.topic, band.topic)
    return {"code": band.topic, "title": title, "segments": band.segments, "word": band.word}
