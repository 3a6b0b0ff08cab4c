"""What every page shares: the body's name, the menu for whoever is reading, and dates in the reader's zone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, request, url_for
from flask_babel import format_date, format_datetime, get_locale

from app import markup, policy
from app.body.queries import get_body
from app.policy import Actor, Permission


@dataclass(frozen=True)
class Place:
    """An entry of the menu: who sees it, where it leads, and which addresses belong to it."""

    label: Any
    endpoint: str
    permission: Permission
    prefix: str
    group: str = "main"


@dataclass(frozen=True)
class Link:
    """An entry of the menu as shown to this reader."""

    label: str
    href: str
    current: bool


class Menu:
    """The entries that features have registered, in the order of `app.wiring`."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self._addresses: dict[tuple[str, str], str] = {}
        self.start: list[tuple[Callable[[Actor], bool], str]] = []

    def add(self, *places: Place) -> None:
        """Register entries."""
        self.places.extend(places)

    def links(self, group: str, actor: Actor) -> list[Link]:
        """What this reader sees of one group: `public`, `main`, `office` or `footer`."""
        shown = [p for p in self.places if p.group == group and policy.can(actor, p.permission)]
        here = max((p.prefix for p in shown if _is_under(request.path, p.prefix)), key=len, default="")
        return [Link(str(p.label), self._address(p.endpoint), p.prefix == here) for p in shown]

    def _address(self, endpoint: str) -> str:
        """The address of an entry, built once: every page shows them all."""
        key = (request.script_root, endpoint)
        if key not in self._addresses:
            self._addresses[key] = url_for(endpoint)
        return self._addresses[key]


def _is_under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix.rstrip("/") + "/")


def _zone() -> ZoneInfo:
    actor = policy.current_actor()
    return ZoneInfo(actor.zone or get_body().zone)


def show_date(value: date | datetime) -> str:
    """A date in words, in the reader's zone and language: 2 September 2026."""
    if isinstance(value, datetime):
        value = value.astimezone(_zone()).date()
    return format_date(value, "d MMMM y")


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
