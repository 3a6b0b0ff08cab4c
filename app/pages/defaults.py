"""The pages every body has, where they stand, and the texts it is born with."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "defaults"
LANGUAGE = "en"


@dataclass(frozen=True)
class PageKind:
    """A page of the body: its name in addresses and records, its path, and whether members agree to each version."""

    slug: str
    path: str
    is_agreed_to: bool = False

    @property
    def endpoint(self) -> str:
        """The name of its view within the blueprint."""
        return self.slug.replace("-", "_")


KINDS = (
    PageKind("about", "/about"),
    PageKind("code-of-conduct", "/about/code-of-conduct", is_agreed_to=True),
    PageKind("candidates-rules", "/about/candidates-rules"),
    PageKind("help", "/help"),
    PageKind("contact", "/contact"),
    PageKind("terms", "/terms", is_agreed_to=True),
    PageKind("privacy", "/privacy", is_agreed_to=True),
    PageKind("cookies", "/cookies"),
    PageKind("accessibility", "/accessibility"),
)
BY_SLUG = {kind.slug: kind for kind in KINDS}


@dataclass(frozen=True)
class DefaultText:
    """A text as it comes with the system: title and Markdown, both with placeholders."""

    title: str
    text: str


@cache
def get_default(slug: str) -> DefaultText:
    """The text a body is born with. Raises KeyError for an unknown page, ValueError for a file without a title."""
    path = FOLDER / f"{BY_SLUG[slug].slug}.md"
    head, _, text = path.read_text(encoding="utf-8").partition("\n")
    if not head.startswith("# "):
        raise ValueError(f"{path.name} must begin with a line '# Title'")
    return DefaultText(head.removeprefix("# ").strip(), text.strip())
