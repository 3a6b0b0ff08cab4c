"""What the marking room shows: every criterion with its cells, what is said so far, and what was saved elsewhere."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _

from assessments.grading.rubric import INCOMPLETE, PASS
from assessments.practicals import judging, rules
from assessments.practicals.marking import Entry
from assessments.practicals.models import Criterion, Mark, Marking
from assessments.practicals.rules import Said
from assessments.practicals.standing import level_word, show_clock

LONG = 90


@dataclass(frozen=True)
class Cell:
    """One level to choose: `key` is its key on the keyboard and its worth."""

    key: int
    code: str
    word: str
    descriptor: str
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    """One criterion. `version` is what a save builds on; `theirs` what another window saved meanwhile."""

    number: int
    code: str
    title: str
    question: str
    cells: list[Cell]
    comment: str
    version: int
    is_open: bool
    theirs: Said | None

    @property
    def chosen(self) -> Cell | None:
        """The level chosen so far."""
        return next((cell for cell in self.cells if cell.is_chosen), None)

    @property
    def is_complete(self) -> bool:
        """Whether a level and a comment are there."""
        return self.chosen is not None and bool(self.comment.strip())

    @property
    def is_long(self) -> bool:
        """Whether the descriptors need two cells a line rather than four."""
        return any(len(cell.descriptor) > LONG for cell in self.cells)


@dataclass(frozen=True)
class Room:
    """A marking on its page. `held_share` is what is left of the hold, 0 to 1."""

    marking: Marking
    rows: list[Row]
    closing: str
    closing_version: int
    closing_theirs: str | None
    held_minutes: int
    held_share: float
    saved: str
    as_it_stands: str
    gaps: list[tuple[Row, rules.Gap]] = field(default_factory=list)

    @property
    def complete(self) -> int:
        """How many criteria are complete."""
        return sum(row.is_complete for row in self.rows)

    @property
    def missing(self) -> str:
        """What is still missing, in words; empty when nothing is."""
        return missing_words([gap for _row, gap in self.gaps])

    @property
    def held_words(self) -> str:
        """How long the script is held for: 6 h 12 min."""
        hours, minutes = divmod(self.held_minutes, 60)
        return _("%(hours)s h %(minutes)02d min", hours=hours, minutes=minutes) if hours else _("%(m)s min", m=minutes)


@dataclass(frozen=True)
class Typed:
    """What was sent and refused, so that it comes back; `outdated`: codes saved elsewhere since ("" closing words)."""

    entries: Mapping[str, Entry]
    closing: Entry
    outdated: Collection[str] = ()


def open_room(marking: Marking, now: datetime, typed: Typed | None = None, opened: str = "") -> Room:
    """The room as it stands, or with what was typed in place of what is saved; `opened`: the criterion to begin with."""
    marks = {mark.criterion.code: mark for mark in marking.marks}
    said = _said(marking, typed)
    codes = [criterion.code for criterion in marking.rubric.criteria]
    gaps = rules.find_gaps(codes, said)
    first = next(iter(typed.outdated), "") if typed else ""
    begin = first or (opened if opened in codes else "") or (gaps[0].code if gaps else codes[0])
    rows = [
        _row(marking, c, marks.get(c.code), said.get(c.code, Said()), typed, begin) for c in marking.rubric.criteria
    ]
    by_code = {row.code: row for row in rows}
    left = max(0, int((marking.lease_until - now).total_seconds()))
    closing_old = typed is not None and "" in typed.outdated
    return Room(
        marking=marking,
        rows=rows,
        closing=typed.closing.comment if typed else marking.comment,
        closing_version=marking.version if typed is None or closing_old else typed.closing.version,
        closing_theirs=marking.comment if closing_old else None,
        held_minutes=left // 60,
        held_share=round(left / rules.LEASE.total_seconds(), 3),
        saved=_("Saved at %(time)s", time=show_clock(marking.saved_at)) if marking.saved_at else "",
        as_it_stands=as_it_stands(marking, said),
        gaps=[(by_code[gap.code], gap) for gap in gaps],
    )


def _said(marking: Marking, typed: Typed | None) -> dict[str, Said]:
    if typed is None:
        return judging.said_of(marking)
    return {code: Said(entry.level, entry.comment) for code, entry in typed.entries.items()}


def _row(marking: Marking, criterion: Criterion, mark: Mark | None, said: Said, typed: Typed | None, begin: str) -> Row:
    is_outdated = typed is not None and criterion.code in typed.outdated
    saved = mark.version if mark else 0
    sent = typed.entries[criterion.code].version if typed and criterion.code in typed.entries else saved
    return Row(
        number=criterion.position,
        code=criterion.code,
        title=criterion.title,
        question=criterion.question,
        cells=[
            Cell(n, level, level_word(level), criterion.descriptors[n], level == said.level)
            for n, level in enumerate(marking.rubric.levels)
        ],
        comment=said.comment,
        version=saved if is_outdated else sent,
        is_open=criterion.code == begin,
        theirs=Said(mark.level, mark.comment) if is_outdated and mark else None,
    )


def missing_words(gaps: Collection[rules.Gap]) -> str:
    """What is missing of levels and comments: "one level, two comments"; empty when nothing is."""
    levels, comments = sum(gap.no_level for gap in gaps), sum(gap.no_comment for gap in gaps)
    parts = []
    if levels:
        parts.append(_("one mark") if levels == 1 else _("%(count)s marks", count=levels))
    if comments:
        parts.append(_("one comment") if comments == 1 else _("%(count)s comments", count=comments))
    return ", ".join(parts)


def as_it_stands(marking: Marking, said: Mapping[str, Said]) -> str:
    """What the marks would come to now, and why, for the assessor's eyes."""
    judged = judging.judge(marking.rubric, said)
    names = {criterion.code: str(criterion.position) for criterion in marking.rubric.criteria}
    least = level_word(marking.rubric.pass_level)
    if judged.below:
        numbers = ", ".join(names[code] for code in judged.below)
        return _("As it stands: refer, because below “%(level)s” in %(numbers)s.", level=least, numbers=numbers)
    if judged.outcome == INCOMPLETE:
        return _("As it stands: open. Every criterion has to reach “%(level)s”.", level=least)
    assert judged.outcome == PASS
    return _("As it stands: pass. Every criterion reaches “%(level)s”.", level=least)
