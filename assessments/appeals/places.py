"""Where appeals stand in the menu."""

from flask_babel import lazy_gettext as _l

from app.policy import Permission
from app.shell import Menu, Place, Section


def add_places(menu: Menu) -> None:
    """The entry of officers; candidates come by way of a result, deciders by a mail."""
    menu.add(
        Place(
            _l("Appeals"),
            "appeals_office.appeals",
            Permission.APPEALS_MANAGE,
            "/office/appeals",
            "office",
            Section.EXAMS,
        )
    )
