"""Attacks on the key folder by whoever owns it, while root writes there; and what a killed process leaves behind."""

import stat
from datetime import timedelta

import pytest

from app import clock
from certificates.keys import making
from certificates.keys.records import KeyPurpose, KeyState, KeyStoreError
from tests.support.signer import PASSPHRASE, make_folder


@pytest.fixture
def store(tmp_path):
    return make_folder(tmp_path / "keys")


def record_of(store, purpose=KeyPurpose.BADGE):
    [record] = store.list_records(purpose)
    return record


@pytest.mark.parametrize("there", [True, False])
def test_a_link_in_the_place_of_a_draft_is_not_written_through(store, tmp_path, there):
    """The owner of the folder could have root overwrite any file, and be given it: the name of a draft can be foretold."""
    treasure = tmp_path / "treasure"
    if there:
        treasure.write_text("of somebody else")
    record = record_of(store)
    (store.folder / f"{record.key_id}.json.new").symlink_to(treasure)
    store.change_state(record.key_id, KeyState.RETIRED)
    assert treasure.exists() is there
    assert not there or treasure.read_text() == "of somebody else"
    assert record_of(store).state is KeyState.RETIRED
    assert not (store.folder / f"{record.key_id}.json").is_symlink()


def test_what_a_killed_process_left_is_no_hindrance_and_lends_its_mode_to_nothing(store):
    record = record_of(store)
    left = store.folder / f"{record.key_id}.json.new"
    left.write_bytes(b'{"half": ')
    left.chmod(0o666)
    store.change_state(record.key_id, KeyState.RETIRED)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in store.folder.iterdir()}
    assert (record_of(store).state, modes, left.exists()) == (KeyState.RETIRED, {0o600}, False)


@pytest.mark.parametrize("written", range(3))
def test_a_process_that_dies_while_it_makes_a_key_leaves_the_old_one_in_use(store, monkeypatch, written):
    """It ends before its first, second or third file is in place; then the key is made again."""
    old, done, real = record_of(store), [], type(store.folder).replace

    def die(draft, target):
        if len(done) == written:
            raise KeyboardInterrupt
        done.append(target)
        return real(draft, target)

    monkeypatch.setattr(type(store.folder), "replace", die)
    with pytest.raises(KeyboardInterrupt):
        make(store)
    monkeypatch.undo()
    assert store.list_records(KeyPurpose.BADGE) == [old]
    made = make(store)
    assert {record.key_id for record in store.list_records(KeyPurpose.BADGE)} == {old.key_id, made.key_id}
    assert store.open_key(made.key_id, PASSPHRASE).record == made


def make(store):
    now = clock.now() + timedelta(seconds=1)
    return making.make(store, PASSPHRASE, KeyPurpose.BADGE, "The Test Body", now, specimen=False)


@pytest.mark.parametrize("name", ["../x", "x/y", "..", "", "x\0y", "x" * 5_000, "\udc80"])
def test_no_key_is_found_outside_the_folder(store, name):
    (store.folder.parent / "x.json").write_text("{}")
    with pytest.raises((KeyStoreError, OSError)):
        store.get_record(name)


def test_a_folder_that_others_may_read_is_not_used(store):
    record = record_of(store)
    store.folder.chmod(0o750)
    with pytest.raises(KeyStoreError, match="mode 0750"):
        store.open_key(record.key_id, PASSPHRASE)
    store.folder.chmod(0o700)
    (store.folder / f"{record.key_id}.key.pem").chmod(0o640)
    with pytest.raises(KeyStoreError, match="mode 0640"):
        store.open_key(record.key_id, PASSPHRASE)
