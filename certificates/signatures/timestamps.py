"""Timestamps of an authority: proof that a signature was there at a time that we did not state ourselves.

The authority is asked over HTTP as RFC 3161 says; its token goes into the signature (PAdES B-T, ETSI EN 319 142-1).
What comes back is checked before it is used: that it stamps our very bytes, that it is whole, that its signer may
stamp, and that its clock and ours agree. Whether the authority is to be trusted was decided by whoever configured it.
"""

import hashlib
import hmac
import http.client
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

TimestampAuthority = Callable[[bytes], bytes]
"""Takes a request and returns the reply, both in DER (RFC 3161, 2.4). Raises TimestampRefused."""

LARGEST_REPLY = 64 * 1024
"""Bytes; a token with its certificates has some 4,000 to 8,000."""
SECONDS_PER_STEP, SECONDS_IN_ALL = 10.0, 20.0
WIDEST_CLOCKS = timedelta(minutes=10)
"""By how much the clock of an authority may differ from ours."""
_CHUNK = 8 * 1024


class TimestampRefused(ValueError):
    """The authority did not answer, refused, or gave something that is no timestamp of what was asked."""


class TimestampServer:
    """An authority at an address, asked anew each time. No redirection is followed and no proxy used.

    Raises ValueError for an address that is not http or https.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not the address of a timestamp authority: {url!r}")
        self.host = parts.hostname
        self._url = parts

    def __call__(self, request: bytes) -> bytes:
        """Send a request and return the reply in DER. Raises TimestampRefused when there is none in time."""
        ends = time.monotonic() + SECONDS_IN_ALL
        connection = _connection(self._url)
        try:
            connection.request("POST", _target(self._url), request, {"Content-Type": "application/timestamp-query"})
            with connection.getresponse() as response:
                if response.status != http.HTTPStatus.OK:
                    raise TimestampRefused(f"{self.host} answered {response.status} {response.reason}")
                return _read(response, ends, self.host)
        except (OSError, http.client.HTTPException) as problem:
            raise TimestampRefused(f"{self.host} did not answer: {problem or type(problem).__name__}") from problem
        finally:
            connection.close()


def _connection(url: SplitResult) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    return kind(url.hostname or "", url.port, timeout=SECONDS_PER_STEP)


def _target(url: SplitResult) -> str:
    return (url.path or "/") + (f"?{url.query}" if url.query else "")


def _read(response: http.client.HTTPResponse, ends: float, host: str) -> bytes:
    """Read a reply of bounded size in bounded time, however slowly it drips."""
    body = b""
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > LARGEST_REPLY:
            raise TimestampRefused(f"the answer of {host} is larger than {LARGEST_REPLY} bytes")
        if time.monotonic() > ends:
            raise TimestampRefused(f"{host} took longer than {SECONDS_IN_ALL:.0f} seconds")
    return body


def as_pyhanko(authority: TimestampAuthority, signed_at: datetime) -> Any:
    """Return pyHanko's client for an authority, which checks every token against what was asked."""
    return _client_class()(authority, signed_at)


@cache
def _client_class() -> Any:
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper

    class CheckedClient(TimeStamper):
        def __init__(self, authority: TimestampAuthority, signed_at: datetime) -> None:
            super().__init__()
            self._authority = authority
            self._signed_at = signed_at

        async def async_request_tsa_response(self, req: Any) -> Any:
            return tsp.TimeStampResp.load(self._authority(req.dump()))

        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            try:
                token = await super().async_timestamp(message_digest, md_algorithm)
                stamped = _stamped_at(token["content"], message_digest)
            except TimestampRefused:
                raise
            except Exception as problem:  # a stranger's ASN.1 fails in more ways than its parser documents
                raise TimestampRefused(f"what the authority sent is no timestamp: {problem}") from problem
            _compare_clocks(stamped, self._signed_at)
            return token

    return CheckedClient


def _compare_clocks(stamped: datetime, signed_at: datetime) -> None:
    if abs(stamped - signed_at) > WIDEST_CLOCKS:
        raise TimestampRefused(f"the authority's clock says {stamped.isoformat()}, ours {signed_at.isoformat()}")


def find_stamped_at(signer_info: Any) -> datetime | None:
    """Return the time at which an authority stamped a signature, or None without a whole timestamp of it.

    `signer_info` is a CMS SignerInfo (RFC 5652). Only wholeness is checked: who the authority is remains open.
    """
    digest = hashlib.sha256(signer_info["signature"].native).digest()
    try:
        for attribute in signer_info["unsigned_attrs"]:
            if attribute["type"].native == "signature_time_stamp_token":
                return _stamped_at(attribute["values"][0]["content"], digest)
    except Exception:  # unsigned bytes of an upload: whatever is wrong with them, they prove nothing
        return None
    return None


def _stamped_at(signed_data: Any, digest: bytes) -> datetime:
    """Check one token (RFC 3161, 2.4.2) for a SHA-256 digest and return its time. Raises TimestampRefused."""
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    content = signed_data["encap_content_info"]["content"]
    imprint = content.parsed["message_imprint"]
    same = hmac.compare_digest(imprint["hashed_message"].native, digest)
    if not same or imprint["hash_algorithm"]["algorithm"].native != "sha256":
        raise TimestampRefused("the authority stamped something else than our signature")
    [signer_info] = signed_data["signer_infos"]
    certificate: Certificate = _stamper_of(signed_data, signer_info)
    hashed = hashlib.new(signer_info["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
    intact, valid = validate_sig_integrity(signer_info, certificate, "tst_info", hashed)
    if not (intact and valid):
        raise TimestampRefused("the signature of the timestamp does not hold")
    return content.parsed["gen_time"].native


def _stamper_of(signed_data: Any, signer_info: Any) -> Any:
    """Return the certificate that signed a token, which may be for timestamps alone (RFC 3161, 2.3)."""
    wanted = signer_info["sid"].chosen
    for choice in signed_data["certificates"]:
        certificate = choice.chosen
        if signer_info["sid"].name == "issuer_and_serial_number":
            same = (certificate.issuer, certificate.serial_number) == (wanted["issuer"], wanted["serial_number"].native)
        else:
            same = certificate.key_identifier == wanted.native
        usage = certificate.extended_key_usage_value
        if same and usage is not None and usage.native == ["time_stamping"]:
            return certificate
    raise TimestampRefused("the authority did not send a certificate that is for timestamps alone")
