"""What the learners of exam day are told to do, and what they tell afterwards; both go through files between processes."""

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Guest:
    """A learner at the door: the cookie of the browser and the token of its forms."""

    cookie: str
    token: str


@dataclass(frozen=True)
class Phase:
    """A part of the day: what all do (`open`, `start`, `work` or `submit`), at which exam, within how many seconds.

    `page` is the address of the page with the button that starts.
    """

    name: str
    act: str
    exam: str
    seconds: float
    page: str


@dataclass(frozen=True)
class Script:
    """The whole day: the port, the questions of an exam, who comes, the phases, and what all chance comes from.

    `every`: seconds between two answers of a learner, and between two looks at the clock.
    """

    port: int
    questions: int
    every: float
    guests: tuple[Guest, ...]
    phases: tuple[Phase, ...]
    seed: int

    @classmethod
    def read(cls, path: Path) -> "Script":
        """A script that `write` wrote."""
        given = json.loads(path.read_text(encoding="utf-8"))
        guests, phases = ([kind(**row) for row in given[name]] for name, kind in (("guests", Guest), ("phases", Phase)))
        return cls(**given | {"guests": tuple(guests), "phases": tuple(phases)})

    def write(self, path: Path) -> None:
        """Keep the script for the driver."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")


@dataclass
class Saved:
    """One answer that was sent: attempt, place, number, what was said, and the status; 0 when nothing came back."""

    attempt: str
    position: int
    seq: int
    answer: Any
    status: int


@dataclass
class Spent:
    """What a phase took: its bounds on the monotonic clock, CPU seconds of the driver, and how late its loop ran (ms)."""

    name: str
    begun: float
    ended: float = 0.0
    cpu: float = 0.0
    lag_ms: list[float] = field(default_factory=list)


@dataclass
class Told:
    """All that came of a day. `latencies`: milliseconds of good answers by phase and kind of request, "save" and so on."""

    latencies: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    saved: list[Saved] = field(default_factory=list)
    handed_in: list[str] = field(default_factory=list)
    spent: list[Spent] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> "Told":
        """What the driver wrote."""
        given = json.loads(path.read_text(encoding="utf-8"))
        lists: dict[str, Any] = {"saved": [Saved(**row) for row in given["saved"]]}
        return cls(**given | lists | {"spent": [Spent(**row) for row in given["spent"]]})

    def note(self, kind: str, begun: float, words: str) -> None:
        """Count an answer: a good one has no `words`."""
        if words:
            self.errors[kind] = self.errors.get(kind, 0) + 1
            self.faults.append(f"{kind}: {words}"[:200])
        else:
            self.latencies.setdefault(kind, []).append((time.perf_counter() - begun) * 1000)
