"""What My path says of a certificate that was held and is no longer in force."""

from flask_babel import gettext as _

from app.home.gathering import Held
from app.home.way_parts import Step, long_day

Ring = tuple[float, str, str, str]


def ended_word(held: Held) -> str:
    """What has become of it, in a word."""
    return {"revoked": _("Revoked"), "suspended": _("Suspended"), "expired": _("Expired")}[held.ended]


def ended_step(held: Held, level_title: str, ring: Ring) -> Step:
    """The head of the page: what happened, what that means, and where it can be looked at."""
    title, sentence = _words(held, level_title)
    return Step(_("Where you stand"), title, sentence, _("Open my certificates"), held.href, ring=ring)


def _words(held: Held, level: str) -> tuple[str, str]:
    if held.ended == "suspended":
        return (
            _("Your %(level)s certificate is suspended", level=level),
            _("Until this is settled it is not in force. The notice we sent you says for how long."),
        )
    if held.ended == "expired" and held.until:
        return (
            _("Your %(level)s certificate has expired", level=level),
            _("It was valid until %(date)s. Whoever checks it sees that.", date=long_day(held.until)),
        )
    return (
        _("Your %(level)s certificate was revoked", level=level),
        _("It is no longer in force, and whoever checks it sees that. The notice we sent you says what was decided."),
    )
