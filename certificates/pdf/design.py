"""How certificates of a body look: designs as data, versioned, checked whole before one is used.

A design decides ornament, paper, colours, words, medal and signatories; a certificate model refers to it by code and
version. `Design.dress` writes into a model what the design says, so that the model stays complete; ornament, paper and
pictures are taken from the design when the page is drawn. A version never changes once a certificate refers to it.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from certificates.pdf.colours import MARK_CONTRAST, TEXT_CONTRAST, contrast, is_colour
from certificates.pdf.model import (
    METAL_OF_MEDAL,
    MOST_SIGNATORIES,
    CertificateModel,
    DesignReference,
    Medal,
    Palette,
    Signatory,
    Wording,
)
from certificates.pdf.scans import ScanInvalid, check_scan, sha256_of

LONGEST_TITLE, LONGEST_WORDS, LONGEST_PERSON = 60, 160, 80
_CODE = re.compile(r"[a-z][a-z0-9-]{1,23}")
_KEPT_WORDS = {"check_text": "{domain}", "code_alt": "{address}", "signature_alt": "{name}"}
"""What a text may never lose: without the domain nobody would know where to check a certificate."""


class Ornament(StrEnum):
    """The three compositions of the page, each with its ornament."""

    LACE = "lace"
    BAND = "band"
    LEAVES = "leaves"


class Paper(StrEnum):
    """Sizes of paper."""

    A4 = "a4"
    LETTER = "letter"


class DesignProblem(StrEnum):
    """Why a part of a design cannot be used; a page says each in the reader's language."""

    CODE = "code"
    VERSION = "version"
    LENGTH = "length"
    COLOUR = "colour"
    CONTRAST = "contrast"
    WORD_UNKNOWN = "word-unknown"
    WORD_LOST = "word-lost"
    TOO_MANY = "too-many"
    IMAGE_SIZE = "image-size"
    IMAGE_KIND = "image-kind"
    IMAGE_PIXELS = "image-pixels"


@dataclass(frozen=True)
class DesignFault:
    """One thing wrong: the part of the design, the problem, and the figure or word it turns on."""

    part: str
    problem: DesignProblem
    detail: str = ""


class DesignInvalid(ValueError):
    """A design that cannot be used; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: Iterable[DesignFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.part}: {fault.problem.value} {fault.detail}" for fault in self.faults))


@dataclass(frozen=True)
class Colours:
    """The colours that a design chooses, as ``#RRGGBB``; an empty one stays that of the body or of the medal."""

    paper: str = ""
    ink: str = ""
    muted: str = ""
    primary: str = ""
    accent: str = ""
    metal: str = ""
    specimen: str = ""

    def chosen(self) -> dict[str, str]:
        """Return the colours that are chosen."""
        return {name: colour for name, colour in asdict(self).items() if colour}


@dataclass(frozen=True)
class DesignSignatory:
    """Who signs: name, office, and a scanned signature as the bytes of a PNG or JPEG, or nothing."""

    name: str
    office: str
    image: bytes = b""

    def as_printed(self) -> Signatory:
        """Return the signatory as a model names one."""
        return Signatory(self.name, self.office, sha256_of(self.image) if self.image else "")


