"""Making the two keys behind every signed document: a root, and the document signer that it vouches for.

Both are ECDSA on P-256, which every common PDF reader can check (Ed25519 is refused by poppler and NSS). The profile
follows RFC 5280: the root may sign certificates and lists only and has no room for another authority beneath it; the
signer may sign documents only. The signer names a revocation list and no OCSP address, because a reader that cannot
reach a named OCSP service reports "unknown issue" instead of a valid signature.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec


ALGORITHM = "ecdsa-p256-sha256"
LONGEST_NAME = 64
"""Upper bound of a common name and of an organisation name, in characters (RFC 5280, appendix A)."""


_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


class AuthorityRefused(ValueError):
    """A key was asked for with a name or a window that no reader would accept."""


@dataclass(frozen=True)
class Window:
    """The time in which a key may sign. Both ends are timezone-aware and included; X.509 keeps whole seconds."""

    not_before: datetime
    not_after: datetime

    def __post_init__(self) -> None:
        if self.not_before.tzinfo is None or self.not_after.tzinfo is None:
            raise AuthorityRefused("the window of a key needs times with a zone")
        if self.not_before >= self.not_after:
            raise AuthorityRefused("the window of a key ends before it begins")

    def holds(self, moment: datetime) -> bool:
        """Say whether a moment lies in the window."""
        return self.not_before <= moment <= self.not_after


@dataclass(frozen=True)
class Subject:
    """Whose key it is: the name of the key as a reader shows it, and the body that owns it."""

    common_name: str
    organisation: str

    def as_x509(self) -> x509.Name:
        """Return the X.509 name; raises AuthorityRefused for an empty part or one above 64 characters."""
        from cryptography import x509
        from cryptography.x509.oid import NameOID

        for part in (self.common_name, self.organisation):
            if not 1 <= len(part) <= LONGEST_NAME:
                raise AuthorityRefused(f"a name on a key has 1 to {LONGEST_NAME} characters: {part!r}")
        return x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.organisation),
                x509.NameAttribute(NameOID.COMMON_NAME, self.common_name),
            ]
        )


@dataclass(frozen=True)
class KeyPair:
    """A private key with the certificate of its public half. Never written anywhere by this module."""

    private_key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def window(self) -> Window:
        """The window written in the certificate."""
        return Window(self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc)


def make_root(subject: Subject, window: Window) -> KeyPair:
    """Make a self-signed P-256 root that may vouch for document signers and sign revocation lists."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    private_key = ec.generate_private_key(ec.SECP256R1())
    name = subject.as_x509()
    builder = _builder(name, name, private_key.public_key(), window)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return KeyPair(private_key, builder.sign(private_key, hashes.SHA256()))


def make_document_signer(root: KeyPair, subject: Subject, window: Window, crl_url: str | None = None) -> KeyPair:
    """Make a P-256 key for signing documents, vouched for by a root.

    `crl_url` is the public address of the root's revocation list, if one is served. Raises AuthorityRefused when the
    window reaches outside the root's, as documents signed then could not be checked.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    if window.not_before < root.window.not_before or window.not_after > root.window.not_after:
        raise AuthorityRefused("a document signer cannot be valid outside the window of its root")
    private_key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(subject.as_x509(), root.certificate.subject, private_key.public_key(), window)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
    builder = builder.add_extension(_authority_of(root), critical=False)
    if crl_url:
        builder = builder.add_extension(_list_at(crl_url), critical=False)
    return KeyPair(private_key, builder.sign(root.private_key, hashes.SHA256()))


def make_revocation_list(
    root: KeyPair, revoked: Iterable[tuple[int, datetime]], this_update: datetime, next_update: datetime, number: int
) -> bytes:
    """Return the root's revocation list in DER (RFC 5280, section 5).

    `revoked` holds serial numbers of document signers with the time of revocation; `number` grows with each list.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    builder = x509.CertificateRevocationListBuilder(root.certificate.subject, this_update, next_update)
    builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    builder = builder.add_extension(_authority_of(root), critical=False)
    for serial, moment in revoked:
        entry = x509.RevokedCertificateBuilder(serial, moment)
        entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(root.private_key, hashes.SHA256()).public_bytes(Encoding.DER)


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, window: Window
) -> x509.CertificateBuilder:
    """The parts that every certificate of ours has."""
    from cryptography import x509

    builder = x509.CertificateBuilder(issuer, subject, public_key, x509.random_serial_number())
    builder = builder.not_valid_before(window.not_before).not_valid_after(window.not_after)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)


def _usage(**allowed: bool) -> x509.KeyUsage:
    """A key usage with everything refused that is not named."""
    from cryptography import x509

    refused = dict.fromkeys(_USES, False)
    return x509.KeyUsage(**refused | allowed)


def _authority_of(root: KeyPair) -> x509.AuthorityKeyIdentifier:
    from cryptography import x509

    identifier = root.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _list_at(url: str) -> x509.CRLDistributionPoints:
    from cryptography import x509

    place = x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)
    return x509.CRLDistributionPoints([place])
