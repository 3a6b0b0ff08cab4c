"""Where exams and results stand in the menu."""

from flask_babel import lazy_gettext as _l

from app.policy import Permission
from app.shell import Menu, Place


def add_places(menu: Menu) -> None:
    """The entry of officers."""
    menu.add(Place(_l("Exams"), "exam_office.exams", Permission.EXAM_OFFICE, "/office/exams", "office"))
