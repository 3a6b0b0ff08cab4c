"""Writing an export: made whole in a folder beside the one that is asked for, and put in its place at the end."""

import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app import transaction
from app.body.queries import get_body
from app.extensions import db
from certificates.badges import did
from certificates.badges.did import PublicKeyEntry
from certificates.badges.known_contexts import KNOWN, get_context
from certificates.badging import places as badge_places
from certificates.badging import status_lists
from certificates.exit_kit import copying, gathering, layout, pages
from certificates.exit_kit.manifest import KitBroken, Listed, Manifest, read_manifest, sign_manifest
from certificates.keys import published as published_keys
from certificates.keys.material import public_der
from certificates.keys.records import KeyPurpose
from certificates.keys.signers import Signer
from certificates.register import export as register_export
from certificates.register import heads, services, tree
from certificates.register.heads import RegisterBroken
from certificates.register.note import key_from_der

BADGE_PURPOSES = (KeyPurpose.BADGE, KeyPurpose.BADGE_JWT)


class FolderTaken(ValueError):
    """The folder holds something that is no earlier export: nothing of it is touched."""


@dataclass(frozen=True)
class Exported:
    """What was written: certificates, entries of the register, files, and the key that signed the list."""

    certificates: int
    entries: int
    files: int
    key_id: str


def export(folder: Path, now: datetime, good_for: timedelta) -> Exported:
    """Write everything into a folder: a new one, an empty one, or an earlier export, which the new one replaces whole.

    `good_for` is how long the status lists say that they may be relied on. A head is signed first where the newest does not
    cover the whole register. Raises FolderTaken, KeyStoreError where a key is missing, RegisterBroken, and OSError.
    """
    refuse_taken(folder)
    signer = published_keys.signer_for(KeyPurpose.ANSWER, now)
    _sign_head(now)
    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        about = _write(draft, signer, now, now + good_for)
        _put_in_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Exported(about.certificates, about.entries, len(about.files), signer.key_id)


def refuse_taken(folder: Path) -> None:
    """Raise FolderTaken unless every file in the folder belongs to an earlier export."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FolderTaken(f"{folder} is a file")
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    try:
        known = set(read_manifest((folder / layout.MANIFEST).read_bytes()).files) | {layout.MANIFEST, layout.NOTE}
    except (OSError, KitBroken):
        known = set()
    strange = sorted(path for path in present - known if "__pycache__" not in path)
    if strange:
        raise FolderTaken(f"{folder} holds what is no part of an earlier export: {strange[0]}")


def _sign_head(now: datetime) -> None:
    """Sign a head where the newest does not cover every entry; the transaction reads afterwards."""
    newest = services.newest_head()
    if newest is None or newest.size < tree.size_of(db.session()):
        heads.sign_now(published_keys.signer_for(KeyPurpose.LOG, now), now)
        transaction.commit()
        transaction.begin_read()


def _write(folder: Path, signer: Signer, now: datetime, good_until: datetime) -> Manifest:
    session, body = db.session(), get_body()
    entries = register_export.export(session, folder / layout.REGISTER, body.domain)
    certificates = _write_certificates(folder, entries, now)
    _write_keys(folder)
    names = _write_dids(folder)
    _write_lists(folder, now, good_until - now)
    _write_contexts(folder)
    copying.copy_program(folder)
    about = Manifest(
        issuer=body.name, domain=body.domain, base_address=body.base_address, dids=tuple(names), specimen=body.is_demo,
        made_at=now, good_until=good_until, entries=entries, certificates=certificates, files={},
    )  # fmt: skip
    pages.write_pages(folder, about, published_keys.get_key(signer.key_id).fingerprint)
    return _sign(folder, about, signer)


def _write_certificates(folder: Path, entries: int, now: datetime) -> int:
    """How each certificate stands, and the hashes of all documents and badges; how many certificates."""
    session, head, count = db.session(), services.newest_head(), 0
    if head is None or head.size != entries:
        raise RegisterBroken("another head was signed meanwhile; export again")
    for number, told in gathering.list_entries(session, head, now):
        _write_json(folder / layout.file_of(number), told)
        count += 1
    _write_json(folder / layout.DOCUMENTS, gathering.list_documents(session, head))
    _write_json(folder / layout.BADGES, gathering.list_badges(session))
    return count


def _write_json(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write_keys(folder: Path) -> None:
    keys = gathering.list_keys()
    _write_json(folder / layout.KEYS, {"keys": keys})
    (folder / "keys").mkdir()
    for key in keys:
        (folder / "keys" / f"{key['key_id']}.pem").write_text(key["public_pem"], encoding="ascii")
        if key["certificate_pem"]:
            (folder / "keys" / f"{key['key_id']}.crt").write_text(key["certificate_pem"], encoding="ascii")


def _write_dids(folder: Path) -> list[str]:
    """The DID document of today's address; the names of every address under which certificates were issued."""
    rows = [row for row in published_keys.list_keys() if row.purpose in BADGE_PURPOSES]
    keys = [PublicKeyEntry(row.key_id, public_der(row.public_key), row.compromised_at) for row in rows]
    base = get_body().base_address
    for path in layout.DIDS:
        _write_json(folder / path, did.build_document(did.did_of(base), keys))
    return sorted({did.did_of(address) for address in (base, *gathering.list_base_addresses())})


def _write_lists(folder: Path, now: datetime, good_for: timedelta) -> None:
    (folder / layout.LISTS).mkdir()
    for number in badge_places.list_numbers():
        path = folder / layout.LISTS / str(number)
        path.write_bytes(status_lists.sign_for_archive(number, now, good_for))


def _write_contexts(folder: Path) -> None:
    for address, name in KNOWN.items():
        _write_json(folder / "contexts" / name, get_context(address))
    _write_json(folder / "contexts" / "index.json", KNOWN)


def _sign(folder: Path, about: Manifest, signer: Signer) -> Manifest:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): _listed(path) for path in paths}
    full = Manifest(**vars(about) | {"files": files})
    data = full.to_bytes()
    (folder / layout.MANIFEST).write_bytes(data)
    note = sign_manifest(data, signer.sign, key_from_der(signer.public_bytes()))
    (folder / layout.NOTE).write_text(note, encoding="utf-8")
    return full


def _listed(path: Path) -> Listed:
    data = path.read_bytes()
    return Listed(hashlib.sha256(data).hexdigest(), len(data))


def _put_in_place(draft: Path, folder: Path) -> None:
    """The earlier export goes aside, the new one takes its name, and only then the earlier one is deleted."""
    aside = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    if folder.exists():
        folder.rename(aside)
    draft.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)
