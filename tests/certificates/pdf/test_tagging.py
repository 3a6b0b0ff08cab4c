"""The page for people who do not see it: everything is marked, in the order of the sentence, with words for pictures."""

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from certificates.pdf.design import SHIPPED, Design, DesignSignatory, Paper
from certificates.pdf.model import Medal
from certificates.pdf.render import render
from certificates.signatures.signing import sign_pdf
from tests.certificates.papers import ADDRESS, AWARDED, Keys, a_badge, a_model, a_scan
from tests.certificates.pdf.marks import contents, leaves, unmarked
from tests.support.judges import python_judge

LONG = "Wilhelmina Konstantinopolska-Featherstonehaugh " * 3
SIGNED = (DesignSignatory("Berta Muster", "President", a_scan()), DesignSignatory("Carl Vorbild", "Chair", a_scan()))


def signed_variant(design: Design) -> Design:
    """The same look on the other paper, with scanned signatures."""
    return replace(design, paper=Paper.LETTER, signatories=SIGNED)


def spoken(pdf: bytes) -> list[tuple[str, str]]:
    """What a screen reader says, piece by piece: role, and the text or the words for a picture."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        number_of = {int(kid.K): str(kid.S)[1:] for kid in opened.Root.StructTreeRoot.K.K if kid.S != "/Form"}
    return [
        (number_of[number], leaf.text or leaf.alt) for number, leaf in zip(contents(pdf), leaves(pdf), strict=False)
    ]


@pytest.mark.parametrize("design", SHIPPED, ids=lambda design: design.code)
@pytest.mark.parametrize("specimen", [False, True])
def test_every_stroke_is_marked_and_every_mark_is_read(design: Design, specimen: bool):
    worn = signed_variant(design)
    pdf = render(worn.dress(a_model(LONG, specimen=specimen)), design=worn)
    assert unmarked(pdf) == []
    assert contents(pdf) == list(range(len(leaves(pdf)) - 1))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        _, by_content, _, form = opened.Root.StructTreeRoot.ParentTree.Nums
        assert [int(kid.K) for kid in by_content] == contents(pdf)
        assert form.S == "/Form"


@pytest.mark.parametrize("design", SHIPPED, ids=lambda design: design.code)
def test_headings_come_in_order_and_the_first_is_the_name(design: Design):
    worn = signed_variant(design)
    pdf = render(worn.dress(a_model(LONG)), design=worn)
    headings = [(leaf.role, leaf.text) for leaf in leaves(pdf) if leaf.role.startswith("H")]
    assert headings == [("H1", LONG.strip()), ("H2", ""), ("H2", "")]


@pytest.mark.parametrize("design", SHIPPED, ids=lambda design: design.code)
def test_what_is_drawn_in_pieces_is_spoken_whole(design: Design):
    texts = [leaf.text for leaf in leaves(render(design.dress(a_model(LONG, Medal.LEAF)), design=design))]
    for whole in (
        "Level Advanced",
        LONG.strip(),
        "Awarded 6 November 2026",
        "Berta Muster President",
        "Go to body.example/verify and type the number. The address must begin with body.example.",
    ):
        assert whole in texts


def test_a_name_in_another_direction_is_spoken_in_its_own_order():
    texts = [leaf.text for leaf in leaves(render(a_model("محمد عبد الله")))]
    assert "محمد عبد الله" in texts


def test_pictures_have_words_and_a_place():
    worn = signed_variant(SHIPPED[0])
    figures = [leaf for leaf in leaves(render(worn.dress(a_model()), design=worn)) if leaf.role == "Figure"]
    assert [figure.alt for figure in figures] == [
        "Handwritten signature of Berta Muster",
        "Handwritten signature of Carl Vorbild",
        f"Square code that opens {ADDRESS}",
    ]
    for figure in figures:
        left, bottom, right, top = figure.box
        assert 0 < left < right < 792
        assert 0 < bottom < top < 612


def test_the_empty_field_of_the_signature_has_a_name_and_a_place_in_the_tree():
    with pikepdf.open(io.BytesIO(render(a_model()))) as pdf:
        [field] = pdf.Root.AcroForm.Fields
        assert (str(field.T), str(field.TU)) == ("Certification", "Digital signature of The Body of Examples")
        assert [float(side) for side in field.Rect] == [0, 0, 0, 0]
        form = pdf.Root.StructTreeRoot.K.K[-1]
        assert form.K.Obj.objgen == field.objgen
        assert pdf.pages[0].Annots[0].objgen == field.objgen
        assert int(field.StructParent) == 1


@pytest.mark.judges
@pytest.mark.parametrize("design", SHIPPED, ids=lambda design: design.code)
def test_an_outside_judge_passes_the_signed_file_as_accessible(design: Design, keys: Keys, tmp_path: Path):
    """PDF/UA-1 by a program that shares no code with ours; the strangest of what we print goes to it."""
    worn = signed_variant(design)
    names = {"plain": a_model(), "long": a_model(LONG, Medal.SPRIG, valid_through=None, specimen=True)}
    names["right to left"] = a_model("محمد عبد الله", Medal.LEAF)
    for name, model in names.items():
        signed = sign_pdf(render(worn.dress(model), (a_badge(),), worn), keys.signer, AWARDED)
        (tmp_path / f"{name}.pdf").write_bytes(signed)
    judged = subprocess.run(
        [python_judge("outloud"), "--fail-on", "warning", tmp_path], capture_output=True, text=True, check=False
    )
    assert judged.returncode == 0, judged.stdout
    assert judged.stdout.count("PASS") == len(names)
