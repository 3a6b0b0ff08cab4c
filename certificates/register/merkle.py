"""The hash tree of the register: RFC 9162, section 2.1. Pure, iterative, and at home in a table of nodes.

A leaf is hashed as SHA-256(0x00 || data), an inner node as SHA-256(0x01 || left || right); so neither can be passed off
as the other. Of a tree with n leaves only the roots of its *whole* subtrees are ever kept, each at a `Position`: at
level k and place p stands the root over the leaves from p·2^k to (p+1)·2^k. A whole subtree never changes, so nodes are
only ever added; what lies between them and the root of the day is folded together when it is asked for. An append reads
and writes O(log n) nodes, and so does a proof.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Position = tuple[int, int]
"""Level (0 for leaves) and place within it, both from 0."""
Span = tuple[int, int]
"""Leaves from the first index up to, and without, the second."""
Fetch = Callable[[Sequence[Position]], Mapping[Position, bytes]]
"""How the nodes at some positions are looked up, all at once."""


class ProofImpossible(ValueError):
    """A leaf or a size that lies outside the tree was asked for."""


def hash_leaf(data: bytes) -> bytes:
    """The hash of one entry (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node over its two sides (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(count: int) -> int:
    """The largest power of two below `count`, which is at least 2: where a tree is cut into its two sides."""
    return 1 << ((count - 1).bit_length() - 1)


def peaks(span: Span) -> list[Position]:
    """The whole subtrees of a span, left to right; the span begins where a subtree of its size may begin."""
    start, end = span
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over whole subtrees, given left to right and each smaller than the one before; of none, the empty root."""
    if not hashes:
        return EMPTY_ROOT
    *others, root = hashes
    for left in reversed(others):
        root = hash_node(left, root)
    return root


def missing_for(index: int) -> list[Position]:
    """The nodes that must be known to add leaf `index`: those that it closes a subtree with."""
    return [(level, (index >> level) - 1) for level in range(_closes(index))]


def _closes(index: int) -> int:
    """How many subtrees end with this leaf: the ones at the end of its number in binary."""
    return (~index & (index + 1)).bit_length() - 1


def added(index: int, leaf: bytes, known: Mapping[Position, bytes]) -> list[tuple[Position, bytes]]:
    """The nodes that leaf `index` adds, itself first; `known` holds what `missing_for(index)` names."""
    found, node = [((0, index), leaf)], leaf
    for level, place in missing_for(index):
        node = hash_node(known[level, place], node)
        found.append(((level + 1, index >> (level + 1)), node))
    return found


class Edge:
    """A tree that only grows and remembers only its right edge: O(log n) memory for walks over whole registers."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def append(self, leaf: bytes) -> list[tuple[Position, bytes]]:
        """Add the hash of a leaf; every whole subtree that it closes, itself first."""
        found, level, node = [((0, self.size), leaf)], 0, leaf
        while self._peaks and self._peaks[-1][0] == level:
            node = hash_node(self._peaks.pop()[1], node)
            level += 1
            found.append(((level, self.size >> level), node))
        self._peaks.append((level, node))
        self.size += 1
        return found

    def root(self) -> bytes:
        """The root over all leaves so far."""
        return fold([node for _, node in self._peaks])


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over hashes of leaves."""
    edge = Edge()
    for leaf in leaves:
        edge.append(leaf)
    return edge.root()


def root_at(size: int, fetch: Fetch) -> bytes:
    """The root that the tree has, or had, at this size."""
    return _hash_spans([(0, size)], fetch)[0]


def prove_inclusion(index: int, size: int, fetch: Fetch) -> list[bytes]:
    """The path from leaf `index` to the root at `size` (RFC 9162, 2.1.3.1). Raises ProofImpossible."""
    if not 0 <= index < size:
        raise ProofImpossible(f"a tree of {size} leaves has no leaf {index}")
    start, end, spans = 0, size, []
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return _hash_spans(spans[::-1], fetch)


def prove_consistency(old: int, size: int, fetch: Fetch) -> list[bytes]:
    """That the tree at `size` begins with the tree at `old` (RFC 9162, 2.1.4.1). Raises ProofImpossible."""
    if not 0 <= old <= size:
        raise ProofImpossible(f"a tree of {size} leaves never grew from one of {old}")
    if old == 0:
        return []  # every tree begins with the empty one
    start, end, spans = 0, size, []
    while old < end:
        middle = start + split(end - start)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    if start > 0:
        spans.append((start, end))
    return _hash_spans(spans[::-1], fetch)


def _hash_spans(spans: Sequence[Span], fetch: Fetch) -> list[bytes]:
    """The root over each span, from whole subtrees that are fetched in one go."""
    wanted = [peaks(span) for span in spans]
    known = fetch([position for each in wanted for position in each])
    return [fold([known[position] for position in each]) for each in wanted]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from leaf `index` to the root of a tree of this size (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, node = index, size - 1, leaf
    for other in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = hash_node(other, node)
            place, last = _above_ones(place, last)
        else:
            node = hash_node(node, other)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of this size and root begins with the tree of the old size and root (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old in (0, size):
        return not path and old_root == (root if old else EMPTY_ROOT)
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    rises = _closes(old - 1)
    place, last = (old - 1) >> rises, (size - 1) >> rises
    before = after = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = hash_node(other, before), hash_node(other, after)
            place, last = _above_ones(place, last)
        else:
            after = hash_node(after, other)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == root


def _above_ones(place: int, last: int) -> tuple[int, int]:
    """Up to the level at which the node is a right side: below, the path has no steps, for there is nothing beside it."""
    while not place & 1 and place:
        place, last = place >> 1, last >> 1
    return place, last
