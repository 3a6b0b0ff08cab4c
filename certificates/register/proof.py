"""A proof that one event of one certificate stands in the register: all that is needed to check it without us. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from certificates.register.leaf import Leaf, commitment
from certificates.register.merkle import verify_inclusion
from certificates.register.note import NoteInvalid, open_head


class ProofInvalid(ValueError):
    """A proof that does not hold, or that cannot be read; the message says where it fails."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Entry `seq` (from 1) as a leaf, and its path to the root of the tree of `size` leaves; hashes in hex.

    `salt` opens the leaf's `subject` for the number of the certificate; without a number it is empty. `note` is the
    signed head of that tree; it is empty while no head covers the entry.
    """

    seq: int
    leaf: Leaf
    number: str
    salt: str
    size: int
    root: str
    path: tuple[str, ...]
    note: str

    def to_json_dict(self) -> dict[str, Any]:
        """The proof as plain data."""
        return {
            "number": self.number,
            "salt": self.salt,
            "entry": self.seq,
            "leaf": self.leaf.to_json_dict(),
            "leaf_bytes": self.leaf.to_bytes().decode(),
            "leaf_hash": self.leaf.hash().hex(),
            "size": self.size,
            "root": self.root,
            "path": list(self.path),
            "head": self.note or None,
        }

    @classmethod
    def from_json_dict(cls, data: Any) -> "Proof":
        """Read what `to_json_dict` gave. Raises ProofInvalid, or LeafInvalid for the leaf."""
        try:
            return cls(
                seq=int(data["entry"]),
                leaf=Leaf.from_json_dict(data["leaf"]),
                number=str(data["number"]),
                salt=str(data["salt"]),
                size=int(data["size"]),
                root=str(data["root"]),
                path=tuple(str(step) for step in data["path"]),
                note=str(data["head"] or ""),
            )
        except (KeyError, TypeError) as problem:
            raise ProofInvalid(f"not a proof of the register: {problem}") from problem

    def check(self, keys: Iterable[bytes]) -> None:
        """Check everything: the number, the path, and the head against public keys of the log. Raises ProofInvalid."""
        try:
            self._check_subject()
            self._check_path()
            head = open_head(self.note, keys)
        except NoteInvalid as problem:
            raise ProofInvalid(f"the head: {problem}") from problem
        except ValueError as problem:  # text that is no hexadecimal
            raise problem if isinstance(problem, ProofInvalid) else ProofInvalid(str(problem)) from problem
        if (head.size, head.root.hex()) != (self.size, self.root):
            raise ProofInvalid("the signed head is that of another tree")

    def _check_subject(self) -> None:
        if not self.salt or commitment(bytes.fromhex(self.salt), self.number.encode()) != self.leaf.subject:
            raise ProofInvalid("the leaf is not one of this certificate")

    def _check_path(self) -> None:
        steps = [bytes.fromhex(step) for step in self.path]
        if not verify_inclusion(self.leaf.hash(), self.seq - 1, self.size, steps, bytes.fromhex(self.root)):
            raise ProofInvalid("the path does not lead from the leaf to the root")
