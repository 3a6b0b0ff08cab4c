"""`laurel keys`: what it makes, what it asks first, and what it says when it will not."""

import json
import stat
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select, update

from app import clock
from app.audit.models import AuditEntry
from app.extensions import db
from certificates.keys import published as published_keys
from certificates.keys.cli import keys
from certificates.keys.models import SigningKeyRow
from certificates.keys.records import KeyPurpose
from certificates.register import checking
from certificates.register.models import RegisterEntry


@pytest.fixture
def instance(app, tmp_path, monkeypatch):
    """An instance without keys, and with a passphrase as a real one has it."""
    settings = current_app.extensions["settings"]
    other = replace(settings, instance=str(tmp_path), key_passphrase="four words of a passphrase")
    monkeypatch.setitem(current_app.extensions, "settings", other)
    return tmp_path


@pytest.fixture
def run(app, instance):
    """Run a command in a context of its own, as the shell would."""

    def invoke(*args, typed=None):
        db.session.commit()
        result = app.test_cli_runner().invoke(keys, list(args), input=typed)
        db.session.rollback()
        return result

    return invoke


def listed(run, purpose):
    rows = json.loads(run("list", "--json").stdout)["keys"]
    return [(row["key"], row["state"]) for row in rows if row["purpose"] == purpose]


def settings_with(monkeypatch, **changes):
    changed = replace(current_app.extensions["settings"], **changes)
    monkeypatch.setitem(current_app.extensions, "settings", changed)


class TestInit:
    def test_keys_are_made_once_encrypted_and_closed_to_others(self, run, instance):
        made = json.loads(run("init", "--json").stdout)["made"]
        assert [row["purpose"] for row in made] == [purpose.value for purpose in KeyPurpose]
        folder = instance / "keys"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        files = list(folder.iterdir())
        assert len(files) == 3 * len(KeyPurpose)
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
        assert all(b"ENCRYPTED" in path.read_bytes() for path in folder.glob("*.key.pem"))
        again = run("init")
        assert (again.exit_code, again.stdout) == (0, "Nothing was missing; nothing was changed.\n")
        assert set(folder.iterdir()) == set(files)

    def test_only_what_is_missing_is_made(self, run, instance):
        run("init")
        [log] = published_keys.key_store().list_records(KeyPurpose.LOG)
        for path in (instance / "keys").glob(f"{log.key_id}.*"):
            path.unlink()
        made = json.loads(run("init", "--json").stdout)["made"]
        assert [row["purpose"] for row in made] == ["log"]
        assert {key for key, _ in listed(run, "log")} == {log.key_id, made[0]["key"]}, "nothing is unpublished"

    def test_without_a_passphrase_a_real_body_gets_no_key(self, run, instance, monkeypatch):
        settings_with(monkeypatch, mode="production", key_passphrase="")
        result = run("init")
        assert (result.exit_code, "LAUREL_KEY_PASSPHRASE" in result.stderr) == (2, True)
        assert not (instance / "keys").exists()

    def test_a_folder_that_others_may_read_is_refused(self, run, instance):
        (instance / "keys").mkdir(mode=0o755)
        result = run("init")
        assert (result.exit_code, "chmod 0700" in result.stderr) == (2, True)
        assert published_keys.list_keys() == []

    def test_beside_a_signer_the_folder_must_be_named(self, run, instance, monkeypatch):
        settings_with(monkeypatch, signer="unix:/run/laurel-signer/socket")
        result = run("init")
        assert (result.exit_code, "LAUREL_KEYS" in result.stderr) == (2, True)
        settings_with(monkeypatch, keys_folder=str(instance / "elsewhere"))
        assert run("init").exit_code == 0
        assert len(list((instance / "elsewhere").glob("*.key.pem"))) == len(KeyPurpose)


class TestList:
    def test_it_names_purpose_algorithm_window_and_the_public_half(self, run):
        assert run("list", "--json").exit_code == 2
        run("init")
        rows = json.loads(run("list", "--json").stdout)["keys"]
        assert {row["purpose"]: row["algorithm"] for row in rows} == {
            "root": "ecdsa-p256-sha256", "document-signing": "ecdsa-p256-sha256", "badge": "ed25519",
            "badge-jwt": "rsa-2048-sha256", "log": "ed25519", "answer": "ed25519",
        }  # fmt: skip
        assert all(row["from"] < row["to"] and row["public_pem"].startswith("-----BEGIN PUBLIC") for row in rows)

    def test_a_row_of_before_shows_the_public_half_of_its_certificate(self, run):
        run("init")
        [now_kept] = published_keys.list_keys(KeyPurpose.ROOT)
        wanted = now_kept.public_pem
        db.session.execute(update(SigningKeyRow).values(kept_public_pem=""))
        db.session.expire_all()
        [row] = published_keys.list_keys(KeyPurpose.ROOT)
        assert row.public_pem == wanted

    def test_a_key_that_ends_soon_is_pointed_at(self, run):
        run("init")
        assert "ends soon" not in run("list").stdout
        soon = clock.now() + timedelta(days=60)
        db.session.execute(update(SigningKeyRow).where(SigningKeyRow.purpose == "log").values(not_after=soon))
        assert [line.split()[1] for line in run("list").stdout.splitlines() if "ends soon" in line] == ["log"]


