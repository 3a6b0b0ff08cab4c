"""Regrades and reviews in words."""

from flask_babel import gettext as _

from assessments.grading.regrade import Mode


def mode_words() -> dict[str, str]:
    """What a decision does to a question."""
    return {
        Mode.FULL_CREDIT: _("Everybody gets the point"),
        Mode.OLD_AND_NEW: _("The old key and the new one both count"),
        Mode.NEW_ONLY: _("Only the new key counts"),
        Mode.EXCLUDE: _("The question is left out of the score"),
        Mode.LEAVE: _("Results that exist stay as they are"),
    }


def state_words() -> dict[str, tuple[str, str]]:
    """Where a regrade or a review stands, with the tone of its tag."""
    return {
        "proposed": (_("Waits for approval"), "warning"),
        "applied": (_("Applied"), "success"),
        "dropped": (_("Dropped"), "neutral"),
        "open": (_("Open"), "warning"),
        "signed": (_("Signed"), "success"),
    }
