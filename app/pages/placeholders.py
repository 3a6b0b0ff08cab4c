"""The words in braces that texts may use for the body, so that no text carries a body's name of its own."""

import re

from flask_babel import gettext as _

from app.body.queries import BodyView
from app.mail.kinds import PLACEHOLDER, fill

NAMES = ("body", "short_name", "field", "contact", "site", "postal_address")
# One word in braces, in whatever spelling: a wrong `{Body}` must be refused, not printed.
IN_BRACES = re.compile(r"\{\s*([^\W\d][\w-]*)\s*\}")
SPECIAL = re.compile(r"([\\`*_\[\]<>|&~#])")


def list_unknown(text: str) -> list[str]:
    """The words in braces that nothing will be filled in for, as typed and each once."""
    found = (match.group(0) for match in IN_BRACES.finditer(text))
    return list(dict.fromkeys(word for word in found if word[1:-1] not in NAMES))


def known_words() -> str:
    """The placeholders as people type them, in one line."""
    return ", ".join(f"{{{name}}}" for name in NAMES)


def refusal(unknown: list[str]) -> str:
    """The sentence beside a field whose text uses placeholders that do not exist."""
    return _(
        "There is nothing to fill in for %(unknown)s. You may use %(known)s.",
        unknown=", ".join(unknown),
        known=known_words(),
    )


def fill_line(text: str, body: BodyView) -> str:
    """A plain line, such as a title, with the body's words filled in."""
    return fill(text, _values(body))


def fill_markdown(text: str, body: BodyView) -> str:
    """A Markdown text with the body's words filled in as words: marks in them have no effect.

    A line that uses a placeholder with no value (a body without a postal address) is left out.
    """
    values = _values(body)
    empty = {name for name, value in values.items() if not value}
    lines = [line for line in text.split("\n") if not empty.intersection(PLACEHOLDER.findall(line))]
    return fill("\n".join(lines), {name: SPECIAL.sub(r"\\\1", value) for name, value in values.items()})


def _values(body: BodyView) -> dict[str, str]:
    address = ", ".join(line.strip() for line in body.postal_address.splitlines() if line.strip())
    return {
        "body": body.name,
        "short_name": body.short_name,
        "field": body.field,
        "contact": body.contact_email,
        "site": body.base_address,
        "postal_address": address,
    }
