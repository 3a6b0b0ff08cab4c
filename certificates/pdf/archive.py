"""The last step before signing: from ReportLab's page to a tagged PDF/A-3b file with files attached.

Everything is decided by what is handed in: no moment of the run and no chance gets into the file, and its identifier is
a hash of its content. Conformance is judged by the tests and not here: it does not change from name to name.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from certificates.pdf.metadata import DocumentFacts, pdf_date
from certificates.pdf.structure import add_structure
from certificates.pdf.tagging import Element

if TYPE_CHECKING:
    import pikepdf

RELATIONSHIPS = ("Source", "Data", "Alternative", "Supplement", "Unspecified")
"""How an attached file stands to the page (ISO 19005-3, annex E)."""
_PROFILE_DATE = slice(24, 36)
"""Bytes of an ICC header that hold the moment at which the profile was made (ICC.1:2010, 7.2.8)."""


class AttachmentInvalid(ValueError):
    """An attached file without a plain name, a media type or a known relationship."""


@dataclass(frozen=True)
class Attachment:
    """A file that travels within the certificate, such as the same award as a machine reads it.

    `relationship` is one of RELATIONSHIPS. Raises AttachmentInvalid.
    """

    name: str
    media_type: str
    data: bytes
    description: str
    relationship: str = "Data"

    def __post_init__(self) -> None:
        if not self.name or self.name != self.name.strip() or any(c in '/\\<>:"|?*' or c < " " for c in self.name):
            raise AttachmentInvalid(f"not a plain file name: {self.name!r}")
        if self.media_type.count("/") != 1 or not self.media_type.isascii() or not self.media_type.isprintable():
            raise AttachmentInvalid(f"not a media type: {self.media_type!r}")
        if self.relationship not in RELATIONSHIPS:
            raise AttachmentInvalid(f"not a relationship: {self.relationship!r}")


@dataclass(frozen=True)
class Content:
    """What has to be known of a drawn page: its marks, and who puts pictures and type into its resources."""

    elements: Sequence[Element]
    field_words: str
    finishers: Sequence[Callable[[pikepdf.Pdf], None]] = ()


def archive(page: bytes, content: Content, facts: DocumentFacts, attachments: Sequence[Attachment] = ()) -> bytes:
    """Return the file ready for its signature. Raises AttachmentInvalid when two attachments have one name."""
    import pikepdf

    with pikepdf.open(io.BytesIO(page)) as pdf:
        if "/Trans" in pdf.pages[0]:
            del pdf.pages[0].Trans  # ReportLab writes an empty one, which strict readers dislike
        if "/ID" in pdf.trailer:
            del pdf.trailer["/ID"]  # made from the environment of the run
        for finish in content.finishers:
            finish(pdf)
        add_structure(pdf, content.elements, content.field_words)
        _describe(pdf, facts)
        _set_output_intent(pdf)
        _attach(pdf, attachments, facts.dated)
        target = io.BytesIO()
        # one plain object after the other: the number in the Info dictionary must be found without a PDF parser
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target.getvalue()


def _describe(pdf: pikepdf.Pdf, facts: DocumentFacts) -> None:
    from pikepdf import Dictionary, Name, Stream, String

    pdf.trailer.Info = pdf.make_indirect(Dictionary({key: String(text) for key, text in facts.info().items()}))
    # left as it is: a reader that looks for the packet in the raw file must find it
    pdf.Root.Metadata = pdf.make_indirect(Stream(pdf, facts.xmp(), Type=Name.Metadata, Subtype=Name.XML))
    pdf.Root.Lang = String(facts.language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _set_output_intent(pdf: pikepdf.Pdf) -> None:
    """Say what the colours mean: sRGB (ISO 19005-3, 6.2.3)."""
    from pikepdf import Array, Dictionary, Name, Stream, String

    profile = pdf.make_indirect(Stream(pdf, _srgb(), N=3))
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = Array([intent])


@cache
def _srgb() -> bytes:
    """An sRGB profile of Little CMS, with a fixed date in place of the moment of its making."""
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_PROFILE_DATE] = b"".join(part.to_bytes(2, "big") for part in (2000, 1, 1, 0, 0, 0))
    return bytes(profile)


def _attach(pdf: pikepdf.Pdf, attachments: Sequence[Attachment], dated: datetime) -> None:
    """Add associated files of the whole document (ISO 32000-2, 14.13), listed by name in the order readers need."""
    from pikepdf import Array, Dictionary, String

    if not attachments:
        return
    by_name = {attachment.name: attachment for attachment in attachments}
    if len(by_name) != len(attachments):
        raise AttachmentInvalid("two attached files have the same name")
    files = {name: _file(pdf, by_name[name], dated) for name in sorted(by_name)}
    pairs = Array([part for name, file in files.items() for part in (String(name), file)])
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=pairs))
    pdf.Root.AF = Array(list(files.values()))


def _file(pdf: pikepdf.Pdf, attachment: Attachment, dated: datetime) -> pikepdf.Object:
    from pikepdf import Dictionary, Name, Stream, String

    data = attachment.data
    known = Dictionary(
        Size=len(data),
        ModDate=String(pdf_date(dated)),
        CheckSum=String(hashlib.md5(data, usedforsecurity=False).digest()),
    )
    stream = pdf.make_indirect(
        Stream(pdf, data, Type=Name.EmbeddedFile, Subtype=Name("/" + attachment.media_type), Params=known)
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(attachment.name),
            UF=String(attachment.name),
            Desc=String(attachment.description),
            AFRelationship=Name("/" + attachment.relationship),
            EF=Dictionary(F=stream, UF=stream),
        )
    )
