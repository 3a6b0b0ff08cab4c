"""Where the office stands in the menu."""

from flask_babel import lazy_gettext as _l

from app.policy import Permission
from app.shell import Menu, Place, Section


def add_places(menu: Menu) -> None:
    """The entries of officers."""
    menu.add(
        Place(_l("Office"), "office.desk", Permission.OFFICE_SEE, "/office", "office"),
        Place(_l("People"), "people.people", Permission.PEOPLE_SEE, "/office/people", "office", Section.PEOPLE),
        Place(_l("Roles"), "staff.roles", Permission.PEOPLE_SEE, "/office/roles", "office", Section.PEOPLE),
        Place(_l("Settings"), "settings.body", Permission.BODY_EDIT, "/office/settings", "office", Section.BODY),
    )
