"""The form of an exam's rules. Its fields for sections and cells follow the exam."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app import forms
from assessments.exams.models import Exam
from assessments.exams.ruling import MOST_SECTIONS, local_text, read_moment, read_sections, read_whole

WAYS: list[tuple[str, Any]] = [
    ("free", _l("Free: any question until the end")),
    ("one_way", _l("One way: no question can be opened again")),
]
TICKS = ("needs_sitting", "needs_key_review", "needs_ratifying")
PLAIN = ("time_up", "navigation", "drawing", "shows")
NEEDED = _l("Choose one.")


class MakeForm(forms.Form):
    """How many forms to make."""

    count = forms.whole(_l("How many forms"), 1, 12, _l("Enter a number from 1 to 12."))


class RulesForm(forms.Form):
    """The rules of an exam that officers edit."""

    opens_at = forms.line(_l("Opens"), most=20)
    closes_at = forms.line(_l("Closes"), most=20)
    grace_seconds = forms.whole(_l("Grace in seconds"), 0, 600, _l("Enter a whole number from 0 to 600."))
    time_up = forms.one_of(
        _l("When the time is up"),
        [("submit", _l("What is saved is handed in")), ("expire", _l("The attempt is lost unless it was handed in"))],
        required=NEEDED,
    )
    navigation = forms.one_of(_l("Way through the questions"), WAYS, required=NEEDED)
    drawing = forms.one_of(
        _l("Where the questions come from"),
        [("random", _l("Drawn for each attempt by the blueprint")), ("forms", _l("One of the locked forms"))],
        required=NEEDED,
    )
    pilots = forms.whole(_l("Pilot questions"), 0, 50, _l("Enter a whole number from 0 to 50."))
    exposure_cap = forms.line(_l("Exposure cap in per cent"), most=5)
    avoid_last = forms.line(_l("A retake avoids the questions of so many attempts"), most=5)
    shows = forms.one_of(
        _l("What a released result says"),
        [
            ("outcome", _l("Pass or fail only")),
            ("bands", _l("Pass or fail, and topics in bands")),
            ("score", _l("Pass or fail, topics and the score")),
        ],
        required=NEEDED,
    )
    needs_sitting = forms.tick(_l("It is held in sittings: nobody starts without a seat and an invigilator"))
    needs_key_review = forms.tick(_l("Keys are reviewed before results are released"))
    needs_ratifying = forms.tick(_l("Results are ratified before they are released"))
    appeal_days = forms.whole(_l("Days to appeal"), 0, 365, _l("Enter a whole number from 0 to 365."))

    def section_rows(self) -> list[tuple[Any, Any, Any]]:
        """Title, minutes and way of each section, as fields."""
        return [
            (self[f"title_{number}"], self[f"minutes_{number}"], self[f"way_{number}"])
            for number in range(1, MOST_SECTIONS + 1)
        ]

    def cell_fields(self) -> list[Any]:
        """The section of each cell, as fields."""
        return [field for field in self if field.name.startswith("cell_")]

    def values(self, exam: Exam) -> dict[str, Any]:
        """What the form says, as columns of the exam. Raises DomainError at the field that is wrong."""
        rows = [
            {"title": title.data or "", "minutes": minutes.data or "", "way": way.data or "free"}
            for title, minutes, way in self.section_rows()
        ]
        places = [str(field.data or "") for field in self.cell_fields()]
        return {
            "opens_at": read_moment(self.opens_at.data or "", "opens_at"),
            "closes_at": read_moment(self.closes_at.data or "", "closes_at"),
            "grace_seconds": self.grace_seconds.data,
            "sections": read_sections(exam.blueprint, rows, places, exam.minutes),
            "pilots": self.pilots.data,
            "exposure_cap": read_whole(self.exposure_cap.data or "", "exposure_cap", 1, 100),
            "avoid_last": read_whole(self.avoid_last.data or "", "avoid_last", 0, 100),
            "appeal_days": self.appeal_days.data,
            **{name: self[name].data for name in (*PLAIN, *TICKS)},
        }


def rules_form(exam: Exam, *, is_shown: bool) -> RulesForm:
    """The form for this exam; `is_shown`: filled with its rules rather than with what was sent."""
    fields: dict[str, Any] = {}
    for number in range(1, MOST_SECTIONS + 1):
        fields[f"title_{number}"] = forms.line(_l("Section %(number)s", number=number), most=80)
        fields[f"minutes_{number}"] = forms.line(_l("Minutes of section %(number)s", number=number), most=5)
        fields[f"way_{number}"] = forms.chosen(_l("Way through section %(number)s", number=number), WAYS)
    numbers: list[tuple[str, Any]] = [("", _l("None"))]
    numbers += [(str(number), _l("Section %(number)s", number=number)) for number in range(1, MOST_SECTIONS + 1)]
    for index, cell in enumerate(exam.blueprint):
        label = f"{exam.topics.get(cell['topic'], cell['topic'])}, {cell['thinking']}: {cell['draw']}"
        fields[f"cell_{index}"] = forms.chosen(label, numbers)
    made: type[RulesForm] = type("RulesForm", (RulesForm,), fields)
    return made(formdata=None, data=_shown(exam)) if is_shown else made()


def _shown(exam: Exam) -> dict[str, Any]:
    names = (*PLAIN, *TICKS, "grace_seconds", "pilots", "appeal_days")
    shown = {name: getattr(exam, name) for name in names}
    shown |= {name: local_text(getattr(exam, name)) for name in ("opens_at", "closes_at")}
    for name in ("exposure_cap", "avoid_last"):
        shown[name] = "" if getattr(exam, name) is None else str(getattr(exam, name))
    for number, section in enumerate(exam.sections, start=1):
        shown[f"title_{number}"] = section["title"]
        shown[f"minutes_{number}"] = str(section.get("minutes") or "")
        shown[f"way_{number}"] = section.get("navigation") or exam.navigation
        cells = [(cell["topic"], cell["thinking"]) for cell in section["cells"]]
        for index, cell in enumerate(exam.blueprint):
            if (cell["topic"], cell["thinking"]) in cells:
                shown[f"cell_{index}"] = str(number)
    return shown
