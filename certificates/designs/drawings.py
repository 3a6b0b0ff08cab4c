"""What a certificate is drawn with: its version of a design, and the fonts of its page."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.extensions import db
from certificates.designs.models import CredentialDrawing
from certificates.designs.queries import find_version, get_design
from certificates.models import Credential
from certificates.pdf.archive import Attachment
from certificates.pdf.catalogue import FontRecord
from certificates.pdf.model import CertificateModel, DesignReference
from certificates.pdf.render import fonts_of, render


def redraw(credential: Credential, attachments: Sequence[Attachment] = ()) -> bytes:
    """The unsigned page of a certificate once more, from what is stored. Raises as `render` and `get_design`."""
    model = CertificateModel.from_json_dict(credential.model)
    return render(model, attachments, get_design(model.design))


def list_fonts(model: CertificateModel) -> tuple[FontRecord, ...]:
    """The fonts that the page of a certificate is set in. Raises as `render` and `get_design`."""
    return fonts_of(model, get_design(model.design))


def find_drawing(credential_id: int) -> CredentialDrawing | None:
    """What a certificate is drawn with, or None for one that was ordered before this was kept."""
    return db.session.scalars(select(CredentialDrawing).where(CredentialDrawing.credential_id == credential_id)).first()


def keep_drawing(credential_id: int, model: dict[str, Any]) -> CredentialDrawing:
    """Hold on to the design that the stored model of a certificate refers to, in the running transaction."""
    found = find_drawing(credential_id)
    if found is None:
        version = find_version(DesignReference(**model.get("design", {})))
        found = CredentialDrawing(credential_id=credential_id, version_id=version.id if version else None)
        db.session.add(found)
        db.session.flush()
    return found


def keep_fonts(credential_id: int, model: dict[str, Any], fonts: Iterable[FontRecord], now: datetime) -> None:
    """Note which fonts the page of a certificate was set in."""
    drawing = keep_drawing(credential_id, model)
    drawing.fonts, drawing.drawn_at = [asdict(font) for font in fonts], now
