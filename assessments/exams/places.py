"""Where exams and results stand in the menu."""

from flask_babel import lazy_gettext as _l

from app.policy import Permission
from app.shell import Menu, Place, Section


def add_places(menu: Menu) -> None:
    """The entries of officers and authors."""
    menu.add(Place(_l("Exam forms"), "exam_forms.forms", Permission.EXAM_FORMS, "/exam-forms", "office", Section.EXAMS))
    menu.add(Place(_l("Exams"), "exam_office.exams", Permission.EXAM_OFFICE, "/office/exams", "office", Section.EXAMS))
