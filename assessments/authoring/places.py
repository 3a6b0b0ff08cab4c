"""Where the item bank stands in the menu."""

from flask_babel import lazy_gettext as _l

from app.policy import Permission
from app.shell import Menu, Place, Section


def add_places(menu: Menu) -> None:
    """The entry of authors and officers."""
    menu.add(Place(_l("Items"), "authoring.banks", Permission.ITEMS_WRITE, "/items", "office", Section.EXAMS))
