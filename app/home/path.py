"""My path: what is done, what is next, and why something is locked, gathered from the floors below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask_babel import gettext as _

from app import clock
from app.home.gathering import Asked, Found, Held, PathSources, in_force, rule_of
from app.home.way import WayMaker
from app.home.way_ended import ended_word
from app.home.way_parts import Way
from app.home.way_renewal import renewal_ahead
from app.policy import Permission, current_actor, requires
from assessments.grading.decision import decide
from courses import queries, summaries, views
from courses.summaries import EnrolmentView, LevelView, SchemeView

blueprint = Blueprint("path", __name__, template_folder="templates")


@dataclass(frozen=True)
class PathView:
    """Everything the page shows for one level."""

    level: LevelView
    scheme: SchemeView
    enrolments: Sequence[EnrolmentView]
    way: Way
    found: Found
    held: Held | None
    done: int
    total: int
    minutes_left: int


@blueprint.get("/path")
@requires(Permission.PATH_OWN)
def my_path() -> str:
    """The signed-in person's way; `?level=` looks at another level one is enrolled in."""
    now, person_id = clock.now(), current_actor().person_id
    sources: PathSources = current_app.extensions["path"]
    levels = summaries.list_levels()
    enrolments = summaries.list_enrolments(person_id)
    certificates = sources.certificates(person_id, now)
    held = in_force(certificates)
    level = _choose(levels, enrolments, certificates, request.args.get("level", ""))
    strip = _strip(levels, enrolments, certificates, level, now)
    scheme = queries.in_force(level.schemes, now.date()) if level else None
    if level is None or scheme is None or not scheme.rule:
        cards = [card for card in views.level_cards(now.date()) if card.is_open]
        return render_template("home/path-empty.html", strip=strip, cards=cards, duration=views.duration)
    view = _view(person_id, level, scheme, enrolments, certificates, levels, now)
    return render_template(
        "home/path.html",
        strip=strip,
        view=view,
        next_level=_next_level(levels, level, held),
        time_left=views.duration(view.minutes_left),
    )


def _choose(
    levels: Sequence[LevelView], enrolments: Sequence[EnrolmentView], certificates: Mapping[str, Held], asked: str
) -> LevelView | None:
    """The level to show: the one asked for, else the first begun and not held, else the highest begun.

    One that has expired counts as begun where it can be renewed or earned again.
    """
    begun, held = {enrolment.course.level_id for enrolment in enrolments}, in_force(certificates)
    back = {code for code, one in certificates.items() if one.due}
    own = [level for level in levels if level.id in begun or level.code in held or level.code in back]
    wanted = [level for level in own if level.code == asked] or [level for level in own if level.code not in held]
    return wanted[0] if wanted else own[-1] if own else None


def _view(
    person_id: int,
    level: LevelView,
    scheme: SchemeView,
    enrolments: Sequence[EnrolmentView],
    certificates: Mapping[str, Held],
    levels: Sequence[LevelView],
    now: datetime,
) -> PathView:
    rule, held = rule_of(scheme), in_force(certificates)
    courses = {r.target for r in rule.requirements if r.kind == "lessons"}
    own = [e for e in enrolments if e.course.code in courses]
    modules = {code: queries.module_states(states) for code, states in summaries.outlines(own).items()}
    shown = certificates.get(level.code)
    asked = Asked(person_id, level.code, rule, modules, now, shown.counts_from if shown else None)
    found = _with_renewals(current_app.extensions["path"].gather(asked, held), certificates, levels, level.code)
    decision = decide(rule, found.evidence)
    needs = "" if rule.requires_level in held else _title_of(levels, rule.requires_level)
    way = WayMaker(asked, found, decision, _facts(own), shown).make(level.title, needs)
    lessons = [lesson for states in modules.values() for module in states for lesson in module.lessons]
    return PathView(
        level=level,
        scheme=scheme,
        enrolments=own,
        way=way,
        found=found,
        held=held.get(level.code),
        done=sum(lesson.is_done for lesson in lessons),
        total=len(lessons),
        minutes_left=sum(lesson.minutes for lesson in lessons if not lesson.is_done),
    )


def _with_renewals(found: Found, certificates: Mapping[str, Held], levels: Sequence[LevelView], shown: str) -> Found:
    """What was found, with the renewals of levels that the page is not about among the dates ahead."""
    others = [one for code, one in certificates.items() if code != shown]
    ahead = [renewal_ahead(one, _title_of(levels, one.level_code)) for one in others]
    coming = [*found.coming, *(entry for entry in ahead if entry is not None)]
    return replace(found, coming=tuple(sorted(coming, key=lambda entry: entry.on)))


def _facts(enrolments: Sequence[EnrolmentView]) -> dict[str, dict[str, Any]]:
    """What the editions say of their exam and practical, by its code."""
    facts = [e.edition.data.get(kind) or {} for e in enrolments for kind in ("exam", "practical")]
    return {fact["code"]: fact for fact in facts if fact}


def _title_of(levels: Sequence[LevelView], code: str) -> str:
    return next((level.title for level in levels if level.code == code), code)


def _strip(
    levels: Sequence[LevelView],
    enrolments: Sequence[EnrolmentView],
    certificates: Mapping[str, Held],
    shown: LevelView | None,
    now: datetime,
) -> list[dict[str, str]]:
    begun = {enrolment.course.level_id for enrolment in enrolments}
    return [_strip_entry(level, level.id in begun, levels, certificates, shown, now) for level in levels]


def _strip_entry(
    level: LevelView,
    begun: bool,
    levels: Sequence[LevelView],
    certificates: Mapping[str, Held],
    shown: LevelView | None,
    now: datetime,
) -> dict[str, str]:
    scheme, held = queries.in_force(level.schemes, now.date()), in_force(certificates)
    needs = scheme.requires_level if scheme and scheme.requires_level not in held else ""
    if level.code in held:
        state, line = "done", _("Held")
    elif level.code in certificates:
        state, line = ("current" if shown is level else "open"), ended_word(certificates[level.code])
    elif begun:
        state, line = ("current" if shown is level else "open"), _("In progress")
    elif needs:
        state, line = "locked", _("Locked: needs %(level)s", level=_title_of(levels, needs))
    elif level.courses:
        state, line = "open", _("Open to you")
    else:
        state, line = "locked", _("In preparation")
    return {"code": level.medal or level.code, "title": level.title, "line": line, "state": state}


def _next_level(levels: Sequence[LevelView], level: LevelView, held: Mapping[str, Held]) -> LevelView | None:
    """The level after one that is held, if it can be begun."""
    if level.code not in held:
        return None
    later = [other for other in levels if other.pathway_id == level.pathway_id and other.position > level.position]
    return next((other for other in later if other.courses and other.code not in held), None)
