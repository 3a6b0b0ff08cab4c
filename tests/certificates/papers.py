"""Certificates and keys for the tests of this folder: complete models, a body with its keys, signed files."""

import hashlib
import io
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from certificates.keys.authority import KeyPair, Subject, Window, make_document_signer, make_root
from certificates.keys.store import KeyPurpose, KeyState, KeyStore
from certificates.pdf.archive import Attachment
from certificates.pdf.model import METAL_OF_MEDAL, CertificateModel, Medal, Palette, Signatory
from certificates.pdf.render import render
from certificates.signatures.signing import DocumentSigner, sign_pdf

NUMBER = "0123-4567-89AB-CDEF-GHJK-MNPQ-RS1"
ADDRESS = f"HTTPS://BODY.EXAMPLE/V/{NUMBER}"
AWARDED = datetime(2026, 11, 6, 12, tzinfo=UTC)
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE = "a passphrase of the tests"


def a_model(holder_name: str = "Ada Beispiel", medal: Medal = Medal.WREATH, **changes) -> CertificateModel:
    """A complete certificate of an invented body."""
    fields = {
        "body_name": "The Body of Examples",
        "level_code": "A",
        "level_title": "Advanced",
        "award_title": "Advanced Example Professional",
        "evidence": "by written examination and by a practical judged by two assessors, under scheme EX-A.",
        "awarded": "6 November 2026",
        "valid_through": "5 November 2029",
        "number": NUMBER,
        "signatories": (Signatory("Berta Muster", "President"), Signatory("Carl Vorbild", "Chair, Examinations Board")),
        "verify_domain": "body.example",
        "qr_payload": ADDRESS,
        "dated": AWARDED,
        "palette": Palette(metal=METAL_OF_MEDAL[medal]),
    }
    return CertificateModel(holder_name=holder_name, medal=medal, **fields | changes)


@dataclass(frozen=True)
class Keys:
    """A root with one active document signer, opened from a real key folder."""

    root: KeyPair
    leaf: KeyPair
    signer: DocumentSigner


def make_keys(folder: Path, name: str = "Body of Examples", leaf_days: int = 900) -> Keys:
    """Make a root and a signer that begins with 2026, keep them in a folder and open the signer."""
    root = make_root(Subject(f"{name} root", name), Window(OPENED, OPENED + timedelta(days=7300)))
    window = Window(OPENED, OPENED + timedelta(days=leaf_days))
    leaf = make_document_signer(root, Subject(f"{name} signer", name), window, "https://body.example/root.crl")
    store = KeyStore(folder / "keys")
    store.add(root, KeyPurpose.ROOT, PASSPHRASE, KeyState.ACTIVE)
    record = store.add(leaf, KeyPurpose.DOCUMENT_SIGNING, PASSPHRASE, KeyState.ACTIVE)
    return Keys(root, leaf, DocumentSigner(store.open_key(record.key_id, PASSPHRASE)))


def issue(keys: Keys, attachments: tuple[Attachment, ...] = (), **changes) -> bytes:
    """Render and sign a certificate."""
    return sign_pdf(render(a_model(**changes), attachments), keys.signer, AWARDED)


def a_badge(data: bytes = b'{"type": ["VerifiableCredential"]}') -> Attachment:
    """A small file that travels with a certificate."""
    return Attachment("credential.json", "application/json", data, "The same award as a machine reads it")


def a_scan(size: tuple[int, int] = (700, 220), kind: str = "PNG") -> bytes:
    """A scanned signature: a blue stroke upon nothing."""
    picture = Image.new("RGBA" if kind == "PNG" else "RGB", size, (255, 255, 255, 0) if kind == "PNG" else "white")
    width, height = size
    points = [(width * step / 40, height * (0.5 + 0.4 * math.sin(step))) for step in range(2, 39)]
    ImageDraw.Draw(picture).line(points, fill=(20, 30, 90), width=max(2, width // 120))
    target = io.BytesIO()
    picture.save(target, kind)
    return target.getvalue()


def register(*documents: bytes):
    """A look-up of stored hashes that knows these documents."""
    return {hashlib.sha256(document).hexdigest(): NUMBER for document in documents}.get


def page_text(pdf: bytes) -> list[str]:
    """The lines of the first page as PDFium extracts them."""
    text = pypdfium2.PdfDocument(io.BytesIO(pdf))[0].get_textpage().get_text_range()
    return text.replace("\r\n", "\n").split("\n")


def page_picture(pdf: bytes, scale: float = 2.0):
    """The first page as a PIL picture; at scale 2, two pixels are one point."""
    return pypdfium2.PdfDocument(io.BytesIO(pdf))[0].render(scale=scale).to_pil().convert("RGB")
