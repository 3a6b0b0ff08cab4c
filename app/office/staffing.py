"""How many different people the work of the body needs, and where it stops. PURE: who holds which role is handed in.

A process is a chain of acts; each act asks for a role and names the acts of the same chain that somebody else must have
done. Whether people can share the acts out is a matching with colours; chains have at most a handful of acts, so it is
searched through. (ISO/IEC 17024: whoever decides on certification neither trained nor examined the candidate)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import count

People = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a process: who may do it, and whose acts must have been others'.

    `alone`: while the body has declared that it is small, the same person may do it all the same.
    """

    code: str
    roles: frozenset[str]
    unlike: tuple[str, ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Process:
    """A chain of acts that must be possible for the body to do its work."""

    code: str
    acts: tuple[Act, ...]


class Standing(StrEnum):
    """How a process stands: it works whoever is away, only while certain people are there, or not at all."""

    SOUND = "sound"
    FRAGILE = "fragile"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Report:
    """How one process stands with the people there are.

    `needed` is the fewest different people it takes, `able` how many may do some act of it. `stops_without` names those
    without whom it stops, which is also when one of them is the candidate. `lacking` holds the acts that nobody is left
    for, in the sharing-out that gets furthest.
    """

    process: Process
    needed: int
    able: int
    standing: Standing
    stops_without: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def _act(code: str, *roles: str, unlike: tuple[str, ...] = (), alone: bool = False) -> Act:
    return Act(code, frozenset(roles), unlike, alone)


PROCESSES = (
    Process(
        "item",
        (
            _act("item-write", "author", "officer"),
            _act("item-approve", "author", "officer", unlike=("item-write",), alone=True),
        ),
    ),
    Process(
        "form",
        (
            _act("form-make", "author", "officer"),
            _act("form-lock", "author", "officer", unlike=("form-make",), alone=True),
        ),
    ),
    Process(
        "keys",
        (
            _act("key-review", "officer"),
            _act("regrade-propose", "officer"),
            _act("regrade-approve", "officer", unlike=("regrade-propose",)),
        ),
    ),
    Process(
        "practical",
        (_act("practical-mark", "assessor"), _act("practical-release", "officer", unlike=("practical-mark",))),
    ),
    Process(
        "decision",
        (_act("practical-mark", "assessor"), _act("award-decide", "officer", unlike=("practical-mark",))),
    ),
    Process(
        "appeal",
        (
            _act("practical-mark", "assessor"),
            _act("practical-release", "officer", unlike=("practical-mark",)),
            _act("appeal-review", "officer", "assessor", unlike=("practical-mark", "practical-release")),
        ),
    ),
    Process(
        "revocation",
        (_act("revocation-propose", "officer"), _act("revocation-confirm", "officer", unlike=("revocation-propose",))),
    ),
    Process("roles", (_act("role-held", "officer"), _act("role-grant", "officer", unlike=("role-held",)))),
)


def report(process: Process, people: People, *, is_small: bool = False) -> Report:
    """How `process` stands; `people` maps whoever holds a role now to the roles held."""
    able = [name for name, roles in people.items() if any(roles & act.roles for act in process.acts)]
    needed = fewest(process, is_small=is_small)
    if not _works(process, people, is_small):
        return Report(process, needed, len(able), Standing.STUCK, lacking=_lacking(process, people, is_small))
    stops = tuple(name for name in sorted(able) if not _works(process, _without(people, name), is_small))
    return Report(process, needed, len(able), Standing.FRAGILE if stops else Standing.SOUND, stops)


def fewest(process: Process, *, is_small: bool = False) -> int:
    """The fewest different people a process takes if they held every role."""
    everything = frozenset(role for act in process.acts for role in act.roles)
    return next(n for n in count(1) if _works(process, {str(person): everything for person in range(n)}, is_small))


@dataclass(frozen=True, slots=True)
class Term:
    """A role that somebody holds from a moment on and, unless `ends_at` is None, until another."""

    person: str
    role: str
    starts_at: datetime
    ends_at: datetime | None


def held_at(terms: Sequence[Term], moment: datetime) -> dict[str, frozenset[str]]:
    """Who holds which roles at a moment."""
    people: dict[str, frozenset[str]] = {}
    for term in terms:
        if term.starts_at <= moment and (term.ends_at is None or moment < term.ends_at):
            people[term.person] = people.get(term.person, frozenset()) | {term.role}
    return people


def stops_on(
    process: Process, terms: Sequence[Term], now: datetime, until: datetime, small_until: datetime | None = None
) -> datetime | None:
    """The first moment after `now` and before `until` at which the process gets stuck, as terms come and go.

    `small_until` is the end of a declaration that the body is small. None when it goes on, or is stuck already.
    """
    edges = [edge for term in terms for edge in (term.starts_at, term.ends_at) if edge is not None]
    edges += [small_until] if small_until is not None else []
    if _is_stuck(process, terms, now, small_until):
        return None
    later = sorted({edge for edge in edges if now < edge < until})
    return next((edge for edge in later if _is_stuck(process, terms, edge, small_until)), None)


def _is_stuck(process: Process, terms: Sequence[Term], moment: datetime, small_until: datetime | None) -> bool:
    is_small = small_until is not None and moment < small_until
    return not _works(process, held_at(terms, moment), is_small)


def _without(people: People, name: str) -> dict[str, frozenset[str]]:
    return {other: roles for other, roles in people.items() if other != name}


def _works(process: Process, people: People, is_small: bool) -> bool:
    return next(_sharings(process.acts, _thinned(people, len(process.acts)), is_small, {}), None) is not None


def _thinned(people: People, most: int) -> dict[str, frozenset[str]]:
    """At most `most` people of each set of roles: more of a kind make nothing possible that these do not."""
    kept: dict[str, frozenset[str]] = {}
    seen: dict[frozenset[str], int] = {}
    for name, roles in people.items():
        seen[roles] = seen.get(roles, 0) + 1
        if seen[roles] <= most:
            kept[name] = roles
    return kept


def _sharings(acts: Sequence[Act], people: People, is_small: bool, done: dict[str, str]) -> Iterator[dict[str, str]]:
    """The ways to give the remaining acts to people, without those that differ only by more candidates than acts.

    Of the people who hold the same roles no more than there are acts can matter, so that the search stays small.
    """
    if not acts:
        yield dict(done)
        return
    act, rest = acts[0], acts[1:]
    others = set() if is_small and act.alone else {done[code] for code in act.unlike if code in done}
    fit = [name for name, roles in people.items() if roles & act.roles and name not in others]
    for name in fit:
        yield from _sharings(rest, people, is_small, done | {act.code: name})


def _lacking(process: Process, people: People, is_small: bool) -> tuple[str, ...]:
    """The acts that come after the longest beginning of the chain that can be shared out: the first of them is stuck."""
    for length in range(len(process.acts) - 1, -1, -1):
        if _works(Process(process.code, process.acts[:length]), people, is_small):
            return (process.acts[length].code,)
    return ()
