"""File answer: files handed in as the answer, marked by people against the rubric in the item (hand_marks.py).

Response: a list of texts "<id>:<sha256>", in the order in which the files arrived. The id is one that the server made,
the hash is of the bytes as they were received. Files come in by a door of their own (exams/answer_files.py); through the
ordinary door of answers a list can only become shorter.
"""

import re
from typing import Any

from assessments.grading.kinds.base import Content, Order, ResponseInvalid, is_blank
from assessments.grading.kinds.checks import check_count, check_shared
from assessments.grading.kinds.exporting import plain_definition
from assessments.grading.kinds.hand_marks import MarkedByHand, check_marks, public_marks
from assessments.grading.messages import N_, Fault, fault

# Kinds that app/storage tells by their bytes.
FILE_TYPES = ("docx", "jpg", "md", "odp", "ods", "odt", "pdf", "png", "pptx", "txt", "xlsx")
MOST_FILES = 10
MOST_MEGABYTES = 20
_RECEIVED = re.compile(r"[a-z0-9]{1,20}:[0-9a-f]{64}")


class FileAnswer(MarkedByHand):
    """One file or several, of stated types and sizes."""

    name = "file_answer"
    fields = frozenset({"file_types", "max_files", "max_megabytes", "marks"})

    def check(self, content: Content) -> list[Fault]:
        """As in Kind: the rubric, known types, one to ten files of up to twenty megabytes."""
        faults = check_shared(content, self.fields) + check_marks(content) + _check_types(content)
        for field, most in (("max_files", MOST_FILES), ("max_megabytes", MOST_MEGABYTES)):
            value = content.get(field)
            if type(value) is not int or not 1 <= value <= most:
                faults.append(fault(field, N_("must be a whole number from 1 to %(most)s"), most=most))
        return faults

    def orders(self, content: Content) -> dict[str, list[str]]:
        """Nothing to shuffle."""
        return {}

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """Stem, what may be handed in, and the titles and points of the rubric."""
        limits = {name: content[name] for name in ("file_types", "max_files", "max_megabytes")}
        return {"kind": self.name, "stem": content["stem"], **limits, "marks": public_marks(content)}

    def normalise(self, content: Content, raw: Any) -> list[str] | None:
        """As in Kind; `raw` lists files as the server named them, each once. That they exist is for the caller to know."""
        if is_blank(raw):
            return None
        raw = [one for one in raw if not is_blank(one)] if isinstance(raw, list) else raw
        if raw == []:
            return None
        if not isinstance(raw, list) or not all(isinstance(one, str) and _RECEIVED.fullmatch(one) for one in raw):
            raise ResponseInvalid(N_("Choose a file and send it with the button beside it."))
        if len(set(raw)) < len(raw) or len(raw) > content["max_files"]:
            raise ResponseInvalid(N_("At most %(most)s files can be handed in."), most=content["max_files"])
        return list(raw)

    def export(self, content: Content) -> dict[str, Any]:
        """As in Kind."""
        return plain_definition(content)


def received(public_id: str, sha256: str) -> str:
    """One file in a response."""
    return f"{public_id}:{sha256}"


def is_taken_out_only(before: Any, after: Any) -> bool:
    """Whether a response holds nothing that the one before it did not."""
    return set(after or ()) <= set(before or ())


def _check_types(content: Content) -> list[Fault]:
    types = content.get("file_types")
    if not isinstance(types, list):
        return [fault("file_types", N_("must be a list of texts"))]
    faults = check_count("file_types", len(types), 1, len(FILE_TYPES))
    for place, name in enumerate(types):
        if name not in FILE_TYPES:
            faults.append(
                fault(f"file_types[{place}]", N_("must be one of: %(allowed)s"), allowed=", ".join(FILE_TYPES))
            )
    return faults
