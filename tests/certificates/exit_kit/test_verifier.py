"""The verifier of an exported folder, run without server, database or any program of ours: verdicts, codes, named faults."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.accounts.models import Person
from app.extensions import db
from certificates import history, personal, verification
from certificates.exit_kit.layout import file_of
from certificates.models import Credential
from certificates.status import Event
from tests.certificates.exit_kit import kit

NAMES = ("Ada Beispiel", "Bea Muster", "Cleo Test", "Dan Probe", "Eva Entwurf", "Finn Vorlage")


@pytest.fixture
def made(app) -> list[Credential]:
    """Six certificates: two public, one unlisted, one by link only, one revoked, one whose holder was erased."""
    found = kit.issue(*NAMES)
    for credential, visibility in zip(found, ("public", "public", "unlisted", "share-only"), strict=False):
        credential.visibility = visibility
    db.session.commit()
    return found


def numbers_of(made: list[Credential]) -> list[str]:
    return [credential.number for credential in made]


def revoke(credential: Credential) -> None:
    history.add(credential, Event.REVOKED, clock.now(), "officer", reason_class="misconduct")
    db.session.commit()


def erase(credential: Credential) -> None:
    person = db.session.get_one(Person, credential.person_id)
    person.withdraws_certificates = True
    personal.PERSONAL.erase(person, clock.now())
    db.session.commit()


def told(ran: kit.Ran) -> dict[str, tuple[str, str | None]]:
    return {Path(one["what"]).name: (one["status"], one["document"]) for one in ran.told["answers"]}


def test_every_form_of_every_certificate_has_its_verdict(made, tmp_path, bare_python):
    numbers, folder = numbers_of(made), tmp_path / "kit"
    files = [path for number in numbers for path in kit.forms(number, tmp_path).values()]
    revoke(made[4])
    erase(made[5])
    kit.export(folder)
    ran = kit.run(bare_python, folder, "--json", "--all", *files)
    found = told(ran)
    good = {found[f"{number}.{form}"] for number in numbers[:4] for form in ("pdf", "json", "jwt", "png", "svg")}
    assert good == {("valid", "exact")}
    assert {found[f"{numbers[4]}.{form}"] for form in ("pdf", "png")} == {("revoked", "exact")}
    assert found[f"{numbers[5]}.pdf"] == ("withdrawn", "exact")  # nothing but the hash is known, and that is ours
    assert found[f"{numbers[5]}.json"] == ("withdrawn", "genuine-not-exact")
    assert (ran.code, ran.told["folder"]["faults"]) == (1, [])
    assert ran.told["folder"]["certificates"] == 6
    assert kit.run(bare_python, folder, *files[:3]).code == 0


def test_an_answer_has_the_fields_and_words_of_the_house(made, tmp_path, bare_python):
    path = kit.forms(made[0].number, tmp_path)["pdf"]
    kit.export(tmp_path / "kit")
    ours = verification.verify_file(path.read_bytes(), clock.now())
    ran = kit.run(bare_python, tmp_path / "kit", path, "--json")
    same = {name: value for name, value in ours.to_json_dict().items() if name not in ("checked_at", "pdf_url")}
    assert {name: ran.told[name] for name in same} == same
    assert ran.code == ours.exit_code == 0
    words = kit.run(bare_python, tmp_path / "kit", made[0].number.lower()).out
    assert "Valid" in words
    assert "Holder: Ada Beispiel" in words


def test_the_folder_tells_no_more_than_holders_show(made, tmp_path):
    numbers = numbers_of(made)
    erase(made[5])
    kit.export(tmp_path / "kit")
    paths = [path for path in (tmp_path / "kit").rglob("*") if path.is_file()]
    everything = b"\n".join(path.read_bytes() for path in paths)
    assert [name for name in NAMES if name.encode() in everything] == ["Ada Beispiel", "Bea Muster"]
    assert [number for number in numbers if number.encode() in everything] == numbers[:2]
    for number, status in ((numbers[3], "valid"), (numbers[5], "withdrawn")):
        assert json.loads((tmp_path / "kit" / file_of(number)).read_text()) == {"status": status}


def test_what_was_altered_foreign_or_unknown(made, tmp_path, bare_python):
    files = kit.forms(made[0].number, tmp_path)
    kit.export(tmp_path / "kit")
    strange = tmp_path / "strange"
    strange.mkdir()
    later = strange / "later.pdf"
    later.write_bytes(files["pdf"].read_bytes() + b"\n1 0 obj\n<<>>\nendobj\nxref\ntrailer\n%%EOF\n")
    spaced = strange / "spaced.json"
    spaced.write_text(json.dumps(json.loads(files["json"].read_text())))
    renamed = strange / "renamed.json"
    renamed.write_text(files["json"].read_text().replace("Ada Beispiel", "Eve Beispiel"))
    (strange / "notes.txt").write_text("hello")
    (strange / "plain.pdf").write_bytes(b"%PDF-1.7\nstartxref\n0\n%%EOF")
    found = told(kit.run(bare_python, tmp_path / "kit", "--json", *sorted(strange.iterdir()), kit_free_number()))
    unknown = found.pop(next(name for name in found if "." not in name))
    assert found == {
        "later.pdf": ("valid", "altered"),
        "spaced.json": ("valid", "exact"),  # a wallet has set its spaces otherwise
        "renamed.json": ("unknown", "altered") if renamed_is_unknown(made) else ("valid", "altered"),
        "notes.txt": ("unknown", "not-ours"),
        "plain.pdf": ("unknown", "unsigned"),
    }
    assert unknown == ("unknown", None)
    assert kit.run(bare_python, tmp_path / "kit", strange / "notes.txt").code == 2
    assert kit.run(bare_python, tmp_path / "kit", strange / "later.pdf").code == 1


def kit_free_number() -> str:
    from certificates.numbers import new_number

    return new_number()


def renamed_is_unknown(made: list[Credential]) -> bool:
    return False


@pytest.mark.parametrize(
    "path",
    ["register/entries/1.jsonl", "register/head.txt", "status-lists/1", "manifest.json", "manifest.note", "keys.json",
     "documents.json", "certificate", "verifier/certificates/status.py"],
)  # fmt: skip
@pytest.mark.sqlite_only
def test_one_edited_byte_is_named(made, tmp_path, bare_python, path):
    kit.export(tmp_path / "kit")
    path = file_of(made[0].number) if path == "certificate" else path
    place = -2 if path == "verifier/certificates/status.py" else None
    kit.change_a_byte(tmp_path / "kit" / path, place)
    ran = kit.run(bare_python, tmp_path / "kit", "--all", "--json") if place is None else None
    if ran is None:  # the last line of a module is a call: a program that was changed may not start, and says so
        assert kit.run(bare_python, tmp_path / "kit", "--all").code != 0
        return
    assert ran.code == 1, ran.err
    assert {fault["path"].partition(":")[0] for fault in ran.told["folder"]["faults"]} == {path}


def test_nothing_is_answered_from_a_file_that_was_changed(made, tmp_path, bare_python):
    pdf = kit.forms(made[0].number, tmp_path)["pdf"]
    kit.export(tmp_path / "kit")
    kit.change_a_byte(tmp_path / "kit" / file_of(made[0].number))
    ran = kit.run(bare_python, tmp_path / "kit", pdf)
    assert (ran.code, ran.out) == (2, "")
    assert file_of(made[0].number) in ran.err


def test_one_edited_byte_of_a_document_is_named_among_many(made, tmp_path, bare_python):
    files = [kit.forms(number, tmp_path)["pdf"] for number in numbers_of(made)]
    kit.export(tmp_path / "kit")
    kit.change_a_byte(files[2], 2_000)
    ran = kit.run(bare_python, tmp_path / "kit", *files)
    lines = ran.out.splitlines()
    assert [line for line in lines if not line.endswith(": exact, valid")] == [lines[2]]
    assert (ran.code, "altered" in lines[2], files[2].name in lines[2]) == (1, True, True)


def test_a_key_from_elsewhere_decides_whose_folder_it_is(made, tmp_path, bare_python):
    exported = kit.export(tmp_path / "kit")
    mine = tmp_path / "mine.pem"
    shutil.copyfile(tmp_path / "kit" / "keys" / f"{exported.key_id}.pem", mine)
    log = next((tmp_path / "kit" / "register" / "keys").glob("*.pem"))
    assert kit.run(bare_python, tmp_path / "kit", "--all", "--key", mine).code == 0
    ran = kit.run(bare_python, tmp_path / "kit", "--all", "--key", log)
    assert (ran.code, "manifest.note" in ran.out) == (1, True)


@pytest.mark.sqlite_only
def test_with_cryptography_alone_what_is_exactly_ours_is_known_still(made, tmp_path):
    files = kit.forms(made[0].number, tmp_path)
    kit.export(tmp_path / "kit")
    poor = kit.make_bare_python(tmp_path / "poor", "pyhanko", "asn1crypto", "pyld", "joserfc", "cachetools", "defused")
    assert kit.run(poor, tmp_path / "kit", "--all", files["pdf"], made[1].number).code == 0
    kit.change_a_byte(files["pdf"], 2_000)
    ran = kit.run(poor, tmp_path / "kit", files["pdf"])
    assert (ran.code, "requirements.txt" in ran.err) == (2, True)
    assert kit.run(poor, tmp_path / "kit", files["json"]).code == 2


@pytest.mark.sqlite_only
def test_years_later_what_has_ended_is_expired(made, tmp_path, monkeypatch):
    """Run in this process, with the clock set forward: dates that a hidden entry does not tell are those of the file."""
    from certificates.exit_kit import program

    shared = made[3].number  # by link only
    files = kit.forms(shared, tmp_path)
    kit.export(tmp_path / "kit")
    soon, late = clock.now() + timedelta(days=1), clock.now() + timedelta(days=4 * 365)
    assert program.main([str(files["pdf"])], tmp_path / "kit", soon) == 0
    assert program.main([str(files["pdf"])], tmp_path / "kit", late) == 1
    assert program.main([str(files["json"])], tmp_path / "kit", late) == 1
    assert program.main([made[0].number], tmp_path / "kit", late) == 1
