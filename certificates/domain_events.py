"""What happens to awards and certificates, in the past tense."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NameConfirmed:
    """A person confirmed the name that certificates will carry."""

    person_id: int


@dataclass(frozen=True)
class CredentialIssued:
    """A certificate's document exists, is signed, stored and registered."""

    person_id: int
    level_code: str
    credential_id: str


@dataclass(frozen=True)
class CredentialRevoked:
    """A revocation has taken effect."""

    person_id: int
    level_code: str
    credential_id: str
