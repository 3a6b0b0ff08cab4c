"""What the pages of a report show: flags in words, the people they concern by number, notes, and sheets side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.shell import show_time
from assessments.exams.wording import in_words
from assessments.grading.messages import Message
from assessments.integrity import counting, queries
from assessments.integrity.answer_words import Words, answer_words
from assessments.integrity.cohort import Given, Sat, read_sheets
from assessments.integrity.models import IntegrityNote, IntegrityReport
from assessments.integrity.seating import are_neighbours
from assessments.integrity.services import ASKED, INCIDENT, NOTHING

LEAST_PERCENT = 0.01
KINDS: dict[str, Any] = {
    "similar_answers": _l("Similar answers"),
    "answer_changes": _l("Changed to right"),
    "burst": _l("Burst of changes"),
    "rapid_answers": _l("Rapid answers"),
    "fast_right_answers": _l("Right, and very fast"),
}
SAID: dict[str, Any] = {
    NOTHING: _l("Looked at: nothing to follow"),
    ASKED: _l("Asked the candidate"),
    INCIDENT: _l("Incident opened"),
}


@dataclass(frozen=True, slots=True)
class Whom:
    """A candidate of a report: attempt, candidate number, seat, and the name where it was asked for."""

    attempt: str
    number: str
    seat: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """A note as it is read."""

    said: str
    text: str
    incident: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Flag:
    """One reason to look. `beside` says what is known of the seats of a pair, empty where nothing is."""

    key: str
    kind: str
    title: str
    section: str
    reason: str
    people: tuple[Whom, ...]
    versions: tuple[str, ...]
    values: Mapping[str, Any]
    beside: str
    in_sitting: bool
    notes: tuple[Noted, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the sheets: what each candidate answered, None where it was not asked, and the key.

    `same_wrong`: both gave the same wrong answer. `flagged`: it is one of those that the flag rests on.
    """

    asked: str
    stem: str
    answers: tuple["Shown | None", ...]
    key: tuple[str, ...]
    same_wrong: bool
    flagged: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer: its lines, whether it earned the full point, and the seconds its page was open (0: not told)."""

    lines: tuple[str, ...]
    is_right: bool
    seconds: int


def list_flags(report: IntegrityReport, names: Mapping[str, str] | None = None) -> list[Flag]:
    """The flags of a report with the notes on each. Two statements; none for names, which are handed in."""
    notes = queries.list_notes(report.id)
    writers = queries.names_of({note.by for note in notes})
    return [
        _flag(report, stored, names or {}, [_noted(note, writers) for note in notes if note.flag == stored["key"]])
        for stored in report.data.get("flags", [])
    ]


def _flag(report: IntegrityReport, stored: dict[str, Any], names: Mapping[str, str], notes: list[Noted]) -> Flag:
    people = tuple(whom(report, attempt, names) for attempt in stored["attempts"])
    values = stored["values"]
    reason = in_words(Message(stored["text"], _legible(values)))
    if "at" in values:
        began = show_time(datetime.fromisoformat(values["at"]))
        reason = f"{reason} {_('It began on %(when)s.', when=began)}"
    return Flag(
        stored["key"], stored["kind"], str(KINDS[stored["kind"]]), stored["section"], reason, people,
        tuple(stored["versions"]), values, _beside(report, stored["attempts"]), is_of_sitting(report, stored), tuple(notes),
    )  # fmt: skip


def _legible(values: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a reason without digits that nobody can weigh: beyond a million to one all is the same."""
    shown = dict(values)
    if "e+" in str(values.get("ratio", "")):
        shown["ratio"] = _("more than a million")
    if "adjusted" in values and float(values["adjusted"]) < LEAST_PERCENT:
        shown["adjusted"] = str(LEAST_PERCENT)
    return shown


def is_of_sitting(report: IntegrityReport, flag: Mapping[str, Any]) -> bool:
    """Whether some attempt that a flag concerns belongs to a sitting."""
    return any(report.data["candidates"][attempt]["sitting"] for attempt in flag["attempts"])


def whom(report: IntegrityReport, attempt: str, names: Mapping[str, str] | None = None) -> Whom:
    """A candidate of the report by attempt."""
    known = report.data["candidates"][attempt]
    return Whom(attempt, known["number"], known["seat"], (names or {}).get(attempt, ""))


def _noted(note: IntegrityNote, writers: Mapping[str, str]) -> Noted:
    return Noted(str(SAID[note.said]), note.text, note.incident, writers.get(note.by, note.by), note.at)


def _beside(report: IntegrityReport, attempts: Sequence[str]) -> str:
    if len(attempts) != 2:
        return ""
    one, other = (report.data["candidates"][attempt] for attempt in attempts)
    if not one["sitting"] or not other["sitting"]:
        return ""
    if one["sitting"] != other["sitting"]:
        return _("Different sittings")
    if are_neighbours(one["seat"], other["seat"]):
        return _("Same sitting, seats side by side")
    return _("Same sitting")


def charts(data: Mapping[str, Any]) -> dict[str, counting.Chart | None]:
    """The chart of each section; None where there are too few to draw one."""
    return {
        name: counting.draw(data[name]["bins"], is_root=name != "timing", is_whole=name != "timing")
        for name in ("similar", "timing", "changes")
    }


def side_by_side(flag: Mapping[str, Any]) -> tuple[dict[str, Sat], list[Question]]:
    """The sheets of those a flag concerns, question by question, as they stand now."""
    names: list[str] = flag["attempts"]
    sats, sheets = read_sheets(names)
    by_asked = [{given.asked: given for given in sheets.get(name, ())} for name in names]
    order = dict.fromkeys(asked for sheet in by_asked for asked in sheet)
    return sats, [_question(asked, [sheet.get(asked) for sheet in by_asked], flag["versions"]) for asked in order]


def _question(asked: str, given: Sequence[Given | None], flagged: Sequence[str]) -> Question:
    first = next(one for one in given if one is not None)
    words = [None if one is None else answer_words(one.content, one.response) for one in given]
    expected = next(word for word in words if word is not None).expected
    answers = tuple(
        None if one is None or word is None else Shown(word.given, one.points == 1, one.seconds)
        for one, word in zip(given, words, strict=True)
    )
    return Question(
        asked, str(first.content["stem"]), answers, expected, _is_same_wrong(given, words), asked in flagged
    )


def _is_same_wrong(given: Sequence[Given | None], words: Sequence[Words | None]) -> bool:
    known = [one for one in given if one is not None]
    if len(given) != 2 or len(known) != 2 or known[0].response is None or known[0].points is None:
        return False
    return known[0].points < 1 and known[0].response == known[1].response


def in_sections(flags: Sequence[Flag]) -> dict[str, list[Flag]]:
    """The flags of each section, in their order."""
    return {name: [flag for flag in flags if flag.section == name] for name in ("similar", "timing", "changes")}


def rows_with(
    report: IntegrityReport, section: str, flags: Sequence[Flag]
) -> Iterator[tuple[Whom, dict[str, Any], bool]]:
    """The rows of a section's table: whom, what, and whether a flag of the section concerns them."""
    flagged = {person.attempt for flag in flags for person in flag.people if flag.section == section}
    for row in report.data[section].get("rows", []):
        yield whom(report, row["attempt"]), row, row["attempt"] in flagged
