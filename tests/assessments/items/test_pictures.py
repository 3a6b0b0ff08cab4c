"""Pictures of items: drawn anew, pinned by their bytes, and shown to whom their item was shown."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image, PngImagePlugin

from app import clock
from app.extensions import db
from app.storage.models import StoredFile
from app.storage.services import read
from assessments.items import pictures
from assessments.items.definitions import ItemsInvalid
from tests.assessments.grading.item_contents import item_content
from tests.factories.assessments import SECRET_MARK, definition, exam_of, held_clock, press_start
from tests.factories.people import PersonFactory

__all__ = ["held_clock"]
ADDRESS = re.compile(r"/items/media/[A-Za-z0-9_.-]+")


def png(size=(800, 400), *, words=""):
    """The bytes of a picture whose file may tell more than its image."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Title", words)
    out = io.BytesIO()
    Image.new("RGB", size, "#8CC7A8").save(out, "PNG", pnginfo=info)
    return out.getvalue()


def with_picture(data, code="H1"):
    """A hotspot whose picture has these bytes, and the bytes by name."""
    made = definition(code, "hotspot")
    made["picture"] = made["picture"] | {"sha256": pictures.sha256_of(data)}
    return made, {made["picture"]["file"]: data}


def shown_address(visit, attempt):
    return ADDRESS.search(visit.get(f"/attempts/{attempt.public_id}?q=1").get_data(as_text=True)).group()


@pytest.fixture
def sat(visit):
    """An attempt that runs, with one hotspot, and the picture kept."""
    made, media = with_picture(png(words=f"{SECRET_MARK}: lower drawers"))
    visit.sign_in(PersonFactory())
    exam = exam_of([made])
    pictures.keep_pictures([made], media)
    db.session.commit()
    return press_start(visit, exam)


def test_whoever_sits_the_exam_sees_the_picture_and_none_of_its_words(visit, sat):
    page = visit.get(f"/attempts/{sat.public_id}?q=1").get_data(as_text=True)
    answer = visit.get(ADDRESS.search(page).group())

    assert answer.status_code == 200
    assert answer.mimetype == "image/png"
    assert Image.open(io.BytesIO(answer.data)).size == (800, 400)
    assert SECRET_MARK.encode() not in answer.data
    assert SECRET_MARK not in page + str(answer.headers)
    assert "no-store" in answer.headers["Cache-Control"]


def test_an_address_is_of_no_use_to_anybody_else(visit, sat):
    address = shown_address(visit, sat)

    assert visit.another().get(address).status_code == 404
    assert visit.another().sign_in(PersonFactory()).get(address).status_code == 404


def test_an_address_runs_out_and_cannot_be_made_up(visit, sat, held_clock):
    address = shown_address(visit, sat)
    row = db.session.query(StoredFile).filter_by(purpose=pictures.PURPOSE).one()

    assert visit.get(address + "x").status_code == 404
    assert visit.get(f"/items/media/{row.public_id}").status_code == 404
    held_clock.now = clock.now() + pictures.SHOWN_FOR + timedelta(minutes=1)
    assert visit.get(address).status_code == 404


def test_the_same_picture_is_kept_once(session):
    made, media = with_picture(png())

    assert pictures.keep_pictures([made, made], media) == 1
    assert pictures.keep_pictures([made], media) == 0
    assert Image.open(io.BytesIO(read(pictures.find_stored(made["picture"]["sha256"])))).format == "PNG"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (png((799, 400)), "is 799 by 400 pixels, not 800 by 400"),
        (b"no picture", "cannot be read as a picture"),
        (b"", "cannot be read as a picture"),
    ],
)
def test_bytes_that_are_not_the_picture_of_the_definition_are_refused(session, data, why):
    made, media = with_picture(data)

    with pytest.raises(ItemsInvalid, match=f"H1 picture: {why}"):
        pictures.keep_pictures([made], media)


def test_an_item_whose_picture_is_not_kept_is_shown_by_its_words(session, app):
    with app.test_request_context():
        assert pictures.address_of(item_content("hotspot")) == ""
