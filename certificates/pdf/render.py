"""From a model to the bytes of an unsigned certificate, always the same bytes for the same model.

The file is tagged (PDF/UA-1) and archivable (PDF/A-3b): title, author, language, date, a structure tree, an empty
invisible signature field, fully embedded font subsets, attached files, and nothing else: no script and no link.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from certificates.pdf import scans
from certificates.pdf.archive import Attachment, Content, archive
from certificates.pdf.design import Design, find_shipped
from certificates.pdf.drawing import draw, scan_name
from certificates.pdf.fonts import Style, faces, normalise
from certificates.pdf.layout import lay_out
from certificates.pdf.metadata import DocumentFacts
from certificates.pdf.model import CertificateModel, ModelInvalid
from certificates.pdf.page import Layout, SignaturePlace
from certificates.pdf.structure import SIGNATURE_FIELD
from certificates.pdf.typesetting import list_fonts

if TYPE_CHECKING:
    import pikepdf
    from reportlab.pdfgen.canvas import Canvas

    from certificates.pdf.catalogue import FontRecord

TEMPLATE_VERSION = 2
"""Grows with every change that alters the page of an existing model; stored beside the model."""

_ONE_PAGE_AT_A_TIME = threading.Lock()  # ReportLab reads font files through one shared position


def render(model: CertificateModel, attachments: Sequence[Attachment] = (), design: Design | None = None) -> bytes:
    """Return the certificate as an unsigned PDF with files attached.

    `design` is the one that the model refers to; it need not be given for those that come with the house. Raises
    NameNotRenderable when a text has a character that cannot be printed or does not fit (nothing is ever left out
    silently), ModelInvalid when the design is another one or not known, and AttachmentInvalid. Threads take turns.
    """
    chosen = _design_of(model, design)
    layout = lay_out(model, chosen)
    finish_scans = _scans(layout, model, chosen)
    with _ONE_PAGE_AT_A_TIME:
        target = io.BytesIO()
        canvas = _canvas(target, layout)
        tags = draw(canvas, model, chosen, layout)
        canvas.showPage()
        canvas.save()
    words = normalise(model.wording.field_name.replace("{body}", model.body_name))
    return archive(target.getvalue(), Content(tags.elements, words, [finish_scans]), _facts(model), attachments)


def fonts_of(model: CertificateModel, design: Design | None = None) -> tuple[FontRecord, ...]:
    """Return the fonts that a certificate is set in, to be kept with it. Raises as `render` does."""
    return list_fonts(text.line for text in lay_out(model, _design_of(model, design)).texts)


def _design_of(model: CertificateModel, given: Design | None) -> Design:
    design = given or find_shipped(model.design)
    if design is None or design.reference != model.design:
        raise ModelInvalid(f"the design {model.design.code}, version {model.design.version} is not at hand")
    return design


def _scans(layout: Layout, model: CertificateModel, design: Design) -> Callable[[pikepdf.Pdf], None]:
    """Prepare the scanned signatures; returns what puts them into the resources of the page."""
    found: dict[str, scans.Scan] = {}
    for item in layout.items:
        if isinstance(item, SignaturePlace):
            image = design.find_image(item.sha256)
            if image is None:
                raise ModelInvalid("the design has not the scanned signature that the certificate names")
            found[item.sha256] = scans.prepared(image, model.palette.paper)

    def finish(pdf: pikepdf.Pdf) -> None:
        from pikepdf import Name

        for sha256, scan in found.items():
            pdf.pages[0].add_resource(scan.as_xobject(pdf), Name.XObject, Name("/" + scan_name(sha256)))

    return finish


def _canvas(target: io.BytesIO, layout: Layout) -> Canvas:
    from reportlab.pdfgen.canvas import Canvas

    return Canvas(
        target,
        pagesize=(layout.width, layout.height),
        pageCompression=1,
        invariant=1,
        pdfVersion=(1, 7),
        initialFontName=faces(Style.ROMAN)[0].name,
    )


def _facts(model: CertificateModel) -> DocumentFacts:
    marked = f"{model.wording.specimen}: " if model.specimen else ""
    return DocumentFacts(
        title=f"{marked}{normalise(model.award_title)}: {normalise(model.holder_name)}",
        author=normalise(model.body_name),
        subject=f"{marked}{normalise(model.wording.number)} {model.number}",
        # readers look for the number here when they are given a file (certificates.signatures.document_check)
        keywords=model.number,
        language=model.language,
        dated=model.dated,
    )


__all__ = ["SIGNATURE_FIELD", "TEMPLATE_VERSION", "Attachment", "fonts_of", "render"]
