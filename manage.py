#!/usr/bin/env python3
"""The one door for newcomers: `python3 manage.py run` and `python3 manage.py test`. Standard library only.

It makes `.venv`, installs the locked packages and hands over to the product's own command line.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
LEAST_PYTHON = (3, 11)


def stop(words: str) -> None:
    """Say why nothing can be done, and end with 2."""
    print(words, file=sys.stderr)
    raise SystemExit(2)


def run(*command: str | Path, **kwargs: object) -> None:
    """Run a program and stop with its exit code if it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, **kwargs)  # type: ignore[call-overload]
    if done.returncode:
        raise SystemExit(done.returncode)


def uv() -> Path:
    """The installer, in the environment itself."""
    return BIN / "uv"


def make_environment() -> None:
    """Make `.venv` and put the installer into it, unless they are there."""
    if sys.version_info < LEAST_PYTHON:
        stop(f"Python {'.'.join(map(str, LEAST_PYTHON))} or newer is needed; this is {sys.version.split()[0]}.")
    if not (BIN / "python").exists():
        print("Making .venv …", flush=True)
        try:
            venv.create(VENV, with_pip=True)
        except (OSError, subprocess.CalledProcessError) as error:
            stop(f"Could not make .venv ({error}). On Debian and Ubuntu: apt install python3-venv")
    if not uv().exists():
        run(BIN / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "uv")


def install(lock: str) -> None:
    """Install the locked set, unless the stamp says that it is there already."""
    make_environment()
    path = ROOT / "requirements" / f"{lock}.txt"
    wanted = hashlib.sha256(path.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f"installed-{lock}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing {path.name} …", flush=True)
    environment = os.environ | {"VIRTUAL_ENV": str(VENV)}
    run(uv(), "pip", "install", "-q", "-r", path, env=environment)
    run(uv(), "pip", "install", "-q", "--no-deps", "-e", ".", env=environment)
    stamp.write_text(wanted)


def command_run(arguments: argparse.Namespace, _rest: list[str]) -> None:
    """Install, prepare and serve."""
    install("base")
    command = [str(BIN / "laurel"), "up", "--port", str(arguments.port), "--host", arguments.host]
    os.execv(command[0], command)


def command_test(_arguments: argparse.Namespace, rest: list[str]) -> None:
    """Install the test set and run the tests."""
    install("test")
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        words = "No Chromium was found: the tests in a browser cannot run. On Debian: apt install chromium"
        if os.environ.get("CI"):
            stop(words)
        print(words, file=sys.stderr, flush=True)
    os.execv(str(BIN / "python"), [str(BIN / "python"), "-m", "pytest", *rest])


def command_lock(_arguments: argparse.Namespace, _rest: list[str]) -> None:
    """Resolve all sets together, newest first, and write the locks."""
    make_environment()
    common = ("pip", "compile", "-q", "--upgrade", "--python-version", "3.11", "--no-annotate", "--no-header")
    folder = ROOT / "requirements"
    run(uv(), *common, folder / "test.in", "-o", folder / "test.txt")
    for name in ("base", "scale"):
        run(uv(), *common, "-c", folder / "test.txt", folder / f"{name}.in", "-o", folder / f"{name}.txt")


def main() -> None:
    """Read the command and do it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("run", help="install what is missing, prepare instance/, serve")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--host", default="127.0.0.1")
    serve.set_defaults(act=command_run)
    commands.add_parser("test", help="install the test set and run pytest; further words go to pytest").set_defaults(
        act=command_test
    )
    commands.add_parser("lock", help="write requirements/*.txt anew (maintainers)").set_defaults(act=command_lock)
    arguments, rest = parser.parse_known_args()
    if rest and arguments.command != "test":
        parser.error(f"unknown words: {' '.join(rest)}")
    arguments.act(arguments, rest)


if __name__ == "__main__":
    main()
