"""Attacks on an exported folder: edited and signed anew, signed by a stolen key, links out of it, entries that are none."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app import clock
from certificates.exit_kit import manifest, program
from certificates.exit_kit.folder import Kit, fingerprint_of, read_bytes
from certificates.exit_kit.layout import KEYS, MANIFEST, NOTE, file_of
from certificates.exit_kit.manifest import KitBroken

pytestmark = pytest.mark.sqlite_only
ENTRY = {"status": "valid", "holder": "Mallory Forger"}


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def pem(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def change(path: Path, edit: Callable) -> None:
    told = json.loads(path.read_bytes())
    edit(told)
    path.write_text(json.dumps(told))


def sign_anew(folder: Path, key: Ed25519PrivateKey) -> None:
    """What a forger does at the end: every hash reckoned anew, and the list signed by a key of their own."""

    def count_again(told: dict) -> None:
        for path in told["files"]:
            data = (folder / path).read_bytes()
            told["files"][path] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}

    change(folder / MANIFEST, count_again)
    data = (folder / MANIFEST).read_bytes()
    (folder / NOTE).write_text(manifest.sign_manifest(data, key.sign, raw(key)))


def answer_row(told: dict) -> dict:
    return next(row for row in told["keys"] if row["purpose"] == "answer")


def genuine(folder: Path) -> str:
    return answer_row(json.loads((folder / KEYS).read_bytes()))["fingerprint"]


def forge(scene, key: Ed25519PrivateKey, *, beside: bool) -> str:
    """Another holder in a folder of one's own making, whose keys look like those of the body; the number."""
    number, folder = scene.numbers[0], scene.folder
    change(folder / file_of(number), lambda told: told.update(ENTRY))

    def plant(told: dict) -> None:
        row = answer_row(told)
        if beside:
            told["keys"].append(row | {"key_id": "f" * 16, "public_pem": pem(key)})
        else:
            row["public_pem"] = pem(key)

    change(folder / KEYS, plant)
    sign_anew(folder, key)
    return number


@pytest.mark.parametrize("beside", [True, False])
def test_a_forged_folder_never_says_that_the_key_of_the_body_signed_it(scene, capsys, beside):
    known, key = genuine(scene.folder), Ed25519PrivateKey.generate()
    number = forge(scene, key, beside=beside)
    for arguments in (["--all"], [number], ["--all", number], ["--json", "--all"], ["--json", number]):
        program.main(arguments, scene.folder, clock.now())
        said = "".join(capsys.readouterr())
        assert fingerprint_of(raw(key)) in said, "who looks can see that it is another key"
        assert known not in said


def test_the_key_that_signed_an_honest_folder_is_named_with_every_answer(scene, capsys):
    known = genuine(scene.folder)
    assert program.main(["--all"], scene.folder, clock.now()) == 0
    assert f"Signed by key {known}." in capsys.readouterr().out
    assert program.main([scene.numbers[0]], scene.folder, clock.now()) == 0
    assert f"Signed by key {known}." in capsys.readouterr().err
    assert program.main(["--json", scene.numbers[0]], scene.folder, clock.now()) == 0
    assert json.loads(capsys.readouterr().out)["signed_by"] == known


def test_a_folder_is_not_believed_by_a_key_that_it_calls_stolen(scene, capsys):
    change(scene.folder / KEYS, lambda told: answer_row(told).update(compromised_at="2026-01-01T00:00:00+00:00"))
    key = Ed25519PrivateKey.generate()
    change(scene.folder / KEYS, lambda told: answer_row(told).update(public_pem=pem(key)))
    sign_anew(scene.folder, key)
    assert program.main(["--all"], scene.folder, clock.now()) == 1
    assert NOTE in capsys.readouterr().out
    assert program.main([scene.numbers[0]], scene.folder, clock.now()) == 2


def test_what_is_no_plain_file_of_the_folder_is_named_and_not_read(scene, tmp_path):
    outside = tmp_path / "outside.json"
    outside.write_text("{}")
    os.mkfifo(scene.folder / "queue")
    (scene.folder / "leads-out").symlink_to(outside)
    (scene.folder / "endless").symlink_to("/dev/zero")
    (scene.folder / "circle").symlink_to("circle")
    for path in ("queue", "leads-out", "endless", "circle", "../outside.json", "/etc/passwd", "register"):
        with pytest.raises(KitBroken, match=r"leads out of the folder|cannot be read"):
            read_bytes(scene.folder, path)


@pytest.mark.parametrize("name", [KEYS, "documents.json", "register/head.txt", MANIFEST, NOTE])
def test_a_queue_in_the_place_of_a_file_does_not_hold_the_verifier(scene, capsys, name):
    (scene.folder / name).unlink()
    os.mkfifo(scene.folder / name)
    assert program.main(["--all"], scene.folder, clock.now()) == 1
    assert name in capsys.readouterr().out


@pytest.mark.parametrize(
    "entry",
    ["[1]", "null", '"x"', "[" * 100_000, "{}", '{"status": "wonderful"}', '{"status": ["valid"]}', '{"status": "valid", "proof": 7}',
     '{"status": "valid", "proof": {"entry": []}}'],
)  # fmt: skip
def test_an_entry_that_is_none_is_named_and_never_a_verdict(scene, capsys, entry):
    key, path = Ed25519PrivateKey.generate(), file_of(scene.numbers[0])
    (scene.folder / path).write_text(entry)
    change(scene.folder / KEYS, lambda told: answer_row(told).update(public_pem=pem(key)))
    sign_anew(scene.folder, key)
    assert program.main([scene.numbers[0]], scene.folder, clock.now()) == 2
    assert path in capsys.readouterr().err
    whole = program.main(["--all"], scene.folder, clock.now())
    assert whole in (0, 1), "it is a report whatever the entry"
    assert Kit(scene.folder).signed_by == fingerprint_of(raw(key))


@pytest.mark.parametrize("name", ["documents.json", "badges.json"])
@pytest.mark.parametrize("data", ["[1]", "7", '{"x": 1}', "null"])
def test_lists_of_another_shape_end_with_a_word_and_without_a_verdict(scene, capsys, name, data):
    key = Ed25519PrivateKey.generate()
    (scene.folder / name).write_text(data)
    change(scene.folder / KEYS, lambda told: answer_row(told).update(public_pem=pem(key)))
    sign_anew(scene.folder, key)
    form = "pdf" if name == "documents.json" else "json"
    assert program.main([str(scene.files[0][form])], scene.folder, clock.now()) == 2
    said = capsys.readouterr()
    assert said.err or "Genuine content" in said.out
