"""Domain events: published by services, answered by the handlers that `app.wiring` lists.

Handlers run at once, inside the publisher's transaction: cause and effects are committed or undone together.
"""

from collections.abc import Callable
from typing import Any

from flask import current_app

Handler = Callable[[Any], None]


class Bus:
    """Which handlers answer which type of event, in the order they were listed."""

    def __init__(self) -> None:
        self._handlers: dict[type, list[Handler]] = {}

    def subscribe(self, event_type: type, handler: Handler) -> None:
        """Let `handler` answer every event of exactly this type."""
        self._handlers.setdefault(event_type, []).append(handler)

    def publish(self, event: object) -> None:
        """Call each handler in turn; an exception of one ends the transaction for all."""
        for handler in self._handlers.get(type(event), []):
            handler(event)

    def table(self) -> list[tuple[str, str]]:
        """Pairs of event name and handler name, for the page that answers "what happens when"."""
        return [
            (event_type.__name__, f"{handler.__module__}.{handler.__name__}")
            for event_type, handlers in self._handlers.items()
            for handler in handlers
        ]


def publish(event: object) -> None:
    """Publish on the running application's bus."""
    current_app.extensions["bus"].publish(event)
