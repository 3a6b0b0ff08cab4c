"""A second server on the same database, with a few views of the test's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app import wiring
from app.extensions import db
from app.factory import Laurel, create_app
from app.policy import Permission, requires


@contextmanager
def server(app: Laurel, monkeypatch: pytest.MonkeyPatch, *views: Callable[..., Any]) -> Iterator[Laurel]:
    """The whole application once more, each view open to everyone under `/probe/<its name>`."""
    wire = wiring.wire

    def wire_more(made: Laurel) -> None:
        wire(made)
        for view in views:
            name = view.__name__
            made.add_url_rule(
                f"/probe/{name}", f"probe.{name}", requires(Permission.PUBLIC)(view), methods=["GET", "POST"]
            )

    monkeypatch.setattr(wiring, "wire", wire_more)
    made = create_app(app.extensions["settings"])
    try:
        yield made
    finally:
        with made.app_context():
            db.session.remove()
            db.engine.dispose()


def each_in_a_thread(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Let `count` threads do `act(number)` as much at once as can be; what they returned or raised, by number."""
    import threading

    results: list[Any] = [None] * count
    start = threading.Barrier(count)

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = act(number)
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
