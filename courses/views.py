"""What the pages of courses show, put together from rows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from courses import queries, summaries
from courses.models import CourseEdition
from courses.summaries import LevelView, SchemeView


@dataclass(frozen=True)
class LevelCard:
    """A level as shown on the front page and on the training page."""

    code: str
    title: str
    summary: str
    medal: str
    line: str
    facts: list[tuple[str, str]]
    href: str
    first: bool
    is_open: bool
    editions: list[CourseEdition]
    scheme: SchemeView | None
    requires: str


def hours(minutes: int) -> str:
    """A length of time in words: "40 minutes", "about 6 hours"."""
    if minutes < 90:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    return ngettext("about %(num)d hour", "about %(num)d hours", round(minutes / 60))


def duration(minutes: int) -> str:
    """`hours`, where it stands on its own: "About 6 hours"."""
    words = hours(minutes)
    return words[:1].upper() + words[1:]


def level_cards(on: date) -> list[LevelCard]:
    """Every level with its rule in force and its courses (two queries)."""
    levels, editions = summaries.list_levels(), queries.list_current_editions()
    titles = {level.code: level.title for level in levels}
    by_level: dict[int, list[CourseEdition]] = {}
    for edition in editions:
        by_level.setdefault(edition.course.level_id, []).append(edition)
    cards = [_card(level, by_level.get(level.id, []), titles, on) for level in levels]
    first = next((card.code for card in cards if card.is_open), "")
    return [LevelCard(**{**card.__dict__, "first": card.code == first}) for card in cards]


def _card(level: LevelView, editions: list[CourseEdition], titles: dict[str, str], on: date) -> LevelCard:
    scheme = queries.in_force(level.schemes, on)
    minutes = sum(edition.data["minutes"] for edition in editions)
    href = url_for("courses.course", course_code=editions[0].course.code) if len(editions) == 1 else ""
    return LevelCard(
        code=level.code,
        title=level.title,
        summary=level.summary,
        medal=level.medal,
        line=duration(minutes) if editions else _("In preparation"),
        facts=_level_facts(scheme, editions, titles),
        href=href or url_for("courses.training", _anchor=level.code),
        first=False,
        is_open=bool(editions),
        editions=editions,
        scheme=scheme,
        requires=titles.get(scheme.requires_level, "") if scheme and scheme.requires_level else "",
    )


def _level_facts(
    scheme: SchemeView | None, editions: list[CourseEdition], titles: dict[str, str]
) -> list[tuple[str, str]]:
    facts = [fact for edition in editions for fact in assessment_facts(edition.data)]
    if scheme is not None:
        if scheme.requires_level:
            facts.append((_("Requires"), titles.get(scheme.requires_level, scheme.requires_level)))
        facts.append((_("Valid"), validity(scheme.validity_years)))
    return facts


def assessment_facts(data: dict[str, Any]) -> list[tuple[str, str]]:
    """Exam and practical of an edition, one short line each."""
    facts = []
    if data.get("exam"):
        line = ngettext(
            "%(num)d question, %(percent)s %% to pass",
            "%(num)d questions, %(percent)s %% to pass",
            data["exam"]["questions"],
            percent=data["exam"]["pass_percent"],
        )
        facts.append((_("Exam"), line))
    if data.get("practical"):
        facts.append((_("Practical"), data["practical"]["title"]))
    return facts


def validity(years: int) -> str:
    """How long a certificate of a scheme is valid, in words."""
    return ngettext("%(num)d year", "%(num)d years", years) if years else _("For life")
