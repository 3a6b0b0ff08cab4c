"""What My path says of the renewal of a certificate: soon, now, late, asked for, or too late."""

from datetime import UTC, datetime, time

from flask_babel import gettext as _
from flask_babel import ngettext

from app.home.gathering import Coming, Due, Held
from app.home.way_ended import Ring
from app.home.way_parts import Step, long_day


def renewal_step(held: Held, level: str, ring: Ring) -> Step | None:
    """The head of the page for a certificate that is to be renewed; None where nothing is due."""
    if held.due is None or held.until is None:
        return None
    title, action = _title(held.due, level)
    label = _("Your next step") if held.due.state in ("open", "late") else _("Where you stand")
    return Step(label, title, _sentence(held, held.due), action, held.due.href, ring=ring)


def _title(due: Due, level: str) -> tuple[str, str]:
    return {
        "soon": (_("%(level)s can soon be renewed", level=level), _("See what is asked")),
        "open": (_("Renew your %(level)s certificate", level=level), _("Renew it")),
        "asked": (_("Your renewal of %(level)s is being decided", level=level), _("See how it stands")),
        "late": (_("Your %(level)s certificate has expired", level=level), _("Renew it")),
        "over": (_("Your %(level)s certificate has expired", level=level), _("See the way back")),
    }[due.state]


def _sentence(held: Held, due: Due) -> str:
    assert held.until is not None
    if due.state == "asked":
        return _("You hear as soon as it is decided. You need not do anything until then.")
    if due.state == "over":
        return _(
            "The time for its renewal passed on %(day)s. Earn the level again: lessons stay read, and the rest is open to"
            " you once more.",
            day=long_day(due.closes),
        )
    if due.state == "late":
        first = _("It was valid until %(date)s.", date=long_day(held.until))
        return first + " " + _("It can still be renewed until %(day)s.", day=long_day(due.closes))
    first = _("It is valid until %(date)s.", date=long_day(held.until))
    if due.state == "soon":
        return (
            first + " " + _("From %(day)s on you can ask for the next period.", day=long_day(due.opens)) + _hours(due)
        )
    return first + " " + _("Ask for the next period before that, and there is no gap.") + _hours(due)


def _hours(due: Due) -> str:
    if not due.hours:
        return ""
    asked = ngettext(
        "%(num)d hour of continuing development is asked for it.",
        "%(num)d hours of continuing development are asked for it.",
        due.hours,
    )
    return " " + asked


def renewal_ahead(held: Held, level: str) -> Coming | None:
    """The entry among the dates ahead, for a level that the page is not about; None where nothing is to be done."""
    if held.due is None or held.until is None or held.due.state not in ("soon", "open", "late"):
        return None
    on = {"soon": held.due.opens, "open": held.until, "late": held.due.closes}[held.due.state]
    title, _action = _title(held.due, level)
    return Coming(datetime.combine(on, time(12), UTC), title, _sentence(held, held.due), held.due.href)
