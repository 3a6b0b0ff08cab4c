"""Every kind of message the system can send, each registered by the feature that sends it.

Texts are plain, with `{placeholders}` from a fixed list; an officer may reword them, never add code.
"""

import re
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
ALWAYS = {
    "body": "the name of the body",
    "site": "the address of the site",
    "contact": "the body's address for questions",
}


@dataclass(frozen=True)
class MailKind:
    """A message: when it goes out, its built-in words, and the placeholders they may use with sample values.

    `keeps_text` is False for messages that carry a secret link: the outbox forgets their text once they have left.
    """

    code: str
    when: Any
    subject: Any
    text: Any
    samples: dict[str, str]
    keeps_text: bool = True

    @property
    def placeholders(self) -> set[str]:
        """The names that may stand in braces in this message."""
        return set(self.samples) | set(ALWAYS)


class MailKinds:
    """The catalogue of messages of one application."""

    def __init__(self) -> None:
        self._by_code: dict[str, MailKind] = {}

    def add(self, *kinds: MailKind) -> None:
        """Register messages. Raises ValueError if a text uses a placeholder it was not given."""
        for kind in kinds:
            for text in (str(kind.subject), str(kind.text)):
                unknown = unknown_placeholders(text, kind)
                if unknown:
                    raise ValueError(f"message {kind.code}: unknown placeholders {sorted(unknown)}")
            self._by_code[kind.code] = kind

    def get(self, code: str) -> MailKind:
        """The message of this code. Raises KeyError."""
        return self._by_code[code]

    def find(self, code: str) -> MailKind | None:
        """The message of this code, or None."""
        return self._by_code.get(code)

    def all(self) -> list[MailKind]:
        """Every message, by code."""
        return [self._by_code[code] for code in sorted(self._by_code)]


def unknown_placeholders(text: str, kind: MailKind) -> set[str]:
    """The placeholders in `text` that this kind of message does not offer."""
    return set(PLACEHOLDER.findall(text)) - kind.placeholders


def fill(text: str, values: dict[str, str]) -> str:
    """`text` with each known `{placeholder}` replaced once; values are never read as templates themselves."""
    return PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group(0)), text)


def one_line(text: str) -> str:
    """A header value: no line breaks, so that nothing typed can add a header."""
    return " ".join(text.split())


def wording_hint(kind: MailKind) -> str:
    """The placeholders of a message as a sentence for the office page."""
    names = ", ".join(f"{{{name}}}" for name in sorted(kind.placeholders))
    return gettext("You may use: %(names)s", names=names)
