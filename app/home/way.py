"""The way to a certificate in nodes, rows and one next step, from the engine's decision and what features told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.lists import format_list
from flask import url_for
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from app.home.gathering import Asked, Found, Held, Note
from assessments.grading.decision import AWARD, Decision
from assessments.grading.requirements import MET, WAITING, Requirement, RequirementOutcome
from assessments.grading.wording import REASONS
from courses.queries import LessonState, ModuleState, resume_at
from courses.views import hours

DONE, CURRENT, OPEN, LOCKED = "done", "current", "open", "locked"
ORDER = {"lessons": 0, "practical": 1, "exam": 2}  # a practical runs beside the lessons, an exam comes after them


@dataclass(frozen=True)
class Step:
    """The one thing to do next; `ring` is None or (share, centre, small, caption)."""

    label: str
    title: str
    sentence: str
    action: str = ""
    href: str = ""
    minutes: str = ""
    ring: tuple[float, str, str, str] | None = None


@dataclass(frozen=True)
class Row:
    """A requirement in words: done, current (next), open, waiting or locked, with the exact reason."""

    title: str
    state: str
    reason: str
    href: str
    action: str


@dataclass(frozen=True)
class Way:
    """All of My path that depends on the rule."""

    nodes: list[dict[str, Any]]
    rows: list[Row]
    step: Step


def say(reason: Any) -> str:
    """A reason of the engine as a sentence."""
    return _(REASONS[reason.code], **{name: str(value) for name, value in reason.values.items()})


class WayMaker:
    """Builds the way of one person; `facts` are the exam's and practical's of the courses, by code."""

    def __init__(
        self, asked: Asked, found: Found, decision: Decision, facts: Mapping[str, dict[str, Any]], held: Held | None
    ) -> None:
        self.asked, self.found, self.decision, self.facts, self.held = asked, found, decision, facts, held
        self.outcomes = {outcome.code: outcome for outcome in decision.requirements}
        self.requirements = sorted(asked.rule.requirements, key=lambda r: ORDER[r.kind])
        self.here = self._first_open()

    def make(self, level_title: str, requires: str) -> Way:
        """Nodes, rows and the next step."""
        nodes = [node for requirement in self.requirements for node in self._nodes(requirement)]
        rows = [self._row(requirement) for requirement in self.requirements]
        nodes.append(self._certificate_node(level_title, requires))
        return Way(nodes, rows, self._step(level_title, requires))

    def _first_open(self) -> str:
        """The requirement to work on now: the first that can be worked on, what is under way after what is not."""
        possible = [r for r in self.requirements if not self._is_settled(r) and not self._lock(r)]
        possible.sort(key=lambda r: self._note(r).under_way)
        return possible[0].code if possible else ""

    def _is_settled(self, requirement: Requirement) -> bool:
        return self.outcomes[requirement.code].status in (MET, WAITING)

    def _note(self, requirement: Requirement) -> Note:
        return self.found.notes.get(requirement.target, Note())

    def _lock(self, requirement: Requirement) -> str:
        """What has to happen before a requirement can be worked on; "" when it can."""
        if self.outcomes[requirement.code].met or requirement.kind == "lessons":
            return ""
        note = self._note(requirement)
        if note.locked is not None:
            return note.locked
        return self._unread_modules() if requirement.kind == "exam" else ""

    def _unread_modules(self) -> str:
        codes = [module.code for modules in self.asked.modules.values() for module in modules if not module.is_done]
        return _("finish %(modules)s", modules=format_list(codes, locale=get_locale() or "en")) if codes else ""

    def _title(self, requirement: Requirement) -> str:
        if requirement.kind == "lessons":
            return _("Read every lesson")
        fallback = _("Exam") if requirement.kind == "exam" else _("Practical")
        return self.facts.get(requirement.target, {}).get("title", fallback)

    def _state(self, requirement: Requirement) -> str:
        if self.outcomes[requirement.code].met:
            return DONE
        if self.outcomes[requirement.code].status == WAITING:
            return "waiting"
        if self._lock(requirement):
            return LOCKED
        return CURRENT if requirement.code == self.here else OPEN

    # -- nodes

    def _nodes(self, requirement: Requirement) -> list[dict[str, Any]]:
        if requirement.kind == "lessons":
            modules = self.asked.modules.get(requirement.target, ())
            here = _module_here(modules) if requirement.code == self.here else ""
            return [_module_node(requirement.target, module, module.code == here) for module in modules]
        return [self._assessed_node(requirement)]

    def _assessed_node(self, requirement: Requirement) -> dict[str, Any]:
        state, note = self._state(requirement), self._note(requirement)
        icon = "lock" if state == LOCKED else "clock" if state == "waiting" else ""
        return {
            "code": "",
            "title": self._title(requirement),
            "line": self._assessed_line(requirement, state, note),
            "state": OPEN if state == "waiting" else state,
            "share": note.share,
            "icon": icon or ("edit" if requirement.kind == "practical" else "list"),
            "href": "" if state == LOCKED else note.href,
        }

    def _assessed_line(self, requirement: Requirement, state: str, note: Note) -> str:
        if state == DONE:
            return _("Passed")
        if state == LOCKED:
            return _("Locked: %(reason)s", reason=self._lock(requirement))
        if state == "waiting":
            return _("Waiting for the result")
        return note.line or (_("You are here") if state == CURRENT else self._size(requirement))

    def _size(self, requirement: Requirement) -> str:
        facts = self.facts.get(requirement.target, {})
        if facts.get("calendar_days"):
            line = ngettext("%(hours)s over %(num)d day", "%(hours)s over %(num)d days", facts["calendar_days"],
                            hours=hours(facts["minutes"]))  # fmt: skip
            return line[:1].upper() + line[1:]
        if facts.get("questions"):
            return ngettext("%(num)d question", "%(num)d questions", facts["questions"])
        return ""

    def _certificate_node(self, level_title: str, requires: str) -> dict[str, Any]:
        line, state, href = self._certificate_line(requires), LOCKED, ""
        if self.held:
            state, href = DONE, self.held.href
            line = _("Held since %(date)s", date=_short(self.held.since))
        elif self.decision.outcome == AWARD:
            state, line = CURRENT, _("Being decided")
        return {
            "code": "",
            "title": _("Certificate"),
            "line": line,
            "state": state,
            "share": 0.0,
            "icon": self.asked.level_code,
            "href": href,
        }

    def _certificate_line(self, requires: str) -> str:
        names = {"lessons": _("read the lessons"), "exam": _("pass exam"), "practical": _("pass practical")}
        kinds = [r.kind for r in self.requirements if not self.outcomes[r.code].met and r.kind != "lessons"]
        kinds = kinds or [r.kind for r in self.requirements if not self.outcomes[r.code].met]
        if not kinds and requires:
            return _("Locked: needs %(level)s", level=requires)
        if {"exam", "practical"} <= set(kinds):
            return _("Locked: pass exam and practical")
        return _("Locked: %(reason)s", reason=names[kinds[0]]) if kinds else _("On hold")

    # -- rows

    def _row(self, requirement: Requirement) -> Row:
        state, note = self._state(requirement), self._note(requirement)
        outcome = self.outcomes[requirement.code]
        reason = say(outcome.reason)
        if state == LOCKED:
            lock = self._lock(requirement)
            reason = _("First %(reason)s.", reason=lock) + " " + self._asks(requirement, outcome)
        href, action = note.href, note.action or _("Open")
        if requirement.kind == "lessons":
            href, action = url_for("courses.course", course_code=requirement.target), _("All lessons")
        return Row(self._title(requirement), state, reason, href, action)

    def _asks(self, requirement: Requirement, outcome: RequirementOutcome) -> str:
        if requirement.kind == "exam":
            return _("Then %(minimum)s %% is needed to pass.", minimum=str(requirement.minimum_percent))
        return say(outcome.reason)

    # -- the next step

    def _step(self, level_title: str, requires: str) -> Step:
        if self.held:
            return self._finished(level_title)
        requirement = next((r for r in self.requirements if r.code == self.here), None)
        if requirement is None:
            return self._nothing_to_do(level_title, requires)
        if requirement.kind == "lessons":
            return _lesson_step(requirement.target, self.asked.modules.get(requirement.target, ()))
        note, facts = self._note(requirement), self.facts.get(requirement.target, {})
        sentence = facts.get("summary") or say(self.outcomes[requirement.code].reason)
        minutes = hours(facts["minutes"]) if facts.get("minutes") else ""
        done, total = sum(o.met for o in self.decision.requirements), len(self.decision.requirements)
        ring = (
            done / total,
            str(done),
            _("of %(total)s", total=total),
            _("Parts of %(level)s done", level=level_title),
        )
        action = note.action or (_("Open the exam") if requirement.kind == "exam" else _("Open the practical"))
        return Step(
            _("Your next step"),
            self._title(requirement),
            sentence,
            action if note.href else "",
            note.href,
            minutes,
            ring,
        )

    def _finished(self, level_title: str) -> Step:
        held = self.held
        assert held is not None
        sentence = (
            _("Awarded on %(date)s and valid until %(until)s.", date=_long(held.since), until=_long(held.until))
            if held.until
            else _("Awarded on %(date)s, for life.", date=_long(held.since))
        )
        action = _("See your certificate") if held.href else ""
        ring = (1.0, "", "", level_title)
        return Step(_("Well done"), _("You hold %(level)s", level=level_title), sentence, action, held.href, "", ring)

    def _nothing_to_do(self, level_title: str, requires: str) -> Step:
        total = len(self.decision.requirements)
        met = sum(outcome.met for outcome in self.decision.requirements)
        ring = (met / total, str(met), _("of %(total)s", total=total), _("Parts of %(level)s done", level=level_title))
        if self.decision.outcome == AWARD:
            sentence = _(
                "You have done everything that is asked. See whether your name is confirmed as it should stand."
            )
            title, action = _("Your certificate is on its way"), _("Open my certificates")
            return Step(_("All done"), title, sentence, action, "/certificates", ring=ring)
        if self.decision.waiting:
            sentence = _("Your work is with us. You will hear as soon as the result is released.")
            return Step(_("Nothing to do for now"), _("Waiting for a result"), sentence, ring=ring)
        sentence = " ".join(say(reason) for reason in self.decision.blocks)
        if requires and met == total:
            sentence = _("Everything else is done. %(level)s has to be held first.", level=requires)
        return Step(_("On hold for now"), _("Something else comes first"), sentence, ring=ring)


def _module_here(modules: Sequence[ModuleState]) -> str:
    state = resume_at([lesson for module in modules for lesson in module.lessons])
    return state.module_code if state else ""


def _module_node(course_code: str, module: ModuleState, is_here: bool) -> dict[str, Any]:
    state = DONE if module.is_done else CURRENT if is_here else OPEN
    lesson = resume_at(module.lessons) or module.lessons[0]
    return {
        "code": module.code,
        "title": module.title,
        "line": _module_line(module, state),
        "state": state,
        "share": module.done / module.total,
        "icon": "",
        "href": lesson_href(course_code, lesson),
    }


def _module_line(module: ModuleState, state: str) -> str:
    if state == DONE and module.done_at:
        return _("%(code)s · Done %(date)s", code=module.code, date=_short(module.done_at))
    if state == CURRENT:
        return _("You are here")
    if module.done:
        return _("%(done)s of %(total)s lessons", done=module.done, total=module.total)
    return ngettext(
        "%(num)d lesson, %(minutes)s min", "%(num)d lessons, %(minutes)s min", module.total, minutes=module.minutes
    )


def lesson_href(course_code: str, lesson: LessonState) -> str:
    """Where a lesson is read on, at the heading last seen."""
    return url_for(
        "courses.lesson",
        course_code=course_code,
        module_code=lesson.module_code,
        lesson_code=lesson.code,
        _anchor=lesson.position or None,
    )


def _lesson_step(course_code: str, modules: Sequence[ModuleState]) -> Step:
    lesson = resume_at([lesson for module in modules for lesson in module.lessons])
    if lesson is None:
        return Step(_("Your next step"), _("This course has no lessons yet"), "")
    module = next(m for m in modules if m.code == lesson.module_code)
    number = [other.code for other in module.lessons].index(lesson.code) + 1
    begun = lesson.opened_at is not None
    return Step(
        label=_("Your next step"),
        title=lesson.title,
        sentence=_("You will be able to %(objective)s.", objective=lesson.objective.rstrip(".")),
        action=_("Continue lesson %(number)s", number=number) if begun else _("Start lesson %(number)s", number=number),
        href=lesson_href(course_code, lesson),
        minutes=ngettext("%(num)d minute", "%(num)d minutes", lesson.minutes),
        ring=(
            module.done / module.total,
            str(module.done),
            _("of %(total)s", total=module.total),
            Markup("<strong>{}</strong> {}").format(module.code, module.title),
        ),
    )


def _short(day: Any) -> str:
    return format_date(day.date() if isinstance(day, datetime) else day, "d MMM")


def _long(day: Any) -> str:
    return format_date(day, "d MMMM y")