class TestRotate:
    @pytest.mark.parametrize("purpose", [purpose.value for purpose in KeyPurpose])
    def test_a_new_key_takes_over_and_the_old_one_stays_published(self, run, purpose):
        run("init")
        [(old, _)] = listed(run, purpose)
        told = json.loads(run("rotate", purpose, "--yes", "--json").stdout)
        assert told["retired"] == [old]
        assert dict(listed(run, purpose)) == {old: "retired", told["made"]: "active"}
        if purpose != "root":
            assert published_keys.signer_for(KeyPurpose(purpose), clock.now()).key_id == told["made"]

    def test_trail_and_register_tell_of_it(self, run):
        run("init")
        [(old, _)] = listed(run, "badge")
        new = json.loads(run("rotate", "badge", "--yes", "--json").stdout)["made"]
        noted = db.session.execute(select(RegisterEntry.kind, RegisterEntry.number)).all()
        assert set(noted) >= {("key-made", new), ("key-retired", old)}
        assert checking.check(db.session())[1] is None
        actions = db.session.execute(select(AuditEntry.action, AuditEntry.object_id)).all()
        assert set(actions) >= {("key.made", new), ("key.changed", old)}

    def test_a_root_that_is_kept_elsewhere_is_asked_for(self, run, instance):
        run("init")
        [(root, _)] = listed(run, "root")
        (instance / "keys" / f"{root}.key.pem").rename(instance / "safe")
        before = listed(run, "document-signing")
        result = run("rotate", "document-signing", "--yes")
        assert result.exit_code == 2
        assert f"Bring {root}.key.pem from the place" in result.stderr
        assert listed(run, "document-signing") == before
        (instance / "safe").rename(instance / "keys" / f"{root}.key.pem")
        assert run("rotate", "document-signing", "--yes").exit_code == 0

    @pytest.mark.parametrize("typed", ["n\n", "\n", None])
    def test_nothing_happens_without_a_yes(self, run, typed):
        run("init")
        before = listed(run, "log")
        result = run("rotate", "log", "--json", typed=typed)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "Nothing was changed" in result.stderr
        assert listed(run, "log") == before
        assert run("rotate", "log", typed="y\n").exit_code == 0

    def test_a_purpose_that_is_none_is_bad_usage(self, run):
        assert run("rotate", "everything", "--yes").exit_code == 2


class TestRetire:
    def test_a_retired_key_signs_no_more_and_stays_published(self, run):
        run("init")
        [(key, _)] = listed(run, "answer")
        result = run("retire", key[:6], "--yes")
        assert (result.exit_code, "the only one in use" in result.stdout) == (0, True)
        assert listed(run, "answer") == [(key, "retired")]
        with pytest.raises(published_keys.KeyMissing, match="laurel keys init"):
            published_keys.signer_for(KeyPurpose.ANSWER, clock.now())
        again = run("retire", key, "--yes")
        assert (again.exit_code, "is retired already" in again.stderr) == (2, True)

    @pytest.mark.parametrize("key", ["0000000000000000000", "zz", ""])
    def test_a_key_that_is_not_there_is_said_so(self, run, key):
        run("init")
        result = run("retire", key, "--yes")
        assert (result.exit_code, "no keys have the id" in result.stderr) == (2, True)


class TestCompromise:
    def test_it_is_asked_first_and_then_for_ever(self, run):
        run("init")
        [(key, _)] = listed(run, "badge")
        since = (clock.now() - timedelta(minutes=5)).isoformat()
        assert run("compromise", key, "--since", since).exit_code == 2
        assert listed(run, "badge") == [(key, "active")]
        told = json.loads(run("compromise", key, "--since", since, "--yes", "--json").stdout)
        assert (told["keys"], told["later"], told["ordered"]) == ([key], [], 0)
        assert listed(run, "badge") == [(key, "compromised")]
        assert run("retire", key, "--yes").exit_code == 2
        assert db.session.scalar(select(RegisterEntry.kind)) == "key-stolen"

    def test_a_folder_from_a_backup_does_not_make_a_stolen_key_good(self, run):
        run("init")
        [(key, _)] = listed(run, "badge")
        run("compromise", key, "--since", "2020-01-01", "--yes")
        record = published_keys.key_store().get_record(key)
        published_keys.key_store().change_state(key, "active")
        published_keys.publish_all()
        [row] = published_keys.list_keys(KeyPurpose.BADGE)
        assert (row.state, row.compromised_at) == ("compromised", record.compromised_at)

    @pytest.mark.parametrize("since", ["yesterday", "2026-13-01", ""])
    def test_a_time_that_is_none_is_bad_usage(self, run, since):
        run("init")
        [(key, _)] = listed(run, "badge")
        result = run("compromise", key, "--since", since, "--yes")
        assert (result.exit_code, "is not a time" in result.stderr) == (2, True)

    def test_the_future_and_a_later_moment_than_before_are_refused(self, run):
        run("init")
        [(key, _)] = listed(run, "badge")
        result = run("compromise", key, "--since", (clock.now() + timedelta(hours=1)).isoformat(), "--yes")
        assert (result.exit_code, "in the future" in result.stderr) == (2, True)
        assert run("compromise", key, "--since", "2026-03-01T12:00+02:00", "--yes").exit_code == 0
        result = run("compromise", key, "--since", "2026-03-02", "--yes")
        assert (result.exit_code, "2026-03-01T10:00:00+00:00, which is earlier" in result.stderr) == (2, True)
        assert run("compromise", key, "--since", "2026-02-01", "--yes").exit_code == 0
