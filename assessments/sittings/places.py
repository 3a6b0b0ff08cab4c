"""Where sittings stand in the menu."""

from flask_babel import lazy_gettext as _l

from app.policy import Permission
from app.shell import Menu, Place, Section


def add_places(menu: Menu) -> None:
    """One's own sittings, and the entries of officers."""
    menu.add(
        Place(_l("Your sittings"), "sittings.mine", Permission.EXAM_SIT, "/sittings", "account"),
        Place(
            _l("Sittings"),
            "office_sittings.sittings",
            Permission.SITTINGS_PLAN,
            "/office/sittings",
            "office",
            Section.EXAMS,
        ),
        Place(
            _l("Incidents"), "incidents.waiting", Permission.SITTINGS_PLAN, "/office/incidents", "office", Section.EXAMS
        ),
    )
