"""A changed file: what it says stands beside what the register says, however it was changed."""

import io

import pikepdf
import pytest
from flask import current_app
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select, update

from app.extensions import db
from certificates.checking import file_words
from certificates.checking.file_words import Fact, compare, read_words
from certificates.models import Artefact, Credential
from certificates.pdf.render import render
from tests.certificates.papers import a_model
from tests.certificates.scenes import send
from tests.factories.certificates import certify

MODEL = {
    "holder_name": "Ada Beispiel",
    "award_title": "Advanced Professional",
    "awarded": "6 November 2026",
    "number": "AAAA",
}
OURS = [
    "Level",
    "certifies that",
    "Ada Beispiel",
    "Advanced Professional",
    "Awarded",
    "6 November 2026",
    "AAAA",
    "Signed",
]


@pytest.fixture
def credential(app):
    return certify()


def document(credential):
    file_id = db.session.scalar(select(Artefact.file_id).where(Artefact.credential_id == credential.id))
    return current_app.extensions["store"].get(file_id)


def painted_over(data, words):
    """An incremental update that paints words over the page, as a tool for editing PDFs does."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        layer = io.BytesIO()
        canvas = Canvas(layer, pagesize=tuple(float(side) for side in pdf.pages[0].mediabox[2:]))
        canvas.drawString(100, 300, words)
        canvas.save()
        with pikepdf.open(layer) as over:
            pdf.pages[0].add_overlay(over.pages[0])
            pdf.save(target)
    return data + b"\n" + target.getvalue()


def with_note(data, words):
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Contents=words, Rect=[0, 0, 90, 90]
        )
        pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))
        pdf.save(target)
    return data + b"\n" + target.getvalue()


def differing(facts):
    return {said.fact: said.in_file for said in facts if said.differs}


class TestComparing:
    def test_the_same_lines_differ_in_nothing(self):
        facts = compare(MODEL, OURS, OURS)
        assert [said.fact for said in facts] == [Fact.HOLDER, Fact.AWARD, Fact.AWARDED, Fact.NUMBER]
        assert differing(facts) == {}

    def test_a_replaced_line_stands_beside_ours(self):
        theirs = [*OURS[:2], "Mallory Muster", *OURS[3:5], "6 November 2036", *OURS[6:]]
        assert differing(compare(MODEL, theirs, OURS)) == {
            Fact.HOLDER: "Mallory Muster",
            Fact.AWARDED: "6 November 2036",
        }

    def test_a_line_that_is_gone_is_not_to_be_found(self):
        assert differing(compare(MODEL, [*OURS[:5], *OURS[6:]], OURS)) == {Fact.AWARDED: None}

    def test_a_line_that_became_two_is_told_whole(self):
        theirs = [*OURS[:2], "Mallory", "Muster", *OURS[3:]]
        assert differing(compare(MODEL, theirs, OURS)) == {Fact.HOLDER: "Mallory Muster"}

    def test_spaces_and_small_capitals_are_no_difference(self):
        assert differing(compare(MODEL, [line.upper().replace(" ", "  ") for line in OURS], OURS)) == {}


class TestReading:
    def test_another_name_on_the_page_is_named(self, credential):
        model = a_model("Mallory Muster")
        forged = document(credential) + render(model)
        words = read_words(forged, credential.number)
        assert words.is_read
        assert "Mallory Muster" in words.added
        assert "Mallory Muster" in words.title

    def test_words_painted_over_the_page_are_named(self, credential):
        words = read_words(painted_over(document(credential), "Grand Master of Testing"), credential.number)
        assert words.added == ("Grand Master of Testing",)
        assert differing(words.facts) == {}

    def test_a_note_stuck_onto_it_is_named(self, credential):
        assert read_words(with_note(document(credential), "Advanced"), credential.number).added == ("Advanced",)

    @pytest.mark.parametrize("data", [b"", b"junk", b"%PDF-1.7\n" + b"[" * 100_000])
    def test_what_cannot_be_read_says_nothing(self, credential, data):
        words = read_words(data, credential.number)
        assert (words.is_read, words.added) == (False, ())

    def test_without_our_own_file_nothing_is_compared(self, credential):
        db.session.execute(update(Artefact).values(file_id="nothing-here"))
        assert not read_words(document_of_nobody(), credential.number).is_read
        assert not read_words(b"", "unknown").is_read


def document_of_nobody():
    return render(a_model())


class TestPage:
    def upload(self, visit, data):
        return send(visit, "/verify", {}, file=(data, "certificate.pdf")).get_data(as_text=True)

    def test_the_page_shows_both_columns_and_marks_what_differs(self, visit, credential):
        page = self.upload(visit, painted_over(document(credential), "<b>Grand Master</b>"))
        assert "What differs" in page
        assert "In your file" in page
        assert "In our register" in page
        assert "Not on the page that we signed" in page
        assert "&lt;b&gt;Grand Master&lt;/b&gt;" in page

    def test_a_file_that_cannot_be_read_is_met_with_the_register_and_a_word(self, visit, credential, monkeypatch):
        def refuse(*_papers):
            raise file_words.NotRead("unreadable")

        monkeypatch.setattr(file_words.asking, "read_papers", refuse)
        page = self.upload(visit, painted_over(document(credential), "Grand Master"))
        assert "could not be read safely" in page
        assert "Ada Beispiel" in page

    def test_of_a_hidden_certificate_nothing_is_compared(self, visit, credential):
        changed = painted_over(document(credential), "Grand Master")
        db.session.execute(update(Credential).values(visibility="share-only"))
        db.session.commit()
        page = self.upload(visit, changed)
        assert "altered after we signed it" in page
        assert "Ada" not in page
