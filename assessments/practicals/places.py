"""Where marking and the release of results stand in the menu."""

from flask_babel import lazy_gettext as _l

from app.policy import Permission
from app.shell import Menu, Place, Section


def add_places(menu: Menu) -> None:
    """The entries of assessors and officers; learners come by way of their path."""
    menu.add(
        Place(_l("Marking"), "marking.queue", Permission.MARKING_DO, "/marking", "main"),
        Place(
            _l("Results"), "releases.waiting", Permission.RESULTS_RELEASE, "/office/results", "office", Section.EXAMS
        ),
    )
