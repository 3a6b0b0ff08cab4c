"""From a copy to a certificate in one's own design, and the same page again years later."""

import io
from datetime import timedelta

import pytest
from flask import current_app
from PIL import Image, ImageDraw
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app import clock, transaction
from app.body.queries import get_body
from app.errors import DomainError, Stale
from app.extensions import db
from app.storage.models import StoredFile
from certificates import queries
from certificates.badging import keeping as badge_keeping
from certificates.designs import drawings, previews, scans, services
from certificates.designs import queries as designs
from certificates.designs.models import CertificateDesignVersion, CredentialDrawing, DesignState
from certificates.designs.previews import Sample, SampleName
from certificates.designs.routes.designs import find_level
from certificates.designs.services import Doer, Use
from certificates.issuing import ordering
from certificates.models import Artefact, Credential
from certificates.pdf.design import SHIPPED, Colours, DesignInvalid, DesignSignatory, Ornament, Paper
from certificates.pdf.model import DesignReference, ModelInvalid
from tests.certificates.papers import a_scan, page_picture, page_text
from tests.factories.certificates import certify, make_level, run_jobs


def doer(name="officer-one"):
    return Doer(name, clock.now())


def begin(title="House style", source="gallery"):
    return services.copy(designs.get_shown(source, 1), title, doer())


def content_of(row, **changes):
    from dataclasses import replace

    return replace(designs.stored_design(row), **changes)


def save(row, by="officer-one", revision=None, **changes):
    design = content_of(row, **changes)
    pictures = [person.image for person in design.signatories if person.image]
    return services.save(design, pictures, "Tried out", revision=revision or row.revision, doer=doer(by))


def put_into_use(row, level="foundation", **more):
    use = Use(level, clock.now(), "Minutes of May", row.revision)
    choice = services.put_into_use(DesignReference(row.data["code"], row.version), use, doer(**more))
    transaction.commit()
    return choice


SIGNED = (DesignSignatory("Ina Probe", "Registrar", scans.redraw(a_scan())), DesignSignatory("Ugo Prova", "Chair"))


def in_house_style(level="foundation"):
    """A design of the body in use: own colours, words, composition and a scanned signature."""
    row = save(
        begin(), ornament=Ornament.LEAVES, paper=Paper.LETTER, colours=Colours(primary="#223355", paper="#FFF8E8"),
        signatories=SIGNED, wording={"certifies_that": "hereby states that"}, show_evidence=False,
    )  # fmt: skip
    put_into_use(row, level)
    return row


def document_of(credential):
    file_id = db.session.scalar(select(Artefact.file_id).where(Artefact.credential_id == credential.id))
    return current_app.extensions["store"].get(file_id)


def test_a_certificate_is_issued_in_the_design_of_its_level_and_says_so(app):
    make_level()
    row = in_house_style()
    credential = certify()

    page = page_text(document_of(credential))
    assert {"hereby states that", "Ina Probe", "Ugo Prova"} <= set(page)
    assert credential.model["design"] == {"code": row.data["code"], "version": 1}
    assert credential.model["signatories"][0]["image_sha256"] == row.data["signatories"][0]["image_sha256"]
    width, height = page_picture(document_of(credential), 1.0).size
    assert (width, height) == (612, 792)
    drawing = drawings.find_drawing(credential.id)
    assert drawing.version_id == row.id
    assert {font["name"] for font in drawing.fonts} >= {"EB Garamond Regular"}
    assert {len(font["sha256"]) for font in drawing.fonts} == {64}


def test_the_page_is_drawn_again_to_the_byte_after_the_level_has_moved_on(app):
    make_level()
    first = in_house_style()
    credential = certify()
    signed = document_of(credential)
    following = services.begin_next(first.data["code"], 1, doer())
    put_into_use(save(following, ornament=Ornament.LACE, colours=Colours(primary="#552222")))
    services.retire(first.data["code"], 1, doer())
    transaction.commit()

    credential = queries.get_credential(credential.public_id)
    page = drawings.redraw(credential, [badge_keeping.keep(credential, clock.now()).as_attachment()])
    assert len(page) > 10_000
    assert signed.startswith(page), "the signature is appended to the very bytes of the page"
    assert certify("Bea Beispiel").model["design"]["version"] == 2


def test_a_certificate_under_another_spelling_keeps_the_design_of_the_first(app):
    make_level()
    row = in_house_style()
    old = queries.get_credential(certify().public_id)
    put_into_use_shipped("gallery")
    new = ordering.reissue(old, "Ada Beispiell", "A letter was missing.", actor="officer", now=clock.now())
    run_jobs()
    assert find(new).model["design"] == {"code": row.data["code"], "version": 1}
    assert drawings.find_drawing(new.id).version_id == row.id


