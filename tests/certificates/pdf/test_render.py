"""The page: what a reader sees and what a program extracts is what the model says, inside the frame, every time."""

import io
import subprocess
import threading
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest
from PIL import ImageChops

from certificates.pdf import classic, layout
from certificates.pdf.design import SHIPPED
from certificates.pdf.fonts import NameNotRenderable, TextProblem, normalise
from certificates.pdf.model import Medal, Signatory, Wording
from certificates.pdf.render import render
from tests.certificates.papers import NUMBER, a_model, page_picture, page_text
from tests.conftest import tool

LONG_EVIDENCE = (
    "by written examination, by the practical “Boardroom case” judged independently by two assessors, by holding the "
    "Foundation and Practitioner levels, and by decision of the examinations board, under scheme EX-A, second edition."
)
HARD_NAMES = [
    "O'Brien <b>",
    '<img src="/etc/passwd"/>',
    "&lt;para&gt; {name} %s",
    "Ọlátúndé Ṣẹ̀gun",
    "Богда́нов",
    "Ἀλέξανδρος Παπαδιαμάντης",
    "Nguyễn Thị Hồng Nhung",
    "M\u0303a G\u0303",
]
LONG_NAMES = [
    " ".join(["Wilhelmina Konstantinopolska-Featherstonehaugh"] * 4)[:160].strip(),
    "W" * 160,
    "Å" * 80 + " " + "j" * 79,
]


def words_of(lines: list[str]) -> str:
    return "".join("".join(lines).split())


def extracted_by_pypdf(pdf: bytes) -> list[str]:
    return pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split("\n")


@pytest.mark.parametrize("name", HARD_NAMES)
def test_a_hard_name_is_extracted_as_it_was_written(name):
    pdf = render(a_model(name))
    assert normalise(name) in page_text(pdf)
    assert normalise(name) in extracted_by_pypdf(pdf)


@pytest.mark.parametrize("name", LONG_NAMES)
def test_a_name_of_160_characters_is_printed_whole(name):
    pdf = render(a_model(name, evidence=LONG_EVIDENCE))
    assert words_of([name]) in words_of(page_text(pdf))
    assert words_of([name]) in words_of(extracted_by_pypdf(pdf))


