"""Learners on exam day: a process of its own that starts exams, turns pages, saves answers, asks the clock, hands in.

It is run by `app.bench.exam_day` and loads nothing of the house, so that it stays light beside the server. A learner does
what a browser with `exam.js` does: one keep-alive connection, the page of a question, each answer by PUT under a rising
sequence number, the clock as often. What was asked, answered and acknowledged goes into a file.
"""

import asyncio
import json
import re
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

from app.bench.client import HOST, header, prepare
from app.bench.day_script import Phase, Saved, Script, Spent, Told
from app.bench.line import Line

TICK = 0.05
CONTROL = re.compile(rb'<input[^>]* type="(radio|checkbox|text)"[^>]* name="answer(\.list)?"[^>]* value="([^"]*)"')
RADIO, CHECKBOX = b"radio", b"checkbox"


class Learner:
    """Somebody who sits the exams of the day, one browser, one connection."""

    def __init__(self, script: Script, number: int, told: Told) -> None:
        self.script, self.number, self.told = script, number, told
        self.rng = Random(f"{script.seed}/{number}")  # noqa: S311  load, not secrets
        self.line = Line(script.port)
        self.attempts: dict[str, str] = {}
        self.seqs: dict[tuple[str, int], int] = {}
        guest = script.guests[number]
        origin = f"http://{HOST}:{script.port}"
        self._page = {"Host": f"{HOST}:{script.port}", "User-Agent": "laurel-bench", "Cookie": guest.cookie}
        self._form = self._page | {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin}
        self._data = self._page | {"Accept": "application/json", "Origin": origin, "X-CSRFToken": guest.token}
        self._token = f"csrf_token={guest.token}"
        self._page["Accept"] = self._form["Accept"] = "text/html"

    async def ask(self, kind: str, request: bytes, expected: int) -> tuple[int, bytes, bytes]:
        """One request, timed and counted under `kind`; status 0 when nothing came back."""
        begun = time.perf_counter()
        try:
            answer = await self.line.ask(request)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            self.told.note(kind, begun, repr(error))
            return 0, b"", b""
        words = "" if answer[0] == expected else f"{answer[0]} instead of {expected}"
        self.told.note(kind, begun, words)
        return answer

    def get(self, path: str, headers: dict[str, str] | None = None) -> bytes:
        """A request for a page."""
        return prepare("GET", path, headers or self._page)

    async def open(self, phase: Phase) -> None:
        """Read the rules of the exam."""
        await self.ask(phase.name, self.get(phase.page), 200)

    async def start(self, phase: Phase) -> None:
        """Press Start on the page of the exam, and look at the first question."""
        form = f"{self._token}&declared=y".encode()
        request = prepare("POST", f"{phase.page}/start", self._form, form)
        status, head, _body = await self.ask(phase.name, request, 302)
        if status == 302:
            place = (header(head, b"location") or b"").decode()
            self.attempts[phase.exam] = place.partition("?")[0].rpartition("/")[2]
            await self.look(phase, 1)

    async def look(self, phase: Phase, position: int) -> bytes:
        """The page of a question."""
        kind = "page" if phase.act == "work" else f"page: {phase.name}"
        return (await self.ask(kind, self.get(f"/attempts/{self.attempts[phase.exam]}?q={position}"), 200))[2]

    async def work(self, phase: Phase, until: float) -> None:
        """Answer one question after the other, at the pace of the script, with the clock asked beside it."""
        if phase.exam not in self.attempts:
            return
        clock = asyncio.create_task(self._watch_clock(phase, until))
        every, position = self.script.every, 1 + self.number % self.script.questions
        due = time.monotonic() + self.rng.random() * every
        while await _is_before(due, until):
            for _question in range(self.script.questions):  # on to the next where the controls are beyond this driver
                page, here = await self.look(phase, position), position
                position = 1 + position % self.script.questions
                if await self._save(phase, here, page):
                    break
            due += every * self.rng.uniform(0.9, 1.1)
        await clock

    async def _watch_clock(self, phase: Phase, until: float) -> None:
        due = time.monotonic() + self.rng.random() * self.script.every
        while await _is_before(due, until):
            await self.ask("clock", self.get(f"/attempts/{self.attempts[phase.exam]}/clock", self._data), 200)
            due += self.script.every

    async def _save(self, phase: Phase, position: int, page: bytes) -> bool:
        answer = some_answer(page, self.rng)
        if answer is None:
            return False
        attempt = self.attempts[phase.exam]
        seq = self.seqs[attempt, position] = self.seqs.get((attempt, position), 0) + 1
        body = json.dumps({"seq": seq, "answer": answer, "seconds": int(self.script.every)}).encode()
        headers = self._data | {"Content-Type": "application/json"}
        request = prepare("PUT", f"/attempts/{attempt}/answers/{position}", headers, body)
        status, _head, _body = await self.ask("save", request, 200)
        self.told.saved.append(Saved(attempt, position, seq, answer, status))
        return True

    async def submit(self, phase: Phase) -> None:
        """Look everything over, hand in, and read the receipt."""
        attempt = self.attempts.get(phase.exam)
        if attempt is None:
            return
        await self.ask("review", self.get(f"/attempts/{attempt}/review"), 200)
        request = prepare("POST", f"/attempts/{attempt}/submit", self._form, self._token.encode())
        status, _head, _body = await self.ask(phase.name, request, 302)
        if status == 302:
            self.told.handed_in.append(attempt)
            await self.ask("receipt", self.get(f"/attempts/{attempt}/receipt"), 200)


