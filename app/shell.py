"""What every page shares: the body's name, the menu for whoever is reading, and dates in the reader's zone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, render_template, request, url_for
from flask_babel import format_date, format_datetime, get_locale
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app import markup, policy
from app.body.queries import get_body
from app.policy import Actor, Permission

MOST_FRAGMENTS = 256


class Section(StrEnum):
    """What belongs together among the entries of those who run the body, in the order in which they stand."""

    DESK = "desk"
    PEOPLE = "people"
    EXAMS = "exams"
    CERTIFICATES = "certificates"
    BODY = "body"


SECTION_WORDS = {
    Section.DESK: _l("Office"),
    Section.PEOPLE: _l("People"),
    Section.EXAMS: _l("Exams"),
    Section.CERTIFICATES: _l("Certificates"),
    Section.BODY: _l("The body"),
}
# So many entries still stand in one line; more are shown by section.
MOST_IN_LINE = 7


@dataclass(frozen=True)
class Place:
    """An entry of the menu: who sees it, where it leads, and which addresses belong to it.

    `section` is for the group `office` only.
    """

    label: Any
    endpoint: str
    permission: Permission
    prefix: str
    group: str = "main"
    section: Section = Section.DESK


@dataclass(frozen=True)
class Link:
    """An entry of the menu as shown to this reader."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class Part:
    """A section of the menu as shown to this reader, with its entries."""

    label: str
    href: str
    current: bool
    links: tuple[Link, ...]


class Menu:
    """The entries that features have registered, in the order of `app.wiring`."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self._worded: dict[tuple[str, str], list[tuple[Place, Link, Link]]] = {}
        self.start: list[tuple[Callable[[Actor], bool], str]] = []

    def add(self, *places: Place) -> None:
        """Register entries."""
        self.places.extend(places)
        self._worded.clear()

    def links(self, group: str, actor: Actor) -> list[Link]:
        """What this reader sees of one group: `public`, `main`, `office` or `footer`."""
        shown = [entry for entry in self._entries(group) if policy.can(actor, entry[0].permission)]
        path = request.path
        here = max((place.prefix for place, *_ in shown if _is_under(path, place.prefix)), key=len, default="")
        return [current if place.prefix == here else other for place, other, current in shown]

    def parts(self, group: str, actor: Actor) -> list[Part]:
        """A group by sections, each leading to its first entry; empty while all entries fit in one line."""
        links = self.links(group, actor)
        if len(links) <= MOST_IN_LINE:
            return []
        by_href = {other.href: place.section for place, other, _ in self._entries(group)}
        parts = []
        for section, words in SECTION_WORDS.items():
            found = tuple(link for link in links if by_href[link.href] is section)
            if found:
                parts.append(Part(str(words), found[0].href, any(link.current for link in found), found))
        return parts

    def _entries(self, group: str) -> list[tuple[Place, Link, Link]]:
        """The entries of a group with their two links, put into words once for each language: every page shows them."""
        key = (f"{request.script_root} {get_locale()}", group)
        if key not in self._worded:
            self._worded[key] = [_worded(place) for place in self.places if place.group == group]
        return self._worded[key]


def _worded(place: Place) -> tuple[Place, Link, Link]:
    """An entry with the link as it is elsewhere and as it is on its own pages."""
    label, href = str(place.label), url_for(place.endpoint)
    return place, Link(label, href, False), Link(label, href, True)


def _is_under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix.rstrip("/") + "/")


def _zone() -> ZoneInfo:
    actor = policy.current_actor()
    return ZoneInfo(actor.zone or get_body().zone)


def show_date(value: date | datetime) -> str:
    """A date in words, in the reader's zone and language: 2 September 2026."""
    if isinstance(value, datetime):
        value = value.astimezone(_zone()).date()
    return day_words(value, "d MMMM y")


def day_words(day: date, pattern: str) -> str:
    """A day in the reader's language by a pattern of CLDR, such as "d MMM"; said once, it is remembered."""
    return _day_words(day, pattern, str(get_locale()))


@lru_cache(maxsize=4_096)
def _day_words(day: date, pattern: str, _locale: str) -> str:
    return format_date(day, pattern)


def show_time(value: datetime) -> str:
    """A moment in the reader's zone and language: 2 September 2026, 14:08."""
    return format_datetime(value.astimezone(_zone()), "d MMMM y, HH:mm", rebase=False)


def show_utc(value: datetime) -> str:
    """A moment in UTC, said so: 2 September 2026, 14:08 UTC."""
    return format_datetime(value, "d MMMM y, HH:mm", rebase=False) + " UTC"


def initials(name: str) -> str:
    """Up to two letters for the round mark beside a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def drawn_once(draw: Callable[..., str]) -> Callable[..., str]:
    """A macro that remembers what it has drawn, for marks that stand on one page fifty times; words may differ.

    A text and the same text marked as safe are kept apart, though they are equal. Words in the reader's language have
    to come in as arguments.
    """

    @lru_cache(maxsize=2_048, typed=True)
    def remembered(*given: Any, **named: Any) -> str:
        return draw(*given, **named)

    def drawn(*given: Any, **named: Any) -> str:
        return remembered(*(tuple(value) if type(value) is list else value for value in given), **named)

    return drawn


def fragment(name: str, *facts: Any) -> str:
    """The part of a page in the template `name`, drawn once for each language and each combination of `facts`.

    It may say nothing else that differs from one reader to the next: no name, no token, no path.
    """
    facts = tuple(tuple(fact) if isinstance(fact, list) else fact for fact in facts)
    drawn: dict[Any, str] = current_app.extensions["fragments"]
    key = (name, str(get_locale()), request.script_root, facts)
    found = None if current_app.debug else drawn.get(key)
    if found is None:
        found = Markup(render_template(name))  # noqa: S704  a template of ours, escaped as it was drawn
        if len(drawn) >= MOST_FRAGMENTS:
            drawn.clear()  # another thread may be reading: nobody relies on what is in there
        drawn[key] = found
    return found


def _context() -> dict[str, Any]:
    menu: Menu = current_app.extensions["menu"]
    actor = policy.current_actor()
    return {
        "body": get_body(),
        "actor": actor,
        "menu": menu,
        "can": lambda p, obj=None: policy.can(actor, Permission(p), obj),
    }


def init_app(app: Flask) -> None:
    """Give templates what they share."""
    app.extensions["menu"] = Menu()
    app.extensions["fragments"] = {}
    app.jinja_env.globals.update(drawn_once=drawn_once, fragment=fragment)
    app.context_processor(_context)
    app.jinja_env.globals["language"] = lambda: str(get_locale() or "en")
    app.jinja_env.filters.update(
        markdown=markup.render,
        markdown_inline=markup.render_inline,
        show_date=show_date,
        show_time=show_time,
        show_utc=show_utc,
        initials=initials,
    )
