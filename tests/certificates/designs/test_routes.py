"""The pages of designs: who may, what is refused beside its field, and what two people typed at once."""

import base64
import io
import re

import pytest
from PIL import Image
from sqlalchemy import select, update

from app import clock
from app.accounts.models import WebSession
from app.audit.models import AuditEntry
from app.extensions import db
from app.policy import Role
from app.storage.models import StoredFile
from certificates.designs import scans
from certificates.designs.models import CertificateDesignVersion, LevelDesign
from tests.certificates.papers import a_scan, page_text
from tests.certificates.scenes import send
from tests.factories.certificates import make_level
from tests.factories.people import PersonFactory
from tests.support.queries import counted

PLACE = "/office/certificates/designs"
DRAFT = f"{PLACE}/house-style/1"
TYPED = {
    "revision": "1", "title": "House style", "ornament": "band", "paper": "a4", "medal": "", "show_evidence": "y",
    "signed_by": "body", "sample": "short", "ends": "y", "level": "foundation",
}  # fmt: skip


@pytest.fixture
def officer(visit):
    make_level()
    return visit.another().sign_in(PersonFactory(name="Odile First", holding=[Role.OFFICER]))


@pytest.fixture
def second(visit):
    return visit.another().sign_in(PersonFactory(name="Otis Second", holding=[Role.OFFICER]))


@pytest.fixture
def draft(officer):
    answer = officer.post(f"{PLACE}/copy", {"code": "gallery", "version": "1", "title": "House style"})
    assert answer.headers["Location"] == DRAFT
    return officer


def text_of(response):
    return response.get_data(as_text=True)


def version():
    db.session.expire_all()
    return db.session.scalars(select(CertificateDesignVersion).order_by(CertificateDesignVersion.id.desc())).first()


def error_at(page, name):
    found = re.search(rf'id="{name}-error"[^>]*>.*?</span>\s*([^<]+)<', page, re.DOTALL)
    return found[1].strip() if found else ""


def picture_in(page):
    return re.search(r"data:image/png;base64,([^\"]+)", page)[1]


def use(visitor, **changes):
    known = {"use_level": "foundation", "use_reason": "Minutes of May", "revision": "1"}
    return visitor.post(f"{DRAFT}/use", known | changes)


def test_the_list_shows_what_each_level_uses_and_what_may_be_copied(officer):
    page = text_of(officer.get(PLACE))
    assert "Landscape, framed in lace" in page
    assert page.count("Make the copy") == 3
    small = officer.get(f"{PLACE}/deed/1.png")
    assert small.mimetype == "image/png"
    assert abs(Image.open(io.BytesIO(small.data)).width - 480) <= 1


def test_the_list_asks_as_often_for_many_designs_as_for_one(draft):
    draft.get(PLACE)
    with counted() as one:
        draft.get(PLACE)
    for title in ("Second", "Third", "Fourth"):
        draft.post(f"{PLACE}/copy", {"code": "classic", "version": "1", "title": title})
    with counted() as many:
        draft.get(PLACE)
    assert len(many) == len(one)


def test_a_copy_without_a_name_is_told_so(officer):
    answer = officer.post(f"{PLACE}/copy", {"code": "gallery", "version": "1", "title": " "})
    assert answer.status_code == 422
    assert "Give the design a name." in text_of(answer)


