"""How many statements a request takes: counted at the engine while the prepared requests run inside this process."""

import contextvars
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event

from app.bench.client import END_OF_HEAD, Script
from app.extensions import db
from app.factory import Laurel

TIMES = 6


class UnexpectedAnswer(RuntimeError):
    """A prepared request was answered otherwise than the job expects; what follows would measure an error page."""


@dataclass
class Count:
    """Statements and commits of one request; the BEGIN that opens a transaction on SQLite is no statement."""

    statements: int = 0
    commits: int = 0


@contextmanager
def counting(engine: Engine) -> Iterator[Count]:
    """Count what reaches the engine within the block."""
    count = Count()

    def note_statement(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        count.statements += not statement.startswith("BEGIN")

    def note_commit(_connection: Any) -> None:
        count.commits += 1

    event.listen(engine, "before_cursor_execute", note_statement)
    event.listen(engine, "commit", note_commit)
    try:
        yield count
    finally:
        event.remove(engine, "before_cursor_execute", note_statement)
        event.remove(engine, "commit", note_commit)


def count_job(app: Laurel, scripts: Sequence[Script], expected: int, times: int = TIMES) -> Count:
    """The most statements and commits that a request took, the first two left out as warm-up. Raises UnexpectedAnswer."""
    with app.app_context():
        engine = db.engine
    most = Count()
    for turn, script in enumerate(first_of(scripts, times)):
        with counting(engine) as count:
            ask(app, next(script), expected)
        if turn >= 2:
            most = Count(max(most.statements, count.statements), max(most.commits, count.commits))
    return most


def first_of(scripts: Sequence[Script], count: int) -> list[Script]:
    """`count` scripts, the first ones again where there are fewer."""
    return [scripts[n % len(scripts)] for n in range(count)]


def ask(app: Laurel, request: bytes, expected: int) -> None:
    """Answer one prepared request here, as the server would. Raises UnexpectedAnswer."""
    head, _, body = request.partition(END_OF_HEAD)
    first, *lines = head.decode().split("\r\n")
    method, path, _version = first.split(" ")
    headers = [tuple(line.split(": ", 1)) for line in lines if not line.startswith("Content-Length")]
    client = app.test_client(use_cookies=False)
    response = contextvars.Context().run(
        client.open, path, method=method, headers=headers, input_stream=io.BytesIO(body), content_length=len(body)
    )
    response.close()
    if response.status_code != expected:
        raise UnexpectedAnswer(f"{method} {path}: {response.status_code} instead of {expected}")
