"""A start and its keys: an old demonstration gets what it lacks and says so; a real body is told what to run."""

from dataclasses import replace

import pytest
from flask import current_app

from app import clock
from app.extensions import db
from certificates.keys import published as published_keys
from certificates.keys.readiness import make_ready
from certificates.keys.records import KeyPurpose
from tests.certificates.papers import PASSPHRASE, make_keys


@pytest.fixture
def begin(app, tmp_path, monkeypatch):
    """Take on an instance of an older release, which has a root and a document signer; returns its settings."""
    make_keys(tmp_path)

    def with_settings(**changes):
        settings = replace(
            current_app.extensions["settings"], instance=str(tmp_path), key_passphrase=PASSPHRASE, **changes
        )
        monkeypatch.setitem(current_app.extensions, "settings", settings)
        db.session.commit()
        return settings

    return with_settings


def purposes():
    return {row.purpose for row in published_keys.list_keys()}


def test_an_old_demonstration_gets_the_missing_keys_and_says_so(begin):
    said = make_ready(begin(mode="demo"), clock.now())
    assert said[0] == "Careful: this demonstration lacked keys for badge, badge-jwt, log, answer."
    assert [line.rpartition(" for ")[2].partition(";")[0] for line in said[1:]] == [
        "badge",
        "badge-jwt",
        "log",
        "answer",
    ]
    assert purposes() == set(KeyPurpose)
    assert {row.specimen for row in published_keys.list_keys(KeyPurpose.BADGE)} == {True}
    assert make_ready(begin(mode="demo"), clock.now()) == []


def test_a_real_body_is_told_the_command_and_nothing_is_made(begin, tmp_path):
    before = set((tmp_path / "keys").iterdir())
    [said] = make_ready(begin(mode="production"), clock.now())
    assert "no key is active for badge, badge-jwt, log, answer. Run `laurel keys init`" in said
    assert set((tmp_path / "keys").iterdir()) == before
    assert purposes() == set()


def test_keys_that_cannot_be_read_do_not_stop_a_start(begin, tmp_path):
    for path in (tmp_path / "keys").glob("*.json"):
        path.chmod(0o644)
    [said] = make_ready(begin(mode="demo"), clock.now())
    assert "the keys cannot be used" in said
    assert "chmod 0600" in said


def test_a_signer_that_is_away_is_told(begin, tmp_path):
    [said] = make_ready(begin(mode="production", signer=f"unix:{tmp_path}/socket"), clock.now())
    assert "does not answer" in said
