"""Where certificates stand in the menu."""

from flask_babel import lazy_gettext as _l

from app.policy import Permission
from app.shell import Menu, Place, Section


def add_places(menu: Menu) -> None:
    """The entries for everyone, for holders and for officers."""
    menu.add(
        Place(_l("Certificates"), "holder.certificates", Permission.CERTIFICATES_OWN, "/certificates", "main"),
        Place(
            _l("Certificates"),
            "certificates_office.overview",
            Permission.CERTIFICATES_MANAGE,
            "/office/certificates",
            "office",
            Section.CERTIFICATES,
        ),
        Place(
            _l("Designs"),
            "certificate_designs.list_designs",
            Permission.DESIGNS_EDIT,
            "/office/certificates/designs",
            "office",
            Section.CERTIFICATES,
        ),
        Place(
            _l("Keys"),
            "certificates_office.keys",
            Permission.CERTIFICATES_MANAGE,
            "/office/keys",
            "office",
            Section.CERTIFICATES,
        ),
    )
