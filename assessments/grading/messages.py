"""Texts for people, kept as message ids because a pure package cannot translate."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:
    """Mark `text` for extraction (the tools look for this very name); the caller translates it when it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A message id with named `%(name)s` places and the values that fill them."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def english(self) -> str:
        """The untranslated sentence, for the command line and for logs."""
        return self.text % self.values if self.values else self.text

    def __str__(self) -> str:
        """A message may fill a place in another one: "Gap 2: write the number only"."""
        return self.english


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a definition: `path` as in `options[1].text`, and what is wrong there."""

    path: str
    message: Message

    def __str__(self) -> str:
        return f"{self.path}: {self.message.english}"


def fault(path: str, text: str, **values: object) -> Fault:
    """A fault at `path`, with the values that fill the message."""
    return Fault(path, Message(text, values))
