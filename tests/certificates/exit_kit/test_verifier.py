"""The verifier of an exported folder, run without server, database or any program of ours: verdicts, codes, named faults."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from certificates.exit_kit import program
from certificates.exit_kit.layout import file_of
from certificates.numbers import new_number
from tests.certificates.exit_kit import kit

sqlite_only = pytest.mark.sqlite_only
GOOD = ("valid", "exact")


def told(ran: kit.Ran) -> dict[str, tuple[str, str | None]]:
    return {Path(one["what"]).name: (one["status"], one["document"]) for one in ran.told["answers"]}


def test_every_form_of_every_certificate_has_its_verdict(scene, bare_python):
    files = [path for forms in scene.files for path in forms.values()]
    ran = kit.run(bare_python, scene.folder, "--json", "--all", *files)
    found = told(ran)
    by_form = [{form: found[path.name] for form, path in forms.items()} for forms in scene.files]
    assert {verdict for forms in by_form[:4] for verdict in forms.values()} == {GOOD}
    assert set(by_form[4].values()) == {("revoked", "exact")}
    assert by_form[5].pop("pdf") == ("withdrawn", "exact")  # nothing but its hash is known, and that is ours
    assert set(by_form[5].values()) == {("withdrawn", "genuine-not-exact")}
    assert (ran.code, ran.told["folder"]["faults"]) == (1, [])
    assert kit.run(bare_python, scene.folder, *files[:3]).code == 0


def test_the_folder_tells_no_more_than_holders_show(scene):
    everything = b"\n".join(path.read_bytes() for path in scene.folder.rglob("*") if path.is_file())
    assert [name for name in kit.NAMES if name.encode() in everything] == ["Ada Beispiel", "Bea Muster"]
    assert [number for number in scene.numbers if number.encode() in everything] == scene.numbers[:2]
    for number, status in ((scene.numbers[3], "valid"), (scene.numbers[5], "withdrawn")):
        assert json.loads((scene.folder / file_of(number)).read_text()) == {"status": status}


@sqlite_only
def test_what_was_altered_foreign_or_unknown(scene, tmp_path, bare_python):
    files, strange = scene.files[0], tmp_path / "strange"
    strange.mkdir()
    update = b"\n1 0 obj\n<<>>\nendobj\nxref\ntrailer\n%%EOF\n"
    (strange / "later.pdf").write_bytes(files["pdf"].read_bytes() + update)
    (strange / "spaced.json").write_text(json.dumps(json.loads(files["json"].read_text())))
    (strange / "renamed.json").write_text(files["json"].read_text().replace("Ada Beispiel", "Eve Beispiel"))
    (strange / "notes.txt").write_text("hello")
    (strange / "plain.pdf").write_bytes(b"%PDF-1.7\nstartxref\n0\n%%EOF")
    number = new_number()
    assert told(kit.run(bare_python, scene.folder, "--json", *sorted(strange.iterdir()), number)) == {
        "later.pdf": ("valid", "altered"),
        "spaced.json": GOOD,  # a wallet has set its spaces otherwise
        "renamed.json": ("valid", "altered"),
        "notes.txt": ("unknown", "not-ours"),
        "plain.pdf": ("unknown", "unsigned"),
        number: ("unknown", None),
    }
    assert kit.run(bare_python, scene.folder, strange / "notes.txt").code == 2
    assert kit.run(bare_python, scene.folder, strange / "later.pdf").code == 1


@pytest.mark.parametrize(
    "path",
    ["register/entries/1.jsonl", "register/head.txt", "status-lists/1", "manifest.json", "manifest.note", "keys.json",
     "documents.json", "certificate", "verifier/certificates/badges/contexts/README.md"],
)  # fmt: skip
@sqlite_only
def test_one_edited_byte_is_named(scene, path, capsys):
    path = file_of(scene.numbers[2]) if path == "certificate" else path
    kit.change_a_byte(scene.folder / path)
    assert program.main(["--all", "--json"], scene.folder, clock.now()) == 1
    found = json.loads(capsys.readouterr().out)["folder"]["faults"]
    assert {fault["path"].partition(":")[0] for fault in found} == {path}


@sqlite_only
def test_wherever_the_list_was_edited_it_is_the_list_that_is_named(scene, capsys):
    data = (scene.folder / "manifest.json").read_bytes()
    for place in range(40, len(data), len(data) // 7):
        kit.change_a_byte(scene.folder / "manifest.json", place)
        assert program.main(["--all", "--json"], scene.folder, clock.now()) == 1
        found = json.loads(capsys.readouterr().out)["folder"]["faults"]
        assert [fault["path"] for fault in found] == ["manifest.json"]
        (scene.folder / "manifest.json").write_bytes(data)


@sqlite_only
def test_nothing_is_answered_from_a_file_that_was_changed(scene, bare_python):
    kit.change_a_byte(scene.folder / file_of(scene.numbers[0]))
    ran = kit.run(bare_python, scene.folder, scene.files[0]["pdf"])
    assert (ran.code, ran.out) == (2, "")
    assert file_of(scene.numbers[0]) in ran.err


@sqlite_only
def test_one_edited_byte_of_a_document_is_named_among_many(scene, bare_python):
    files = [forms["pdf"] for forms in scene.files[:4]]
    kit.change_a_byte(files[2], 2_000)
    ran = kit.run(bare_python, scene.folder, *files)
    lines = ran.out.splitlines()
    assert [line for line in lines if not line.endswith(": exact, valid")] == [lines[2]]
    assert (ran.code, "altered" in lines[2], files[2].name in lines[2]) == (1, True, True)


@sqlite_only
def test_a_key_from_elsewhere_decides_whose_folder_it_is(scene, tmp_path, bare_python):
    keys = {row["purpose"]: row["key_id"] for row in json.loads((scene.folder / "keys.json").read_text())["keys"]}
    ours, other = tmp_path / "ours.pem", tmp_path / "other.pem"
    shutil.copyfile(scene.folder / "keys" / f"{keys['answer']}.pem", ours)
    shutil.copyfile(scene.folder / "keys" / f"{keys['log']}.pem", other)
    assert kit.run(bare_python, scene.folder, "--all", "--key", ours).code == 0
    ran = kit.run(bare_python, scene.folder, "--all", "--key", other)
    assert (ran.code, "manifest.note" in ran.out) == (1, True)


@sqlite_only
def test_with_cryptography_alone_what_is_exactly_ours_is_known_still(scene, tmp_path):
    files = scene.files[0]
    poor = kit.make_bare_python(tmp_path / "poor", "pyhanko", "asn1crypto", "pyld", "joserfc", "cachetools", "defused")
    assert kit.run(poor, scene.folder, "--all", files["pdf"], scene.numbers[1]).code == 0
    kit.change_a_byte(files["pdf"], 2_000)
    ran = kit.run(poor, scene.folder, files["pdf"])
    assert (ran.code, "requirements.txt" in ran.err) == (2, True)
    assert kit.run(poor, scene.folder, files["json"]).code == 2


@sqlite_only
def test_years_later_what_has_ended_is_expired(scene):
    """Run in this process, with the time handed in: dates that a hidden entry does not tell are those of the file."""
    shared, late = scene.files[3], clock.now() + timedelta(days=4 * 365)
    assert program.main([str(shared["pdf"])], scene.folder, clock.now() + timedelta(days=1)) == 0
    for what in (shared["pdf"], shared["json"], shared["jwt"], scene.numbers[0], scene.numbers[2]):
        assert program.main([str(what)], scene.folder, late) == 1


@sqlite_only
def test_nothing_given_and_nothing_there_are_2_with_a_word(scene, capsys):
    assert program.main([], scene.folder, clock.now()) == 2
    assert "usage" in capsys.readouterr().err
    assert program.main(["nothing-here.pdf"], scene.folder, clock.now()) == 2
    assert "no such file" in capsys.readouterr().err
    assert program.main(["--all"], scene.folder.parent / "nowhere", clock.now()) == 1
    assert "manifest.json" in capsys.readouterr().out
