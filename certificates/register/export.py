"""Writing the register as files that any web server can hand out: leaves, heads, keys. No number and no name is in them."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.register import tree
from certificates.register.heads import log_keys
from certificates.register.models import RegisterEntry, SignedHead
from certificates.register.note import origin_of, verifier_key
from certificates.register.offline import ENTRIES, HEADS, KEYS, LINES, NEWEST

README = """This is the register of {origin}: every event of every certificate, without names and numbers.

entries/   one event a line, {lines} lines a file; file 501.jsonl begins with entry 501
heads/     every signed head, in the order in which they were made (C2SP tlog-checkpoint)
head.txt   the newest of them
keys/      the public keys of the log; for a check bring one that you were given elsewhere

Hash each line as SHA-256(0x00 || line) and build the tree of RFC 9162 from them: its root at the size of each head is the
root in that head. `laurel log verify FOLDER --key KEY.pem` does this, and needs neither a server nor a database.
"""


class NothingToExport(ValueError):
    """The register has no signed head yet."""


def export(session: Session, folder: Path, domain: str) -> int:
    """Write everything up to the newest signed head into a folder, which may hold an older export; how many entries.

    Files that are complete already are left as they are. Raises NothingToExport, and OSError for a folder that cannot be
    written.
    """
    newest = session.scalars(select(SignedHead).order_by(SignedHead.id.desc()).limit(1)).first()
    if newest is None:
        raise NothingToExport("there is no signed head yet: `laurel log head --sign` makes one")
    for name in (ENTRIES, HEADS, KEYS):
        (folder / name).mkdir(parents=True, exist_ok=True)
    _write_entries(session, folder / ENTRIES, newest.size)
    for count, head in enumerate(session.scalars(select(SignedHead).order_by(SignedHead.id)), 1):
        _write(folder / HEADS / f"{count}.txt", head.note)
    origin = origin_of(domain)
    for key_id, (pem, raw) in log_keys().items():
        _write(folder / KEYS / f"{key_id}.pem", pem)
        _write(folder / KEYS / f"{key_id}.txt", verifier_key(origin, raw) + "\n")
    _write(folder / "README.txt", README.format(origin=origin, lines=LINES))
    _write(folder / NEWEST, newest.note)
    return newest.size


def _write_entries(session: Session, folder: Path, size: int) -> None:
    for first in range(1, size + 1, LINES):
        last = min(first + LINES - 1, size)
        statement = select(RegisterEntry).where(RegisterEntry.seq.between(first, last)).order_by(RegisterEntry.seq)
        leaves = [tree.leaf_of(entry).to_bytes().decode() for entry in session.scalars(statement)]
        _write(folder / f"{first}.jsonl", "".join(leaf + "\n" for leaf in leaves))
        session.expunge_all()


def _write(path: Path, content: str) -> None:
    """Write a file that appears whole or not at all; one that says the same already stays."""
    data = content.encode()
    if path.exists() and path.read_bytes() == data:
        return
    draft = path.with_name(path.name + ".new")
    draft.write_bytes(data)
    draft.replace(path)