def test_a_draft_is_written_and_shows_in_its_specimen(draft):
    words = {"word_certifies_that": "states that", "colour_primary": "#1f3d6b", "reason": "Blue, as decided"}
    assert draft.post(DRAFT, TYPED | words).headers["Location"] == DRAFT
    row = version()
    assert (row.revision, row.reason, row.data["colours"]["primary"]) == (2, "Blue, as decided", "#1F3D6B")
    pdf = draft.get(f"{DRAFT}.pdf", query_string={"sample": "long", "ends": "no"}).data
    assert "states that" in page_text(pdf)
    assert "VALID THROUGH" not in " ".join(page_text(pdf)).upper()


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"colour_primary": "#C8E0D0"}, "colour_primary", "its contrast is 1.4, and 4.5 is needed."),
        ({"colour_accent": "#F0E0C0"}, "colour_accent", "and 3 is needed."),
        ({"colour_ink": "black"}, "colour_ink", "Write the colour like #1F4D3A."),
        ({"word_check_text": "Scan it."}, "word_check_text", "must hold {domain}"),
        ({"word_level": "W" * 150}, "word_level", "too long for its place"),
        ({"word_has_earned": "has won 🏆"}, "word_has_earned", "🏆"),
        ({"signed_by": "named", "person_1": "Ina Probe", "office_1": ""}, "office_1", "at least one character"),
        ({"title": ""}, "title", "Give the design a name."),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field_and_stays_typed(draft, typed, field, words):
    answer = draft.post(DRAFT, TYPED | typed | {"reason": "Typed with care"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert words in error_at(page, field)
    assert 'value="Typed with care"' in page
    assert version().revision == 1

    live = draft.post(f"{DRAFT}/preview", TYPED | typed)
    assert words in live.json["faults"][field]


def test_the_preview_draws_what_is_typed_and_keeps_nothing(draft):
    page = draft.post(f"{DRAFT}/preview", TYPED | {"sample": "arabic", "colour_primary": "#1F3D6B"}).json
    assert Image.open(io.BytesIO(base64.b64decode(page["picture"].partition(",")[2]))).width == 1240
    other = draft.post(DRAFT, TYPED | {"act": "preview", "sample": "arabic"})
    assert other.status_code == 200
    assert picture_in(text_of(other)) != page["picture"].partition(",")[2]
    assert version().revision == 1


class TestSignatures:
    NAMED = TYPED | {"signed_by": "named", "person_1": "Ina Probe", "office_1": "Registrar"}

    def test_a_scan_is_kept_by_its_hash_and_printed(self, draft):
        assert send(draft, DRAFT, self.NAMED, scan_1=(a_scan(), "me.png")).status_code == 302
        [person] = version().data["signatories"]
        stored = db.session.scalars(select(StoredFile).where(StoredFile.purpose == scans.PURPOSE)).one()
        assert (person["image_sha256"], stored.owner, stored.shown_name) == (stored.sha256, "designs", "signature.png")
        assert "A picture is there" in text_of(draft.get(DRAFT))
        assert draft.get(f"{DRAFT}.pdf").data.startswith(b"%PDF")

    def test_a_scan_stays_while_other_fields_are_mended(self, draft):
        refused = send(draft, DRAFT, self.NAMED | {"title": ""}, scan_1=(a_scan(), "me.png"))
        held = re.search(r'name="held_1" value="([^"]+)"', text_of(refused))[1]
        assert refused.status_code == 422
        draft.post(DRAFT, self.NAMED | {"held_1": held})
        assert len(version().data["signatories"][0]["image_sha256"]) == 64

    def test_a_scan_is_taken_away_again(self, draft):
        send(draft, DRAFT, self.NAMED, scan_1=(a_scan(), "me.png"))
        kept = version().data["signatories"][0]["image_sha256"]
        draft.post(DRAFT, self.NAMED | {"revision": "2", "kept_1": kept})
        assert version().data["signatories"][0]["image_sha256"] == kept
        draft.post(DRAFT, self.NAMED | {"revision": "3", "kept_1": kept, "remove_1": "y"})
        assert version().data["signatories"][0]["image_sha256"] == ""

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not a PNG, JPEG or WebP"),
            (b"\x89PNG\r\n\x1a\n" + bytes(90), "not a PNG, JPEG or WebP"),
        ],
        ids=["svg", "broken"],
    )
    def test_what_is_no_picture_is_refused_at_the_upload(self, draft, data, words):
        answer = send(draft, DRAFT, self.NAMED, scan_1=(data, "me.png"))
        assert answer.status_code == 422
        assert words in error_at(text_of(answer), "scan_1")

    @pytest.mark.parametrize("lie", [{"kept_1": "0" * 64}, {"held_1": "PHN2Zz4="}, {"held_1": "%%"}])
    def test_a_picture_that_nobody_sent_is_asked_for_again(self, draft, lie):
        answer = draft.post(DRAFT, self.NAMED | lie)
        assert error_at(text_of(answer), "scan_1") == "Choose the picture once more."


