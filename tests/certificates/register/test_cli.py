"""`laurel log`: one answer each, and an exit code that programs can rely on; an export is checked without anything else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import update

from app import clock
from app.extensions import db
from certificates.models import Credential
from certificates.register import services
from certificates.register.cli import log
from tests.certificates.register.signing import raw_keys, sign
from tests.factories.certificates import certify, open_keys


@pytest.fixture
def run(app):
    """Run a command in a context of its own, as the shell would."""

    def invoke(*args):
        db.session.commit()
        result = app.test_cli_runner().invoke(log, [str(arg) for arg in args])
        db.session.rollback()
        return result

    return invoke


def enter(count, start=0):
    for n in range(start, start + count):
        services.append("lifted", f"N-{n}", clock.now())
    db.session.commit()


@pytest.fixture
def exported(app, run, tmp_path):
    """A register of 1,203 entries under two heads, exported, and the file of its key."""
    open_keys()
    enter(700)
    sign()
    enter(503, 700)
    sign()
    folder = tmp_path / "export"
    assert run("export", folder, "--json").exit_code == 0
    [key] = (folder / "keys").glob("*.pem")
    kept = tmp_path / "brought-from-elsewhere.pem"
    kept.write_bytes(key.read_bytes())
    return folder, kept


def verify(folder, key, *more):
    """The check in a process of its own, that has no settings, no instance and no database."""
    code = "from certificates.register.cli import log; log()"
    known = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    done = subprocess.run(
        [sys.executable, "-c", code, "verify", str(folder), "--key", str(key), "--json", *map(str, more)],
        env=known, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


class TestCheck:
    def test_0_and_the_figures_while_it_holds_together(self, run, app):
        certify()
        result = run("check", "--json")
        assert result.exit_code == 0
        assert json.loads(result.stdout) == {"entries": 1, "heads": 0, "certificates": 1, "events": 0, "fault": None}
        assert "hold together" in run("check").stdout

    def test_1_and_the_row_where_it_was_edited(self, run, app):
        credential_id = certify().id
        db.session.execute(update(Credential).values(holder_name="Somebody Else"))
        result = run("check", "--json")
        fault = json.loads(result.stdout)["fault"]
        assert (result.exit_code, fault["table"], fault["row"]) == (1, "credential", str(credential_id))
        assert f"credential {credential_id}: " in run("check", "--without-files").stdout


class TestHead:
    def test_2_before_the_first(self, run, app):
        assert run("head").exit_code == 2

    def test_it_is_signed_and_shown(self, run, app):
        open_keys()
        enter(2)
        made = run("head", "--sign", "--json")
        assert (made.exit_code, json.loads(made.stdout)["size"]) == (0, 2)
        assert run("head").stdout.startswith("body.test/register\n2\n")

    def test_2_without_a_key(self, run, app, monkeypatch):
        enter(1)
        monkeypatch.setattr("certificates.register.heads.log_keys", dict)
        result = run("head", "--sign")
        assert (result.exit_code, "laurel keys init" in result.stderr) == (2, True)


class TestProve:
    def test_every_event_is_proven(self, run, app):
        number = certify().number
        services.append("suspended", number, clock.now())
        sign()
        result = run("prove", number, "--json")
        proofs = json.loads(result.stdout)["proofs"]
        assert (result.exit_code, [proof["leaf"]["kind"] for proof in proofs]) == (0, ["issued", "suspended"])
        assert "in the signed head" in run("prove", number.lower()).stdout

    def test_2_for_what_is_unknown_and_while_no_head_covers_it(self, run, app):
        number = certify().number
        assert run("prove", number).exit_code == 2
        assert run("prove", "7KQ2").exit_code == 2
        assert "no entry" in run("prove", "0000-0000-0000-0000-0000-0000-000").stderr


class TestExport:
    def test_it_is_checked_with_nothing_but_the_folder_and_a_key(self, exported):
        assert verify(*exported) == (0, {"entries": 1203, "heads": 2, "fault": None})

    def test_no_number_and_no_secret_leaves_the_house(self, run, app, tmp_path):
        number = certify().number
        sign()
        run("export", tmp_path / "out")
        from certificates.register.heads import find_document_entry

        secret = find_document_entry(number).secret
        written = "".join(path.read_text() for path in (tmp_path / "out").rglob("*") if path.is_file())
        assert number not in written
        assert secret not in written
        assert "Ada" not in written

    def test_again_into_the_same_folder_adds_what_is_new(self, exported, run):
        folder, key = exported
        first = (folder / "entries" / "1.jsonl").stat().st_mtime_ns
        enter(1, 1203)
        sign()
        assert run("export", folder).exit_code == 0
        assert verify(folder, key) == (0, {"entries": 1204, "heads": 3, "fault": None})
        assert (folder / "entries" / "1.jsonl").stat().st_mtime_ns == first

    def test_one_changed_letter_is_found(self, exported):
        folder, key = exported
        path = folder / "entries" / "501.jsonl"
        path.write_text(path.read_text().replace('"kind":"lifted"', '"kind":"lofted"', 1))
        code, report = verify(folder, key)
        assert (code, report["fault"]["place"]) == (1, "heads/1.txt")

    @pytest.mark.parametrize(
        ("name", "change", "place"),
        [
            ("entries/1001.jsonl", lambda text: text.replace('"v":1', '"v": 1', 1), "entries/1001.jsonl:1"),
            ("entries/1001.jsonl", lambda text: "{}\n" + text, "entries/1001.jsonl:1"),
            ("entries/1001.jsonl", lambda text: text.rsplit("\n", 2)[0] + "\n", "heads/2.txt"),
            ("entries/1001.jsonl", lambda text: text.rstrip("\n"), "entries/1001.jsonl"),
            ("heads/2.txt", lambda text: text.replace("1203", "1204"), "heads/2.txt"),
            ("heads/2.txt", lambda text: "nothing\n", "heads/2.txt"),
        ],
    )
    def test_every_kind_of_change_is_found_and_placed(self, exported, name, change, place):
        folder, key = exported
        (folder / name).write_text(change((folder / name).read_text()))
        code, report = verify(folder, key)
        assert (code, report["fault"]["place"]) == (1, place)

    def test_a_file_that_is_missing_is_found(self, exported):
        folder, key = exported
        (folder / "entries" / "501.jsonl").unlink()
        code, report = verify(folder, key)
        assert (code, report["fault"]["place"]) == (1, "entries/1001.jsonl")

    def test_a_head_that_somebody_kept_must_be_in_it(self, exported, tmp_path):
        folder, key = exported
        kept = tmp_path / "kept.txt"
        kept.write_text((folder / "heads" / "1.txt").read_text())
        assert verify(folder, key, "--kept", kept)[0] == 0
        kept.write_text(kept.read_text().replace("700", "701"))
        code, report = verify(folder, key, "--kept", kept)
        assert (code, report["fault"]["place"]) == (1, "the head that you kept")

    def test_another_log_with_another_key_is_not_believed(self, exported, tmp_path):
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        folder, _ = exported
        other = tmp_path / "other.pem"
        public = Ed25519PrivateKey.generate().public_key()
        other.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        assert verify(folder, other)[0] == 1

    def test_2_for_what_is_no_export(self, exported, tmp_path):
        folder, key = exported
        assert verify(tmp_path, key)[0] == 2
        broken = tmp_path / "broken.pem"
        broken.write_text("no key")
        assert verify(folder, broken)[0] == 2

    def test_2_before_the_first_head(self, run, app, tmp_path):
        enter(1)
        assert run("export", tmp_path / "out").exit_code == 2
        assert raw_keys() == []
