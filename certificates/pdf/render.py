"""From a model to the bytes of an unsigned PDF, always the same bytes for the same model.

The file carries its title, author, language and date, an empty invisible signature field, fully embedded font subsets
and nothing else: no script, no link, no picture, no page transition (which strict readers dislike).
"""

import io
import threading
from datetime import datetime

from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from certificates.pdf.drawing import draw
from certificates.pdf.fonts import Style, faces, normalise
from certificates.pdf.layout import HEIGHT, WIDTH, lay_out
from certificates.pdf.model import CertificateModel

TEMPLATE_VERSION = 1
"""Grows with every change that alters the page of an existing model; stored beside the model."""
SIGNATURE_FIELD = "Certification"
"""Name of the empty field that certificates.signing fills."""
_INVISIBLE = 132
"""Annotation flags: print and locked (ISO 32000-2, 12.5.3), with an empty rectangle."""

_ONE_PAGE_AT_A_TIME = threading.Lock()  # ReportLab reads font files through one shared position


def render(model: CertificateModel) -> bytes:
    """Return the certificate as an unsigned PDF.

    Raises NameNotRenderable when a text has a character that cannot be printed or does not fit; nothing is ever
    left out silently. Threads take turns.
    """
    layout = lay_out(model)
    with _ONE_PAGE_AT_A_TIME:
        target = io.BytesIO()
        canvas = _canvas(target, model)
        draw(canvas, model, layout)
        _add_signature_field(canvas)
        name = canvas._doc.thisPageName()
        canvas.showPage()
        canvas._doc.idToObject[name].Trans = None  # ReportLab writes an empty one
        canvas.save()
    return target.getvalue()


def _canvas(target: io.BytesIO, model: CertificateModel) -> Canvas:
    canvas = Canvas(
        target,
        pagesize=(WIDTH, HEIGHT),
        pageCompression=1,
        invariant=1,
        pdfVersion=(1, 7),
        lang=model.language,
        initialFontName=faces(Style.ROMAN)[0].name,
    )
    canvas._doc._timeStamp = _DocumentDate(model.dated)
    # readers look for the number here when they are given a file (certificates.document_check)
    canvas.setKeywords(model.number)
    marked = f"{model.wording.specimen}: " if model.specimen else ""
    canvas.setTitle(f"{marked}{normalise(model.award_title)}: {normalise(model.holder_name)}")
    canvas.setAuthor(normalise(model.body_name))
    canvas.setSubject(f"{marked}{normalise(model.wording.number)} {model.number}")
    canvas.setCreator("Laurel")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas


class _DocumentDate(TimeStamp):
    """The date of the document in the place where ReportLab keeps the moment of the run."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(invariant=1)
        self.t = moment.timestamp()
        self.lt = moment.timetuple()
        self.YMDhms = tuple(self.lt)[:6]
        minutes = int(moment.utcoffset().total_seconds() // 60)  # type: ignore[union-attr]
        self.dhh, self.dmm = divmod(minutes, 60)


def _add_signature_field(canvas: Canvas) -> None:
    """Place the empty signature field beforehand, so that signing adds a value and no new form."""
    field = pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("Annot"),
            "Subtype": pdfdoc.PDFName("Widget"),
            "FT": pdfdoc.PDFName("Sig"),
            "T": pdfdoc.PDFString(SIGNATURE_FIELD),
            "TU": pdfdoc.PDFString(SIGNATURE_FIELD),
            "F": _INVISIBLE,
            "Rect": pdfdoc.PDFArray([0, 0, 0, 0]),
            "P": canvas._doc.thisPageRef(),
        }
    )
    canvas._addAnnotation(field)
    form = {"Fields": pdfdoc.PDFArray([canvas._doc.Reference(field)]), "SigFlags": 1}
    canvas._doc.Catalog.AcroForm = pdfdoc.PDFDictionary(form)
