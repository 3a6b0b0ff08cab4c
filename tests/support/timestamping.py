"""A timestamp authority of the tests: an RSA key of its own behind a small server on this machine."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

Answer = Callable[[BaseHTTPRequestHandler, bytes], None]
"""What the server does with a request."""


def make_stamper(
    moment: datetime, usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING
) -> DummyTimeStamper:
    """Make an authority whose clock stands at a moment; its certificate is for `usage`."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time Stamps of Examples")])
    opened = datetime(2020, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(opened).not_valid_after(opened + timedelta(days=7300))
    builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    certificate = builder.sign(key, hashes.SHA256())
    return DummyTimeStamper(
        asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        fixed_dt=moment,
    )


def reply_of(stamper: DummyTimeStamper, request: bytes) -> bytes:
    """What an authority replies to a request, both in DER."""
    return stamper.request_tsa_response(tsp.TimeStampReq.load(request)).dump()


def stamping(stamper: DummyTimeStamper) -> Answer:
    """Answer as a working authority does."""

    def answer(handler: BaseHTTPRequestHandler, request: bytes) -> None:
        body = reply_of(stamper, request)
        handler.send_response(200)
        handler.send_header("Content-Type", "application/timestamp-reply")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """Serve an authority on a free port of this machine; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            answer(self, request)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/stamp?for=examples"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
