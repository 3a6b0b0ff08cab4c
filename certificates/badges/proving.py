"""Who signed a badge: its proofs or its token, checked with keys of ours or with a key that is its own address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from certificates.badges import jwt, proofs
from certificates.badges.faults import Fault, FaultKind
from certificates.badges.linked_data import is_address
from certificates.badges.multikey import MultikeyInvalid, decode_key
from certificates.badges.reading import BadgeText
from certificates.badges.structure import as_list, read_time, window

MOST_PROOFS = 2
"""Each proof costs a canonical form of the whole document."""

Resolve = Callable[[str], bytes | None]
"""From the DID URL of a key to its public half (SubjectPublicKeyInfo) if it is a published key of ours, else None."""


@dataclass(frozen=True)
class Proven:
    """What the proof of a badge came to."""

    faults: tuple[Fault, ...]
    method: str = ""
    signed: bool = False
    ours: bool = False
    signed_at: datetime | None = None


def prove(credential: dict[str, Any], resolve: Resolve) -> Proven:
    """The proofs of a JSON badge: one by a key of ours counts before all others."""
    shaped = [(proof, _shape(proof)) for proof in as_list(credential.get("proof")) if isinstance(proof, dict)]
    if len(shaped) > MOST_PROOFS:
        return Proven((Fault(FaultKind.PROOF_SHAPE, "proof", "more proofs than are checked"),))
    if not shaped:
        return Proven((Fault(FaultKind.PROOF_MISSING, "proof", "nobody has signed this"),))
    answers = [Proven(tuple(faults)) if faults else _prove_one(credential, proof, resolve) for proof, faults in shaped]
    chosen = next((answer for answer in answers if answer.ours), answers[0])
    if chosen.ours and len(answers) > 1:
        return Proven(
            (*chosen.faults, Fault(FaultKind.PROOF_SHAPE, "proof", "more than one proof")), chosen.method, ours=True
        )
    return chosen


def _shape(proof: dict[str, Any]) -> list[Fault]:
    """What keeps a proof from being checked at all."""
    if (proof.get("type"), proof.get("cryptosuite")) != (proofs.PROOF_TYPE, proofs.SUITE):
        return [Fault(FaultKind.PROOF_UNSUPPORTED, "proof.type", f"only {proofs.SUITE} is checked here")]
    faults = []
    if not is_address(proof.get("verificationMethod")):
        faults.append(Fault(FaultKind.PROOF_SHAPE, "proof.verificationMethod", "no key is named"))
    if not isinstance(proof.get("proofValue"), str):
        faults.append(Fault(FaultKind.PROOF_SHAPE, "proof.proofValue", "no signature"))
    if "created" in proof and read_time(proof["created"]) is None:
        faults.append(Fault(FaultKind.DATE, "proof.created", "not a time with a zone"))
    if proof.get("proofPurpose") != proofs.PURPOSE:
        faults.append(Fault(FaultKind.PROOF_PURPOSE, "proof.proofPurpose", "not made to assert anything"))
    return faults


def _prove_one(credential: dict[str, Any], proof: dict[str, Any], resolve: Resolve) -> Proven:
    method, created = proof["verificationMethod"], read_time(proof.get("created"))
    own = resolve(method)
    key = own or _key_in(method)
    if key is None:
        return Proven((Fault(FaultKind.METHOD_UNKNOWN, "proof.verificationMethod", method[:200]),), method)
    faults = []
    if own and set(proof) != proofs.FIELDS:
        faults.append(Fault(FaultKind.PROOF_SHAPE, "proof", "holds more or less than our proofs do"))
    try:
        proofs.verify(credential, proof, key)
    except proofs.ProofInvalid as problem:
        faults.append(Fault(FaultKind.SIGNATURE, "proof.proofValue", str(problem)))
        return Proven(tuple(faults), method, ours=own is not None)
    return Proven(tuple(faults), method, signed=True, ours=own is not None, signed_at=created)


def _key_in(method: str) -> bytes | None:
    """The key that a did:key address is made of."""
    if not method.startswith("did:key:"):
        return None
    try:
        return decode_key(method.removeprefix("did:key:").partition("#")[0])
    except MultikeyInvalid:
        return None


def prove_token(found: BadgeText, resolve: Resolve) -> Proven:
    """The signature of a token, by the key that `kid` names; a key that the token brings along is not believed."""
    header = found.header or {}
    method = header.get("kid")
    if header.get("alg") not in jwt.READ_ALGORITHMS or "crit" in header or "b64" in header:
        return Proven((Fault(FaultKind.PROOF_UNSUPPORTED, "alg", str(header.get("alg"))[:40]),))
    if not isinstance(method, str):
        return Proven((Fault(FaultKind.METHOD_UNKNOWN, "kid", "no key is named"),))
    own = resolve(method)
    key = own or _key_in(method)
    if key is None:
        return Proven((Fault(FaultKind.METHOD_UNKNOWN, "kid", method[:200]),), method)
    faults = tuple(_claims(found)) if own else ()
    try:
        jwt.verify(found.token, key)
    except jwt.TokenInvalid as problem:
        return Proven((*faults, Fault(FaultKind.SIGNATURE, "signature", str(problem))), method, ours=own is not None)
    return Proven(faults, method, signed=True, ours=own is not None)


def _claims(found: BadgeText) -> list[Fault]:
    """The claims of a token of ours say the same as the credential beside them."""
    credential, claims = found.credential or {}, found.claims or {}
    begins, ends = window(credential)
    issuer = credential.get("issuer")
    expected = {
        "iss": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "jti": credential.get("id"),
        "nbf": int(begins.timestamp()) if begins else None,
        "exp": int(ends.timestamp()) if ends else None,
    }
    wrong = [name for name, value in expected.items() if claims.get(name) != value]
    return [Fault(FaultKind.FIELD, name, "the claim differs from the credential") for name in wrong]