def test_two_officers_at_one_draft_keep_what_both_have_typed(draft, second):
    second.post(DRAFT, TYPED | {"word_awarded": "Given on", "colour_primary": "#552222"})
    answer = draft.post(DRAFT, TYPED | {"word_awarded": "Since", "title": "My own name"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Otis Second" in page
    assert "Given on" in page
    assert 'value="Since"' in page
    assert 'value="My own name"' in page
    assert (version().data["wording"], version().revision) == ({"awarded": "Given on"}, 2)

    assert draft.post(DRAFT, TYPED | {"revision": "2", "word_awarded": "Since"}).status_code == 302
    assert version().data["wording"] == {"awarded": "Since"}


class TestUse:
    def test_a_version_that_a_level_uses_can_only_be_looked_at(self, draft):
        assert use(draft).status_code == 302
        choice = db.session.scalars(select(LevelDesign)).one()
        assert (choice.level_code, choice.design_code, choice.reason) == ("foundation", "house-style", "Minutes of May")
        page = text_of(draft.get(DRAFT))
        assert "Save the draft" not in page
        assert "Begin the next version" in page
        late = draft.post(DRAFT, TYPED | {"revision": "1", "word_awarded": "Typed too late"})
        assert late.status_code == 409
        assert "stays as it is" in text_of(late)
        assert 'value="Typed too late"' in text_of(late)
        assert draft.post(f"{PLACE}/gallery/1", TYPED).status_code == 409
        assert version().revision == 1
        assert draft.post(f"{DRAFT}/next").headers["Location"] == f"{PLACE}/house-style/2"
        assert "House style, version 1" in text_of(draft.get(PLACE))

    def test_it_needs_the_password_given_just_now(self, draft):
        db.session.execute(update(WebSession).values(authenticated_at=clock.now().replace(year=2020)))
        assert use(draft).status_code == 401
        assert draft.post(f"{DRAFT}/retire").status_code == 401
        assert db.session.scalar(select(LevelDesign.id)) is None

    def test_it_needs_a_reason_and_a_level_that_exists(self, draft):
        answer = use(draft, use_reason="", use_level="nobodys")
        assert answer.status_code == 422
        assert error_at(text_of(answer), "use_reason") == "Say why: it stays in the record."
        assert error_at(text_of(answer), "use_level")

    def test_a_draft_that_was_saved_in_between_is_looked_at_first(self, draft, second):
        second.post(DRAFT, TYPED)
        answer = use(draft)
        assert answer.status_code == 409
        assert "Look at it again first." in text_of(answer)

    def test_a_version_in_use_is_laid_aside_when_another_took_its_place(self, draft):
        use(draft)
        draft.post(f"{DRAFT}/retire")
        assert version().state == "in-use"
        draft.post(f"{PLACE}/deed/1/use", {"use_level": "foundation", "use_reason": "Upright from now on"})
        draft.post(f"{DRAFT}/retire")
        assert version().state == "retired"

    def test_every_act_is_in_the_trail(self, draft):
        draft.post(DRAFT, TYPED)
        use(draft, revision="2")
        draft.post(f"{PLACE}/deed/1/use", {"use_level": "foundation", "use_reason": "Upright from now on"})
        draft.post(f"{DRAFT}/retire")
        acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.object_kind == "design")).all()
        assert acts == ["design.begun", "design.changed", "design.used", "design.used", "design.retired"]


def test_authors_write_drafts_and_leave_their_use_to_officers(draft, visit):
    author = visit.another().sign_in(PersonFactory(name="Aud Author", holding=[Role.AUTHOR]))
    assert author.post(DRAFT, TYPED | {"word_awarded": "Since"}).status_code == 302
    page = text_of(author.get(DRAFT))
    assert "Put it into use" not in page
    assert "Lay it aside" not in page
    assert use(author, revision="2").status_code == 403
    assert author.post(f"{DRAFT}/retire").status_code == 403


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.MODERATOR])
def test_nobody_else_comes_in(draft, visit, role):
    other = visit.another().sign_in(PersonFactory(holding=[role]))
    for path in (PLACE, DRAFT, f"{DRAFT}.png", f"{DRAFT}.pdf"):
        assert other.get(path).status_code == 403
    assert other.post(f"{DRAFT}/preview", TYPED).status_code == 403


def test_a_design_that_is_not_there(officer):
    for path in (f"{PLACE}/nothing/1", f"{PLACE}/classic/2", f"{PLACE}/nothing/1.png"):
        assert officer.get(path).status_code == 404
    assert officer.post(f"{PLACE}/nothing/1/next").status_code == 404
