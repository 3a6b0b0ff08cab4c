"""Designs as data: checked whole, the same after years in a store, and really different to look at."""

import io
import json
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from PIL import Image, ImageChops, ImageStat

from certificates.pdf import layout
from certificates.pdf.design import (
    SHIPPED,
    Colours,
    Design,
    DesignInvalid,
    DesignProblem,
    DesignSignatory,
    Ornament,
    Paper,
    find_shipped,
)
from certificates.pdf.model import METAL_OF_MEDAL, DesignReference, Medal, ModelInvalid, Signatory
from certificates.pdf.render import render
from certificates.pdf.scans import LARGEST_SCAN, LARGEST_SIDE
from tests.certificates.papers import a_model, a_scan, page_picture, page_text

LONGEST_NAMES = ["W" * 160, " ".join(["Wilhelmina Konstantinopolska-Featherstonehaugh"] * 4)[:160].strip()]
BY_CODE = {"argvalues": SHIPPED, "ids": [design.code for design in SHIPPED]}


def a_design(**changes) -> Design:
    """A design of an invented body that says everything."""
    fields = {
        "code": "house",
        "version": 3,
        "title": "House style",
        "ornament": Ornament.BAND,
        "paper": Paper.LETTER,
        "colours": Colours(primary="#223355", accent="#AA5500", metal="#775500"),
        "medal": Medal.SPRIG,
        "signatories": (DesignSignatory("Ina Probe", "Registrar", a_scan()), DesignSignatory("Ugo Prova", "Chair")),
        "wording": {"certifies_that": "hereby states that"},
        "show_evidence": False,
    }
    return Design(**fields | changes)


def faults_of(**changes) -> list[tuple[str, DesignProblem]]:
    with pytest.raises(DesignInvalid) as refusal:
        a_design(**changes)
    return [(fault.part, fault.problem) for fault in refusal.value.faults]


@pytest.mark.parametrize("design", [*SHIPPED, a_design()], ids=lambda design: design.code)
def test_a_design_comes_back_from_its_json_as_it_was(design: Design):
    stored = json.dumps(design.to_json_dict())
    assert Design.from_json_dict(json.loads(stored)) == design


@pytest.mark.parametrize(
    "damage", [{"ornament": "spiral"}, {"surprise": 1}, {"signatories": [{"name": "x"}]}, {"medal": 7}]
)
def test_a_damaged_store_is_told_apart_from_a_design(damage):
    with pytest.raises(ValueError, match=r"stored design|not a valid"):
        Design.from_json_dict(a_design().to_json_dict() | damage)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"code": "No Spaces"}, ("code", DesignProblem.CODE)),
        ({"version": 0}, ("version", DesignProblem.VERSION)),
        ({"title": " "}, ("title", DesignProblem.LENGTH)),
        ({"colours": Colours(primary="green")}, ("colours.primary", DesignProblem.COLOUR)),
        ({"colours": Colours(primary="#99BBAA")}, ("colours.primary", DesignProblem.CONTRAST)),
        ({"colours": Colours(accent="#F0E0C0")}, ("colours.accent", DesignProblem.CONTRAST)),
        ({"colours": Colours(paper="#777777")}, ("colours.ink", DesignProblem.CONTRAST)),
        ({"colours": Colours(specimen="#333333")}, ("colours.specimen", DesignProblem.CONTRAST)),
        ({"wording": {"certifies_that": "x" * 161}}, ("wording.certifies_that", DesignProblem.LENGTH)),
        ({"wording": {"greeting": "Hello"}}, ("wording.greeting", DesignProblem.WORD_UNKNOWN)),
        ({"wording": {"check_text": "Scan the code."}}, ("wording.check_text", DesignProblem.WORD_LOST)),
        ({"signatories": (DesignSignatory("", "Chair"),)}, ("signatories.0.name", DesignProblem.LENGTH)),
        ({"signatories": (DesignSignatory("A", "B"),) * 3}, ("signatories", DesignProblem.TOO_MANY)),
        (
            {"signatories": (DesignSignatory("A", "B", b"GIF89a"),)},
            ("signatories.0.image", DesignProblem.IMAGE_KIND),
        ),
        (
            {"signatories": (DesignSignatory("A", "B", bytes(LARGEST_SCAN + 1)),)},
            ("signatories.0.image", DesignProblem.IMAGE_SIZE),
        ),
        (
            {"signatories": (DesignSignatory("A", "B", a_scan((LARGEST_SIDE + 1, 30))),)},
            ("signatories.0.image", DesignProblem.IMAGE_PIXELS),
        ),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(changes, fault):
    assert fault in faults_of(**changes)


def test_all_faults_are_told_at_once():
    found = faults_of(code="?", colours=Colours(muted="#EEEEEE"), wording={"level": ""}, signatories=())
    assert {part for part, _ in found} == {"code", "colours.muted", "wording.level"}


def test_a_design_dresses_a_model_and_the_page_shows_it():
    design = a_design()
    model = design.dress(a_model(medal=Medal.WREATH))
    assert (model.medal, model.palette.metal, model.palette.primary) == (Medal.SPRIG, "#775500", "#223355")
    assert model.design == DesignReference("house", 3)
    lines = page_text(render(model, design=design))
    assert {"hereby states that", "Ina Probe", "Ugo Prova"} <= set(lines)
    assert not [line for line in lines if "under scheme EX-A" in line]


def test_a_design_that_chooses_a_medal_alone_chooses_its_metal():
    plain = a_design(colours=Colours(), signatories=(), wording={})
    dressed = plain.dress(a_model(medal=Medal.WREATH))
    assert dressed.palette.metal == METAL_OF_MEDAL[Medal.SPRIG]
    assert dressed.signatories == a_model().signatories