def put_into_use_shipped(code):
    services.put_into_use(DesignReference(code, 1), Use("foundation", clock.now(), "As it was"), doer())
    transaction.commit()


def find(credential):
    return db.session.scalars(select(Credential).where(Credential.id == credential.id)).one()


def test_without_a_choice_a_level_has_the_design_that_it_always_had(app):
    credential = certify()
    assert credential.model["design"] == {"code": "classic", "version": 1}
    assert drawings.find_drawing(credential.id).version_id is None


def test_a_certificate_of_the_time_before_designs_is_drawn_as_ever(app):
    credential = certify()
    before = {name: value for name, value in credential.model.items() if name != "design"}
    before["signatories"] = [{"name": p["name"], "office": p["office"]} for p in before["signatories"]]
    now = drawings.redraw(credential)
    db.session.execute(update(Credential).values(model=before))
    db.session.execute(delete(CredentialDrawing))
    assert drawings.redraw(find(credential)) == now
    drawings.keep_fonts(credential.id, before, [], clock.now())
    assert drawings.find_drawing(credential.id).version_id is None


def test_a_choice_for_a_later_day_waits_for_that_day(app):
    make_level()
    row, later = save(begin()), clock.now() + timedelta(days=10)
    services.put_into_use(row_reference(row), Use("foundation", later, "From then on", row.revision), doer())
    credential = certify()
    assert credential.model["design"]["code"] == "classic"
    assert (
        designs.dressed(model_of(credential), "foundation", later + timedelta(seconds=1)).design.code
        == row.data["code"]
    )
    with pytest.raises(DomainError, match="foundation"):
        services.retire(row.data["code"], 1, doer())


def row_reference(row):
    return DesignReference(row.data["code"], row.version)


def model_of(credential):
    from certificates.pdf.model import CertificateModel

    return CertificateModel.from_json_dict(credential.model)


class TestFixed:
    def test_a_version_in_use_is_not_changed(self, app):
        make_level()
        row = in_house_style()
        before = row.sha256
        with pytest.raises(DomainError, match="stays as it is"):
            save(row, ornament=Ornament.LACE)
        assert (row.sha256, row.state, row.live) == (before, DesignState.IN_USE, None)

    def test_a_version_that_a_certificate_refers_to_cannot_be_deleted(self, app):
        make_level()
        row = in_house_style()
        certify()
        with pytest.raises(IntegrityError):
            db.session.execute(delete(CertificateDesignVersion).where(CertificateDesignVersion.id == row.id))
        db.session.rollback()

    def test_a_version_that_a_level_uses_is_not_laid_aside(self, app):
        make_level()
        row = in_house_style()
        with pytest.raises(DomainError, match="foundation"):
            services.retire(row.data["code"], 1, doer())
        put_into_use_shipped("classic")
        services.retire(row.data["code"], 1, doer())
        assert row.state == DesignState.RETIRED
        with pytest.raises(DomainError, match="laid aside"):
            put_into_use(row)

    def test_a_row_that_was_altered_in_the_database_is_not_drawn(self, app):
        make_level()
        row = in_house_style()
        credential = certify()
        data = row.data | {"ornament": "lace"}
        db.session.execute(update(CertificateDesignVersion).values(data=data))
        db.session.expire_all()
        with pytest.raises(ModelInvalid, match="altered"):
            drawings.redraw(find(credential))

    def test_a_change_begins_the_next_version_and_only_one(self, app):
        make_level()
        row = in_house_style()
        following = services.begin_next(row.data["code"], 1, doer())
        assert (following.version, following.state) == (2, DesignState.DRAFT)
        assert following.data | {"version": 1} == row.data
        with pytest.raises(DomainError, match="Version 2"):
            services.begin_next(row.data["code"], 1, doer())


class TestDrafts:
    def test_the_second_of_two_officers_is_told_and_the_first_one_s_words_stay(self, app):
        row = begin()
        save(row, by="officer-one", revision=1, title="First come")
        with pytest.raises(Stale):
            save(row, by="officer-two", revision=1, title="Second come")
        assert (row.data["title"], row.revision, row.changed_by) == ("First come", 2, "officer-one")

    def test_a_draft_that_changed_since_it_was_looked_at_is_not_put_into_use(self, app):
        make_level()
        row = begin()
        save(row)
        with pytest.raises(Stale):
            services.put_into_use(row_reference(row), Use("foundation", clock.now(), "Minutes", 1), doer())
        assert row.state == DesignState.DRAFT

    def test_colours_are_judged_with_those_of_the_body_and_of_every_medal(self, app):
        row = begin()
        with pytest.raises(DesignInvalid) as refusal:
            save(row, colours=Colours(paper="#9A8F70", ink="#000000", muted="#000000", specimen="#FFFFFF"))
        parts = {fault.part for fault in refusal.value.faults}
        assert parts == {"colours.primary", "colours.accent", "colours.metal"}

    def test_designs_get_codes_of_their_own_in_every_script(self, app):
        codes = [begin(title).data["code"] for title in ("Classic", "classic!", "תעודה", "9 lives", "x", "y" * 60)]
        assert codes == ["classic-2", "classic-3", "design", "design-2", "design-3", "y" * 20]


