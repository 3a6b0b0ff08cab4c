"""The learners of exam day against a small server: they save what a page allows, and tell what came back."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from random import Random

import pytest

from app.bench import learners
from app.bench.day_script import Guest, Phase, Saved, Script, Told

RADIOS = b'<input class="x" type="radio" name="answer" value="%b"><input class="x" type="radio" name="answer" value="b" checked>'
BOXES = b'<input class="x" type="checkbox" name="answer.list" value="p"><input type="checkbox" name="answer.list" value="q">'
TEXT = b'<input class="x" type="text" inputmode="decimal" id="q" name="answer" value="" aria-labelledby="s">'
LISTS = b'<select name="answer.map.a"><option value="x">x</option></select>'
PUT_DOWN = b""
Asked = list[tuple[str, str, bytes]]


@pytest.mark.parametrize(
    ("page", "answers"),
    [(RADIOS % b"a", ["a", "b"]), (BOXES, [["p"], ["p", "q"], ["q"]]), (LISTS, [None]), (b"<p>nothing</p>", [None])],
)
def test_an_answer_is_one_that_the_controls_of_the_page_allow(page, answers):
    rng = Random(1)
    given = [learners.some_answer(page, rng) for _time in range(60)]
    assert {json.dumps(answer) for answer in given} == {json.dumps(answer) for answer in answers}


def test_a_field_of_text_gets_a_number():
    assert learners.some_answer(TEXT, Random(1)).isdecimal()


def answer(status: str, body: bytes = b"", head: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body


def usual(method: str, path: str, _seen: int) -> bytes:
    """What a server answers that has three questions, the second of them with controls that the driver leaves alone."""
    if path.endswith("/start"):
        return answer("302 Found", head="Location: /attempts/abc123\r\n")
    if path.endswith("/submit"):
        return answer("302 Found")
    if "?q=" in path:
        return answer("200 OK", LISTS if path.endswith("=2") else RADIOS % b"a")
    return answer("200 OK", b"{}")


def played(script: Script, reply: Callable[[str, str, int], bytes], *, keeps_alive: bool = True) -> tuple[Told, Asked]:
    """A day at a server that answers by `reply`, nothing meaning that it hangs up."""
    seen: Asked = []
    open_lines: list[asyncio.Task[None] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_lines.append(asyncio.current_task())
        while line := await reader.readline():
            method, path, _version = line.decode().split(" ")
            length = 0
            while header := (await reader.readline()).strip():
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
            seen.append((method, path, await reader.readexactly(length)))
            data = reply(method, path, len(seen))
            if not data:
                break
            writer.write(data)
            if not keeps_alive:
                break
        writer.close()
        await writer.wait_closed()

    async def day() -> Told:
        told = Told()
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            await learners.run(Script(**{**vars(script), "port": port}), told)
            await asyncio.gather(*filter(None, open_lines))
        return told

    return asyncio.run(day()), seen


def script(*phases: Phase, people: int = 2) -> Script:
    guests = tuple(Guest(f"cookie={n}", f"token{n}") for n in range(people))
    return Script(0, 3, 0.1, guests, phases, seed=1)


OPEN, START = (
    Phase("exam page", "open", "EXAM", 0.05, "/exams/EXAM"),
    Phase("start", "start", "EXAM", 0.05, "/exams/EXAM"),
)
WORK, SUBMIT = Phase("work", "work", "EXAM", 0.8, "/exams/EXAM"), Phase("submit", "submit", "EXAM", 0.05, "/exams/EXAM")


def test_a_day_starts_saves_under_rising_numbers_and_hands_in():
    told, seen = played(script(OPEN, START, WORK, SUBMIT, people=1), usual)

    assert told.errors == {}
    assert told.handed_in == ["abc123"]
    assert {"exam page", "start", "page", "save", "clock", "review", "submit", "receipt"} <= told.latencies.keys()
    assert len(told.latencies["save"]) == len(told.saved) > 3
    assert {saved.position for saved in told.saved} == {1, 3}
    assert all(saved.status == 200 and saved.attempt == "abc123" for saved in told.saved)
    bodies = [json.loads(body) for method, path, body in seen if method == "PUT" and path.endswith("answers/1")]
    assert [body["seq"] for body in bodies] == list(range(1, len(bodies) + 1))
    assert [spent.name for spent in told.spent] == ["exam page", "start", "work", "submit"]
    assert told.spent[2].ended - told.spent[2].begun < 2


def test_what_is_refused_or_lost_is_an_error_and_no_time_and_the_next_request_connects_anew():
    def bad(method: str, path: str, seen: int) -> bytes:
        if method == "PUT":
            return PUT_DOWN if seen % 2 else answer("500 Internal Server Error")
        return usual(method, path, seen)

    told, _seen = played(script(START, WORK, SUBMIT), bad)
    assert "save" not in told.latencies
    assert told.errors["save"] == len(told.saved) > 2
    assert {saved.status for saved in told.saved} <= {0, 500}
    assert told.handed_in == ["abc123", "abc123"]
    assert told.faults


def test_a_connection_that_the_server_closed_meanwhile_is_opened_anew_without_an_error():
    told, seen = played(script(START, WORK, SUBMIT), usual, keeps_alive=False)
    assert (told.errors, told.handed_in) == ({}, ["abc123", "abc123"])
    assert len(seen) == sum(map(len, told.latencies.values()))


def test_who_could_not_start_does_nothing_more():
    told, seen = played(script(START, WORK, SUBMIT), lambda *_: answer("409 Conflict"))
    assert told.errors == {"start": 2}
    assert (told.saved, told.handed_in, len(seen)) == ([], [], 2)


def test_everybody_acts_within_the_time_that_is_given():
    at: list[float] = []

    async def act(_number: int) -> None:
        at.append(asyncio.get_running_loop().time())

    waiting: Awaitable[None] = learners.spread(20, 0.4, act)
    asyncio.run(waiting)  # type: ignore[arg-type]  # it is a coroutine
    assert len(at) == 20
    assert 0.3 < max(at) - min(at) < 2


def test_the_script_and_what_is_told_survive_their_files(tmp_path):
    plan = script(START, SUBMIT)
    plan.write(tmp_path / "script.json")
    assert Script.read(tmp_path / "script.json") == plan

    told, _seen = played(script(START, WORK), usual)
    (tmp_path / "told.json").write_text(json.dumps(learners.asdict(told)), encoding="utf-8")
    again = Told.read(tmp_path / "told.json")
    assert (again.saved, again.errors, again.spent) == (told.saved, told.errors, told.spent)
    assert isinstance(again.saved[0], Saved)
