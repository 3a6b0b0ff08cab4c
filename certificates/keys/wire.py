"""What goes over the socket between a process that wants signatures and the signer: length, then one JSON object.

Requests: ``{"op": "keys"}``, and ``{"op": "sign", "purpose": …, "key": …, "data": base64}``. Answers:
``{"keys": [{"record": …, "public_pem": …, "chain": [PEM, …]}]}``, ``{"signature": base64}``, or
``{"error": "refused" | "busy", "message": …}``, where busy comes with ``retry_after`` in seconds. One request, one answer,
then both hang up. The length is four bytes, most significant first, and counts the bytes of the JSON in UTF-8.
"""

import base64
import binascii
import json
import socket
import struct
import time
from typing import Any

LENGTH = struct.Struct(">I")
LARGEST = 2 * 1024 * 1024
"""Bytes of one message: the largest that is signed, in base64, with room to spare."""


class WireError(ValueError):
    """What came over the socket is no message of ours, or not all of it came."""


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send one message. Raises OSError as the socket does, WireError for one that is too large."""
    body = json.dumps(message, separators=(",", ":")).encode()
    if len(body) > LARGEST:
        raise WireError(f"a message of {len(body)} bytes is too large")
    connection.sendall(LENGTH.pack(len(body)) + body)


def receive(connection: socket.socket, within: float) -> dict[str, Any]:
    """Receive one message, the whole of it `within` so many seconds. Raises WireError, or OSError as the socket does."""
    until = time.monotonic() + within
    (size,) = LENGTH.unpack(_read(connection, LENGTH.size, until))
    if size > LARGEST:
        raise WireError(f"a message of {size} bytes is too large")
    try:
        message = json.loads(_read(connection, size, until))
    except (ValueError, RecursionError) as problem:
        raise WireError("the message is not JSON") from problem
    if not isinstance(message, dict):
        raise WireError("the message is not an object")
    return message


def _read(connection: socket.socket, size: int, until: float) -> bytes:
    parts, missing = [], size
    while missing:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the message took too long to come")
        connection.settimeout(left)
        part = connection.recv(min(missing, 65_536))
        if not part:
            raise WireError("the other side hung up in the middle of a message")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def pack(data: bytes) -> str:
    """Bytes as a text of a message."""
    return base64.b64encode(data).decode("ascii")


def unpack(text: object) -> bytes:
    """Bytes back from a text of a message. Raises WireError."""
    if not isinstance(text, str):
        raise WireError("bytes travel as base64 text")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise WireError("bytes travel as base64 text") from problem
