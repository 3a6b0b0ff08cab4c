"""Windows of load, Laurel and the bare application by turns, and the middle of their costs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles

from app.bench import client, process
from app.bench.client import Load, Script
from app.bench.servers import Server


@dataclass(frozen=True)
class Pace:
    """How long and how often: seconds of a window, rounds (each one window of Laurel and one of the bare one)."""

    seconds: float
    rounds: int


DEFAULT = Pace(seconds=2.0, rounds=3)
QUICK = Pace(seconds=0.4, rounds=1)


@dataclass(frozen=True)
class Window:
    """One stretch of load: CPU milliseconds a request of the server and its database, and who else used the machine."""

    cpu_ms: float
    elsewhere: float
    load: Load


@dataclass
class Measured:
    """What came of a job: the windows of Laurel and of the bare application, in their turns."""

    own: list[Window] = field(default_factory=list)
    bare: list[Window] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        """The middle CPU cost of a request."""
        return median(window.cpu_ms for window in self.own)

    @property
    def ceiling_ms(self) -> float:
        """The middle CPU cost of the bare application in the same minutes."""
        return median(window.cpu_ms for window in self.bare)

    @property
    def ratio(self) -> float:
        """The middle of the ratios of neighbouring windows, which a drift of the machine moves together."""
        return median(own.cpu_ms / bare.cpu_ms for own, bare in zip(self.own, self.bare, strict=True))

    def percentile(self, place: int) -> float:
        """Milliseconds within which `place` per cent of all requests were answered."""
        latencies = [latency for window in self.own for latency in window.load.latencies]
        return quantiles(latencies, n=100, method="inclusive")[place - 1] if len(latencies) > 1 else 0.0

    @property
    def errors(self) -> int:
        """Faulty answers of Laurel and of the bare application."""
        return sum(window.load.errors for window in (*self.own, *self.bare))

    @property
    def bytes(self) -> int:
        """Size of the largest answer."""
        return max(window.load.bytes for window in self.own)

    @property
    def elsewhere(self) -> float:
        """Cores that other programs used meanwhile, at the worst."""
        return max(window.elsewhere for window in (*self.own, *self.bare))


Scripts = Callable[[], list[Script]]


@dataclass(frozen=True)
class Course:
    """Two servers side by side and the processes of the database both use."""

    own: Server
    bare: Server
    database: tuple[int, ...]
    pace: Pace

    def run(self, scripts: Scripts, bare_scripts: Scripts, *, expected: int, clients: int) -> Measured:
        """A short warm-up of both, then the rounds: A B A B. `scripts` are asked for anew for each window."""
        measured = Measured()
        self._window(self.bare, bare_scripts(), 200, clients, self.pace.seconds / 4)
        self._window(self.own, scripts(), expected, clients, self.pace.seconds / 4)
        for _round in range(self.pace.rounds):
            measured.own.append(self._window(self.own, scripts(), expected, clients, self.pace.seconds))
            measured.bare.append(self._window(self.bare, bare_scripts(), 200, clients, self.pace.seconds))
        return measured

    def _window(self, server: Server, scripts: list[Script], expected: int, clients: int, seconds: float) -> Window:
        roots = (server.pid, *self.database)
        before, busy, mine = process.cpu_seconds(roots), process.busy_seconds(), process.own_seconds()
        load = client.run(server.port, scripts, clients=clients, seconds=seconds, expected=expected)
        used, all_used = process.cpu_seconds(roots) - before, process.busy_seconds() - busy
        elsewhere = (all_used - used - (process.own_seconds() - mine)) / load.seconds
        return Window(used * 1000 / max(load.requests, 1), max(elsewhere, 0.0), load)
