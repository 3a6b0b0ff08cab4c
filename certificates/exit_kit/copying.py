"""The verifier that travels with an export: our own modules that it needs, copied as they are, found by their imports."""

import ast
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from certificates.exit_kit.layout import PROGRAM, REQUIREMENTS, SCRIPT

PROJECT = Path(__file__).resolve().parents[2]
OURS = ("app", "certificates", "courses", "assessments")
START = ("app.clock", "certificates.exit_kit.program")
DATA = ("certificates/badges/contexts",)
"""Folders that copied modules read from."""
_INDIRECT = ("asn1crypto", "pyhanko-certvalidator")
_WORDS = """# What verify.py needs beside Python {python} or newer, in the versions that it was tried with; newer ones may do as well.
# python -m venv checking && checking/bin/pip install -r requirements.txt && checking/bin/python verify.py --all
"""


def list_modules() -> list[str]:
    """The names of our modules that the verifier needs, itself included, with their packages."""
    found: set[str] = set()
    waiting = list(START)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        waiting += [other for other in imported(path_of(name)) if other.partition(".")[0] in OURS and _is_module(other)]
        waiting += [name.rpartition(".")[0]] if "." in name else []
    return sorted(found)


def path_of(module: str) -> Path:
    """The file of one of our modules."""
    place = PROJECT / module.replace(".", "/")
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def _is_module(name: str) -> bool:
    return path_of(name).is_file()


def imported(path: Path) -> Iterator[str]:
    """Every module that a file may import, those named within functions too; of `from a import b` both a and a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def list_requirements() -> list[str]:
    """The packages of others that those modules import, each with the version that is installed here."""
    names = {other.partition(".")[0] for module in list_modules() for other in imported(path_of(module))}
    outside = names - set(sys.stdlib_module_names) - set(OURS)
    known = metadata.packages_distributions()
    distributions = {known[name][0] for name in outside if name in known} | set(_INDIRECT)
    return sorted((f"{name}=={metadata.version(name)}" for name in distributions), key=str.lower)


def copy_program(folder: Path) -> None:
    """Write script, modules and the list of packages into a folder."""
    for source in [*map(path_of, list_modules()), *_data_files()]:
        target = folder / PROGRAM / source.relative_to(PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    (folder / SCRIPT).write_bytes(Path(__file__).with_name("verify.py").read_bytes())
    words = _WORDS.format(python="3.11")
    (folder / REQUIREMENTS).write_text(words + "\n".join(list_requirements()) + "\n", encoding="utf-8")


def _data_files() -> list[Path]:
    return [path for name in DATA for path in sorted((PROJECT / name).iterdir()) if path.is_file()]
