"""The nodes of the tree in the database, and what is read from them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, insert, or_, select
from sqlalchemy.orm import Session

from certificates.register import merkle
from certificates.register.leaf import Leaf, moment_of
from certificates.register.merkle import Position
from certificates.register.models import RegisterEntry, RegisterHead, RegisterNode


def size_of(session: Session) -> int:
    """How many entries the register has."""
    return session.scalar(select(RegisterHead.seq)) or 0


def leaf_of(entry: RegisterEntry) -> Leaf:
    """The leaf of an entry, or of a row with the same columns."""
    return Leaf(
        v=entry.version,
        kind=entry.kind,
        at=moment_of(entry.at),
        subject=entry.subject,
        document=entry.artefact_sha256,
        badge=entry.badge_sha256,
        facts=entry.facts,
    )


class Nodes:
    """The nodes of one session, looked up together; a callable as certificates.register.merkle wants it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, positions: Sequence[Position]) -> Mapping[Position, bytes]:
        """The hashes at these positions. Raises LookupError naming one that is missing."""
        if not positions:
            return {}
        wanted = select(RegisterNode.level, RegisterNode.place, RegisterNode.hash).where(or_(*_by_level(positions)))
        rows = self._session.execute(wanted)
        found = {(level, place): bytes.fromhex(node) for level, place, node in rows}
        for position in positions:
            if position not in found:
                raise LookupError(f"the register has no node {position[0]}/{position[1]}: run `laurel log check`")
        return found


def _by_level(positions: Sequence[Position]) -> list[ColumnElement[bool]]:
    """One condition a level: SQLite looks these up in the index, and would read the whole table for a list of pairs."""
    places: dict[int, list[int]] = {}
    for level, place in positions:
        places.setdefault(level, []).append(place)
    return [and_(RegisterNode.level == level, RegisterNode.place.in_(found)) for level, found in places.items()]


def add_leaf(session: Session, index: int, leaf: bytes) -> None:
    """Write the nodes that a new leaf adds; the caller holds the lock of the head."""
    known = Nodes(session)(merkle.missing_for(index))
    rows = [
        {"level": level, "place": place, "hash": node.hex()}
        for (level, place), node in merkle.added(index, leaf, known)
    ]
    session.execute(insert(RegisterNode), rows)


def root_at(session: Session, size: int) -> bytes:
    """The root of the tree at a size that it has or had."""
    return merkle.root_at(size, Nodes(session))


def path_of(session: Session, seq: int, size: int) -> list[str]:
    """The path from entry `seq` to the root at `size`, in hex. Raises merkle.ProofImpossible."""
    return [step.hex() for step in merkle.prove_inclusion(seq - 1, size, Nodes(session))]


def consistency(session: Session, old: int, size: int) -> list[str]:
    """That the tree at `size` begins with the tree at `old`, in hex. Raises merkle.ProofImpossible."""
    return [step.hex() for step in merkle.prove_consistency(old, size, Nodes(session))]
