"""A bar while many are worked on, and an end between two of them when somebody presses ^C."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

Step = Callable[[int], object]
"""Told how many more are done."""


@contextmanager
def bar(label: str, length: int) -> Iterator[Step]:
    """A bar on a terminal; nothing where nobody watches. Other processes may do a part: it need not reach its end."""
    if not sys.stderr.isatty():
        yield lambda _more: None
        return
    with click.progressbar(length=length, label=f"{label:<8}", file=sys.stderr, show_pos=True) as shown:
        yield shown.update


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """The first ^C lets the certificate in hand be finished; the second one ends the program."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop.is_set
        return
    before = signal.getsignal(signal.SIGINT)

    def note(_number: int, _frame: Any) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, note)
    try:
        yield stop.is_set
    finally:
        signal.signal(signal.SIGINT, before)
