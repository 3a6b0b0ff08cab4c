"""Writing an export: by the command, again over an earlier one, and never over something else."""

import json
from dataclasses import replace

import pytest
from flask import current_app

from app import clock
from app.extensions import db
from certificates.checking import verification
from certificates.exit_kit import copying, program
from certificates.exit_kit.cli import export
from tests.certificates.exit_kit import kit
from tests.factories.certificates import certify


@pytest.fixture
def run(app):
    """Run the command in a context of its own, as the shell would."""

    def invoke(*args):
        db.session.commit()
        result = app.test_cli_runner().invoke(export, ["register", *map(str, args)])
        db.session.rollback()
        return result

    return invoke


def test_an_answer_has_the_fields_and_words_of_the_house(run, tmp_path, capsys):
    credential = certify()
    credential.visibility, number = "public", credential.number
    db.session.commit()
    path = kit.forms(number, tmp_path)["pdf"]
    result = run(tmp_path / "kit", "--json")
    assert result.exit_code == 0, result.stderr
    assert {name: json.loads(result.stdout)[name] for name in ("certificates", "entries")} == {
        "certificates": 1, "entries": 1,
    }  # fmt: skip
    ours = verification.verify_file(path.read_bytes(), clock.now())
    code = program.main([str(path), "--json"], tmp_path / "kit", clock.now())
    found = json.loads(capsys.readouterr().out)
    same = {name: value for name, value in ours.to_json_dict().items() if name not in ("checked_at", "pdf_url")}
    assert {name: found[name] for name in same} == same
    assert code == ours.exit_code == 0
    assert program.main([number.lower()], tmp_path / "kit", clock.now()) == 0
    assert "Holder: Ada Beispiel" in capsys.readouterr().out


def test_a_later_export_takes_the_place_of_an_earlier_one(run, tmp_path, capsys):
    number = certify().number
    assert run(tmp_path / "kit").exit_code == 0
    another = certify("Bea Muster").number
    assert program.main([another], tmp_path / "kit", clock.now()) == 2
    assert run(tmp_path / "kit").exit_code == 0
    assert [program.main([one], tmp_path / "kit", clock.now()) for one in (number, another)] == [0, 0]
    assert program.main(["--all"], tmp_path / "kit", clock.now()) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["kit"]
    capsys.readouterr()


def test_what_is_no_export_of_ours_is_left_alone(run, tmp_path):
    certify()
    mine = tmp_path / "papers" / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("years of work")
    refused = run(mine.parent)
    assert (refused.exit_code, mine.read_text()) == (2, "years of work")
    assert "thesis.txt" in refused.stderr
    assert run(tmp_path / "kit").exit_code == 0
    (tmp_path / "kit" / "note.txt").write_text("mine")
    assert run(tmp_path / "kit").exit_code == 2
    assert (tmp_path / "kit" / "note.txt").read_text() == "mine"


def test_a_body_that_has_no_keys_is_told_so(run, tmp_path, monkeypatch):
    empty = replace(current_app.extensions["settings"], keys_folder=str(tmp_path / "no keys"))
    monkeypatch.setitem(current_app.extensions, "settings", empty)
    refused = run(tmp_path / "kit")
    assert refused.exit_code == 2
    assert "laurel keys init" in refused.stderr
    assert not (tmp_path / "kit").exists()


@pytest.mark.sqlite_only
def test_the_pages_need_no_script_and_lead_to_files_that_are_there(scene):
    page = (scene.folder / "index.html").read_text()
    assert "<script" not in page
    named = [part.partition('"')[0] for part in page.split('href="')[1:]]
    assert len(named) > 5
    assert [name for name in named if not (scene.folder / name).is_file()] == []
    text = (scene.folder / "README.txt").read_text()
    assert all(word in text for word in ("verify.py --all", "The Test Body", "requirements.txt"))
    assert max(map(len, text.splitlines())) < 140


def test_the_program_that_travels_is_small_and_knows_neither_web_nor_database():
    modules, requirements = copying.list_modules(), copying.list_requirements()
    assert "certificates.exit_kit.program" in modules
    assert not [name for name in modules if name.startswith(("app.", "courses", "assessments")) and name != "app.clock"]
    names = {line.partition("==")[0].lower() for line in requirements}
    assert names == {
        "asn1crypto", "cachetools", "cryptography", "defusedxml", "joserfc", "pyhanko", "pyhanko-certvalidator", "pyld",
    }  # fmt: skip
