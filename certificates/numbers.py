"""Certificate numbers: 130 random bits in Crockford base32 with one check character.

A number reads ``7KQ2-9XMD-4T3H-VB8C-PW5N-0RZE-J6A``: 26 random characters (130 bits, above the 128 that OWASP ASVS 5.0
11.5.1 asks for) and one check character, in groups of four. The alphabet is Crockford's: no I, L, O or U.

The check character is a Reed-Solomon symbol over GF(32) rather than Crockford's modulo 37 sign, because that scheme
needs ``* ~ $ =``, which do not survive in addresses, in speech or in the alphanumeric mode of a QR code. Every place
carries another power of the generator of GF(32), whose order is 31. As 27 places are fewer than 31, the check finds
**every** single wrong character, **every** exchange of two different characters at any distance, and every
doubled pair typed as another (``55`` for ``44``). Of other errors one in 32 goes unseen, and then the register does not
know the number.
"""

import secrets
import unicodedata
from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = 26
LENGTH = RANDOM_CHARACTERS + 1
GROUP = 4
LONGEST_INPUT = 120
"""Longest text that is read at all: a number with generous separators is far shorter."""

_FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)
_VALUES = {character: value for value, character in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}


class NumberProblem(StrEnum):
    """Why a text is not a certificate number."""

    EMPTY = "empty"
    LENGTH = "length"
    CHARACTER = "character"
    CHECK = "check"


class NumberInvalid(ValueError):
    """A text that cannot be a certificate number; ``problem`` says why, so that a page can say it in any language."""

    def __init__(self, problem: NumberProblem) -> None:
        super().__init__(f"not a certificate number: {problem.value}")
        self.problem = problem


def new_number() -> str:
    """Return a fresh certificate number in its canonical form, from the system's random source."""
    bits = secrets.randbits(5 * RANDOM_CHARACTERS)
    values = [bits >> (5 * place) & 31 for place in range(RANDOM_CHARACTERS)]
    return _grouped([*values, _check_value(values)])


def parse_number(text: str) -> str:
    """Return the canonical form of a certificate number typed or scanned by a person.

    Any case, any spaces and dashes are accepted; I and L are read as 1, O as 0 (Crockford's rules), and full-width
    forms as their plain ones. Raises NumberInvalid with the kind of problem for everything else.
    """
    values = [_value(character) for character in _significant(text)]
    if not values:
        raise NumberInvalid(NumberProblem.EMPTY)
    if len(values) != LENGTH:
        raise NumberInvalid(NumberProblem.LENGTH)
    if _check_value(values[:-1]) != values[-1]:
        raise NumberInvalid(NumberProblem.CHECK)
    return _grouped(values)


def _significant(text: str) -> str:
    """The characters of a typed number without spaces and dashes, upper case."""
    if len(text) > LONGEST_INPUT:
        raise NumberInvalid(NumberProblem.LENGTH)
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) not in {"Pd", "Cf"}).upper()


def _value(character: str) -> int:
    try:
        return _VALUES[character]
    except KeyError:
        raise NumberInvalid(NumberProblem.CHARACTER) from None


def _check_value(values: list[int]) -> int:
    """Evaluate the number as a polynomial at the generator of GF(32), by Horner's rule."""
    total = 0
    for value in values:
        total = (total ^ value) << 1
        if total & 32:
            total ^= _FIELD_POLYNOMIAL
    return total


def _grouped(values: list[int]) -> str:
    plain = "".join(ALPHABET[value] for value in values)
    return "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))
