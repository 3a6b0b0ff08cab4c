"""Pure packages stay pure: importing them brings in the standard library and nothing else, no clock and no chance."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# Packages that know neither the web nor the database. Add others here.
PURE_PACKAGES = ["assessments.grading", "assessments.analysis"]
# The door of a package to the command line imports click and nothing else from outside.
DOOR = "cli"

IMPORT_EVERYTHING = """
import importlib, pkgutil, sys
sys.path.insert(0, {project!r})
before = set(sys.modules)
package = importlib.import_module({package!r})
names = [found.name for found in pkgutil.walk_packages(package.__path__, {package!r} + ".")]
for name in names:
    if name.rpartition(".")[2] != {door!r}:
        importlib.import_module(name)
assert len(names) > 0
print(*sorted({{name.partition(".")[0] for name in set(sys.modules) - before}}))
"""

# Where the clock and chance come from. Random itself may be named: it is handed in with its seed.
CLOCK_AND_CHANCE = {"datetime", "time", "secrets", "uuid", "os", "random", "socket", "pathlib", "threading"}


@pytest.mark.parametrize("package", PURE_PACKAGES)
def test_a_fresh_process_loads_nothing_but_the_standard_library(package: str) -> None:
    script = IMPORT_EVERYTHING.format(project=str(PROJECT), package=package, door=DOOR)

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert not loaded & {"flask", "sqlalchemy", "app"}
    assert loaded - set(sys.stdlib_module_names) == {package.partition(".")[0]}


@pytest.mark.parametrize("package", PURE_PACKAGES)
def test_no_room_reaches_for_the_clock_or_for_chance(package: str) -> None:
    rooms = sorted((PROJECT / package.replace(".", "/")).rglob("*.py"))

    reached = {f"{room.name}: {name}" for room in rooms for name in imported(room) if name in CLOCK_AND_CHANCE}

    assert rooms
    assert reached == set()


@pytest.mark.parametrize("package", PURE_PACKAGES)
def test_package_faces_hold_one_docstring(package: str) -> None:
    for face in (PROJECT / package.replace(".", "/")).rglob("__init__.py"):
        tree = ast.parse(face.read_text(encoding="utf-8"))

        assert ast.get_docstring(tree), face
        assert len(tree.body) == 1, face


def imported(room: Path) -> set[str]:
    """Modules that a file imports, by their first name; `from random import Random` does not count."""
    names = set()
    for node in ast.walk(ast.parse(room.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and [alias.name for alias in node.names] != ["Random"]:
            names.add((node.module or "").partition(".")[0])
    return names
