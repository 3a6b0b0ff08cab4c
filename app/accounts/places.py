"""Where accounts stand in the menu."""

from flask_babel import lazy_gettext as _l

from app.policy import Permission
from app.shell import Menu, Place


def add_places(menu: Menu) -> None:
    """The entries of the account menu."""
    menu.add(
        Place(_l("Your account"), "account.account", Permission.ACCOUNT_OWN, "/account", "account"),
        Place(
            _l("Where you are signed in"),
            "account.sessions_page",
            Permission.ACCOUNT_OWN,
            "/account/sessions",
            "account",
        ),
    )
