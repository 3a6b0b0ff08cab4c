"""Where accommodations stand in the menu."""

from flask_babel import lazy_gettext as _l

from app.policy import Permission
from app.shell import Menu, Place, Section


def add_places(menu: Menu) -> None:
    """A member's own page, and the entry of officers."""
    menu.add(
        Place(
            _l("Arrangement for exams"), "own_accommodations.own", Permission.ACCOUNT_OWN, "/account/accommodations",
            "account",
        ),
        Place(
            _l("Accommodations"), "accommodations.waiting", Permission.ACCOMMODATIONS_DECIDE, "/office/accommodations",
            "office",
            Section.EXAMS,
        ),
    )  # fmt: skip
