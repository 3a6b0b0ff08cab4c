"""The file for later: archivable, with files attached, and the same bytes from the same model for ever."""

import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pikepdf
import pytest
from pikepdf import pdfa

from certificates.pdf.archive import Attachment, AttachmentInvalid
from certificates.pdf.design import SHIPPED, Design
from certificates.pdf.metadata import pdf_date
from certificates.pdf.model import CertificateModel, ModelInvalid
from certificates.pdf.render import TEMPLATE_VERSION, render
from tests.certificates.papers import AWARDED, NUMBER, a_badge, a_model

ROOT = Path(__file__).resolve().parents[3]
NOT_KNOWN = {
    "interactive forms (/AcroForm) are not supported",
    "embedded files are not supported",
    "XMP namespace pdfaExtension=http://www.aiim.org/pdfa/ns/extension/ is not permitted",
    "XMP namespace pdfaSchema=http://www.aiim.org/pdfa/ns/schema# is not permitted",
    "XMP namespace pdfaProperty=http://www.aiim.org/pdfa/ns/property# is not permitted",
    "XMP property pdfaExtension:schemas is not permitted",
    "XMP property pdfuaid:part is not permitted",
}
"""What the judge does not know: signature fields (a catalogue with one is not followed to its attached files either),
and that a file may claim PDF/UA beside PDF/A."""


def judged(pdf: bytes) -> pdfa.Report:
    return pdfa.validate_written(io.BytesIO(pdf), "3b")


def without_what_the_judge_does_not_know(pdf: bytes) -> bytes:
    """The same file without the empty signature field and without the claim of PDF/UA."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        del opened.Root.AcroForm, opened.pages[0].Annots
        xmp = opened.Root.Metadata.read_bytes()
        start = xmp.rindex(b"<rdf:Description", 0, xmp.index(b"pdfaExtension"))
        opened.Root.Metadata.write(xmp[:start] + xmp[xmp.index(b"</rdf:RDF>") :])
        target = io.BytesIO()
        opened.save(target)
    return target.getvalue()


@pytest.mark.parametrize("design", SHIPPED, ids=lambda design: design.code)
@pytest.mark.parametrize("name", ["Ada Beispiel", "Ọlátúndé Ṣẹ̀gun Жукова", "नरेन्द्र محمد"])
def test_an_outside_judge_finds_every_page_archivable(design: Design, name: str):
    pdf = render(design.dress(a_model(name, specimen=True)), (a_badge(),), design)
    report = judged(without_what_the_judge_does_not_know(pdf))
    assert report.verdict == "pass", report.findings
    assert {finding.message for finding in judged(pdf).findings} == NOT_KNOWN


def test_a_file_that_is_attached_comes_out_as_it_went_in():
    data = bytes(range(256)) * 40
    pdf = render(a_model(), (a_badge(data), Attachment("a/b.txt".replace("/", "-"), "text/plain", b"x", "One letter")))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert sorted(opened.attachments) == ["a-b.txt", "credential.json"]
        file = opened.attachments["credential.json"].get_file()
        assert (file.read_bytes(), file.mime_type, file.size) == (data, "application/json", len(data))
        assert file.mod_date == AWARDED
        relations = {str(one.UF): str(one.AFRelationship) for one in opened.Root.AF}
        assert relations == {"a-b.txt": "/Data", "credential.json": "/Data"}
        assert str(opened.Root.AF[1].Desc) == "The same award as a machine reads it"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "../up.json"},
        {"name": "a\nb"},
        {"name": " lead.json"},
        {"media_type": "json"},
        {"media_type": "text/plain/x"},
        {"relationship": "Friend"},
    ],
)
def test_an_attachment_that_could_mislead_is_refused(changes):
    plain = {"name": "a.json", "media_type": "application/json", "data": b"", "description": ""}
    with pytest.raises(AttachmentInvalid):
        Attachment(**plain | changes)


def test_two_files_of_one_name_are_refused():
    with pytest.raises(AttachmentInvalid, match="same name"):
        render(a_model(), (a_badge(), a_badge(b"{}")))


def test_a_name_that_looks_like_markup_leaves_the_metadata_whole():
    hard = "O'Brien <b> & </rdf:li> ]]>"
    with pikepdf.open(io.BytesIO(render(a_model(hard)))) as pdf, pdf.open_metadata() as xmp:
        assert xmp["dc:title"] == str(pdf.docinfo.Title) == f"Advanced Example Professional: {hard}"
        assert xmp["pdf:Keywords"] == NUMBER
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("3", "B", "1")


def test_dates_carry_their_zone():
    west = timezone(-timedelta(hours=3, minutes=30))
    assert pdf_date(datetime(2027, 2, 3, 4, 5, 6, tzinfo=west)) == "D:20270203040506-03'30'"
    assert pdf_date(datetime(2027, 2, 3, 4, 5, 6, tzinfo=UTC)) == "D:20270203040506+00'00'"


AGAIN = """
import json, sys
from certificates.pdf.archive import Attachment
from certificates.pdf.model import CertificateModel
from certificates.pdf.render import render
kept = (Attachment("credential.json", "application/json", b"{}", "The award"),)
sys.stdout.buffer.write(render(CertificateModel.from_json_dict(json.load(sys.stdin)), kept))
"""


def test_the_stored_model_gives_the_same_bytes_in_another_process_zone_and_year():
    model = a_model("Ọlátúndé Ṣẹ̀gun नरेन्द्र", specimen=True)
    kept = (Attachment("credential.json", "application/json", b"{}", "The award"),)
    elsewhere = {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "99", "PYTHONPATH": str(ROOT)}
    again = subprocess.run(
        [sys.executable, "-c", AGAIN],
        input=model.canonical_json().encode(),
        env=os.environ | elsewhere,
        capture_output=True,
        check=True,
    )
    assert again.stdout == render(model, kept)


STORED_BY_VERSION_1 = {
    "body_name": "The Body of Examples", "holder_name": "Ada Beispiel", "level_code": "A", "level_title": "Advanced",
    "award_title": "Advanced Example Professional", "evidence": "by examination.", "awarded": "6 November 2026",
    "valid_through": None, "number": NUMBER, "signatories": [{"name": "Berta Muster", "office": "President"}],
    "verify_domain": "body.example", "qr_payload": f"HTTPS://BODY.EXAMPLE/V/{NUMBER}",
    "dated": "2026-11-06T12:00:00+00:00", "medal": "wreath", "specimen": False, "language": "en",
    "palette": {"metal": "#A97820", "paper": "#FFFEF9", "ink": "#1B2420", "muted": "#55605A", "primary": "#1F4D3A",
                "accent": "#A97820", "specimen": "#F0DDD2"},
    "wording": {"certifies_that": "certifies that", "has_earned": "has earned the standing of", "level": "Level",
                "awarded": "Awarded", "valid_through": "Valid through", "number": "Certificate number",
                "check_heading": "Check this certificate", "check_text": "Go to {domain}/verify.",
                "specimen": "SPECIMEN"},
}  # fmt: skip


def test_a_model_that_an_earlier_version_stored_is_drawn_in_the_classic_design():
    model = CertificateModel.from_json_dict(STORED_BY_VERSION_1)
    assert (model.design.code, model.design.version) == ("classic", 1)
    assert render(model) == render(model, design=SHIPPED[0])
    assert TEMPLATE_VERSION > 1


def test_another_design_than_the_one_referred_to_is_refused():
    with pytest.raises(ModelInvalid, match="classic, version 1"):
        render(a_model(), design=SHIPPED[1])
