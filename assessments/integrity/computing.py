"""The contents of an integrity report as JSON: what was looked at, three sections, and the flags.

Candidates stand in it by the public id of their attempt and by candidate number, never by name. Shape:
`looked_at` {attempts, emptied, first, last, exam_versions, questions, versions} · `candidates` {attempt: {number,
sitting, seat}} · `flags` [{key, kind, section, attempts, versions, text, values}] · `similar` {n, pairs, bins} ·
`timing` {n, bins, rows, rapid_seconds} · `changes` {n, answers, right, wrong, other, bins, rows}.
A section of fewer than `fewest` attempts has no bins: too few to say anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from itertools import combinations
from typing import Any

from assessments.analysis.changes import Changes
from assessments.analysis.integrity import integrity_report
from assessments.analysis.sheets import Sheet
from assessments.analysis.thresholds import INTEGRITY
from assessments.analysis.timing import Timed, paces, rapid_limits
from assessments.grading.messages import N_
from assessments.integrity.bursts import Burst, Step, bursts
from assessments.integrity.cohort import Cohort, changes_of, sheets_of, times_of
from assessments.integrity.counting import count

MOST_ROWS = 10
FEWEST = INTEGRITY.fewest_people
SECTIONS = {
    "similar_answers": "similar",
    "rapid_answers": "timing",
    "fast_right_answers": "timing",
    "answer_changes": "changes",
    "burst": "changes",
}
BURST = N_("%(changes)s answers went from wrong to right within %(seconds)s seconds.")
NIGHT_BURST = N_("%(changes)s answers went from wrong to right within %(seconds)s seconds, late at night.")
Data = dict[str, Any]


def compute(cohort: Cohort, steps: Mapping[str, Sequence[Step]], seats: Mapping[int, str], zone: tzinfo) -> Data:
    """The report on these attempts. Takes seconds for hundreds of them: every pair is compared."""
    sheets, times, changes = sheets_of(cohort), times_of(cohort), changes_of(steps)
    flags = list(_flags(sheets, changes, times, bursts(steps, zone)))
    return {
        "fewest": FEWEST,
        "looked_at": _looked_at(cohort),
        "candidates": {
            sat.name: {"number": sat.candidate, "sitting": sat.sitting, "seat": seats.get(sat.id, "")}
            for sat in cohort.sats
        },
        "flags": flags,
        "similar": _similar(sheets, _marked(flags, "similar")),
        "timing": _timing(times, _marked(flags, "timing")),
        "changes": _changes(changes, _marked(flags, "changes")),
    }


def _looked_at(cohort: Cohort) -> Data:
    given = [one for sat in cohort.sats for one in cohort.given[sat.id]]
    return {
        "attempts": len(cohort.sats),
        "emptied": len(cohort.emptied),
        "first": cohort.sats[0].begun.isoformat(),
        "last": max(sat.begun for sat in cohort.sats).isoformat(),
        "exam_versions": sorted({sat.exam_version for sat in cohort.sats}),
        "questions": round(len(given) / len(cohort.sats)),
        "versions": len({one.version for one in given}),
    }


def _flags(
    sheets: Sequence[Sheet], changes: Sequence[Changes], times: Mapping[str, Sequence[Timed]], burst: Sequence[Burst]
) -> Iterator[Data]:
    reasons = integrity_report(sheets, changes, times) if sheets else []
    found = [(one.kind, one.people, one.versions, one.message.text, one.message.values) for one in reasons]
    if len(sheets) >= FEWEST:
        found += [("burst", (one.name,), one.asked, *_burst_words(one)) for one in burst]
    for number, (kind, people, versions, text, values) in enumerate(found, 1):
        yield {
            "key": str(number),
            "kind": kind,
            "section": SECTIONS[kind],
            "attempts": list(people),
            "versions": list(versions),
            "text": text,
            "values": dict(values),
        }


def _burst_words(one: Burst) -> tuple[str, Data]:
    values = {"changes": one.changes, "seconds": round(one.seconds), "at": one.begun.isoformat()}
    return (NIGHT_BURST if one.is_night else BURST), values


def _marked(flags: Sequence[Data], section: str) -> set[str]:
    """Whom the flags of a section concern; a pair stands as both names with a blank between."""
    return {" ".join(sorted(flag["attempts"])) for flag in flags if flag["section"] == section}


def _similar(sheets: Sequence[Sheet], marked: set[str]) -> Data:
    """How many identical wrong answers pairs have: of every two sheets, as sets of bits."""
    if len(sheets) < FEWEST:
        return {"n": len(sheets), "pairs": 0, "bins": []}
    places: dict[tuple[str, tuple[str, ...]], int] = {}
    wrong = {
        sheet.person: sum(
            1 << places.setdefault((answer.version, answer.options), len(places))
            for answer in sheet.answers
            if answer.answered and answer.points < answer.maximum
        )
        for sheet in sheets
    }
    same = {
        f"{one} {other}": float((wrong[one] & wrong[other]).bit_count())
        for one, other in combinations(sorted(wrong), 2)
    }
    return {"n": len(sheets), "pairs": len(same), "bins": count(same, marked)}


def _timing(times: Mapping[str, Sequence[Timed]], marked: set[str]) -> Data:
    found = paces(times)
    if not found:
        return {"n": len(times), "bins": [], "rows": [], "rapid_seconds": None}
    minutes = {name: sum(one.seconds for one in own) / 60 for name, own in times.items()}
    rapid = sorted((pace for pace in found if pace.rapid), key=lambda pace: (-len(pace.rapid), pace.person))
    return {
        "n": len(found),
        "bins": count(minutes, marked),
        "rapid_seconds": round(max(rapid_limits(times).values()), 1),
        "rows": [
            {
                "attempt": pace.person,
                "items": pace.items,
                "rapid": len(pace.rapid),
                "fast_right": len(pace.fast_right),
                "minutes": round(minutes[pace.person], 1),
            }
            for pace in rapid[:MOST_ROWS]
        ],
    }


def _changes(changes: Sequence[Changes], marked: set[str]) -> Data:
    made = [one for one in changes if one.all]
    is_enough = len(changes) >= FEWEST
    most = sorted(made, key=lambda one: (-one.wrong_to_right, -one.all, one.person))
    return {
        "n": len(changes),
        "answers": sum(one.all for one in made),
        "right": sum(one.wrong_to_right for one in made),
        "wrong": sum(one.right_to_wrong for one in made),
        "other": sum(one.wrong_to_wrong for one in made),
        "bins": count({one.person: float(one.wrong_to_right) for one in changes}, marked) if is_enough else [],
        "rows": [
            {
                "attempt": one.person,
                "all": one.all,
                "right": one.wrong_to_right,
                "wrong": one.right_to_wrong,
                "other": one.wrong_to_wrong,
            }
            for one in (most[:MOST_ROWS] if is_enough else [])
        ],
    }
