"""Passwords: Argon2id, a queue before the hashing, and the refusal of those that everyone tries first."""

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from app.errors import DomainError

LEAST, MOST = 8, 128
# OWASP Password Storage Cheat Sheet: Argon2id with at least 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_turns = threading.BoundedSemaphore(2)  # hashing may not take every thread of the server
_nobody_hash = _hasher.hash("no account has this password")


def _exact(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def hash_password(password: str) -> str:
    """The Argon2id hash of the whole password. Slow on purpose: never inside a writing transaction."""
    with _turns:
        return _hasher.hash(_exact(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long for an unknown account (`stored` None) as for a known one."""
    if len(password) > MOST * 4:
        password = password[: MOST * 4] + "\x00too long"
    with _turns:
        try:
            return _hasher.verify(stored or _nobody_hash, _exact(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with older parameters."""
    return _hasher.check_needs_rehash(stored)


def check_new(password: str, own_words: list[str]) -> None:
    """Refuse a password that is too short, too long, or among the first an attacker tries. Raises DomainError."""
    if len(password) < LEAST:
        raise DomainError(_("Use at least %(least)s characters.", least=LEAST), "password")
    if len(password) > MOST:
        raise DomainError(_("Use at most %(most)s characters.", most=MOST), "password")
    if _is_common(password) or _is_own_word(password, own_words):
        message = _(
            "This password is among the first that attackers try. Choose another, such as four words of your own."
        )
        raise DomainError(message, "password")


def _is_common(password: str) -> bool:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    folded = password.casefold()
    return len(set(folded)) < 4 or any(folded in FREQUENCY_LISTS[name] for name in ("passwords", "english_wikipedia"))


def _is_own_word(password: str, own_words: list[str]) -> bool:
    folded = "".join(c for c in password.casefold() if c.isalnum())
    own = {"".join(c for c in word.casefold() if c.isalnum()) for word in own_words}
    return any(word and folded.strip("0123456789") == word.strip("0123456789") for word in own)
