"""Public ids: random names for rows that leave the house, instead of sequential numbers."""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base32, lower case
LENGTH = 16  # 80 random bits


def new_public_id() -> str:
    """A fresh random id of 80 bits, safe in addresses and file names."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_secret() -> str:
    """A fresh token of 256 random bits for links and sessions; store only its hash."""
    return secrets.token_urlsafe(32)
