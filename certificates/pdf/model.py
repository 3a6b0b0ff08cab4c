"""What a certificate says: one frozen model that holds every word, number and colour of the page.

The model is complete: the same model gives the same bytes, today and in ten years. Dates arrive as finished text in
the language of the certificate, because the renderer knows no calendar and no locale. Its JSON form is stored with the
signed file, so that a page can be drawn again for proof.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from certificates.numbers import NumberInvalid, parse_number

LONGEST_QR_PAYLOAD = 200
MOST_SIGNATORIES = 2


class ModelInvalid(ValueError):
    """A certificate that contradicts itself, for example a code that leads elsewhere than the printed address."""


class Medal(StrEnum):
    """The emblem at the head of the page, one for each of the three levels."""

    LEAF = "leaf"
    SPRIG = "sprig"
    WREATH = "wreath"


METAL_OF_MEDAL = {Medal.LEAF: "#8C5A3C", Medal.SPRIG: "#5B6B73", Medal.WREATH: "#A97820"}
"""Bronze, steel and gold: the colour that goes with each emblem unless a body chooses its own."""


@dataclass(frozen=True)
class Palette:
    """Colours of the page as ``#RRGGBB``."""

    metal: str
    paper: str = "#FFFEF9"
    ink: str = "#1B2420"
    muted: str = "#55605A"
    primary: str = "#1F4D3A"
    accent: str = "#A97820"
    specimen: str = "#F0DDD2"


@dataclass(frozen=True)
class Wording:
    """The fixed words of the page in its language; these defaults are the English ones.

    ``{domain}`` in `check_text` becomes the domain that people should type. It tells them to go there by themselves:
    a forged page can carry a code that opens a look-alike site, so nothing printed asks to believe what a code opens.
    The last three are never seen: a screen reader says them in place of the code, of a signature and of the field that
    holds the digital signature, with ``{address}``, ``{name}`` and ``{body}``.
    """

    certifies_that: str = "certifies that"
    has_earned: str = "has earned the standing of"
    level: str = "Level"
    awarded: str = "Awarded"
    valid_through: str = "Valid through"
    number: str = "Certificate number"
    check_heading: str = "Check this certificate"
    check_text: str = "Go to {domain}/verify and type the number. The address must begin with {domain}."
    specimen: str = "SPECIMEN"
    code_alt: str = "Square code that opens {address}"
    signature_alt: str = "Handwritten signature of {name}"
    field_name: str = "Digital signature of {body}"


@dataclass(frozen=True)
class Signatory:
    """Who answers for the award: name and office, and the SHA-256 in hex of the picture of a signature, if any.

    The picture itself belongs to the design, so that it is kept once and not with every certificate.
    """

    name: str
    office: str
    image_sha256: str = ""


@dataclass(frozen=True)
class DesignReference:
    """Which design a certificate is drawn in: its code and version (certificates.pdf.design)."""

    code: str = "classic"
    version: int = 1


@dataclass(frozen=True)
class CertificateModel:
    """Everything that one certificate shows.

    `number` is canonical (certificates.numbers). `verify_domain` is the host that people type, with a port if it has
    one; `qr_payload` is the short address in capitals. `dated` is the date of the document, with a zone. `language` is
    a BCP 47 tag. Raises ModelInvalid when parts contradict each other.
    """

    body_name: str
    holder_name: str
    level_code: str
    level_title: str
    award_title: str
    evidence: str
    awarded: str
    valid_through: str | None
    number: str
    signatories: tuple[Signatory, ...]
    verify_domain: str
    qr_payload: str
    dated: datetime
    medal: Medal
    palette: Palette
    specimen: bool = False
    language: str = "en"
    wording: Wording = field(default_factory=Wording)
    design: DesignReference = field(default_factory=DesignReference)

    def __post_init__(self) -> None:
        if not _is_canonical(self.number):
            raise ModelInvalid(f"not a certificate number in its canonical form: {self.number!r}")
        if not self.qr_payload.isascii() or not 1 <= len(self.qr_payload) <= LONGEST_QR_PAYLOAD:
            raise ModelInvalid(f"the address in the code has 1 to {LONGEST_QR_PAYLOAD} plain characters")
        if not self.qr_payload.endswith(self.number):
            raise ModelInvalid("the code does not lead to the number of this certificate")
        if f"//{self.verify_domain.upper()}/" not in self.qr_payload.upper():
            raise ModelInvalid("the code leads to another host than the printed one")
        if self.dated.tzinfo is None:
            raise ModelInvalid("the date of a certificate needs a zone")
        if len(self.signatories) > MOST_SIGNATORIES:
            raise ModelInvalid(f"the page has room for {MOST_SIGNATORIES} signatories")

    @property
    def check_text(self) -> str:
        """The advice beside the code, with the domain in place."""
        return self.wording.check_text.replace("{domain}", self.verify_domain)

    @property
    def code_alt(self) -> str:
        """What a screen reader says of the code."""
        return self.wording.code_alt.replace("{address}", self.qr_payload)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the model as plain data for JSON; times as ISO 8601."""
        return asdict(self) | {"dated": self.dated.isoformat(), "medal": self.medal.value}

    def canonical_json(self) -> str:
        """Return the one JSON text of this model: sorted keys, no spaces, characters as they are."""
        return json.dumps(self.to_json_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json_dict(cls, data: dict[str, Any]) -> "CertificateModel":
        """Read what `to_json_dict` gave, now or in an earlier version: such a model has no design and no pictures.

        Raises ModelInvalid for missing or unknown fields.
        """
        try:
            return cls(
                **data
                | {
                    "dated": datetime.fromisoformat(data["dated"]),
                    "medal": Medal(data["medal"]),
                    "palette": Palette(**data["palette"]),
                    "wording": Wording(**data["wording"]),
                    "signatories": tuple(Signatory(**signatory) for signatory in data["signatories"]),
                    "design": DesignReference(**data.get("design", {})),
                }
            )
        except (KeyError, TypeError) as problem:
            raise ModelInvalid(f"not a stored certificate model: {problem}") from problem


def _is_canonical(number: str) -> bool:
    try:
        return parse_number(number) == number
    except NumberInvalid:
        return False
