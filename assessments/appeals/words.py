"""Appeals in words."""

from flask_babel import gettext as _

from assessments.appeals.independence import Part
from assessments.appeals.rules import Ground, Remedy


def ground_words() -> dict[str, str]:
    """What an appeal rests on."""
    return {
        Ground.QUESTION: _("A question, or what counts as its answer, was wrong"),
        Ground.MARKING: _("An answer or a piece of work was marked wrongly"),
        Ground.CONDUCT: _("Something went wrong while I sat the exam"),
        Ground.ARRANGEMENTS: _("An arrangement I was granted was not given"),
        Ground.OTHER: _("Something else"),
    }


def state_words() -> dict[str, tuple[str, str]]:
    """Where an appeal stands, with the tone of its tag."""
    return {
        "made": (_("Received"), "info"),
        "in_review": (_("Being decided"), "info"),
        "upheld": (_("Upheld"), "success"),
        "dismissed": (_("Dismissed"), "neutral"),
        "withdrawn": (_("Taken back"), "neutral"),
    }


def remedy_words() -> dict[str, str]:
    """What follows from an upheld appeal."""
    return {
        Remedy.NONE: _("Nothing changes, and the body says that it was right"),
        Remedy.REGRADE: _("Questions of this attempt are credited or left out, once an officer approves"),
        Remedy.REMARK: _("The answers are marked anew by somebody else"),
        Remedy.VOID: _("The attempt does not count and uses up none"),
        Remedy.NEW_ATTEMPT: _("One more attempt is allowed"),
    }


def part_words() -> dict[str, str]:
    """What somebody had to do with a result."""
    return {
        Part.CANDIDATE: _("is the candidate"),
        Part.WRITER: _("wrote a question"),
        Part.APPROVER: _("approved a question"),
        Part.MARKER: _("marked it"),
        Part.KEYS: _("signed for its keys"),
        Part.RATIFIER: _("ratified it"),
        Part.RELEASER: _("released it or worked it out"),
        Part.INVIGILATOR: _("watched the exam or acted in it"),
    }
