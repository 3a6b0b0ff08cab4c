"""The messages to addresses that watch a certificate. They name nobody, and their text goes once they have left."""

from flask_babel import lazy_gettext as _l

from app.mail.kinds import MailKind

NUMBER = "7KQ2-9XMD-4T3H-VB8C-PW5N-0RZE-J6A"
LINK = "https://body.example/watches/…"

KINDS = (
    MailKind(
        "certificates.watch-confirm",
        _l("Somebody wants to hear when the status of a certificate changes"),
        _l("Please confirm: news of certificate {number}"),
        _l(
            "Hello,\n\nthis address was entered on our page for certificate number\n\n  {number}\n\nto hear when its status changes. "
            "If that was you, open this link within {days} days and confirm:\n\n{link}\n\nIf not, leave this message alone: nothing "
            "more is sent, and we forget your address after {days} days.\n\n{body}\n{site}"
        ),
        {"number": NUMBER, "days": "3", "link": LINK},
        keeps_text=False,
    ),
    MailKind(
        "certificates.watch-known",
        _l("The same, for an address that watches the certificate already"),
        _l("You hear of certificate {number} already"),
        _l(
            "Hello,\n\nthis address was entered on our page for certificate number\n\n  {number}\n\nYou hear of it already: whenever "
            "its status changes, until {until}. To hear no more of it:\n\n{link}\n\n{body}\n{site}"
        ),
        {"number": NUMBER, "until": "2 September 2029", "link": LINK},
        keeps_text=False,
    ),
    MailKind(
        "certificates.watch-told",
        _l("The status of a watched certificate has changed"),
        _l("{status}: certificate {number}"),
        _l(
            "Hello,\n\nyou asked to hear when the status of a certificate changes. Number\n\n  {number}\n\nnow reads:\n\n  {status}. "
            "{advice}.\n\nHow it stands at any moment:\n\n{page}\n\n{after}\n\n{body}\n{site}"
        ),
        {
            "number": NUMBER,
            "status": "Suspended",
            "advice": "Do not rely on it at present",
            "page": f"https://body.example/v/{NUMBER}",
            "after": f"To hear no more of it: {LINK}",
            "link": LINK,
        },
        keeps_text=False,
    ),
)
