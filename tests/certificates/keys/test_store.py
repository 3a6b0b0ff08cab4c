"""The key folder: encrypted, closed to others, and silent about nothing."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from certificates.keys.authority import Subject, Window, make_document_signer, make_root
from certificates.keys.material import Algorithm, PlainKey, make_plain_key
from certificates.keys.store import (
    KeyExposed,
    KeyMissing,
    KeyPurpose,
    KeyState,
    KeyStore,
    KeyStoreError,
    PassphraseRefused,
)
from tests.certificates.papers import OPENED, PASSPHRASE

WINDOW = Window(OPENED, OPENED + timedelta(days=1000))


@pytest.fixture
def pair():
    return make_root(Subject("Root", "Body"), WINDOW)


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "keys")


def test_a_kept_key_opens_with_its_passphrase_and_signs_as_before(store, pair):
    record = store.add(pair, KeyPurpose.ROOT, PASSPHRASE, KeyState.ACTIVE)
    opened = store.open_key(record.key_id, PASSPHRASE)
    assert opened.private_key.private_numbers() == pair.private_key.private_numbers()
    assert opened.certificate == pair.certificate
    assert store.list_records() == [record]


def test_every_file_is_its_owners_alone_and_holds_no_open_key(store, pair):
    store.add(pair, KeyPurpose.ROOT, PASSPHRASE, KeyState.ACTIVE)
    files = list(store.folder.iterdir())
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert store.folder.stat().st_mode & 0o777 == 0o700
    [key_file] = store.folder.glob("*.key.pem")
    assert key_file.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o700])
def test_a_file_that_others_could_read_is_refused_and_named(store, pair, mode):
    record = store.add(pair, KeyPurpose.ROOT, PASSPHRASE, KeyState.ACTIVE)
    [key_file] = store.folder.glob("*.key.pem")
    key_file.chmod(mode)
    with pytest.raises(KeyExposed, match=rf"{key_file.name} has mode {mode:04o}.*chmod 0600"):
        store.open_key(record.key_id, PASSPHRASE)
    assert key_file.stat().st_mode & 0o777 == mode, "a refused file is not repaired"


def test_a_folder_that_others_could_enter_is_refused(store, pair):
    record = store.add(pair, KeyPurpose.ROOT, PASSPHRASE, KeyState.ACTIVE)
    store.folder.chmod(0o750)
    with pytest.raises(KeyExposed, match="chmod 0700"):
        store.open_key(record.key_id, PASSPHRASE)
    with pytest.raises(KeyExposed):
        store.add(make_root(Subject("Other", "Body"), WINDOW), KeyPurpose.ROOT, PASSPHRASE, KeyState.PLANNED)


def test_no_passphrase_and_a_wrong_one_are_refused(store, pair):
    with pytest.raises(PassphraseRefused):
        store.add(pair, KeyPurpose.ROOT, "", KeyState.ACTIVE)
    assert store.list_records() == []
    record = store.add(pair, KeyPurpose.ROOT, PASSPHRASE, KeyState.ACTIVE)
    for wrong in ("", "another"):
        with pytest.raises(PassphraseRefused):
            store.open_key(record.key_id, wrong)


def test_a_key_is_never_overwritten(store, pair):
    store.add(pair, KeyPurpose.ROOT, PASSPHRASE, KeyState.ACTIVE)
    with pytest.raises(KeyStoreError, match="already"):
        store.add(pair, KeyPurpose.ROOT, PASSPHRASE, KeyState.ACTIVE)


def test_a_signer_without_its_root_is_not_kept(store, pair):
    signer = make_document_signer(pair, Subject("Signer", "Body"), WINDOW)
    with pytest.raises(KeyStoreError, match="root"):
        store.add(signer, KeyPurpose.DOCUMENT_SIGNING, PASSPHRASE, KeyState.ACTIVE)
    root = store.add(pair, KeyPurpose.ROOT, PASSPHRASE, KeyState.ACTIVE)
    record = store.add(signer, KeyPurpose.DOCUMENT_SIGNING, PASSPHRASE, KeyState.ACTIVE)
    assert record.issuer_id == root.key_id
    assert store.open_key(record.key_id, PASSPHRASE).chain == (signer.certificate, pair.certificate)


def test_the_life_of_a_key_is_written_down(store, pair):
    record = store.add(pair, KeyPurpose.ROOT, PASSPHRASE, KeyState.PLANNED)
    assert not record.may_sign_at(OPENED)
    active = store.change_state(record.key_id, KeyState.ACTIVE)
    assert active.may_sign_at(OPENED)
    assert not active.may_sign_at(WINDOW.not_after + timedelta(seconds=1))
    stolen = OPENED + timedelta(days=3)
    store.change_state(record.key_id, KeyState.COMPROMISED, compromised_at=stolen)
    kept = KeyStore(store.folder).get_record(record.key_id)
    assert (kept.state, kept.compromised_at) == (KeyState.COMPROMISED, stolen)
    with pytest.raises(KeyStoreError, match="compromised"):
        store.change_state(record.key_id, KeyState.COMPROMISED)


def test_roots_of_the_demonstration_stay_apart_from_real_ones(store, pair):
    store.add(pair, KeyPurpose.ROOT, PASSPHRASE, KeyState.ACTIVE, specimen=True)
    assert store.list_roots(specimen=False) == []
    assert store.list_roots(specimen=True) == [pair.certificate]


@pytest.mark.parametrize("key_id", ["0" * 16, "../secret", ""])
def test_an_unknown_id_is_missing_and_leads_nowhere(store, key_id):
    with pytest.raises(KeyMissing):
        store.get_record(key_id)


def test_a_plain_key_is_kept_with_its_public_half_and_no_certificate(store):
    key = make_plain_key(Algorithm.ED25519, "Body", WINDOW)
    record = store.add(key, KeyPurpose.BADGE, PASSPHRASE, KeyState.ACTIVE)
    opened = store.open_key(record.key_id, PASSPHRASE)
    assert (record.subject, record.issuer_id, opened.chain) == ("Body", record.key_id, ())
    store.get_public(record).verify(opened.sign(b"badge"), b"badge")
    assert {path.name.partition(".")[2] for path in store.folder.iterdir()} == {"key.pem", "pub.pem", "json"}
    for ask in (lambda: store.get_certificate(record.key_id), lambda: opened.certificate):
        with pytest.raises(KeyMissing):
            ask()


def test_a_key_never_serves_two_purposes(store):
    key = make_plain_key(Algorithm.ED25519, "Body", WINDOW)
    store.add(key, KeyPurpose.BADGE, PASSPHRASE, KeyState.ACTIVE)
    again = PlainKey(key.private_key, "Body", Window(OPENED, OPENED + timedelta(days=1)))
    with pytest.raises(KeyStoreError, match="already"):
        store.add(again, KeyPurpose.LOG, PASSPHRASE, KeyState.ACTIVE)


def test_the_same_key_under_another_certificate_is_refused(store, pair, monkeypatch):
    store.add(pair, KeyPurpose.ROOT, PASSPHRASE, KeyState.ACTIVE)
    monkeypatch.setattr("cryptography.hazmat.primitives.asymmetric.ec.generate_private_key", lambda curve: pair.private_key)
    twin = make_root(Subject("Another name", "Body"), WINDOW)
    with pytest.raises(KeyStoreError, match="here already, as"):
        store.add(twin, KeyPurpose.ROOT, PASSPHRASE, KeyState.ACTIVE)


@pytest.mark.parametrize("purpose", [KeyPurpose.BADGE_JWT, KeyPurpose.ROOT, KeyPurpose.DOCUMENT_SIGNING])
def test_a_key_of_the_wrong_kind_for_its_purpose_is_not_kept(store, purpose):
    with pytest.raises(KeyStoreError, match="is of the kind"):
        store.add(make_plain_key(Algorithm.ED25519, "Body", WINDOW), purpose, PASSPHRASE, KeyState.ACTIVE)
    assert store.list_records() == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_writes_belongs_to_the_owner_of_the_folder(store):
    store.folder.mkdir(mode=0o700)
    os.chown(store.folder, 4321, 4321)
    record = store.add(make_plain_key(Algorithm.ED25519, "Body", WINDOW), KeyPurpose.LOG, PASSPHRASE, KeyState.ACTIVE)
    store.change_state(record.key_id, KeyState.RETIRED)
    assert {path.stat().st_uid for path in store.folder.iterdir()} == {4321}


def test_a_broken_record_is_named_and_not_passed_over(store):
    record = store.add(make_plain_key(Algorithm.ED25519, "B", WINDOW), KeyPurpose.LOG, PASSPHRASE, KeyState.ACTIVE)
    (store.folder / f"{record.key_id}.json").write_text('{"key_id": "x"}')
    with pytest.raises(KeyStoreError, match="record"):
        store.list_records()
