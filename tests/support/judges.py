"""Outside judges in an environment of their own: programs that look at what we made and share no code with it.

They are installed when first asked for, from the locked lists of `requirements/` and `tests/judges/node`, into
`.judges/` of the project.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".judges"


def python_judge(name: str) -> Path:
    """The program of a Python judge, such as `outloud`; absent and not to be had, the test skips or fails."""
    environment = FOLDER / "python"
    program = environment / "bin" / name
    if not program.exists():
        with _alone():
            if not program.exists():
                _install_python(environment)
    return program


def _install_python(environment: Path) -> None:
    uv = Path(sys.executable).parent / "uv"
    steps = (
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, environment],
        [
            uv,
            "pip",
            "install",
            "--quiet",
            "--python",
            environment / "bin" / "python",
            "-r",
            ROOT / "requirements/judges.txt",
        ],
    )
    for step in steps:
        _run_or_give_up(step)


def ask_node(script: str, question: dict[str, Any]) -> dict[str, Any]:
    """The verdict of a script of `tests/judges/node` on a question; node missing, the test skips or fails."""
    folder = _node_folder()
    done = subprocess.run(
        [str(shutil.which("node")), folder / script],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return json.loads(done.stdout.splitlines()[-1])


def _node_folder() -> Path:
    """The installed judges, with the scripts as they are now."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        _give_up("node and npm are missing")
    folder, sources = FOLDER / "node", ROOT / "tests/judges/node"
    lock = (sources / "package-lock.json").read_text()
    stamp = folder / "installed.json"
    with _alone():
        folder.mkdir(exist_ok=True)
        for source in sources.iterdir():
            _renew(folder / source.name, source.read_bytes())
        if not stamp.exists() or stamp.read_text() != lock:
            _run_or_give_up([npm, "ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
            stamp.write_text(lock)
    return folder


def _renew(target: Path, content: bytes) -> None:
    """Put a file in place whole and at once: another run may be reading it in this moment."""
    if target.exists() and target.read_bytes() == content:
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(target)


def _run_or_give_up(step: list[str | Path]) -> None:
    """Run one step of an installation; where it fails, skip loudly, or fail where judges are required."""
    try:
        done = subprocess.run(step, capture_output=True, text=True, check=False, timeout=600)
    except OSError as problem:
        _give_up(str(problem))
    else:
        if done.returncode:
            _give_up(done.stderr.strip()[-400:])


def _give_up(reason: str) -> None:
    if os.environ.get("LAUREL_FIXTURES_REQUIRED") == "1":
        pytest.fail(f"an outside judge is required here and cannot be installed: {reason}")
    pytest.skip(f"an outside judge cannot be installed: {reason}")


@contextmanager
def _alone() -> Iterator[None]:
    """Several runs at once install a judge once."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
