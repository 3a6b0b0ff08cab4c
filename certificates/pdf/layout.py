"""From a model and a design to a page with everything in its place."""

from certificates.pdf import classic, deed, gallery
from certificates.pdf.design import Design, Ornament, Paper
from certificates.pdf.fitting import fit
from certificates.pdf.fonts import Style, checked
from certificates.pdf.model import CertificateModel
from certificates.pdf.page import Layout

_SIZES = {Paper.A4: (595.28, 841.89), Paper.LETTER: (612.0, 792.0)}
"""Shorter and longer side of a sheet in points."""
_COMPOSITIONS = {Ornament.LACE: classic.compose, Ornament.BAND: gallery.compose, Ornament.LEAVES: deed.compose}


def page_size(design: Design) -> tuple[float, float]:
    """Return width and height of the page in points."""
    short, long = _SIZES[design.paper]
    return (short, long) if design.ornament is Ornament.LEAVES else (long, short)


def lay_out(model: CertificateModel, design: Design) -> Layout:
    """Lay out a certificate. Raises NameNotRenderable for a text that cannot be printed, naming its field."""
    width, height = page_size(design)
    return _COMPOSITIONS[design.ornament](model, width, height, evidence=design.show_evidence)


def check_holder_name(name: str) -> str:
    """Return a name as a certificate would print it, so that its holder can confirm it.

    Raises NameNotRenderable with the reason and the characters when it cannot be printed or is too long. What fits the
    classic page fits every other: their tests hold them to it.
    """
    plain = checked(name, "holder_name")
    fit(plain, Style.ROMAN, classic.NAME.width, classic.NAME.steps, field="holder_name")
    return plain
