"""The JSON-LD contexts that this house knows, from files beside this module. Every other address is refused.

Nothing is ever fetched: a host that served another context tomorrow would change what a signature covers, and an
address inside somebody's file would make this server call it.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

KNOWN = {
    CREDENTIALS_V2: "credentials-v2.json",
    CREDENTIALS_V1: "credentials-v1.json",
    "https://www.w3.org/ns/credentials/examples/v2": "credentials-examples-v2.json",
    "https://w3id.org/security/data-integrity/v1": "data-integrity-v1.json",
    "https://w3id.org/security/data-integrity/v2": "data-integrity-v2.json",
    "https://w3id.org/security/suites/ed25519-2020/v1": "ed25519-signature-2020-v1.json",
    OPEN_BADGES: "ob-v3p0-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": "ob-v3p0-3.0.2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": "ob-v3p0-3.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json": "ob-v3p0-3.0.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "ob-v3p0-extensions.json",
}
"""Address of a context (compared exactly, as JSON-LD does) and its file."""

_FOLDER = Path(__file__).with_name("contexts")


class ContextUnknown(ValueError):
    """A document names a context that is not among those of this house."""


def get_context(address: str) -> dict[str, Any]:
    """Return the context document of an address, as a copy of the caller's own. Raises ContextUnknown."""
    return json.loads(_text(address))


@cache
def _text(address: str) -> str:
    if address not in KNOWN:
        raise ContextUnknown(f"no context is kept here for {address[:200]!r}")
    return (_FOLDER / KNOWN[address]).read_text(encoding="utf-8")
