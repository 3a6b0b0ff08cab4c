"""The form of an item as it is typed: what its page shows, and the definition it stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from assessments.authoring import form_values, showing, toml_text
from assessments.authoring.alike_items import Near
from assessments.authoring.kind_fields import ROWS, FieldSpec, find_fields
from assessments.authoring.toml_text import LineFault
from assessments.grading.canonical import digest
from assessments.items.definitions import check_written
from assessments.items.writing import Written
from courses.folder.positions import parse_path

LONGEST_TOML = 60_000
TOML = "f.toml"
_SHARED = ("topic", "objective", "thinking", "technique")
REASON, LANGUAGE, CASE = "reason", "language", "case"
NAMES: dict[str, Any] = {
    "stem": _l("Question"),
    "feedback": _l("Feedback"),
    "topic": _l("Outcome"),
    "objective": _l("Objective"),
    "thinking": _l("Thinking"),
    "technique": _l("Technique"),
    "language": _l("Language"),
    "case": _l("Case"),
    "reason": _l("Why this version"),
    "picture": _l("Picture"),
    TOML: _l("Text"),
}


@dataclass
class Draft:
    """What a writer sees: the definition with whatever is wrong in it, and what stands around it.

    `specs` describes its form, None where its own fields are written as text (`toml`). `more` counts the empty rows that
    were asked for, by field. `errors` maps a control to what is wrong there; what no control is to blame for is under "".
    """

    definition: dict[str, Any]
    reason: str = ""
    language: str = "en"
    case: str = ""
    mark: str = ""
    specs: Sequence[FieldSpec] | None = None
    toml: str = ""
    toml_faults: list[LineFault] = field(default_factory=list)
    more: dict[str, int] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    near: Sequence[Near] = ()

    def written(self, stimulus_version_id: int | None) -> Written:
        """As services take it."""
        return Written(self.definition, self.reason, self.language, stimulus_version_id)

    def rows(self, spec: FieldSpec) -> list[dict[str, Any]]:
        """The rows of a field as shown."""
        return form_values.shown_rows(spec, self.definition, self.more.get(spec.name, 0))

    def text(self, spec: FieldSpec) -> str:
        """The text in the control of a field."""
        return form_values.shown_text(spec, self.definition)

    def error(self, control: str) -> str:
        """What is wrong at a control; empty when nothing is, or nobody has asked yet."""
        return "; ".join(self.errors.get(control, []))

    @property
    def showing(self) -> showing.Showing | None:
        """How it looks; None while there are faults."""
        return showing.find_showing(self.definition)

    def name_of(self, control: str) -> str:
        """What a control is called, with the number of its row; empty for none."""
        if control in NAMES:
            return str(NAMES[control])
        _prefix, *keys = control.split(".")
        spec = next((one for one in self.specs or () if keys and one.name == keys[0]), None)
        if spec is None or len(keys) < 3:
            return str(spec.label) if spec is not None else ""
        column = next(column for column in spec.columns if column.name == keys[2])
        return _("%(list)s, row %(row)s, %(column)s", list=spec.label, row=int(keys[1]) + 1, column=column.label)

    def find_faults(self) -> None:
        """Put every fault beside its control."""
        if self.toml_faults and toml_text.SOURCE in self.definition:
            self.errors.setdefault(TOML, []).append(_("The text cannot be read yet."))
        for fault in check_written(self.definition):
            if toml_text.SOURCE in self.definition and fault.path not in (*_SHARED, "stem", "feedback", "code"):
                continue  # an unread text lacks everything
            self._put(fault.path, showing.sentence(fault))

    def _put(self, path: str, words: str) -> None:
        control = self._control(path)
        if control == TOML:
            self.toml_faults.append(LineFault(toml_text.line_of_fault(self.toml, path), f"{path} {words}"))
        else:
            self.errors.setdefault(control, []).append(words)

    def _control(self, path: str) -> str:
        """The control that a path of a definition belongs to."""
        keys = parse_path(path)
        first = str(keys[0]) if keys else ""
        if first in (*_SHARED, "stem", "feedback", "code"):
            return first
        if self.specs is None:
            return TOML
        spec = next((one for one in self.specs if one.name == first), None)
        if spec is None:
            return ""
        whole = f"{form_values.PREFIX}{spec.name}"
        if spec.shape != ROWS or len(keys) < 3 or keys[2] not in {column.name for column in spec.columns}:
            return whole
        return f"{whole}.{keys[1]}.{keys[2]}"


def draft_of(definition: Mapping[str, Any], *, as_text: bool = False, **around: Any) -> Draft:
    """The form of a stored definition."""
    specs = None if as_text or toml_text.SOURCE in definition else find_fields(definition)
    toml = toml_text.write_toml(definition) if specs is None else ""
    faults = toml_text.read_toml(toml)[1] if toml_text.SOURCE in definition else []
    return Draft(dict(definition), specs=specs, toml=toml, toml_faults=faults, **around)


def read_draft(form: Mapping[str, str], code: str, kind: str) -> Draft:
    """The form as it was sent. Nothing that was typed is left out, whatever it is worth."""
    read = {
        name: form_values.tidy(form.get(name, "")) for name in (*_SHARED, "stem", "feedback", REASON, LANGUAGE, CASE)
    }
    shared = {"code": code, "kind": kind} | {name: read[name].strip() for name in _SHARED}
    last = {"feedback": read["feedback"]}
    specs = find_fields({"kind": kind}) if TOML not in form else None
    around: dict[str, Any] = {
        "reason": " ".join(read[REASON].split())[:300],
        "language": read[LANGUAGE].strip()[:20] or "en",
        "case": read[CASE].strip(),
        "mark": form.get("mark", ""),
    }
    if specs is not None:
        own = form_values.read_fields(specs, kind, form)
        return Draft(shared | {"stem": read["stem"]} | own | last, specs=specs, **around)
    text = form_values.tidy(form.get(TOML, ""))[:LONGEST_TOML]
    own, faults = toml_text.read_toml(text)
    return Draft(shared | {"stem": read["stem"]} | own | last, toml=text, toml_faults=_named(faults), **around)


def _named(faults: list[LineFault]) -> list[LineFault]:
    """Faults of a text in words: line 0 names a field that has a place of its own in the form."""
    words = _("has a field of its own above; take it out of this text")
    return [fault if fault.line else LineFault(0, f"{fault.text} {words}") for fault in faults]


def apply_act(draft: Draft, act: str) -> bool:
    """Do what a button beside a list asks for: more rows, or one a place higher. False for any other act."""
    verb, _dot, rest = act.partition(".")
    name, _dot, place = rest.partition(".")
    if verb == "add":
        draft.more[name] = 3
    elif verb == "up" and place.isdecimal() and isinstance(draft.definition.get(name), list):
        draft.definition[name] = form_values.move_up(draft.definition[name], int(place[:3]))
    else:
        return False
    return True


def mark_of(draft: Draft) -> str:
    """What changes whenever the definition does."""
    return digest(draft.definition)
