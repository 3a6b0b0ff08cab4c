"""Where courses stand in the menu."""

from flask_babel import lazy_gettext as _l

from app.policy import Permission
from app.shell import Menu, Place


def add_places(menu: Menu) -> None:
    """The entry for visitors; members reach their course from My path."""
    menu.add(Place(_l("Training"), "courses.training", Permission.PUBLIC, "/training", "public"))
