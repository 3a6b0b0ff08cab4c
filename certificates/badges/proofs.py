"""Data Integrity proofs with the suite eddsa-rdfc-2022 (W3C Data Integrity EdDSA Cryptosuites v1.0, section 3.2).

What is signed is the hash of the canonical proof options followed by the hash of the canonical document. The options
carry the document's own `@context`, and `created` as it is written: another writing of the same time breaks the proof.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from certificates.badges.linked_data import LinkedDataError, canonical_form, require_defined
from certificates.badges.multikey import MultikeyInvalid, decode_base58, encode_base58

PROOF_TYPE, SUITE, PURPOSE = "DataIntegrityProof", "eddsa-rdfc-2022", "assertionMethod"
SIGNATURE_BYTES = 64
FIELDS = frozenset({"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"})
"""What a proof of ours holds, no less and no more."""


class ProofInvalid(ValueError):
    """A proof that does not hold for its document, or that has not the shape of one."""


def written_time(moment: datetime) -> str:
    """Return a time as credentials write it: UTC, whole seconds, `2026-01-31T09:30:00Z`. Raises ValueError without zone."""
    if moment.tzinfo is None:
        raise ValueError("a time in a credential needs a zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def secure(
    credential: dict[str, Any], sign: Callable[[bytes], bytes], verification_method: str, created: datetime
) -> dict[str, Any]:
    """Return a copy of a credential with `proof`, a list of one Data Integrity proof.

    `sign` gets 64 bytes and answers with a raw Ed25519 signature of 64 bytes. Raises TermUndefined when a key or type
    would not be covered, and ProofInvalid for a credential that has a proof or a signature of another length.
    """
    if "proof" in credential:
        raise ProofInvalid("this credential has a proof already")
    options = {
        "type": PROOF_TYPE,
        "cryptosuite": SUITE,
        "created": written_time(created),
        "verificationMethod": verification_method,
        "proofPurpose": PURPOSE,
    }
    signature = sign(signed_bytes(credential, options))
    if len(signature) != SIGNATURE_BYTES:
        raise ProofInvalid(f"an Ed25519 signature has {SIGNATURE_BYTES} bytes, not {len(signature)}")
    return credential | {"proof": [options | {"proofValue": encode_base58(signature)}]}


def signed_bytes(unsecured: dict[str, Any], options: dict[str, Any]) -> bytes:
    """Return the 64 bytes that a proof signs, from a document without `proof` and options without `proofValue`.

    Raises TermUndefined and LinkedDataError.
    """
    context = {"@context": unsecured["@context"]} if "@context" in unsecured else {}
    return _hash(context | options) + _hash(unsecured)


def _hash(document: dict[str, Any]) -> bytes:
    return sha256(canonical_form(require_defined(document).document)).digest()


def verify(secured: dict[str, Any], proof: dict[str, Any], public_der: bytes) -> None:
    """Check one proof of a document with a public key (SubjectPublicKeyInfo). Raises ProofInvalid with the reason."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    if (proof.get("type"), proof.get("cryptosuite")) != (PROOF_TYPE, SUITE):
        raise ProofInvalid(f"the proof is not of the suite {SUITE}")
    unsecured = {key: value for key, value in secured.items() if key != "proof"}
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    try:
        key = load_der_public_key(public_der)
        if not isinstance(key, Ed25519PublicKey):
            raise ProofInvalid("the key of the proof is not of the kind Ed25519")
        key.verify(decode_base58(str(proof.get("proofValue"))), signed_bytes(unsecured, options))
    except InvalidSignature as problem:
        raise ProofInvalid("the signature does not fit the document") from problem
    except (MultikeyInvalid, LinkedDataError) as problem:
        raise ProofInvalid(str(problem)) from problem
