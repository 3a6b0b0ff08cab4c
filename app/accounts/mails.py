"""The messages of accounts."""

from flask_babel import lazy_gettext as _l

from app.mail.kinds import MailKind

LINK = "https://body.example/confirm/…"

KINDS = (
    MailKind(
        "accounts.confirm",
        _l("Someone joins, or asks for the link again"),
        _l("Confirm your address for {body}"),
        _l(
            "Hello {name},\n\nplease confirm that this address is yours. Open this link and enter the password you chose:\n\n"
            "{link}\n\nThe link works once and for three days. If you did not join {body}, leave this message alone: "
            "without the password nothing happens.\n\n{body}\n{site}"
        ),
        {"name": "Alex Example", "link": LINK},
        keeps_text=False,
    ),
    MailKind(
        "accounts.already-joined",
        _l("Someone joins with an address that has an account"),
        _l("You already have an account at {body}"),
        _l(
            "Hello {name},\n\nsomeone, probably you, tried to join {body} with this address. You have an account already. "
            "Sign in here:\n\n{link}\n\nIf you forgot the password, the sign-in page helps. If it was not you, there is "
            "nothing to do.\n\n{body}\n{site}"
        ),
        {"name": "Alex Example", "link": LINK},
    ),
    MailKind(
        "accounts.reset",
        _l("Someone forgot the password"),
        _l("A new password for {body}"),
        _l(
            "Hello {name},\n\nopen this link to choose a new password:\n\n{link}\n\nIt works once and for one hour. All "
            "browsers that are signed in will be signed out. If you did not ask for it, leave this message alone.\n\n{body}\n{site}"
        ),
        {"name": "Alex Example", "link": LINK},
        keeps_text=False,
    ),
    MailKind(
        "accounts.password-changed",
        _l("A password was changed"),
        _l("Your password at {body} was changed"),
        _l(
            "Hello {name},\n\nthe password of your account was changed just now. If that was not you, choose a new one with "
            "“Forgotten your password?” on the sign-in page, and write to {contact}.\n\n{body}\n{site}"
        ),
        {"name": "Alex Example"},
    ),
    MailKind(
        "accounts.change-address",
        _l("A member asks to use another address"),
        _l("Confirm your new address for {body}"),
        _l(
            "Hello {name},\n\nopen this link, signed in to your account, to use this address from now on:\n\n{link}\n\n"
            "It works once and for a day. If you did not ask for it, leave this message alone.\n\n{body}\n{site}"
        ),
        {"name": "Alex Example", "link": LINK},
        keeps_text=False,
    ),
    MailKind(
        "accounts.address-changed",
        _l("The address of an account was changed (goes to the old one)"),
        _l("The address of your account at {body} was changed"),
        _l(
            "Hello {name},\n\nyour account now uses the address {new_address}. If that was not you, write to {contact} at "
            "once.\n\n{body}\n{site}"
        ),
        {"name": "Alex Example", "new_address": "alex@new.example"},
    ),
    MailKind(
        "accounts.role-granted",
        _l("An officer grants a role"),
        _l("You now hold a role at {body}: {role}"),
        _l(
            "Hello {name},\n\nyou have been given the role “{role}”. Sign in to see what comes with it:\n\n{site}\n\n{body}"
        ),
        {"name": "Alex Example", "role": "Assessor"},
    ),
    MailKind(
        "accounts.role-ended",
        _l("An officer ends a role"),
        _l("Your role at {body} has ended: {role}"),
        _l("Hello {name},\n\nyour role “{role}” has ended. Thank you for what you did in it.\n\n{body}\n{site}"),
        {"name": "Alex Example", "role": "Assessor"},
    ),
)
