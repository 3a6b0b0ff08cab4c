"""What somebody who checks has in hand: codes, photographs of papers, and files sent in a form."""

import io

import qrcode
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from app.extensions import db


def a_code(text: str) -> Image.Image:
    """A QR code as a picture of about 400 pixels."""
    made = qrcode.QRCode(border=4, box_size=8)
    made.add_data(text)
    return made.make_image().get_image().convert("L")


def photograph(paper: Image.Image, kind: str = "JPEG") -> bytes:
    """A slightly turned photo of a paper."""
    turned = paper.rotate(4, expand=True, fillcolor="white")
    target = io.BytesIO()
    turned.save(target, kind)
    return target.getvalue()


def send(visit, path: str, data: dict, **files):
    """Post a form with files, each `(bytes, name)`; encoded here, for the test client leaves temporary files open."""
    fields = MultiDict(data | {"csrf_token": visit.token()})
    for name, (content, shown) in files.items():
        fields.add(name, FileStorage(io.BytesIO(content), shown))
    boundary, body = encode_multipart(fields)
    db.session.rollback()
    return visit._alone(visit.client.post, path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
