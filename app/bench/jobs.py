"""The jobs that are measured: what is asked, by how many at once, and what it may cost.

A goal is a multiple of C or W, a number of statements, and for answers the slowest of a hundred at 32 clients
(docs/bench.md says where they come from).
"""

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.bench import baseline
from app.bench.client import HOST, Script, prepare
from app.bench.scenery import Scene, Sitter

READ, WRITE = "read", "write"
EIGHT, MANY = 8, 32


@dataclass(frozen=True)
class Goal:
    """What a job may cost at most; None where nothing is asked."""

    ratio: float | None = None
    queries: int | None = None
    p99_ms: float | None = None
    commits: int | None = None
    cpu_ms: float | None = None
    bytes: int | None = None


@dataclass(frozen=True)
class Job:
    """One thing that people do: the scripts of requests, the status of a good answer, and the goal.

    `ceiling` says which cost of the bare application it is compared with. `is_once` marks what each person can do
    only once, so that every round takes new people.
    """

    name: str
    scripts: Callable[[Scene, int], list[Script]]
    expected: int
    ceiling: str
    goal: Goal
    clients: int = EIGHT
    is_once: bool = False


def _headers(port: int, sitter: Sitter | None = None) -> dict[str, str]:
    headers = {"Host": f"{HOST}:{port}", "Accept": "text/html", "User-Agent": "laurel-bench"}
    return headers | ({"Cookie": sitter.cookie} if sitter else {})


def _again_and_again(requests: Sequence[bytes]) -> Script:
    return itertools.cycle(requests)


def verify_scripts(scene: Scene, port: int) -> list[Script]:
    """Anonymous visitors, each with another certificate."""
    return [_again_and_again([prepare("GET", f"/v/{number}", _headers(port))]) for number in scene.numbers]


def course_scripts(scene: Scene, port: int) -> list[Script]:
    """The page of the course."""
    return [
        _again_and_again([prepare("GET", f"/training/{scene.course}", _headers(port, sitter))])
        for sitter in scene.sitters
    ]


def path_scripts(scene: Scene, port: int) -> list[Script]:
    """My path."""
    return [_again_and_again([prepare("GET", "/path", _headers(port, sitter))]) for sitter in scene.sitters]


def question_scripts(scene: Scene, port: int) -> list[Script]:
    """The questions of a running attempt, one after the other; each person begins elsewhere."""
    return [_again_and_again(_leafing(sitter, port)) for sitter in scene.sitters]


def _leafing(sitter: Sitter, port: int) -> list[bytes]:
    start = sitter.number % len(sitter.questions)
    turned = sitter.questions[start:] + sitter.questions[:start]
    return [
        prepare("GET", f"/attempts/{sitter.attempt}?q={question.position}", _headers(port, sitter))
        for question in turned
    ]


def save_scripts(scene: Scene, port: int) -> list[Script]:
    """Answers by PUT, each another one than that before it, with rising sequence numbers."""
    return [_answering(sitter, port) for sitter in scene.sitters]


_sequence = itertools.count(1)  # shared by all windows: a number that was used is never used again


def _answering(sitter: Sitter, port: int) -> Script:
    headers = _headers(port, sitter) | {
        "X-CSRFToken": sitter.token,
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Origin": f"http://{HOST}:{port}",
    }
    choices = [question for question in sitter.questions if len(question.answers) > 1]
    for turn in itertools.count():
        question = choices[turn % len(choices)]
        given = question.answers[(turn // len(choices)) % len(question.answers)]
        body = json.dumps({"seq": next(_sequence), "answer": given}).encode()
        yield prepare("PUT", f"/attempts/{sitter.attempt}/answers/{question.position}", headers, body)


def submit_scripts(scene: Scene, port: int) -> list[Script]:
    """Handing in, once each."""
    return [iter([submit_request(sitter, port)]) for sitter in scene.closers]


def submit_request(sitter: Sitter, port: int) -> bytes:
    """The form that hands in."""
    headers = _headers(port, sitter) | {"Content-Type": "application/x-www-form-urlencoded"}
    return prepare("POST", f"/attempts/{sitter.attempt}/submit", headers, f"csrf_token={sitter.token}".encode())


SUBMIT = "submit and grade 40 items"
JOBS = (
    Job("verify page", verify_scripts, 200, READ, Goal(ratio=3, queries=3)),
    Job("course page", course_scripts, 200, READ, Goal(ratio=8, queries=8)),
    Job("my path", path_scripts, 200, READ, Goal(ratio=8, queries=8)),
    Job("exam question", question_scripts, 200, READ, Goal(ratio=6, queries=6)),
    Job("answer save", save_scripts, 200, WRITE, Goal(ratio=3, queries=5, commits=1)),
    Job("answer save, 32 clients", save_scripts, 200, WRITE, Goal(p99_ms=500), clients=MANY),
    Job(SUBMIT, submit_scripts, 302, WRITE, Goal(ratio=12, queries=12, commits=1), is_once=True),
)


def baseline_scripts(kind: str, port: int, turn: int) -> list[Script]:
    """What the bare application is asked: `/page` for C, `/save` for W, another row each time."""
    method, path = ("GET", "/page") if kind == READ else ("POST", "/save")
    requests = [
        prepare(method, f"{path}?code={code}", {"Host": f"{HOST}:{port}", "User-Agent": "laurel-bench"})
        for code in baseline.codes(turn, 1_024)
    ]
    return [_again_and_again(requests[n::MANY]) for n in range(MANY)]
