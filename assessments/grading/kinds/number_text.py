"""Reading a number as people write it: decimal point or comma, thousands separators only where they are clear."""

import re
from decimal import Decimal

from assessments.grading.kinds.base import ResponseInvalid
from assessments.grading.messages import N_
from assessments.grading.numbers import plain_text

LONGEST = 40
MOST_DIGITS = 30

# Signs that keyboards and pasted text use for the plain ones. NFKC is not used: it would read a raised 2 as a 2.
_PLAIN_SIGNS = str.maketrans("\u2212\u2019\u00a0\u2009\u202f０１２３４５６７８９．，－＋", "-'   0123456789.,-+")
_ALLOWED = re.compile(r"[+-]?[0-9.,' ]+")
# "1,234" is 1234 to some readers and 1.234 to others; "0,234" and "1,2340" can only be decimals.
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_DECIMAL = re.compile(r"[+-]?[0-9]*([.,][0-9]+)?")
_GROUPED = (
    re.compile(r"[+-]?[1-9][0-9]{0,2}([ '])[0-9]{3}(\1[0-9]{3})*([.,][0-9]+)?"),
    re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}(\1[0-9]{3})+"),
    re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+\.[0-9]+"),
    re.compile(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+,[0-9]+"),
)


def read_number(raw: str) -> Decimal:
    """The number in `raw`.

    Raises ResponseInvalid for units, exponents, words such as "nan", more than 30 digits, and for a text that is
    one number with a decimal mark and another with a thousands separator.
    """
    if len(raw) > LONGEST or sum(sign.isdigit() for sign in raw) > MOST_DIGITS:
        raise ResponseInvalid(N_("Write a number of at most %(limit)s digits."), limit=MOST_DIGITS)
    text = raw.strip().translate(_PLAIN_SIGNS)
    if not _ALLOWED.fullmatch(text):
        raise ResponseInvalid(N_("Write the number only, in digits, such as 12 or 12.5."))
    if _AMBIGUOUS.fullmatch(text):
        raise _two_readings(text)
    if _DECIMAL.fullmatch(text) and any(sign.isdigit() for sign in text):
        return Decimal(text.replace(",", "."))
    if any(shape.fullmatch(text) for shape in _GROUPED):
        return _without_groups(text)
    raise ResponseInvalid(N_("Write the number without separators between thousands, such as 1250 or 12.5."))


def canonical_number(value: Decimal) -> str:
    """One text for equal numbers, which `read_number` reads as the same number again.

    A point, no exponent, no trailing zeros, but for the one that keeps 1.2340 from looking like 1,234.
    """
    text = plain_text(value)
    return f"{text}0" if _AMBIGUOUS.fullmatch(text) else text


def _without_groups(text: str) -> Decimal:
    """The value of a grouped number: its last mark is the decimal one unless it occurs twice."""
    mark = next((sign for sign in reversed(text) if sign in ".,"), "")
    if not mark or text.count(mark) > 1:
        return Decimal(re.sub(r"[.,' ]", "", text))
    whole, _, fraction = text.rpartition(mark)
    return Decimal(re.sub(r"[.,' ]", "", whole) + "." + fraction)


def _two_readings(text: str) -> ResponseInvalid:
    whole, fraction = re.split(r"[.,]", text)
    return ResponseInvalid(
        N_("This can be read in two ways. Write %(thousands)s or %(decimal)s."),
        thousands=whole + fraction,
        decimal=f"{whole}.{fraction}0",
    )