@dataclass(frozen=True)
class Design:
    """A look for certificates. `medal` None means that of the level; no signatories means those of the body.

    `wording` replaces single texts by their names in certificates.pdf.model.Wording. Raises DesignInvalid.
    """

    code: str
    version: int
    title: str
    ornament: Ornament
    paper: Paper = Paper.A4
    colours: Colours = field(default_factory=Colours)
    medal: Medal | None = None
    signatories: tuple[DesignSignatory, ...] = ()
    wording: Mapping[str, str] = field(default_factory=dict)
    show_evidence: bool = True

    def __post_init__(self) -> None:
        faults = [*_code_faults(self), *_colour_faults(self), *_word_faults(self), *_signatory_faults(self)]
        if faults:
            raise DesignInvalid(faults)

    @property
    def reference(self) -> DesignReference:
        """How a model refers to this version of the design."""
        return DesignReference(self.code, self.version)

    def dress(self, model: CertificateModel) -> CertificateModel:
        """Return the model as this design says it: colours, words, medal, signatories, and the reference to it."""
        medal = self.medal or model.medal
        metal = {"metal": METAL_OF_MEDAL[medal]} if medal is not model.medal else {}
        people = tuple(person.as_printed() for person in self.signatories)
        return replace(
            model,
            medal=medal,
            palette=replace(model.palette, **metal | self.colours.chosen()),
            wording=replace(model.wording, **dict(self.wording)),
            signatories=people or model.signatories,
            design=self.reference,
        )

    def find_image(self, sha256: str) -> bytes | None:
        """Return the scanned signature with a hash, or None."""
        images = (person.image for person in self.signatories if person.image)
        return next((image for image in images if sha256_of(image) == sha256), None)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the design as plain data for JSON; pictures in Base64."""
        plain = asdict(replace(self, wording=dict(self.wording)))
        for person in plain["signatories"]:
            person["image"] = base64.b64encode(person["image"]).decode()
        return plain | {"signatories": list(plain["signatories"])}

    @classmethod
    def from_json_dict(cls, data: dict[str, Any]) -> "Design":
        """Read what `to_json_dict` gave; raises DesignInvalid, and ValueError for what is no stored design."""
        try:
            people = tuple(
                DesignSignatory(p["name"], p["office"], base64.b64decode(p["image"], validate=True))
                for p in data["signatories"]
            )
            return cls(
                **data
                | {
                    "ornament": Ornament(data["ornament"]),
                    "paper": Paper(data["paper"]),
                    "colours": Colours(**data["colours"]),
                    "medal": Medal(data["medal"]) if data["medal"] else None,
                    "signatories": people,
                }
            )
        except (KeyError, TypeError, AttributeError, binascii.Error) as problem:
            raise ValueError(f"not a stored design: {problem}") from problem


def find_shipped(reference: DesignReference) -> Design | None:
    """Return the design of ours that a model refers to, or None."""
    return next((design for design in SHIPPED if design.reference == reference), None)


def _code_faults(design: Design) -> Iterable[DesignFault]:
    if not _CODE.fullmatch(design.code):
        yield DesignFault("code", DesignProblem.CODE, design.code)
    if design.version < 1:
        yield DesignFault("version", DesignProblem.VERSION, str(design.version))
    if not 1 <= len(design.title.strip()) <= LONGEST_TITLE:
        yield DesignFault("title", DesignProblem.LENGTH, str(LONGEST_TITLE))


def _colour_faults(design: Design) -> Iterable[DesignFault]:
    chosen = design.colours.chosen()
    unreadable = [name for name, colour in chosen.items() if not is_colour(colour)]
    if unreadable:
        yield from (DesignFault(f"colours.{name}", DesignProblem.COLOUR, chosen[name]) for name in unreadable)
        return
    yield from palette_faults(Palette(**{"metal": METAL_OF_MEDAL[Medal.WREATH]} | chosen))


def palette_faults(palette: Palette) -> Iterable[DesignFault]:
    """Yield what cannot be read or seen upon the paper; `detail` is the contrast that was found."""
    wanted = {"ink": TEXT_CONTRAST, "muted": TEXT_CONTRAST, "primary": TEXT_CONTRAST, "accent": MARK_CONTRAST}
    wanted["metal"] = MARK_CONTRAST
    for name, least in wanted.items():
        found = contrast(getattr(palette, name), palette.paper)
        if found < least:
            yield DesignFault(f"colours.{name}", DesignProblem.CONTRAST, f"{found:.1f}")
    over = contrast(palette.ink, palette.specimen)
    if over < TEXT_CONTRAST:
        yield DesignFault("colours.specimen", DesignProblem.CONTRAST, f"{over:.1f}")


def _word_faults(design: Design) -> Iterable[DesignFault]:
    known = {word.name for word in fields(Wording)}
    for name, text in design.wording.items():
        if name not in known:
            yield DesignFault(f"wording.{name}", DesignProblem.WORD_UNKNOWN, name)
        elif not 1 <= len(text.strip()) <= LONGEST_WORDS:
            yield DesignFault(f"wording.{name}", DesignProblem.LENGTH, str(LONGEST_WORDS))
        elif _KEPT_WORDS.get(name, "") not in text:
            yield DesignFault(f"wording.{name}", DesignProblem.WORD_LOST, _KEPT_WORDS[name])


_IMAGE_PROBLEMS = {
    "size": DesignProblem.IMAGE_SIZE,
    "kind": DesignProblem.IMAGE_KIND,
    "pixels": DesignProblem.IMAGE_PIXELS,
}


def _signatory_faults(design: Design) -> Iterable[DesignFault]:
    if len(design.signatories) > MOST_SIGNATORIES:
        yield DesignFault("signatories", DesignProblem.TOO_MANY, str(MOST_SIGNATORIES))
    for number, person in enumerate(design.signatories):
        for part in ("name", "office"):
            if not 1 <= len(getattr(person, part).strip()) <= LONGEST_PERSON:
                yield DesignFault(f"signatories.{number}.{part}", DesignProblem.LENGTH, str(LONGEST_PERSON))
        try:
            if person.image:
                check_scan(person.image)
        except ScanInvalid as problem:
            yield DesignFault(f"signatories.{number}.image", _IMAGE_PROBLEMS[problem.problem])


SHIPPED = (
    Design("classic", 1, "Landscape, framed in lace", Ornament.LACE),
    Design("gallery", 1, "Landscape, beside a band of colour", Ornament.BAND),
    Design("deed", 1, "Upright, with leaves in the corners", Ornament.LEAVES),
)
"""The designs that come with the house, in the colours and with the signatories of the body."""
