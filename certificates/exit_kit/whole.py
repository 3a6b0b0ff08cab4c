"""Checking a whole exported folder: every file, every entry of the register, every proof, every signature. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from certificates.badges import proofs
from certificates.exit_kit.badge_papers import NEEDED
from certificates.exit_kit.folder import BADGE_KEYS, Kit, read_bytes
from certificates.exit_kit.layout import CERTIFICATES, LISTS, MANIFEST, NOTE, REGISTER
from certificates.exit_kit.manifest import KitBroken, Listed, read_json, read_manifest
from certificates.register.merkle import verify_inclusion
from certificates.register.note import TreeHead, open_head
from certificates.register.offline import FolderUnreadable, check_folder
from certificates.register.proof import Proof, ProofInvalid


@dataclass(frozen=True)
class KitFault:
    """One file that does not fit, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class WholeReport:
    """What was counted, every fault, and what a reader should know beside them."""

    files: int
    entries: int
    certificates: int
    proofs: int
    faults: tuple[KitFault, ...]
    notes: tuple[str, ...] = ()

    def to_json_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        counts = {name: getattr(self, name) for name in ("files", "entries", "certificates", "proofs")}
        return counts | {"faults": [vars(fault) for fault in self.faults], "notes": list(self.notes)}


def check_whole(root: Path, pinned: Sequence[bytes] = ()) -> WholeReport:
    """Check everything in a folder; nothing is raised for what is wrong with it."""
    try:
        kit = Kit(root, pinned)
        log_keys = kit.log_keys
    except KitBroken as problem:
        named = KitFault(problem.path, problem.reason)
        others = [fault for fault in _differing(root) if fault.path != named.path] if problem.path != MANIFEST else []
        return WholeReport(0, 0, 0, 0, (named, *others))
    faults = list(_find_changed(root, kit.manifest.files))
    entries, found = _check_register(root, log_keys)
    proven, unproven = _check_proofs(kit, log_keys)
    known = {fault.path for fault in faults}
    faults += [fault for fault in found if _adds(fault, known)]
    faults += [fault for fault in (*unproven, *_check_lists(kit)) if fault.path not in known]
    return WholeReport(
        files=len(kit.manifest.files),
        entries=entries,
        certificates=len(_entries(kit)),
        proofs=proven,
        faults=tuple(faults),
        notes=tuple(_notes(kit)),
    )


def _adds(fault: KitFault, known: set[str]) -> bool:
    """Of a register with a changed file the line in that file is worth naming, and not the heads that no longer fit it."""
    is_broken = any(path.startswith(f"{REGISTER}/") for path in known)
    return fault.path.partition(":")[0] in known if is_broken else True


def _find_changed(root: Path, files: Mapping[str, Listed]) -> Iterator[KitFault]:
    for path, listed in sorted(files.items()):
        try:
            difference = listed.find_difference(read_bytes(root, path))
        except KitBroken as problem:
            difference = problem.reason
        if difference:
            yield KitFault(path, difference)


def _differing(root: Path) -> list[KitFault]:
    """With a note that does not hold, what differs from the list is still worth naming."""
    try:
        return list(_find_changed(root, read_manifest(read_bytes(root, MANIFEST)).files))
    except KitBroken:
        return []


def _check_register(root: Path, keys: Sequence[bytes]) -> tuple[int, list[KitFault]]:
    try:
        report = check_folder(root / REGISTER, keys)
    except FolderUnreadable as problem:
        return 0, [KitFault(REGISTER, str(problem))]
    fault = report.fault
    return report.entries, [KitFault(f"{REGISTER}/{fault.place}", fault.reason)] if fault else []


def _entries(kit: Kit) -> list[str]:
    return sorted(path for path in kit.manifest.files if path.startswith(f"{CERTIFICATES}/"))


def _check_proofs(kit: Kit, keys: Sequence[bytes]) -> tuple[int, list[KitFault]]:
    """Every proof leads to a signed head. A head that many proofs share is opened once."""
    heads: dict[str, TreeHead] = {}
    proven, faults = 0, []
    for path in _entries(kit):
        try:
            told = read_json(path, kit.read(path)).get("proof")
            if told is not None:
                _check_proof(Proof.from_json_dict(told), keys, heads)
                proven += 1
        except KitBroken as problem:
            faults.append(KitFault(path, problem.reason))
        except (LookupError, TypeError, AttributeError, ValueError) as problem:  # of a proof, and of what is none
            faults.append(KitFault(path, f"its proof does not hold: {problem}"))
    return proven, faults


def _check_proof(proof: Proof, keys: Sequence[bytes], heads: dict[str, TreeHead]) -> None:
    if proof.number:  # shown to everybody: the number must open the leaf
        proof.check(keys)
        return
    head = heads.get(proof.note) or heads.setdefault(proof.note, open_head(proof.note, keys))
    steps = [bytes.fromhex(step) for step in proof.path]
    holds = verify_inclusion(proof.leaf.hash(), proof.seq - 1, head.size, steps, head.root)
    if not holds or (head.size, head.root.hex()) != (proof.size, proof.root):
        raise ProofInvalid("the path does not lead from the leaf to the root of the signed head")


def _check_lists(kit: Kit) -> Iterator[KitFault]:
    """Every status list holds its own proof beside the signature over the whole."""
    if any(find_spec(name) is None for name in NEEDED):
        return
    own = {key.key_id: key for key in kit.list_keys(*BADGE_KEYS)}
    for path in kit.manifest.files:
        if not path.startswith(f"{LISTS}/"):
            continue
        try:
            document = read_json(path, kit.read(path))
            [proof] = document["proof"]
            proofs.verify(document, proof, own[proof["verificationMethod"].rpartition("#")[2]].public_der)
        except (LookupError, TypeError, AttributeError, ValueError) as problem:
            yield KitFault(path, f"its own signature does not hold: {problem}")


def _notes(kit: Kit) -> Iterator[str]:
    if any(find_spec(name) is None for name in NEEDED):
        yield "the signatures inside the status lists were not checked: see requirements.txt"
    listed = {*kit.manifest.files, MANIFEST, NOTE}
    here = (path for path in kit.root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    for path in sorted(path.relative_to(kit.root).as_posix() for path in here):
        if path not in listed:
            yield f"{path} is not in the signed list; nothing is read from it"
