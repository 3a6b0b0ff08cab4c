"""The messages of exams."""

from flask_babel import lazy_gettext as _l

from app.mail.kinds import MailKind

KINDS = (
    MailKind(
        "exams.receipt",
        _l("A candidate hands an exam in, or its time runs out"),
        _l("We have received your exam at {body}"),
        _l(
            "Hello {name},\n\nyour exam has arrived.\n\n{exam}\nHanded in: {when}\nServer time: {server_time}\nAnswered: {answered} of "
            "{questions} questions\nVersions of the questions: {versions}\nReceipt: {receipt}\n\nThe receipt is a fingerprint "
            "(SHA-256) of your answers, of the version of each question, and of the server's time. Keep this message; "
            "with it anybody can check later that what was scored is what you handed in.\n\n{link}\n\n{body}\n{site}"
        ),
        {
            "name": "Alex Example",
            "exam": "Foundation exam",
            "when": "14 December 2026, 15:40",
            "server_time": "2026-12-14T14:40:07+00:00",
            "versions": "2c26b46b68ffc68f…",
            "answered": "40",
            "questions": "40",
            "receipt": "9f86d081884c7d65…",
            "link": "https://body.example/attempts/…",
        },
    ),
    MailKind(
        "exams.short",
        _l("Somebody could not start an exam because its bank lacks questions"),
        _l("An exam at {body} cannot be started"),
        _l(
            "Hello {name},\n\nsomebody wanted to start this exam and could not, for its bank lacks questions. Nobody "
            "has lost an attempt.\n\n{exam}\nShort: {cells}\n\n{link}\n\n{body}\n{site}"
        ),
        {
            "name": "Alex Example",
            "exam": "Foundation exam",
            "cells": "F1/apply, F2/understand",
            "link": "https://body.example/office/exams",
        },
    ),
)
