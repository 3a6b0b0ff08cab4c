"""Making keys into a folder: those that are missing, and a new one in the place of an old one."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from certificates.keys.authority import LONGEST_NAME, KeyPair, Subject, Window, make_document_signer, make_root
from certificates.keys.material import NewKey, make_plain_key
from certificates.keys.records import (
    ALGORITHMS,
    KeyMissing,
    KeyPurpose,
    KeyRecord,
    KeyState,
    KeyStoreError,
    newest_active,
)
from certificates.keys.store import KeyStore

ROOT_FOR, KEY_FOR = timedelta(days=365 * 20), timedelta(days=365 * 3)


class RootAway(KeyStoreError):
    """The key file of the root is needed and, as it should be, not on this machine."""


def find_missing(records: Iterable[KeyRecord], now: datetime) -> list[KeyPurpose]:
    """The purposes for which none of these keys may sign at `now`, the root first."""
    present = {record.purpose for record in records if record.may_sign_at(now)}
    return [purpose for purpose in KeyPurpose if purpose not in present]


def make_missing(store: KeyStore, passphrase: str, body_name: str, now: datetime, *, specimen: bool) -> list[KeyRecord]:
    """Make a key for each purpose that has none. Raises what the key store raises, and RootAway."""
    missing = find_missing(store.list_records(), now)
    return [make(store, passphrase, purpose, body_name, now, specimen=specimen) for purpose in missing]


def make(
    store: KeyStore, passphrase: str, purpose: KeyPurpose, body_name: str, now: datetime, *, specimen: bool
) -> KeyRecord:
    """Make one active key, whose window begins now. Raises what the key store raises.

    A document signer needs the private key of the root, which is kept elsewhere after the birth: RootAway says which
    file to bring. X.509 keeps whole seconds, and so do all windows.
    """
    begins = now.replace(microsecond=0)
    key = _new(store, passphrase, purpose, body_name[:LONGEST_NAME], begins)
    return store.add(key, purpose, passphrase, KeyState.ACTIVE, specimen=specimen)


def _new(store: KeyStore, passphrase: str, purpose: KeyPurpose, owner: str, begins: datetime) -> NewKey:
    if purpose is KeyPurpose.ROOT:
        return make_root(Subject("Certificate root", owner), Window(begins, begins + ROOT_FOR))
    if purpose is not KeyPurpose.DOCUMENT_SIGNING:
        return make_plain_key(ALGORITHMS[purpose], owner, Window(begins, begins + KEY_FOR))
    root = open_root(store, passphrase, begins)
    window = Window(begins, min(begins + KEY_FOR, root.window.not_after))
    return make_document_signer(root, Subject("Certificate signing", owner), window)


def open_root(store: KeyStore, passphrase: str, now: datetime) -> KeyPair:
    """The root that vouches now, opened. Raises RootAway where its key file was taken away, KeyMissing without a root."""
    record = newest_active(store.list_records(KeyPurpose.ROOT), now)
    if record is None:
        raise KeyMissing("there is no active root; `laurel keys rotate root` makes one")
    try:
        opened = store.open_key(record.key_id, passphrase)
    except KeyMissing:
        raise RootAway(
            f"The key of the root is not here. Bring {record.key_id}.key.pem from the place where you keep it away from "
            f"this machine, put it into {store.folder} with mode 0600, run this again, and take it away afterwards."
        ) from None
    return KeyPair(opened.private_key, opened.certificate)
