"""Attacks on which key signs: one that nobody published, one that was stolen, and another one under a known id."""

import json
from datetime import timedelta

import pytest

from app import clock, transaction
from app.extensions import db
from certificates.keys import making
from certificates.keys import published as published_keys
from certificates.keys.records import KeyMissing, KeyPurpose, KeyState, KeyStoreError
from certificates.keys.signers import FolderKeys
from tests.factories.certificates import open_keys
from tests.support.signer import PASSPHRASE, make_folder

PLAIN = [KeyPurpose.BADGE, KeyPurpose.BADGE_JWT, KeyPurpose.LOG, KeyPurpose.ANSWER]


@pytest.fixture
def folder(app, tmp_path, monkeypatch):
    """A key folder of this test, published."""
    store = make_folder(tmp_path / "keys")
    use(monkeypatch, store)
    published_keys.publish_all()
    transaction.commit()
    return store


def use(monkeypatch, store):
    monkeypatch.setattr(published_keys, "key_store", lambda: store)
    monkeypatch.setattr(published_keys, "key_source", lambda: FolderKeys(store, PASSPHRASE))


@pytest.mark.parametrize("purpose", PLAIN)
def test_a_key_signs_once_everybody_can_check_it_and_not_before(folder, purpose):
    """A process that is killed in the middle of a rotation leaves a key that nobody was told of."""
    later = clock.now() + timedelta(seconds=1)
    old = published_keys.signer_for(purpose, later).key_id
    new = making.make(folder, PASSPHRASE, purpose, "The Test Body", later, specimen=False).key_id
    later += timedelta(seconds=1)
    assert published_keys.signer_for(purpose, later).key_id == old
    published_keys.publish_all()
    assert published_keys.signer_for(purpose, later).key_id == new


@pytest.mark.parametrize("purpose", PLAIN)
def test_a_stolen_key_does_not_come_back_with_a_folder_from_a_copy(folder, purpose):
    [row] = published_keys.list_keys(purpose)
    row.state, row.compromised_at = KeyState.COMPROMISED, clock.now()
    db.session.flush()
    assert folder.get_record(row.key_id).state is KeyState.ACTIVE
    with pytest.raises(KeyMissing):
        published_keys.signer_for(purpose, clock.now())


@pytest.mark.parametrize("purpose", PLAIN)
def test_another_key_under_a_known_id_signs_nothing(folder, tmp_path, monkeypatch, purpose):
    other = make_folder(tmp_path / "other")
    pass_as(other, purpose, folder)
    use(monkeypatch, other)
    with pytest.raises(KeyStoreError, match="not the key that was published"):
        published_keys.signer_for(purpose, clock.now())


def pass_as(other, purpose, folder):
    """Let the key of the other folder say that it is the one of this folder."""
    [theirs], [ours] = other.list_records(purpose), folder.list_records(purpose)
    for ending in ("key.pem", "pub.pem"):
        (other.folder / f"{theirs.key_id}.{ending}").rename(other.folder / f"{ours.key_id}.{ending}")
    (other.folder / f"{theirs.key_id}.json").unlink()
    record = other.folder / f"{ours.key_id}.json"
    record.write_text(json.dumps(json.loads(ours.to_json())))
    record.chmod(0o600)


def test_the_document_signer_is_the_published_one(app, tmp_path, monkeypatch):
    open_keys()
    assert published_keys.open_signer(clock.now()) is not None
    use(monkeypatch, make_folder(tmp_path / "other"))
    with pytest.raises(KeyMissing):
        published_keys.open_signer(clock.now())
