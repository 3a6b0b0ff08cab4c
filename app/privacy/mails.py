"""The message of closing an account: the last one."""

from flask_babel import lazy_gettext as _l

from app.mail.kinds import MailKind

KINDS = (
    MailKind(
        "privacy.closed",
        _l("A member closes the account"),
        _l("Your account at {body} is closed"),
        _l(
            "Hello {name},\n\nyour account is closed, and you are signed out everywhere. Until {day} you can take this "
            "back by signing in:\n\n{link}\n\nAfter that day it is erased, and nobody can bring it back. If it was not "
            "you who closed it, sign in, reopen it and change your password.\n\nUnless something happens to a certificate "
            "of yours, this is our last message. Thank you for having been with us.\n\n{body}\n{site}"
        ),
        {"name": "Alex Example", "day": "1 October 2027", "link": "https://body.example/sign-in"},
    ),
)