def test_tracked_small_capitals_are_extracted_as_words():
    pdf = render(a_model())
    told = subprocess.run([tool("pdftotext"), "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    for lines in (page_text(pdf), extracted_by_pypdf(pdf), [line.strip() for line in told.split("\n")]):
        assert {"The Body of Examples", "Certificate number", "Check this certificate", NUMBER} <= set(lines)


def test_the_page_tells_people_to_go_to_the_domain_themselves():
    advice = "Go to body.example/verify and type the number. The address must begin with body.example."
    assert advice in " ".join(page_text(render(a_model())))


def test_the_word_specimen_is_on_a_specimen_and_only_there():
    assert "SPECIMEN" in page_text(render(a_model(specimen=True)))
    assert "SPECIMEN" not in " ".join(page_text(render(a_model())))
    title = pypdf.PdfReader(io.BytesIO(render(a_model(specimen=True)))).metadata.title
    assert title.startswith("SPECIMEN: ")


def test_the_word_specimen_is_large_pale_and_leaves_the_words_legible():
    with_word, without = (page_picture(render(a_model(specimen=flag))) for flag in (True, False))
    changed = ImageChops.difference(with_word, without).convert("L").point(lambda value: 255 if value > 4 else 0)
    left, top, right, bottom = changed.getbbox()
    assert (right - left, bottom - top) > (with_word.width * 0.6, with_word.height * 0.3)
    darkest = min(sum(pixel) for pixel in with_word.get_flattened_data() if pixel == (0xF0, 0xDD, 0xD2))
    assert darkest > 600


@pytest.mark.parametrize("medal", list(Medal))
@pytest.mark.parametrize("name", ["Bo", LONG_NAMES[0], LONG_NAMES[1]])
def test_no_ink_of_words_reaches_the_frame(medal, name):
    """Two pages that differ in every word look alike outside the inner rule, and near it inside."""
    wordy = a_model(
        name,
        medal,
        body_name="The Worshipful and Ancient Body of Examples, Samples, Specimens and Illustrations " * 2,
        level_title="Extraordinarily Advanced",
        award_title="Extraordinarily Advanced Example Professional and Fellow " * 3,
        evidence=LONG_EVIDENCE,
        awarded="the sixth day of November in the year 2026",
        valid_through="the fifth day of November in the year 2029",
        signatories=(Signatory("Bertalan-Maximilian Mustermann of Somewhere " * 2, "President and chair of all " * 3),)
        * 2,
    )
    plain = a_model("-", medal, valid_through=None, signatories=(), evidence="-", award_title="-", body_name="-")
    difference = ImageChops.difference(page_picture(render(wordy)), page_picture(render(plain)))
    room = 2 * (classic.FRAME_INNER + 18)
    left, top, right, bottom = difference.getbbox()
    assert left >= room
    assert top >= room
    assert right <= difference.width - room
    assert bottom <= difference.height - room


@pytest.mark.parametrize("name", ["Ada Lee", LONG_NAMES[0]])
def test_lines_do_not_run_into_each_other(name):
    page = layout.lay_out(a_model(name, evidence=LONG_EVIDENCE), SHIPPED[0])
    centred = [text for text in page.texts if abs((text.x + text.right) / 2 - page.width / 2) < 1 and text.y < 420]
    for upper, lower in pairwise(sorted(centred, key=lambda text: -text.y)):
        assert upper.y - lower.y > 0.62 * lower.size + 0.18 * upper.size


def test_every_glyph_is_embedded_and_nothing_else_comes_along(tmp_path: Path):
    pdf = render(a_model("Ж Ω ꝑ", specimen=True))
    page = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)
    assert "/Trans" not in page
    catalogue = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/Names", "/JavaScript"} & set(catalogue)
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf)
    checked = subprocess.run([tool("qpdf"), "--check", path], capture_output=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_the_same_model_gives_the_same_bytes_and_says_its_date_and_language():
    model = a_model(dated=datetime(2027, 2, 3, 4, 5, 6, tzinfo=UTC), language="en-GB")
    first = render(model)
    time.sleep(1.1)
    assert render(model) == first
    reader = pypdf.PdfReader(io.BytesIO(first))
    assert reader.metadata.creation_date == datetime(2027, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert (reader.metadata.author, reader.metadata.title) == (
        "The Body of Examples",
        "Advanced Example Professional: Ada Beispiel",
    )


def test_threads_render_as_one_would():
    names = [f"Person Number {number} Ж" for number in range(8)]
    alone = [render(a_model(name)) for name in names]
    together: dict[str, bytes] = {}
    threads = [threading.Thread(target=lambda n=name: together.update({n: render(a_model(n))})) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[name] for name in names] == alone


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"holder_name": "ܐܒܐ"}, "holder_name", TextProblem.SCRIPT),
        ({"holder_name": "W" * 400}, "holder_name", TextProblem.LENGTH),
        ({"award_title": "Award 🎓"}, "award_title", TextProblem.GLYPH),
        ({"evidence": "so it is " * 200}, "evidence", TextProblem.LENGTH),
        ({"signatories": (Signatory("Ada", ""),)}, "signatories.0.office", TextProblem.EMPTY),
        ({"wording": Wording(specimen="ܐܒܐ"), "specimen": True}, "wording.specimen", TextProblem.SCRIPT),
    ],
)
def test_what_cannot_be_printed_stops_the_page_and_names_the_field(changes, field, problem):
    with pytest.raises(NameNotRenderable) as refusal:
        render(a_model(**changes))
    assert (refusal.value.field, refusal.value.problem) == (field, problem)


def test_a_holder_can_confirm_the_name_before_anything_is_issued():
    assert layout.check_holder_name("  Zoe\u0308  Lee ") == "Zoë Lee"
    with pytest.raises(NameNotRenderable):
        layout.check_holder_name("W" * 400)


def test_the_levels_have_their_own_metals():
    shades = {medal: page_picture(render(a_model(medal=medal)), 1.0) for medal in Medal}
    box = (340, 55, 500, 180)
    assert len({picture.crop(box).tobytes() for picture in shades.values()}) == 3
    for medal, colour in (
        (Medal.LEAF, (0x8C, 0x5A, 0x3C)),
        (Medal.SPRIG, (0x5B, 0x6B, 0x73)),
        (Medal.WREATH, (0xA9, 0x78, 0x20)),
    ):
        found = page_picture(render(a_model(medal=medal)), 4.0).crop(tuple(4 * side for side in box))
        assert colour in dict.fromkeys(found.get_flattened_data())


def test_the_page_is_landscape_a4():
    width, height = page_picture(render(a_model()), 1.0).size
    assert (width, height) in {(842, 595), (842, 596)}