def some_answer(page: bytes, rng: Random) -> Any:
    """An answer that the controls of a question's page allow; None for a page with others than this driver fills in."""
    found = CONTROL.findall(page)
    kinds = {kind for kind, _list, _value in found}
    values = [value.decode() for _kind, _list, value in found]
    if kinds == {RADIO}:
        return rng.choice(values)
    if kinds == {CHECKBOX}:
        return sorted(rng.sample(values, rng.randint(1, len(values))))
    return str(rng.randint(1, 99)) if values else None


async def _is_before(due: float, until: float) -> bool:
    """Wait for a moment; False if it comes after the end."""
    await asyncio.sleep(max(min(due, until) - time.monotonic(), 0))
    return due < until


async def spread(count: int, seconds: float, act: Callable[[int], Awaitable[None]]) -> None:
    """Let everybody act once, evenly over the seconds."""
    begun = time.monotonic()

    async def one(number: int) -> None:
        await asyncio.sleep(max(begun + number * seconds / count - time.monotonic(), 0))
        await act(number)

    await asyncio.gather(*(one(number) for number in range(count)))


async def _watch_lag(spent: Spent) -> None:
    while True:
        due = time.monotonic() + TICK
        await asyncio.sleep(TICK)
        spent.lag_ms.append((time.monotonic() - due) * 1000)


async def run(script: Script, told: Told) -> None:
    """The phases one after the other, each once all have finished the one before."""
    learners = [Learner(script, number, told) for number in range(len(script.guests))]
    for phase in script.phases:
        spent = Spent(phase.name, time.monotonic())
        lag, used = asyncio.create_task(_watch_lag(spent)), time.process_time()
        await _act(phase, learners)
        lag.cancel()
        spent.ended, spent.cpu = time.monotonic(), time.process_time() - used
        told.spent.append(spent)
    for learner in learners:
        learner.line.close()
    await asyncio.sleep(0)  # a connection closes at the next turn of the loop


async def _act(phase: Phase, learners: Sequence[Learner]) -> None:
    if phase.act == "work":
        until = time.monotonic() + phase.seconds
        await asyncio.gather(*(learner.work(phase, until) for learner in learners))
    else:
        act = {"open": Learner.open, "start": Learner.start, "submit": Learner.submit}[phase.act]
        await spread(len(learners), phase.seconds, lambda number: act(learners[number], phase))


def raise_open_files() -> None:
    """Allow this process, and what it starts, as many connections as the system lets it have."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main(script: Path, out: Path) -> None:
    """Play the day that `script` tells and write what came of it to `out`."""
    raise_open_files()
    told = Told()
    asyncio.run(run(Script.read(script), told))
    out.write_text(json.dumps(asdict(told)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
