"""The words of sittings: modes, states, ways to recognise somebody, kinds of incidents and decisions."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from assessments.exams import quarantine
from assessments.exams.rules import AttemptState

# How a sitting is watched. Whoever is watched is recognised first: the certificate says so.
MODES: list[tuple[str, Any]] = [
    ("supervised", _l("In a room: somebody sees who they are and watches")),
    ("remote", _l("Over video: somebody sees who they are and watches")),
    ("unsupervised", _l("Nobody watches: a common date only")),
]
HOWS: list[tuple[str, Any]] = [
    ("passport", _l("Passport")),
    ("id_card", _l("Identity card")),
    ("known", _l("Known to me")),
    ("video", _l("Document over video")),
]
KINDS: list[tuple[str, Any]] = [
    ("technical", _l("Something technical failed")),
    ("disturbance", _l("A disturbance: noise, alarm, interruption")),
    ("illness", _l("Somebody fell ill")),
    ("identity", _l("Doubts about who somebody is")),
    ("conduct", _l("Somebody may have broken the rules")),
    ("other", _l("Something else")),
]
# Noted by the program itself, and decided with that: the first network address of an attempt, and each change of it.
ADDRESS, NETWORK = "address", "network"
NOTED = (ADDRESS, NETWORK)
DECISIONS: list[tuple[str, Any]] = [
    ("no_action", _l("No action")),
    ("extra_time", _l("Extra time, while the attempt runs")),
    ("void", _l("The attempt does not count, and uses up none")),
    ("new_attempt", _l("The attempt counts, and one more is allowed")),
    ("misconduct", _l("Misconduct noted")),
]


def how_words(how: str) -> str:
    """A way to recognise somebody."""
    return str(dict(HOWS).get(how, how))


def kind_words(kind: str) -> str:
    """A kind of incident."""
    return _("Network address changed") if kind == NETWORK else str(dict(KINDS).get(kind, kind))


def decision_words(decision: str) -> str:
    """A decision on an incident."""
    return str(dict(DECISIONS).get(decision, decision))


def why_words(why: str) -> str:
    """Why an answer could not be taken when it came (assessments.exams.quarantine)."""
    known = {
        quarantine.LATE: _("after the grace"),
        quarantine.PAUSED: _("while the clock stood still"),
        quarantine.HANDED_IN: _("after handing in"),
        quarantine.LEFT: _("after the question was left"),
    }
    return known.get(why, why)


def sitting_state(state: str) -> tuple[str, str]:
    """A sitting's state in a word, and its tone."""
    return {
        "planned": (_("Planned"), "info"),
        "open": (_("Open"), "success"),
        "closed": (_("Over"), "neutral"),
        "cancelled": (_("Cancelled"), "danger"),
    }[state]


def attempt_state(state: str) -> tuple[str, str]:
    """Where a candidate stands, as an invigilator reads it, and its tone. Nothing tells of a score or a result."""
    known = {
        AttemptState.SCHEDULED: (_("Expected"), "neutral"),
        AttemptState.AUTHORISED: (_("May start"), "info"),
        AttemptState.IN_PROGRESS: (_("Writing"), "success"),
        AttemptState.PAUSED: (_("Paused"), "warning"),
        AttemptState.ABSENT: (_("Absent"), "danger"),
        AttemptState.VOIDED: (_("Does not count"), "danger"),
        AttemptState.EXPIRED: (_("Time ran out"), "neutral"),
    }
    return known.get(AttemptState(state), (_("Handed in"), "neutral"))
