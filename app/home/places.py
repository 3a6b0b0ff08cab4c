"""Where the pages that gather stand in the menu."""

from flask_babel import lazy_gettext as _l

from app.policy import Permission
from app.shell import Menu, Place


def add_places(menu: Menu) -> None:
    """The first entry of a member."""
    menu.add(Place(_l("My path"), "path.my_path", Permission.PATH_OWN, "/path", "main"))
