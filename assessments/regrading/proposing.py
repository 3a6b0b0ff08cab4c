"""Reading a proposal of changed keys from its form."""

import copy
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assessments.exams.models import Exam
from assessments.grading.regrade import NEEDS_CONTENT, Mode
from assessments.items.models import ItemVersion
from assessments.regrading import queries

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

CHOICES = ("single", "multiple")


def read_rows(exam: Exam, form: "MultiDict[str, str]", versions: Sequence[int]) -> list[dict[str, Any]]:
    """A decision for each version: `mode-<id>`, and the new key by `right-<id>` (options) or `take-<id>` (a version).

    A mode that is missing or unknown is left out, so that the service names what is wrong.
    """
    rows = []
    for asked in queries.list_asked(exam, versions) if versions else []:
        mode = form.get(f"mode-{asked.version.id}", "")
        if mode in list(Mode):
            content = _new_content(asked.version, form) if Mode(mode) in NEEDS_CONTENT else None
            rows.append({"version_id": asked.version.id, "mode": mode, "content": content})
    return rows


def _new_content(version: ItemVersion, form: "MultiDict[str, str]") -> dict[str, Any]:
    """The definition as it was asked, with the key that the form names; unchanged where it names none."""
    if version.kind in CHOICES:
        return with_key(version.content, form.getlist(f"right-{version.id}"))
    taken = form.get(f"take-{version.id}", "")
    others = {str(other.id): other for other in queries.other_versions(version)}
    return others[taken].content if taken in others else version.content


def with_key(content: Mapping[str, Any], right: Sequence[str]) -> dict[str, Any]:
    """A choice with these options as its right ones."""
    changed: dict[str, Any] = copy.deepcopy(dict(content))
    for option in changed["options"]:
        option["right"] = option["code"] in right
    return changed
