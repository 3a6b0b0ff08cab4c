"""Questions whose answers have a unit, and those that people mark, as the style guide shows them."""

from typing import Any

from flask_babel import gettext as _

from assessments.grading.kinds.file_answer import received

Sample = tuple[str, str, dict[str, Any], Any, dict[str, Any]]


def samples() -> list[Sample]:
    """Name of the kind, id on the page, definition, the answer it is shown with, and what an exam adds to the page."""
    held, sha256 = "0sample0sample00", "5f" * 32
    files = {
        "files": [
            {
                "code": received(held, sha256),
                "id": held,
                "name": _("plan.pdf"),
                "size": 48_200,
                "sha256": sha256,
                "address": "#style-files",
            }
        ],
        "upload": "#style-files",
    }
    return [
        (_("A number with its unit"), "style-units", _measured(), "2 h", {}),
        (
            _("Text that people mark"),
            "style-essay",
            _essay(),
            _("Dear Ms Lindqvist, we would like to tell your story."),
            {},
        ),
        (_("Files that people mark"), "style-files", _files(), [received(held, sha256)], files),
    ]


def _measured() -> dict[str, Any]:
    units = [{"text": _("min"), "factor": "1"}, {"text": "h", "factor": "60"}]
    stem = _("How long is the call with its preparation?")
    return {"kind": "numeric", "stem": stem, "answer": "120", "tolerance": "0", "units": units, "wrong_unit": "half"}


def _marks() -> list[dict[str, Any]]:
    return [
        {"code": "facts", "title": _("The facts are right"), "points": 4, "guidance": "-"},
        {"code": "tone", "title": _("It can be sent as it is"), "points": 2, "guidance": "-"},
    ]


def _essay() -> dict[str, Any]:
    stem = _("Write to a customer who has gone quiet.")
    return {"kind": "essay", "stem": stem, "words_min": 60, "words_max": 120, "marks": _marks()}


def _files() -> dict[str, Any]:
    limits = {"file_types": ["pdf", "docx"], "max_files": 2, "max_megabytes": 5}
    return {"kind": "file_answer", "stem": _("Hand in the plan and its questions."), "marks": _marks(), **limits}
