"""The messages about challenges of questions."""

from flask_babel import lazy_gettext as _l

from app.mail.kinds import MailKind

_EXAMPLE = {
    "name": "Alex Example",
    "exam": "Foundation exam",
    "answer": "Both readings are right. We changed the key and look at every result again.",
    "link": "https://body.example/results",
}

KINDS = (
    MailKind(
        "regrading.upheld",
        _l("A challenge of a question is upheld"),
        _l("You were right about a question at {body}"),
        _l(
            "Hello {name},\n\nduring {exam} you wrote that a question was wrong. We have looked at it, and you were "
            "right.\n\n{answer}\n\nIf it changes your result, you will hear of that in a message of its own. Your "
            "results: {link}\n\n{body}\n{site}"
        ),
        _EXAMPLE,
    ),
    MailKind(
        "regrading.dismissed",
        _l("A challenge of a question is dismissed"),
        _l("About the question you challenged at {body}"),
        _l(
            "Hello {name},\n\nduring {exam} you wrote that a question was wrong. We have looked at it and leave it as "
            "it is.\n\n{answer}\n\nOnce your result is released you can appeal against it: {link}\n\n{body}\n{site}"
        ),
        _EXAMPLE | {"answer": "The second option holds for members only; the text of lesson 4 says so."},
    ),
)
