"""From the bytes of a file to the credential in it: JSON, token, PNG or SVG, within limits and without trust."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from certificates.badges import jwt
from certificates.badges.baking import BakingRefused, unbake
from certificates.badges.faults import Fault, FaultKind
from certificates.badges.png_parts import SIGNATURE

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_CREDENTIAL = 128 * 1024
DEEPEST = 32
MOST_VALUES = 2_000

_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


class BadgeFormat(StrEnum):
    """How a badge came: as a picture, as text, or in no known form. A picture holds JSON or a token."""

    JSON = "json"
    JWT = "jwt"
    PNG = "png"
    SVG = "svg"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class BadgeText:
    """What was found in a file. `token` is the whole token when the credential came as one, else empty."""

    form: BadgeFormat
    credential: dict[str, Any] | None = None
    token: str = ""
    header: dict[str, Any] | None = None
    claims: dict[str, Any] | None = None
    faults: tuple[Fault, ...] = ()


class _Unreadable(ValueError):
    """Stops the reading with one fault."""

    def __init__(self, kind: FaultKind, detail: str) -> None:
        super().__init__(detail)
        self.fault = Fault(kind, "", detail)


def read_badge(data: bytes) -> BadgeText:
    """Read anybody's file. Whatever it is, the answer is a BadgeText; faults say why there is no credential in it."""
    form = _form(data)
    try:
        if len(data) > LARGEST_FILE:
            raise _Unreadable(FaultKind.SIZE, "the file is too large")
        text = _carried(data, form)
        if _TOKEN.fullmatch(text):
            return _from_token(form if form in (BadgeFormat.PNG, BadgeFormat.SVG) else BadgeFormat.JWT, text)
        return BadgeText(form, _credential(_limited(_parse(text))))
    except _Unreadable as problem:
        return BadgeText(form, faults=(problem.fault,))


def _credential(value: dict[str, Any]) -> dict[str, Any]:
    """Refuse JSON of other kinds: badges of the older standards by name, the rest as no credential."""
    contexts = json.dumps(value.get("@context", ""))
    if "https://w3id.org/openbadges/" in contexts or "badge" in value:
        raise _Unreadable(FaultKind.STANDARD, "a badge of Open Badges 2 or older")
    if not value.keys() & {"credentialSubject", "proof", "type"}:
        raise _Unreadable(FaultKind.PARSE, "the JSON is no credential")
    return value


def _form(data: bytes) -> BadgeFormat:
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if data.startswith(SIGNATURE):
        return BadgeFormat.PNG
    if start.startswith(b"<"):
        return BadgeFormat.SVG
    if start.startswith(b"{"):
        return BadgeFormat.JSON
    return BadgeFormat.JWT if start.startswith(b"eyJ") else BadgeFormat.UNKNOWN


def _carried(data: bytes, form: BadgeFormat) -> str:
    """The text of the badge, out of its picture if it is in one."""
    if form is BadgeFormat.UNKNOWN:
        raise _Unreadable(FaultKind.PARSE, "neither JSON, token, PNG nor SVG")
    if form in (BadgeFormat.PNG, BadgeFormat.SVG):
        try:
            text = unbake(data)
        except BakingRefused as problem:
            kind = FaultKind.STANDARD if problem.older else FaultKind.BAKING
            raise _Unreadable(kind, str(problem)) from problem
    else:
        text = _decoded(data)
    if len(text) > LARGEST_CREDENTIAL:
        raise _Unreadable(FaultKind.SIZE, "the credential is too large")
    return text.strip()


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST_CREDENTIAL * 4:
        raise _Unreadable(FaultKind.SIZE, "the credential is too large")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _Unreadable(FaultKind.PARSE, "the text is not in UTF-8") from problem


def _from_token(form: BadgeFormat, token: str) -> BadgeText:
    """Tokens of the older data model hold the credential in the claim `vc`; the newer ones are the credential."""
    try:
        header, payload = jwt.read(token)
    except jwt.TokenInvalid as problem:
        raise _Unreadable(FaultKind.PARSE, str(problem)) from problem
    _limited(header)
    payload = _parse(json.dumps(_limited(payload)))
    claims = {name: value for name, value in payload.items() if name in jwt.CLAIMS}
    inner = payload.get("vc")
    if isinstance(inner, dict):
        older = Fault(FaultKind.STANDARD, "vc", "a token of the older data model")
        return BadgeText(form, inner, token, header, claims, (older,))
    credential = {name: value for name, value in payload.items() if name not in jwt.CLAIMS}
    return BadgeText(form, credential, token, header, claims)


def _parse(text: str) -> dict[str, Any]:
    """JSON without doubled keys, without numbers that are none, and with text that can be written in UTF-8."""
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError as problem:
        raise _Unreadable(FaultKind.SIZE, "the JSON is nested too deeply") from problem
    except ValueError as problem:
        raise _Unreadable(FaultKind.PARSE, f"not JSON: {problem}"[:200]) from problem
    if not isinstance(value, dict):
        raise _Unreadable(FaultKind.PARSE, "the JSON is no object")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _limited(value: dict[str, Any]) -> dict[str, Any]:
    """Refuse what is nested too deeply or holds too many values, before anything slower looks at it."""
    row: list[Any] = [value]
    seen = 0
    for _level in range(DEEPEST):
        row = [part for parts in row for part in _parts(parts)]
        seen += len(row)
        if seen > MOST_VALUES:
            raise _Unreadable(FaultKind.SIZE, "the credential holds too many values")
        if not row:
            return value
    raise _Unreadable(FaultKind.SIZE, "the credential is nested too deeply")


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
