"""What a design looks like: specimens of certificates with short and very long names, as pages and as pictures."""

import io
import threading
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _

from app.body.queries import BodyView
from app.errors import DomainError
from certificates.awarding import award
from certificates.awarding.evidence import Source
from certificates.awarding.services import today
from certificates.issuing import documents
from certificates.issuing.ordering import award_title
from certificates.pdf.design import Design
from certificates.pdf.fonts import NameNotRenderable
from certificates.pdf.layout import lay_out
from certificates.pdf.model import CertificateModel
from certificates.pdf.render import render
from courses.summaries import LevelView

WIDE, SMALL = 1_240, 480
"""Widths of pictures in pixels: beside the form, also on a fine screen, and in the list."""
_YEARS = 3
_COLOURS = 128
_ONE_PICTURE_AT_A_TIME = threading.Lock()  # PDFium is one library without threads
_LONG = "Maximiliana Konstantina Wilhelmina von der Featherstone-Wolfeschlegelsteinhausen"
_LONG_ARABIC = "نموذج الاسم الطويل للمثال"
LONGEST_NAME = 160


class SampleName(StrEnum):
    """Whose certificate is shown."""

    SHORT = "short"
    LONG = "long"
    ARABIC = "arabic"


@dataclass(frozen=True)
class Sample:
    """What a preview shows beside the design: the kind of name, and whether the award ends."""

    name: SampleName = SampleName.SHORT
    ends: bool = True

    def holder_name(self) -> str:
        """The name on the specimen; the long ones are as long as a confirmed name can be."""
        names = {SampleName.SHORT: _("Sample Name"), SampleName.LONG: _LONG, SampleName.ARABIC: _LONG_ARABIC}
        name = names[self.name]
        if self.name is SampleName.SHORT:
            return name
        return " ".join([name] * (LONGEST_NAME // len(name) + 1))[:LONGEST_NAME].strip()


def sample_model(
    design: Design, level: LevelView | None, sample: Sample, body: BodyView, now: datetime
) -> CertificateModel:
    """A specimen in a design for a level; `level` None while the body has none."""
    first = today(now)
    content = documents.Award(
        holder_name=sample.holder_name(),
        level_code=level.code if level else "",
        level_title=level.title if level else _("Level"),
        title=award_title(level, body) if level else body.field,
        scheme_code=level.code.upper() if level else "—",
        scheme_version=1,
        sources=[Source("exam", "", _("Exam of the level"), "", "unsupervised", "")],
        has_lessons=True,
        first=first,
        last=award.last_day(first, _YEARS) if sample.ends else None,
    )
    return design.dress(documents.build_model(content, body, documents.SPECIMEN_NUMBER, now, specimen=True))


def page(model: CertificateModel, design: Design) -> bytes:
    """The specimen as a PDF. Raises NameNotRenderable for a text that cannot be printed or does not fit."""
    return render(model, design=design)


def picture(pdf: bytes, width: int) -> bytes:
    """The first page of a PDF of our own as a PNG, `width` pixels wide."""
    import pypdfium2

    with _ONE_PICTURE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            sheet = document[0]
            drawn = sheet.render(scale=width / sheet.get_width()).to_pil().convert("RGB")
        finally:
            document.close()
    target = io.BytesIO()
    drawn.quantize(_COLOURS).save(target, "PNG")
    return target.getvalue()


def check_every_sample(design: Design, level: LevelView | None, body: BodyView, now: datetime) -> None:
    """Try a design with every kind of name, with and without an end; raises DomainError for what does not fit."""
    try:
        for name in SampleName:
            for ends in (True, False):
                lay_out(sample_model(design, level, Sample(name, ends), body, now), design)
        page(sample_model(design, level, Sample(), body, now), design)
    except NameNotRenderable as problem:
        raise DomainError(
            _("A text of this design cannot be printed: %(reason)s", reason=text_words(problem))
        ) from None


def text_words(problem: NameNotRenderable) -> str:
    """Why a text of a design cannot be printed, for whoever writes it."""
    if problem.problem.value == "length":
        return _("This is too long for its place on the page.")
    return documents.refusal_words(problem)
