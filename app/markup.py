"""Markdown to safe HTML, in this one place: CommonMark with tables, then an allow-list cleaner.

Raw HTML in the source is shown as text (markdown-it `js-default`), and whatever leaves here has passed nh3, so a fault
in one of them alone does not reach a reader. Links lead only to http, https, mail, this site or this page.
"""

import html
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import nh3
from flask_babel import get_locale
from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.container import container_plugin

GOOD_LINK = re.compile(r"^(https?://|mailto:|/(?!/)|#)", re.IGNORECASE)
BLOCKS = ("key", "example", "reflect", "try", "note", "summary", "check", "objective")
TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li",
    "table", "thead", "tbody", "tr", "th", "td", "a", "div", "img",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "div": {"class", "data-check", "tabindex", "role", "aria-label"},
    "h2": {"id"},
    "h3": {"id"},
    "ol": {"start"},
    "p": {"class"},
}
CLASSES = {f"block block-{name}" for name in BLOCKS} | {"block-title", "table-scroll"}


def _link(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        return value if value in CLASSES else None
    if attribute in ("href", "src"):
        return value if GOOD_LINK.match(value) else None
    return value


def _block(name: str, label: Callable[[], str]) -> Callable[..., str]:
    def render(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        if token.nesting == -1:
            return "</div>\n"
        title = token.info.strip().removeprefix(name).strip()
        if name == "check":
            return f'<div class="block block-check" data-check="{_escape(title)}">\n'
        heading = title or label()
        head = f'<p class="block-title">{_escape(heading)}</p>\n' if heading else ""
        return f'<div class="block block-{name}">\n{head}'

    return render


def _escape(text: str) -> str:
    return str(Markup.escape(text))


def _labels() -> dict[str, Callable[[], str]]:
    return {
        "key": lambda: _("Key point"),
        "example": lambda: _("Example"),
        "reflect": lambda: _("Think about it"),
        "try": lambda: _("Try it"),
        "note": lambda: _("Note"),
        "summary": lambda: _("In short"),
        "objective": lambda: _("You will be able to"),
        "check": lambda: "",
    }


def _table_open(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f'<div class="table-scroll" tabindex="0" role="group" aria-label="{_escape(_("Table"))}">\n<table>\n'


def _table_close(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "</table>\n</div>\n"


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"linkify": False, "typographer": True}).disable("image", ignoreInvalid=True)
    for name, label in _labels().items():
        parser.use(container_plugin, name, render=_block(name, label))
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    return parser


@lru_cache(maxsize=1_024)
def _render(text: str, language: str) -> Markup:
    dirty = _parser().render(text)
    clean = nh3.clean(
        dirty,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_link,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )
    clean = clean.replace("<th></th>", "<td></td>")  # the corner of a table is no heading
    return Markup(clean)  # noqa: S704  the one place where text becomes markup, after the cleaner


def render(text: str) -> Markup:
    """Safe HTML of a Markdown text, in the reader's language for the words that blocks add."""
    return _render(text, str(get_locale() or "en"))


@lru_cache(maxsize=4_096)
def render_inline(text: str) -> Markup:
    """Safe HTML of one line of Markdown (emphasis, code and links only)."""
    dirty = _parser().renderInline(text)
    clean = nh3.clean(
        dirty, tags={"strong", "em", "code", "a", "s", "br"}, attributes={"a": {"href"}}, attribute_filter=_link
    )
    return Markup(clean)  # noqa: S704  as above


def plain(text: str) -> str:
    """The words of a Markdown text without markup, for summaries and counts. Not markup: templates escape it."""
    return " ".join(html.unescape(nh3.clean(_parser().render(text), tags=set())).split())
