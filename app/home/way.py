"""The way to a certificate in nodes, rows and one next step, from the engine's decision and what features told."""

from collections.abc import Mapping
from typing import Any

from babel.lists import format_list
from flask import url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.home.gathering import Asked, Found, Held, Note
from app.home.way_ended import ended_step, ended_word
from app.home.way_lessons import lesson_step, module_here, module_node
from app.home.way_parts import CURRENT, DONE, LOCKED, OPEN, WAITING, Row, Step, Way, long_day, say, short_day
from app.home.way_renewal import renewal_step
from assessments.grading.decision import AWARD, Decision
from assessments.grading.requirements import MET, Requirement, RequirementOutcome
from assessments.grading.requirements import WAITING as UNRELEASED
from courses.views import duration

ORDER = {"lessons": 0, "practical": 1, "exam": 2}  # a practical runs beside the lessons, an exam comes after them


class WayMaker:
    """Builds the way of one person; `facts` are the exam's and practical's of the courses, by code; `held` may have ended."""

    def __init__(
        self, asked: Asked, found: Found, decision: Decision, facts: Mapping[str, dict[str, Any]], held: Held | None
    ) -> None:
        self.asked, self.found, self.decision, self.facts = asked, found, decision, facts
        self.held = held if held and not held.ended else None
        self.ended = held if held and held.ended else None
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
        return self.outcomes[requirement.code].status in (MET, UNRELEASED)

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
        if self.outcomes[requirement.code].status == UNRELEASED:
            return WAITING
        if self._lock(requirement):
            return LOCKED
        return CURRENT if requirement.code == self.here else OPEN

    # -- nodes

    def _nodes(self, requirement: Requirement) -> list[dict[str, Any]]:
        if requirement.kind == "lessons":
            modules = self.asked.modules.get(requirement.target, ())
            here = module_here(modules) if requirement.code == self.here else ""
            return [module_node(requirement.target, module, module.code == here) for module in modules]
        return [self._assessed_node(requirement)]

    def _assessed_node(self, requirement: Requirement) -> dict[str, Any]:
        state, note = self._state(requirement), self._note(requirement)
        icon = "lock" if state == LOCKED else "clock" if state == WAITING else ""
        return {
            "code": "",
            "title": self._title(requirement),
            "line": self._assessed_line(requirement, state, note),
            "state": OPEN if state == WAITING else state,
            "share": note.share,
            "icon": icon or ("edit" if requirement.kind == "practical" else "list"),
            "href": "" if state == LOCKED else note.href,
        }

    def _assessed_line(self, requirement: Requirement, state: str, note: Note) -> str:
        if state == DONE:
            return _("Passed")
        if state == LOCKED:
            return _("Locked: %(reason)s", reason=self._lock(requirement))
        if state == WAITING:
            return _("Waiting for the result")
        return note.line or (_("You are here") if state == CURRENT else self._size(requirement))

    def _size(self, requirement: Requirement) -> str:
        facts = self.facts.get(requirement.target, {})
        if facts.get("calendar_days"):
            days, work = facts["calendar_days"], duration(facts["minutes"])
            return ngettext("%(work)s over %(num)d day", "%(work)s over %(num)d days", days, work=work)
        if facts.get("questions"):
            return ngettext("%(num)d question", "%(num)d questions", facts["questions"])
        return ""

    def _certificate_node(self, level_title: str, requires: str) -> dict[str, Any]:
        line, state, href = self._certificate_line(requires), LOCKED, ""
        if self.held:
            state, href = DONE, self.held.href
            line = _("Held since %(date)s", date=short_day(self.held.since))
        elif self.ended:
            line, href = ended_word(self.ended), self.ended.href
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
            return renewal_step(self.held, level_title, (1.0, "", "", level_title)) or self._finished(level_title)
        requirement = next((r for r in self.requirements if r.code == self.here), None)
        back = self._way_back(level_title, requirement)
        if back is not None:
            return back
        if requirement is None:
            return self._nothing_to_do(level_title, requires)
        if requirement.kind == "lessons":
            return lesson_step(requirement.target, self.asked.modules.get(requirement.target, ()))
        note, facts = self._note(requirement), self.facts.get(requirement.target, {})
        reason = say(self.outcomes[requirement.code].reason)  # what is begun is told by how it stands
        sentence = reason if note.line else facts.get("summary") or reason
        minutes = duration(facts["minutes"]) if facts.get("minutes") else ""
        ring = self._parts_done(level_title)
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

    def _way_back(self, level_title: str, requirement: Requirement | None) -> Step | None:
        """For a certificate that has expired: how it is renewed, or earned again until that has been begun."""
        is_begun = requirement is not None and self._note(requirement).share > 0
        has_results = any(o.met or o.status == UNRELEASED for o in self._assessed())
        if self.ended is None or (self.ended.counts_from is not None and (is_begun or has_results)):
            return None
        return renewal_step(self.ended, level_title, self._parts_done(level_title))

    def _assessed(self) -> list[RequirementOutcome]:
        return [self.outcomes[r.code] for r in self.requirements if r.kind != "lessons"]

    def _parts_done(self, level_title: str) -> tuple[float, str, str, str]:
        total = len(self.decision.requirements)
        met = sum(outcome.met for outcome in self.decision.requirements)
        return met / total, str(met), _("of %(total)s", total=total), _("Parts of %(level)s done", level=level_title)

    def _finished(self, level_title: str) -> Step:
        held = self.held
        assert held is not None
        sentence = (
            _("Awarded on %(date)s and valid until %(until)s.", date=long_day(held.since), until=long_day(held.until))
            if held.until
            else _("Awarded on %(date)s, for life.", date=long_day(held.since))
        )
        action = _("See your certificate") if held.href else ""
        ring = (1.0, "", "", level_title)
        return Step(_("Well done"), _("You hold %(level)s", level=level_title), sentence, action, held.href, "", ring)

    def _nothing_to_do(self, level_title: str, requires: str) -> Step:
        total = len(self.decision.requirements)
        met = sum(outcome.met for outcome in self.decision.requirements)
        ring = self._parts_done(level_title)
        if self.ended and self.ended.counts_from is None:
            return ended_step(self.ended, level_title, ring)
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
