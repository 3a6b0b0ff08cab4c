"""The messages of results. What a result is never stands in a message."""

from flask_babel import lazy_gettext as _l

from app.mail.kinds import MailKind

KINDS = (
    MailKind(
        "results.released",
        _l("A result is released"),
        _l("A result is there for you at {body}"),
        _l(
            "Hello {name},\n\na result is there for you: {work}. Sign in to read it:\n\n{link}\n\n"
            "Results are shown to you alone and never sent by mail.\n\n{body}\n{site}"
        ),
        {"name": "Alex Example", "work": "Foundation exam", "link": "https://body.example/results/…"},
    ),
    MailKind(
        "results.changed",
        _l("A released result was worked out again"),
        _l("Your result at {body} was worked out again"),
        _l(
            "Hello {name},\n\nyour result was worked out again: {work}. Sign in to read what changed and why; the "
            "earlier one stays beside it:\n\n{link}\n\nResults are shown to you alone and never sent by mail.\n\n"
            "{body}\n{site}"
        ),
        {"name": "Alex Example", "work": "Foundation exam", "link": "https://body.example/results/…"},
    ),
)
