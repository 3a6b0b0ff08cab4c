"""The process that reads files of strangers: it holds no secret and no connection, and its memory and time are bounded.

It is started for one task (`certificates.strangers.asking`), reads the files from its standard input, writes one JSON
object and ends. Whatever a file does to the libraries that read it, it does it here, and the server goes on.
"""

import json
import resource
import sys
from collections.abc import Callable
from typing import Any

MEGABYTE = 1024**2
MOST_MEMORY = 512 * MEGABYTE
MOST_SECONDS = 6
MOST_OPEN_FILES = 48
LONGEST_ANSWER = 512 * 1024


class Refused(ValueError):
    """A file that is not read; the message is a code that the caller knows."""


def shut_in() -> None:
    """Bound what this process may use, for good. Writing files is not among it."""
    for kind, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_NOFILE, MOST_OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _tasks() -> dict[str, Callable[..., dict[str, Any]]]:
    from certificates.strangers.paper import read_papers
    from certificates.strangers.photograph import read_codes

    return {"codes": read_codes, "papers": read_papers}


def main() -> None:
    """Do the one task whose name and file sizes stand in the first line of the input."""
    shut_in()
    order = json.loads(sys.stdin.buffer.readline())
    files = [sys.stdin.buffer.read(size) for size in order["sizes"]]
    try:
        answer = _tasks()[order["task"]](*files)
    except Refused as problem:
        answer = {"refused": str(problem)}
    except Exception:  # hostile files fail in more ways than their readers document; the caller needs the one word
        answer = {"refused": "unreadable"}
    text = json.dumps(answer)
    sys.stdout.write(text if len(text) <= LONGEST_ANSWER else json.dumps({"refused": "unreadable"}))
