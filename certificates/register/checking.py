"""Walking the register itself: entries, the nodes of the tree, and the chain that old entries are in.

Every column of every row is held against the others. Editing an entry and all that hangs on it is noticed only by what is
not in these tables: the signed heads (certificates.register.head_check) and whoever kept one of them.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from certificates.register import tree
from certificates.register.facts import ERASED
from certificates.register.leaf import CHAIN_START, chain_leaf, chain_link, facts_of, spell_seqs, subject_of
from certificates.register.merkle import Edge
from certificates.register.models import RegisterEntry, RegisterHead, RegisterNode


@dataclass(frozen=True)
class Fault:
    """The first row that does not fit: its table, its primary key, and what is wrong with it."""

    table: str
    row: str
    reason: str

    def to_json_dict(self) -> dict[str, str]:
        """The fault as plain data."""
        return {"table": self.table, "row": self.row, "reason": self.reason}


@dataclass
class Walk:
    """What is remembered on the way: the tree so far, roots at some sizes, the old chain, and who was forgotten by whom.

    `after_gap`: the entry before was forgotten; `has_gap`: one was, since the last entry that is in the chain.
    """

    sizes: set[int] = field(default_factory=set)
    edge: Edge = field(default_factory=Edge)
    roots: dict[int, str] = field(default_factory=dict)
    chain: str = CHAIN_START
    after_gap: bool = False
    has_gap: bool = False
    erased: dict[int, Row[Any]] = field(default_factory=dict)
    forgotten: dict[int, list[int]] = field(default_factory=dict)


class Found(Exception):
    """A fault, on its way out of the walk."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


def refuse(table: str, row: object, reason: str) -> None:
    """End the walk with this fault."""
    raise Found(Fault(table, str(row), reason))


def check(session: Session, sizes: set[int] | None = None) -> tuple[int, Fault | None]:
    """Walk the whole register: the number of entries, and the first fault or None."""
    walk = Walk(sizes or set())
    try:
        follow(session, walk)
    except Found as found:
        return walk.edge.size, found.fault
    return walk.edge.size, None


def follow(session: Session, walk: Walk) -> None:
    """Walk the whole register, keeping in `walk` the roots at its sizes. Raises Found."""
    with ExitStack() as stack:
        head = session.execute(select(RegisterHead.seq, RegisterHead.chain)).one_or_none()
        entries = stack.enter_context(closing(session.execute(_entries())))
        nodes = stack.enter_context(closing(session.execute(_nodes())))
        waiting = iter(nodes)
        for entry in entries:
            _check_entry(entry, walk, waiting)
        _check_end(session, head, next(waiting, None), walk)
    _check_erasures(walk)


def _entries() -> Select[Any]:
    table = RegisterEntry.__table__
    return select(*table.columns).order_by(table.c.seq).execution_options(yield_per=500)


def _nodes() -> Select[int, int, str]:
    """The nodes in the order in which leaves completed them."""
    completed = (RegisterNode.place + 1).bitwise_lshift(RegisterNode.level)
    statement = select(RegisterNode.level, RegisterNode.place, RegisterNode.hash)
    return statement.order_by(completed, RegisterNode.level).execution_options(yield_per=1_000)


def _check_entry(entry: Row[Any], walk: Walk, nodes: Iterator[Any]) -> None:
    expected = walk.edge.size + 1
    if entry.seq != expected:
        refuse("register_entry", expected, "it is missing")
    for (level, place), node in walk.edge.append(tree.leaf_of(entry).hash()):  # type: ignore[arg-type]
        stored = next(nodes, None)
        if stored is None or (stored.level, stored.place) != (level, place):
            refuse("register_node", f"{level}/{place}", "it is missing, or another one was put beside it")
        elif stored.hash != node.hex():
            _refuse_node(entry, level, place)
    if entry.seq in walk.sizes:
        walk.roots[entry.seq] = walk.edge.root().hex()
    _check_commitments(entry, walk)
    _check_chain(entry, walk)


def _refuse_node(entry: Row[Any], level: int, place: int) -> None:
    if level == 0:
        refuse("register_entry", entry.seq, f"its content was changed: it does not hash to node 0/{place} of the tree")
    refuse("register_node", f"{level}/{place}", "it was changed: it is not the hash over the two nodes below it")


def _check_commitments(entry: Row[Any], walk: Walk) -> None:
    if entry.kind == ERASED:
        walk.erased[entry.seq] = entry
    elif not entry.number:
        if entry.secret or entry.forgotten_by is None:
            refuse("register_entry", entry.seq, "its number was taken away")
        walk.forgotten.setdefault(entry.forgotten_by, []).append(entry.seq)
        return
    elif not _opens(entry):
        refuse("register_entry", entry.seq, "its number or its secret was changed")
    if entry.forgotten_by is not None:
        refuse("register_entry", entry.seq, "it is said to be forgotten, and is not")
    if facts_of(entry.parts) != entry.facts:
        refuse("register_entry", entry.seq, "its parts were changed")


def _opens(entry: Row[Any]) -> bool:
    try:
        return subject_of(entry.secret, entry.number) == entry.subject
    except ValueError:  # the secret is no hexadecimal
        return False


def _check_chain(entry: Row[Any], walk: Walk) -> None:
    """Entries from before the tree follow one another in a chain; forgotten ones leave gaps in it, later ones are in none."""
    if (entry.leaf, entry.previous, entry.chain) == (None, None, None):
        walk.after_gap = entry.forgotten_by is not None
        walk.has_gap = walk.has_gap or walk.after_gap
        return
    if entry.previous != (None if walk.after_gap else walk.chain):
        refuse("register_entry", entry.seq, "it does not follow the entry before it in the old chain")
    made = chain_leaf(entry.kind, entry.number, entry.artefact_sha256, entry.at)
    linked = chain_link(entry.previous, made) if entry.previous else entry.chain
    if entry.leaf != made or entry.chain is None or entry.chain != linked:
        refuse("register_entry", entry.seq, "its place in the old chain was changed")
    walk.chain, walk.after_gap, walk.has_gap = entry.chain, False, False


def _check_end(session: Session, head: Any, extra: Any, walk: Walk) -> None:
    size, chain = (head.seq, head.chain) if head else (0, CHAIN_START)
    if size != walk.edge.size:
        refuse("register_head", 1, f"it counts {size} entries and there are {walk.edge.size}")
    if chain != walk.chain and not (walk.has_gap and chain == CHAIN_START):
        refuse("register_head", 1, "it does not know where the old chain ended")
    if extra is not None and tree.size_of(session) == size:
        refuse("register_node", f"{extra.level}/{extra.place}", "it belongs to no entry")


def _check_erasures(walk: Walk) -> None:
    """What lost its number is exactly what the entries of erasure name."""
    for seq, entry in walk.erased.items():
        named = spell_seqs(walk.forgotten.get(seq, []))
        if entry.number or not entry.secret or subject_of(entry.secret, named) != entry.subject:
            refuse("register_entry", seq, "it erased other entries than those that have lost their number")
    for seq, names in walk.forgotten.items():
        if seq not in walk.erased:
            refuse("register_entry", names[0], "its number was taken away")
