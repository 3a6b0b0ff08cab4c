"""The verifier of an exported folder: its arguments, what it prints, and its exit code. Pure but for files and the screen.

Exit codes are those of `laurel verify`. Of several answers the gravest counts: 1 before 2 before 0.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from certificates.checking.judgement import BAD, GOOD, UNSURE
from certificates.exit_kit import words
from certificates.exit_kit.answering import KitAnswer, answer_found, answer_number
from certificates.exit_kit.badge_papers import is_badge, look_into_badge
from certificates.exit_kit.folder import Kit
from certificates.exit_kit.manifest import KitBroken
from certificates.exit_kit.papers import ToolMissing, look_into_pdf
from certificates.exit_kit.whole import WholeReport, check_whole
from certificates.numbers import NumberInvalid, parse_number
from certificates.register.note import NoteInvalid, key_from_pem

ABOUT = "Check certificates (PDF, JSON, JWT, PNG, SVG, or a number) against the folder that this program lies in."
CODES = (
    "exit 0: valid, and exact where a file was given; 1: of this body and not to be relied on, or the folder was changed; "
    "2: could not tell, or not of this body"
)
LARGEST_FILE = 20 * 1024 * 1024
SIGNED_BY = "Signed by key {key}. Compare it with what you know of this body, or give --key.\n"
_MISSHAPEN = (LookupError, TypeError, AttributeError, ValueError, RecursionError)
"""What a folder causes that somebody has put together and signed anew."""


class CannotRead(Exception):
    """Something given is neither a file nor a number."""


def main(arguments: Sequence[str], root: Path, now: datetime) -> int:
    """Run the verifier of the folder `root`; the exit code."""
    given = _parser().parse_args(arguments)
    if not given.what and not given.all:
        _parser().print_help(sys.stderr)
        return UNSURE
    try:
        pinned = [key_from_pem(path.read_bytes()) for path in given.key]
        report = check_whole(root, pinned) if given.all else None
        answers = _answer_all(given.what, root, pinned, now) if given.what else {}
        signer = Kit(root, pinned).signed_by if report is None or not report.faults else None
    except (CannotRead, KitBroken, NoteInvalid, ToolMissing, OSError) as problem:
        sys.stderr.write(f"{problem}\n")
        return UNSURE
    except _MISSHAPEN as problem:
        sys.stderr.write(f"something in the folder has another shape than this program reads: {problem!r}\n")
        return UNSURE
    sys.stdout.write(_as_json(report, answers, signer) if given.json else _as_text(report, answers))
    if signer and not pinned and not given.json:
        (sys.stdout if report else sys.stderr).write(SIGNED_BY.format(key=signer))
    return _gravest([*([BAD if report.faults else GOOD] if report else []), *(a.exit_code for a in answers.values())])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="verify.py", description=ABOUT, epilog=CODES)
    parser.add_argument("what", nargs="*", metavar="FILE|NUMBER")
    parser.add_argument("--all", action="store_true", help="check the whole folder: every file, entry and proof")
    parser.add_argument("--json", action="store_true", help="one JSON object for programs")
    parser.add_argument(
        "--key", action="append", default=[], type=Path, metavar="PEM",
        help="the public key for answers of the body, from elsewhere than this folder: the list of files must be signed by it",
    )  # fmt: skip
    return parser


def _answer_all(what: Sequence[str], root: Path, pinned: list[bytes], now: datetime) -> dict[str, KitAnswer]:
    kit = Kit(root, pinned)
    return {one: _answer(kit, one, now) for one in what}


def _answer(kit: Kit, what: str, now: datetime) -> KitAnswer:
    """A file of that name goes before a number."""
    path = Path(what)
    if path.is_file():
        data = _read(path)
        found = look_into_badge(kit, data, now) if is_badge(data) else look_into_pdf(kit, data)
        return answer_found(kit, found, now)
    try:
        parse_number(what)
    except NumberInvalid as problem:
        if not what.strip() or path.suffix or "/" in what:
            raise CannotRead(f"{what}: there is no such file") from problem
    return answer_number(kit, what, now)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise CannotRead(f"{path}: it is larger than any certificate")
    return data


def _as_json(report: WholeReport | None, answers: dict[str, KitAnswer], signer: str | None) -> str:
    """One answer by itself has the shape of `laurel verify --json`; more of them, or the whole folder, are gathered."""
    listed: list[dict[str, Any]] = [answer.to_json_dict() | {"what": what} for what, answer in answers.items()]
    told: dict[str, Any] = listed[0] if len(listed) == 1 and report is None else {"answers": listed}
    if report is not None:
        told["folder"] = report.to_json_dict()
    return json.dumps(told | {"signed_by": signer}, ensure_ascii=False) + "\n"


def _as_text(report: WholeReport | None, answers: dict[str, KitAnswer]) -> str:
    lines = [words.of_whole(report)] if report is not None else []
    if len(answers) == 1 and report is None:
        lines += [words.in_words(answer) for answer in answers.values()]
    else:
        lines += [words.in_a_line(what, answer) for what, answer in answers.items()]
    return "\n".join(lines) + "\n"


def _gravest(codes: Sequence[int]) -> int:
    return next((code for code in (BAD, UNSURE) if code in codes), GOOD)
