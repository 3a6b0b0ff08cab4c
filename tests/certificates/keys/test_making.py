"""Making what is missing, and nothing else; a root that was taken away is asked for by name."""

from datetime import timedelta

import pytest

from certificates.keys.making import RootAway, find_missing, make, make_missing
from certificates.keys.records import ALGORITHMS, KeyPurpose, KeyState, newest_active
from certificates.keys.signers import FolderKeys
from certificates.keys.store import KeyStore
from tests.certificates.papers import OPENED, PASSPHRASE, make_keys

LATER = OPENED + timedelta(days=30)


def test_an_empty_folder_gets_a_key_for_every_purpose(tmp_path):
    store = KeyStore(tmp_path / "keys")
    made = make_missing(store, PASSPHRASE, "Body", OPENED, specimen=False)
    assert [(record.purpose, record.algorithm) for record in made] == list(ALGORITHMS.items())
    assert find_missing(store.list_records(), OPENED) == []
    assert make_missing(store, PASSPHRASE, "Body", OPENED, specimen=False) == []


def test_a_folder_of_before_keeps_its_two_keys_and_gets_the_others(tmp_path):
    make_keys(tmp_path)
    store = KeyStore(tmp_path / "keys")
    before = store.list_records()
    made = make_missing(store, PASSPHRASE, "Body", LATER, specimen=False)
    assert {record.purpose for record in before} == {KeyPurpose.ROOT, KeyPurpose.DOCUMENT_SIGNING}
    assert [record.purpose for record in made] == ["badge", "badge-jwt", "log", "answer"]
    assert set(before) < set(store.list_records())


@pytest.mark.parametrize("record", [{"specimen": False}, {"specimen": True}])
def test_a_record_written_by_an_older_release_is_read_unchanged(tmp_path, record):
    """The form in which records lie in instances that are in use."""
    make_keys(tmp_path)
    store = KeyStore(tmp_path / "keys")
    [leaf] = store.list_records(KeyPurpose.DOCUMENT_SIGNING)
    path = store.folder / f"{leaf.key_id}.json"
    path.write_text(
        f"""{{"algorithm": "ecdsa-p256-sha256", "compromised_at": null, "fingerprint": "{leaf.fingerprint}",
        "issuer_id": "{leaf.issuer_id}", "key_id": "{leaf.key_id}", "not_after": "{leaf.not_after.isoformat()}",
        "not_before": "{leaf.not_before.isoformat()}", "purpose": "document-signing",
        "specimen": {str(record["specimen"]).lower()}, "state": "active", "subject": "{leaf.subject}"}}"""
    )
    read = store.get_record(leaf.key_id)
    assert (read.specimen, read.window) == (record["specimen"], leaf.window)
    assert store.open_key(leaf.key_id, PASSPHRASE).certificate == store.get_certificate(leaf.key_id)


def test_a_new_document_signer_is_vouched_for_by_the_root_and_does_not_outlive_it(tmp_path):
    make_keys(tmp_path)
    store = KeyStore(tmp_path / "keys")
    [root] = store.list_records(KeyPurpose.ROOT)
    late = root.not_after - timedelta(days=200)
    record = make(store, PASSPHRASE, KeyPurpose.DOCUMENT_SIGNING, "Body", late, specimen=False)
    assert (record.issuer_id, record.not_after) == (root.key_id, root.not_after)
    leaf, above = store.get_chain(record)
    leaf.verify_directly_issued_by(above)


def test_a_root_that_was_taken_away_is_asked_for_by_its_file(tmp_path):
    make_keys(tmp_path)
    store = KeyStore(tmp_path / "keys")
    [root] = store.list_records(KeyPurpose.ROOT)
    (store.folder / f"{root.key_id}.key.pem").unlink()
    with pytest.raises(RootAway, match=rf"Bring {root.key_id}\.key\.pem .* put it into {store.folder}"):
        make(store, PASSPHRASE, KeyPurpose.DOCUMENT_SIGNING, "Body", LATER, specimen=False)
    assert make(store, PASSPHRASE, KeyPurpose.LOG, "Body", LATER, specimen=False).purpose is KeyPurpose.LOG


@pytest.mark.parametrize("state", [KeyState.PLANNED, KeyState.RETIRED])
def test_only_a_key_in_use_counts(tmp_path, state):
    store = KeyStore(tmp_path / "keys")
    make_missing(store, PASSPHRASE, "Body", OPENED, specimen=False)
    [log] = store.list_records(KeyPurpose.LOG)
    store.change_state(log.key_id, state)
    assert find_missing(store.list_records(), LATER) == [KeyPurpose.LOG]
    assert find_missing(store.list_records(), log.not_after + timedelta(days=1)) == list(KeyPurpose)[1:]


def test_of_two_keys_in_use_the_newer_signs(tmp_path):
    store = KeyStore(tmp_path / "keys")
    first = make(store, PASSPHRASE, KeyPurpose.BADGE, "Body", OPENED, specimen=False)
    second = make(store, PASSPHRASE, KeyPurpose.BADGE, "Body", LATER, specimen=False)
    records = FolderKeys(store, PASSPHRASE).list_records(KeyPurpose.BADGE)
    assert newest_active(records, OPENED + timedelta(days=1)) == first
    assert newest_active(records, LATER) == second
