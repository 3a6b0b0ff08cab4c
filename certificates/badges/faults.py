"""What can be wrong with a badge, by name: the words that pages and commands translate for people."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """The kinds of fault, in the order in which a badge is read."""

    SIZE = "size"  # larger or more deeply nested than is read here
    PARSE = "parse"  # no badge in a form that is known: text, token or picture
    BAKING = "baking"  # a picture without a badge, or with more than one
    STANDARD = "standard"  # a badge of an older standard or of the older data model
    CONTEXT = "context"  # contexts missing, in the wrong order or malformed
    CONTEXT_UNKNOWN = "context-unknown"  # a context that is not kept here, so its terms cannot be judged
    TERM = "term"  # keys that no context defines, or that are spelled out to hide: not covered by a proof
    TYPE = "type"  # types missing, malformed or defined by no context
    NOT_A_BADGE = "not-a-badge"  # a credential of another class
    IDENTIFIER = "identifier"  # an identifier that is no single absolute address
    ISSUER = "issuer"
    SUBJECT = "subject"
    FIELD = "field"  # another required part is missing or malformed
    DATE = "date"  # a time that is none, or an end before the beginning
    STATUS = "status"  # the pointer to a status list is malformed
    PROOF_MISSING = "proof-missing"
    PROOF_SHAPE = "proof-shape"
    PROOF_PURPOSE = "proof-purpose"
    PROOF_UNSUPPORTED = "proof-unsupported"  # a kind of proof that is not checked here
    METHOD_UNKNOWN = "method-unknown"  # the key is not one of those handed in
    SIGNATURE = "signature"  # the signature does not fit
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"


OF_TIME = frozenset({FaultKind.NOT_YET_VALID, FaultKind.EXPIRED})
"""What is wrong today and not with the badge itself."""


@dataclass(frozen=True)
class Fault:
    """One fault: its kind, the path of the place such as `issuer.id`, and a few words in English for the log."""

    kind: FaultKind
    path: str = ""
    detail: str = ""
