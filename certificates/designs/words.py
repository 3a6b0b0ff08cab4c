"""What is wrong with a design, in words beside the field it is about."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from certificates.designs.models import DesignState
from certificates.designs.previews import text_words
from certificates.pdf.colours import MARK_CONTRAST, TEXT_CONTRAST
from certificates.pdf.design import Design, DesignFault, DesignProblem, find_shipped
from certificates.pdf.fonts import NameNotRenderable

_SHIPPED = {
    "classic": _l("Landscape, framed in lace"),
    "gallery": _l("Landscape, beside a band of colour"),
    "deed": _l("Upright, with leaves in the corners"),
}
_MARKS = ("colours.accent", "colours.metal")
_PERSON = re.compile(r"signatories\.(\d)\.(name|office|image)")
_PERSON_FIELDS = {"name": "person", "office": "office", "image": "scan"}
_PREFIXES = {"colours": "colour_", "wording": "word_"}


def title_of(design: Design) -> str:
    """The name of a design, for one that comes with the house in the reader's language."""
    if find_shipped(design.reference) is design:
        return str(_SHIPPED.get(design.code, design.title))
    return design.title


def field_of(part: str) -> str:
    """The field of the form that a part of a design or of a certificate is typed in."""
    person = _PERSON.fullmatch(part)
    if person:
        return f"{_PERSON_FIELDS[person[2]]}_{int(person[1]) + 1}"
    room, _dot, name = part.partition(".")
    if room in _PREFIXES:
        return _PREFIXES[room] + name
    return {"signatories": "signed_by", "check_text": "word_check_text"}.get(part, part)


def fault_words(fault: DesignFault) -> str:
    """Why a part of a design cannot be used."""
    if fault.problem is DesignProblem.CONTRAST:
        return _contrast_words(fault)
    words = {
        DesignProblem.COLOUR: _("Write the colour like #1F4D3A."),
        DesignProblem.LENGTH: _("This needs at least one character, and at most %(most)s.", most=fault.detail),
        DesignProblem.WORD_LOST: _(
            "These words must hold %(word)s, or nobody knows where to check.", word=fault.detail
        ),
        DesignProblem.TOO_MANY: _("The page has room for %(most)s signatories.", most=fault.detail),
        DesignProblem.IMAGE_SIZE: _("The picture is too large."),
        DesignProblem.IMAGE_KIND: _("This is not a PNG, JPEG or WebP picture."),
        DesignProblem.IMAGE_PIXELS: _("The picture has too many pixels, or too few."),
    }
    return words.get(fault.problem, _("This cannot be used."))


def _contrast_words(fault: DesignFault) -> str:
    if fault.part == "colours.specimen":
        return _("Words over it could not be read: their contrast is %(found)s, and 4.5 is needed.", found=fault.detail)
    wanted = MARK_CONTRAST if fault.part in _MARKS else TEXT_CONTRAST
    return _(
        "On this paper its contrast is %(found)s, and %(wanted)s is needed.", found=fault.detail, wanted=f"{wanted:g}"
    )


def unprintable(problem: NameNotRenderable) -> tuple[str, str]:
    """The field of the form, and why its text cannot be printed."""
    return field_of(problem.field), text_words(problem)


def state_words(state: str) -> tuple[str, str]:
    """The state of a version and the tone of its tag."""
    known = {
        DesignState.DRAFT.value: (_("Draft"), "info"),
        DesignState.IN_USE.value: (_("Fixed"), "success"),
        DesignState.RETIRED.value: (_("Laid aside"), "neutral"),
    }
    return known[state]
