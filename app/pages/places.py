"""Where the texts stand in the menu."""

from flask_babel import lazy_gettext as _l

from app.policy import Permission
from app.shell import Menu, Place, Section


def add_places(menu: Menu) -> None:
    """The entries of the head, the foot and the office."""
    menu.add(
        Place(_l("About us"), "pages.about", Permission.PUBLIC, "/about", "public"),
        Place(_l("About us"), "pages.about", Permission.PUBLIC, "/about", "footer"),
        Place(_l("Code of conduct"), "pages.code_of_conduct", Permission.PUBLIC, "/about/code-of-conduct", "footer"),
        Place(_l("Terms"), "pages.terms", Permission.PUBLIC, "/terms", "footer"),
        Place(_l("Privacy"), "pages.privacy", Permission.PUBLIC, "/privacy", "footer"),
        Place(_l("Cookies"), "pages.cookies", Permission.PUBLIC, "/cookies", "footer"),
        Place(_l("Accessibility"), "pages.accessibility", Permission.PUBLIC, "/accessibility", "footer"),
        Place(_l("Help"), "pages.help", Permission.PUBLIC, "/help", "footer"),
        Place(_l("Contact"), "pages.contact", Permission.PUBLIC, "/contact", "footer"),
        Place(_l("Texts"), "pages.list_texts", Permission.PAGES_EDIT, "/office/pages", "office", Section.BODY),
    )
