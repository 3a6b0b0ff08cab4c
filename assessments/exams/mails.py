"""The messages of exams."""

from flask_babel import lazy_gettext as _l

from app.mail.kinds import MailKind

KINDS = (
    MailKind(
        "exams.receipt",
        _l("A candidate hands an exam in, or its time runs out"),
        _l("We have received your exam at {body}"),
        _l(
            "Hello {name},\n\nyour exam has arrived.\n\n{exam}\nHanded in: {when}\nAnswered: {answered} of {questions} "
            "questions\nReceipt: {receipt}\n\nThe receipt is a fingerprint of your answers. Keep this message; with it "
            "anybody can check later that what was scored is what you handed in.\n\n{link}\n\n{body}\n{site}"
        ),
        {
            "name": "Alex Example",
            "exam": "Foundation exam",
            "when": "14 December 2026, 15:40",
            "answered": "40",
            "questions": "40",
            "receipt": "9f86d081884c7d65…",
            "link": "https://body.example/attempts/…",
        },
    ),
)