def test_a_certificate_whose_signature_picture_is_gone_is_not_drawn_without_it():
    model = a_design().dress(a_model())
    with pytest.raises(ModelInvalid, match="scanned signature"):
        render(model, design=a_design(signatories=()))


@pytest.mark.parametrize("design", **BY_CODE)
def test_the_designs_that_come_with_the_house_are_found(design: Design):
    assert find_shipped(DesignReference(design.code, design.version)) is design
    assert find_shipped(DesignReference(design.code, 99)) is None


def test_the_designs_are_really_different():
    pictures = [page_picture(render(design.dress(a_model()), design=design), 0.5) for design in SHIPPED]
    for one, other in combinations(pictures, 2):
        same_size = other.resize(one.size)
        [mean] = ImageStat.Stat(ImageChops.difference(one, same_size).convert("L")).mean
        assert mean > 6


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("design", **BY_CODE)
def test_the_page_has_the_size_of_its_paper(design: Design, paper: Paper):
    chosen = replace(design, paper=paper)
    picture = page_picture(render(chosen.dress(a_model()), design=chosen), 1.0)
    assert {abs(side - wanted) <= 1 for side, wanted in zip(picture.size, layout.page_size(chosen), strict=True)} == {
        True
    }


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("name", LONGEST_NAMES)
@pytest.mark.parametrize("design", **BY_CODE)
def test_every_design_holds_the_longest_name_that_can_be_confirmed(design: Design, name: str, paper: Paper):
    chosen = replace(design, paper=paper)
    model = chosen.dress(wordy(layout.check_holder_name(name)))
    assert "".join(name.split()) in "".join("".join(page_text(render(model, design=chosen))).split())


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("name", ["Bo", *LONGEST_NAMES])
@pytest.mark.parametrize("design", **BY_CODE)
def test_nothing_on_a_full_page_runs_into_another_thing_or_off_the_page(design, name, paper, signed):
    people = tuple(DesignSignatory(*person, a_scan()) for person in LONG_PEOPLE) if signed else ()
    chosen = replace(design, paper=paper, signatories=people)
    page = layout.lay_out(chosen.dress(wordy(name)), chosen)
    boxes = [box_of(item) for item in page.items]
    for left, bottom, right, top in boxes:
        assert left > 18
        assert bottom > 18
        assert right < page.width - 18
        assert top < page.height - 18
    for one, other in combinations(boxes, 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        along = min(one[3], other[3]) - max(one[1], other[1])
        assert across <= 0.5 or along <= 0.5, (one, other)


LONG_PEOPLE = [("Bertalan-Maximilian Mustermann of Somewhere", "President and chair of all the chairs there are")] * 2


def wordy(name: str):
    """A certificate that says much everywhere."""
    return a_model(
        name,
        body_name="The Worshipful and Ancient Body of Examples, Samples, Specimens and Illustrations",
        award_title="Extraordinarily Advanced Example Professional and Fellow of the Illustrated Order",
        evidence="by written examination, by the practical “Boardroom case” judged independently by two assessors, by "
        "holding the Foundation and Practitioner levels, and by decision of the examinations board, under scheme EX-A.",
        awarded="26 September 2026",
        valid_through="25 September 2029",
        signatories=tuple(Signatory(*person) for person in LONG_PEOPLE),
    )


def box_of(item) -> tuple[float, float, float, float]:
    """The room that an item takes: of type, from under the base line to the height of small letters."""
    if not hasattr(item, "lines"):
        return item.box
    lines = item.lines
    return (
        min(line.x for line in lines),
        min(line.y - 0.2 * line.size for line in lines),
        max(line.right for line in lines),
        max(line.y + 0.46 * line.size for line in lines),
    )


@pytest.mark.parametrize("design", **BY_CODE)
def test_lines_of_one_column_keep_their_distance(design: Design):
    page = layout.lay_out(design.dress(wordy(LONGEST_NAMES[1])), design)
    for block in page.items:
        for upper, lower in pairwise(getattr(block, "lines", ())):
            assert upper.y - lower.y > 0.9 * lower.size


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_scanned_signature_shows_its_ink_and_no_white_box(kind: str):
    design = a_design(ornament=Ornament.LACE, colours=Colours(paper="#FFF6E0"), signatories=())
    signed = replace(design, signatories=(DesignSignatory("Ina Probe", "Registrar", a_scan(kind=kind)),) * 2)
    page = layout.lay_out(signed.dress(a_model()), signed)
    left, bottom, right, top = next(item.box for item in page.items if hasattr(item, "sha256"))
    picture = page_picture(render(signed.dress(a_model()), design=signed), 2.0)
    crop = picture.crop((int(2 * left), int(2 * (page.height - top)), int(2 * right), int(2 * (page.height - bottom))))
    colours = crop.getcolors(crop.width * crop.height)
    assert max(colours)[1] == (0xFF, 0xF6, 0xE0)
    assert [colour for _, colour in colours if colour[2] > colour[0] + 40], "the ink is blue"
    assert not [colour for _, colour in colours if min(colour) > 0xF8], "no white upon the paper"


def test_a_photo_of_a_signature_is_laid_upon_the_page_as_small_as_print_allows():
    photo = a_scan((3000, 1200), "JPEG")
    assert Image.open(io.BytesIO(photo)).size == (3000, 1200)
    design = a_design(signatories=(DesignSignatory("Ina Probe", "Registrar", photo),))
    with_photo = len(render(design.dress(a_model()), design=design))
    bare = replace(design, signatories=(DesignSignatory("Ina Probe", "Registrar"),))
    assert with_photo - len(render(bare.dress(a_model()), design=bare)) < 16_000