class TestScans:
    def test_what_is_kept_is_a_picture_of_our_own_making(self, app):
        kept = scans.redraw(photo_with_exif())
        picture = Image.open(io.BytesIO(kept))
        assert (picture.format, dict(picture.getexif()), picture.info.get("exif")) == ("PNG", {}, None)
        assert b"SECRET PLACE" not in kept
        assert picture.height > picture.width, "turned as the camera said"
        assert scans.redraw(photo_with_exif()) == kept

    def test_the_alpha_of_a_picture_stays(self, app):
        picture = Image.open(io.BytesIO(scans.redraw(a_scan()))).convert("RGBA")
        assert picture.getpixel((0, 0))[3] == 0
        assert picture.getextrema()[3] == (0, 255)

    def test_a_huge_photograph_becomes_small(self, app):
        noise = Image.effect_noise((3000, 1200), 120).convert("RGB")
        target = io.BytesIO()
        noise.save(target, "JPEG", quality=60)
        kept = scans.redraw(target.getvalue())
        assert len(kept) < 120_000
        assert Image.open(io.BytesIO(kept)).width <= 992

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "not a PNG"),
            (b"", "not a PNG"),
            (b"GIF89a" + bytes(40), "not a PNG"),
            (a_scan()[:300], "not a PNG"),
            (bytes(scans.MOST_BYTES + 1), "larger than 4 MB"),
        ],
    )
    def test_what_is_no_picture_of_a_signature_is_refused(self, app, data, reason):
        with pytest.raises(DomainError, match=reason):
            scans.redraw(data)

    @pytest.mark.parametrize("size", [(30_000, 30_000), (6_000, 5_000)])
    def test_a_bomb_is_refused_before_it_is_unpacked(self, app, size):
        target = io.BytesIO()
        Image.new("1", size).save(target, "PNG", optimize=True)
        assert target.tell() < scans.MOST_BYTES
        with pytest.raises(DomainError, match="too many pixels"):
            scans.redraw(target.getvalue())

    def test_a_page_without_ink_is_refused(self, app):
        target = io.BytesIO()
        Image.new("RGB", (600, 200), "#F4F4F0").save(target, "PNG")
        with pytest.raises(DomainError, match="no ink"):
            scans.redraw(target.getvalue())

    def test_one_picture_is_stored_once_and_goes_when_no_version_names_it(self, app):
        sha256 = scans.keep(SIGNED[0].image)
        assert scans.keep(SIGNED[0].image) == sha256
        save(begin(), signatories=SIGNED)
        other = scans.redraw(a_scan((500, 200)))
        scans.keep(other)
        later = clock.now() + timedelta(days=2)
        scans.forget_unused(later)
        stored = db.session.scalars(select(StoredFile.sha256).where(StoredFile.purpose == scans.PURPOSE)).all()
        assert stored == [sha256]
        assert scans.read(sha256) == SIGNED[0].image


def photo_with_exif():
    """A photo taken with the telephone held upright, which knows where it was taken."""
    picture = Image.new("RGB", (1200, 500), "white")
    ImageDraw.Draw(picture).line([(100, 400), (600, 80), (1100, 300)], fill="#101850", width=9)
    known = Image.Exif()
    known[0x0112], known[0x010E] = 6, "SECRET PLACE"
    target = io.BytesIO()
    picture.save(target, "JPEG", exif=known)
    return target.getvalue()


class TestSpecimens:
    @pytest.mark.parametrize("ends", [True, False])
    @pytest.mark.parametrize("code", [design.code for design in SHIPPED])
    def test_the_longest_name_in_arabic_fits_every_composition(self, app, code, ends):
        make_level()
        sample = Sample(SampleName.ARABIC, ends)
        design = designs.get_shown(code, 1).design
        model = previews.sample_model(design, find_level(""), sample, get_body(), clock.now())
        assert len(model.holder_name) > 150
        assert (model.valid_through is None) is not ends
        drawn = Image.open(io.BytesIO(previews.picture(previews.page(model, design), 400)))
        assert drawn.width == 400

    def test_words_that_do_not_fit_are_found_before_a_level_uses_them(self, app):
        make_level()
        row = save(begin(), wording={"level": "W" * 160})
        with pytest.raises(DomainError, match="too long for its place"):
            previews.check_every_sample(designs.stored_design(row), find_level(""), get_body(), clock.now())
