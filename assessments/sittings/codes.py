"""The code of a sitting that the invigilator reads out: 40 random bits, good for ten minutes, kept as a digest only.

Eight letters of Crockford's base32, which holds no letters that are mistaken for each other. (security.md E10)
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from flask import current_app

from app.audit.services import record
from app.ids import ALPHABET
from assessments.sittings.models import Sitting

LENGTH = 8  # of 5 bits each
HOLDS = timedelta(minutes=10)
_MISTAKEN = str.maketrans("oil", "011")


def make_code(sitting: Sitting, actor: str, now: datetime) -> str:
    """A new code, to be shown once; the one before is dead from now on."""
    code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    sitting.code_hash, sitting.code_until = _digest(sitting.public_id, code), now + HOLDS
    record("sitting.code_made", actor=actor, subject=("sitting", sitting.public_id))
    return f"{code[:4]}-{code[4:]}".upper()


def is_code(sitting: Sitting, typed: str, now: datetime) -> bool:
    """Whether this is the code that holds now; case, spaces and hyphens do not matter."""
    if not sitting.code_hash or sitting.code_until is None or now > sitting.code_until:
        return False
    return hmac.compare_digest(_digest(sitting.public_id, plain_code(typed)), sitting.code_hash)


def plain_code(typed: str) -> str:
    """What was typed without case, spaces and hyphens, and with the digits that letters were mistaken for."""
    return "".join(letter for letter in typed.lower() if letter.isalnum()).translate(_MISTAKEN)


def _digest(public_id: str, code: str) -> str:
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, f"sitting\x00{public_id}\x00{code}".encode(), hashlib.sha256).hexdigest()
