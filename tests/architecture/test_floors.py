"""The floors: calls go down, pure rooms stay pure, and no room stands outside the plan."""

import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).with_name("lint-imports")


def contracts() -> dict[str, dict]:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    return {contract["id"]: contract for contract in settings["contracts"]}


def rooms_of(folder: Path) -> set[str]:
    """Modules and packages that stand directly in a folder."""
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    return modules | {path.parent.name for path in folder.glob("*/__init__.py")}


def test_every_contract_is_kept():
    done = subprocess.run([LINT, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-3_000:]
    assert f"Contracts: {len(contracts())} kept, 0 broken." in done.stdout


def test_every_room_of_app_has_a_floor_of_its_own():
    named = [
        room.strip(" ()") for layer in contracts()["rooms"]["layers"] for room in layer.replace("|", ":").split(":")
    ]

    assert len(named) == len(set(named))
    assert set(named) == rooms_of(PROJECT / "app"), "give a new room its floor in pyproject.toml, contract `rooms`"


def test_every_package_is_under_the_contracts():
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    packages = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"migrations", "tests"}

    assert set(settings["importlinter"]["root_packages"]) == packages


def test_a_call_upwards_would_be_found(tmp_path):
    """The linter itself is asked with a house of two rooms, so that a kept contract means something."""
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "__init__.py").write_text('"""A house."""\n')
    (tmp_path / "house" / "cellar.py").write_text("from house import roof\n")
    (tmp_path / "house" / "roof.py").write_text('"""The roof."""\n')
    (tmp_path / "pyproject.toml").write_text(
        '[tool.importlinter]\nroot_packages = ["house"]\n[[tool.importlinter.contracts]]\nname = "down"\ntype = "layers"\n'
        'containers = ["house"]\nexhaustive = true\nlayers = ["roof", "cellar"]\n'
    )

    done = subprocess.run([LINT, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "house.cellar -> house.roof" in done.stdout
