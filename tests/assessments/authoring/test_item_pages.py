"""Writing an item and reviewing it on the pages, from the empty form to the version in use."""

import io
import re
from html import unescape
from random import Random

import pytest
from PIL import Image
from sqlalchemy import select

from app import clock, transaction
from app.errors import DomainError
from assessments.authoring.uploads import MOST_BYTES, take_picture
from assessments.exams import making
from assessments.items import finding
from assessments.items.models import Item, ItemBank, VersionState
from tests.assessments.grading.item_contents import KIND_NAMES, OTHER_EXAMPLES, item_content
from tests.factories.assessments import bank_of, definition, exam_of, singles, words
from tests.factories.items import author, drafted, in_use
from tests.factories.people import PersonFactory
from tests.support.queries import counted
from tests.support.simulated import sit_many

MARK = re.compile(r'name="mark" value="([0-9a-f]{64})"')
OPTIONS = {
    "f.options.0.text": "To be asked first",
    "f.options.0.right": "y",
    "f.options.1.text": "To be paid",
    "f.options.2.text": "To be quoted",
}
WHOLE = {
    "stem": "What does a customer who agreed to be a reference expect?",
    "feedback": "Consent is asked for each time.",
    "topic": "F1",
    "objective": "F1.1",
    "thinking": "apply",
    "technique": "",
    "language": "en",
    "case": "",
    "reason": "A gap in F1.",
} | OPTIONS


@pytest.fixture
def bank(session):
    """A bank that a folder filled with one item."""
    return bank_of([definition("FOLDER-1")])


@pytest.fixture
def writer(visit):
    """An author who is signed in."""
    return visit.sign_in(PersonFactory(holding=["author"]))


@pytest.fixture
def reviewer(visit):
    """Another author who is signed in."""
    return visit.another().sign_in(PersonFactory(holding=["author"]))


def begin(writer, bank, kind="single", code="W-1"):
    answer = writer.post("/items/new", {"bank": bank.code, "kind": kind, "code": code})
    assert answer.status_code == 302
    return answer.headers["Location"].removesuffix("/write")


def mark_on(writer, address):
    return MARK.search(writer.get(f"{address}/write").get_data(as_text=True)).group(1)


def save(writer, address, act="save", **fields):
    return writer.post(f"{address}/write", WHOLE | {"mark": mark_on(writer, address), "act": act} | fields)


def item_at(session, address):
    return session.scalars(select(Item).where(Item.public_id == address.rpartition("/")[2])).one()


def test_from_an_empty_form_to_the_version_in_use(session, bank, writer, reviewer):
    address = begin(writer, bank)
    page = words(save(writer, address, stem="").get_data(as_text=True))
    assert "What is missing before it can be reviewed" in page
    assert "To be asked first" in writer.get(f"{address}/write").get_data(as_text=True), "and nothing typed is lost"

    sent = save(writer, address, "send")
    assert sent.status_code == 302
    assert (
        writer.post(f"{address}/review", {"act": "approve", "note": "", "mark": _hash(session, address)}).status_code
        == 422
    )

    page = reviewer.get(f"{address}/review").get_data(as_text=True)
    assert "A gap in F1." in page
    assert "Consent is asked for each time." in page
    done = reviewer.post(f"{address}/review", {"act": "approve", "note": "Good.", "mark": _hash(session, address)})

    assert done.status_code == 302
    item = item_at(session, address)
    assert (item.number, finding.find_in_use(item).state) == (1, VersionState.READY)
    shown = words(reviewer.get(address).get_data(as_text=True))
    assert "Good." in shown


def _hash(session, address):
    session.expire_all()
    return finding.find_open_version(item_at(session, address).id).content_hash


def test_a_returned_version_comes_back_with_the_note(session, bank, writer, reviewer):
    address = begin(writer, bank)
    save(writer, address, "send")

    refused = reviewer.post(f"{address}/review", {"act": "return", "note": "", "mark": "x"})
    assert refused.status_code == 422
    assert "Say what has to change" in refused.get_data(as_text=True)
    assert (
        reviewer.post(f"{address}/review", {"act": "return", "note": "Two are right.", "mark": "x"}).status_code == 302
    )

    assert "Two are right." in writer.get(address).get_data(as_text=True)
    assert writer.get(f"{address}/write").status_code == 200


def test_what_is_approved_is_what_the_reviewer_read(session, bank, writer, reviewer):
    address = begin(writer, bank)
    save(writer, address, "send")

    answer = reviewer.post(f"{address}/review", {"act": "approve", "note": "", "mark": "0" * 64})

    assert answer.status_code == 409
    assert "Read it again" in answer.get_data(as_text=True)


def test_there_is_nothing_to_review_before_it_is_sent(bank, writer, reviewer):
    address = begin(writer, bank)

    assert reviewer.get(f"{address}/review").status_code == 404


def test_a_version_in_review_is_taken_back_by_its_writer(session, bank, writer, reviewer):
    address = begin(writer, bank)
    save(writer, address, "send")
    assert writer.get(f"{address}/write").status_code == 302

    assert reviewer.post(f"{address}/take-back").status_code == 409
    assert writer.post(f"{address}/take-back").headers["Location"] == f"{address}/write"


def test_every_fault_stands_beside_its_field(bank, writer):
    address = begin(writer, bank)

    page = save(writer, address, "send", topic="", **{"f.options.1.text": "To be asked first", "f.options.0.right": ""})
    text = page.get_data(as_text=True)

    assert page.status_code == 422
    assert 'id="topic-error"' in text
    assert 'id="f-options-error"' in text
    assert 'href="#topic"' in text


def test_two_who_write_at_once_do_not_write_over_each_other(session, bank, writer, reviewer):
    address = begin(writer, bank)
    old = mark_on(writer, address)
    save(reviewer, address, stem="Theirs?")

    answer = writer.post(f"{address}/write", WHOLE | {"mark": old, "act": "save", "stem": "Mine?"})

    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Mine?" in page, "what was typed stays"
    assert finding.find_open_version(item_at(session, address).id).content["stem"] == "Theirs?"
    fresh = MARK.search(page).group(1)
    assert writer.post(f"{address}/write", WHOLE | {"mark": fresh, "act": "save", "stem": "Mine?"}).status_code == 200


def test_a_draft_saves_itself_and_shows_itself(session, bank, writer):
    address = begin(writer, bank)

    answer = save(writer, address, "autosave")

    told = answer.get_json()
    assert told["saved"].startswith("Saved at")
    assert told["faults"] == 0
    assert "To be quoted" in told["preview"]
    assert told["mark"] == _hash(session, address)


def test_an_autosave_that_comes_too_late_says_so_in_json(bank, writer, reviewer):
    address = begin(writer, bank)
    old = mark_on(writer, address)
    save(reviewer, address)

    answer = writer.post(f"{address}/write", WHOLE | {"mark": old, "act": "autosave"})

    assert answer.status_code == 409
    assert "Somebody else" in answer.get_json()["error"]


def test_looking_at_it_keeps_nothing(session, bank, writer):
    address = begin(writer, bank)
    before = _hash(session, address)

    page = save(writer, address, "preview").get_data(as_text=True)

    assert "item-preview" in page
    assert _hash(session, address) == before


def test_rows_are_added_and_moved_without_scripts(bank, writer):
    address = begin(writer, bank)

    more = save(writer, address, "add.options").get_data(as_text=True)
    assert 'name="f.options.5.text"' in more
    moved = save(writer, address, "up.options.1").get_data(as_text=True)
    assert moved.index("To be paid") < moved.index("To be asked first")


def test_a_new_version_of_what_a_folder_brought_in_leaves_it_in_use(session, bank, writer):
    item = finding.find_item(bank.id, "FOLDER-1")
    address = f"/items/{item.public_id}"

    save(writer, address, stem="Clearer words?")

    session.expire_all()
    assert item_at(session, address).number == 1
    versions = finding.list_versions(item.id)
    assert [(v.number, v.state) for v in versions] == [(2, VersionState.DRAFT), (1, VersionState.READY)]
    page = writer.get(f"{address}?compare=2").get_data(as_text=True)
    assert "<mark>" in page
    assert "brought in from the course folder" in page


def test_items_that_ask_nearly_the_same_are_shown_and_never_in_the_way(session, bank, writer):
    in_use(bank, author(), author(), "TWIN", stem="What does a customer who agreed to be a reference expect?")
    address = begin(writer, bank)

    page = save(writer, address)

    assert page.status_code == 200
    assert "TWIN" in page.get_data(as_text=True)
    assert save(writer, address, "send").status_code == 302


@pytest.mark.parametrize("name", [*KIND_NAMES, *OTHER_EXAMPLES])
def test_an_item_of_every_kind_has_its_page_and_its_form(session, writer, name):
    bank = bank_of([item_content(name) | {"code": "E-1"}])
    address = f"/items/{finding.find_item(bank.id, 'E-1').public_id}"

    for path in (address, f"{address}/write", f"{address}/write?as=text"):
        answer = writer.get(path)
        assert answer.status_code == 200, path
        assert "item-preview" in answer.get_data(as_text=True), path


@pytest.mark.parametrize("name", ["single", "cloze", "true_false", "matching", "ordering", "short_text", "numeric"])
def test_what_the_form_shows_is_kept_when_it_is_sent_as_it_is(session, writer, name):
    bank = bank_of([item_content(name) | {"code": "E-1"}])
    item = finding.find_item(bank.id, "E-1")
    address = f"/items/{item.public_id}"
    sent = fields_of(writer.get(f"{address}/write").get_data(as_text=True))

    answer = writer.post(f"{address}/write", sent | {"act": "save", "reason": "As it was."})

    assert answer.status_code == 200
    session.expire_all()
    newer = finding.find_open_version(item.id)
    assert newer.content == finding.find_in_use(item).content


FIELD = re.compile(
    r'<(?:input|textarea|select)[^>]*\bname="(?P<name>[^"]+)"[^>]*>(?:\n?(?P<area>[^<]*)</textarea>)?(?P<options>(?:<option[^<]*</option>)*)'
)


def fields_of(page):
    """What a browser would send of the form for writing."""
    form = page[page.index("data-item-form") :]
    form = form[: form.index("data-preview")]
    sent = {}
    for found in FIELD.finditer(form):
        tag, name = found.group(0), found["name"]
        if name == "csrf_token" or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        chosen = re.search(r'<option value="([^"]*)" selected', tag)
        value = re.search(r'\bvalue="([^"]*)"', tag.split(">")[0])
        raw = (
            found["area"]
            if found["area"] is not None
            else (chosen.group(1) if chosen else (value.group(1) if value else ""))
        )
        sent[name] = unescape(raw or "") if not tag.startswith("<select") or chosen else ""
    return sent


def test_a_text_with_a_slip_is_kept_and_its_line_is_named(session, bank, writer):
    address = begin(writer, bank, "cloze")
    broken = 'text = "A {{x}}."\ngaps = [\n  { code = "x" kind = "short_text" },\n]'

    page = save(writer, address, "send", **{"f.toml": broken})

    assert page.status_code == 422
    assert "Line 3" in words(page.get_data(as_text=True))
    assert "code = &#34;x&#34; kind" in page.get_data(as_text=True)
    assert "has no such field" not in page.get_data(as_text=True)


def test_a_fault_of_the_kind_is_named_in_its_line(bank, writer):
    address = begin(writer, bank, "cloze")
    text = 'text = "A {{x}} and {{y}}."\n\ngaps = [\n  { code = "x", kind = "short_text", accepted = [] },\n]'

    page = words(save(writer, address, "send", **{"f.toml": text}).get_data(as_text=True))

    assert "Line 4" in page


def drawing(size=(400, 200), form="PNG"):
    """A picture as bytes."""
    made = io.BytesIO()
    Image.new("RGB", size, (230, 239, 233)).save(made, form)
    return made.getvalue()


def test_a_picture_is_put_into_an_item_and_shown_without_its_name(session, bank, writer):
    address = begin(writer, bank, "hotspot")
    text = 'picture = { alt = "A desk." }\nplaces = [\n  { code = "p1", text = "upper left", x = 50, y = 40 },\n'
    text += '  { code = "p2", text = "lower left", x = 60, y = 150 },\n  { code = "p3", text = "right", x = 300, y = 100 },\n]\n'
    text += 'regions = [ { shape = "circle", x = 60, y = 150, radius = 20 } ]\n'
    sent = {"f.toml": text, "picture": (io.BytesIO(drawing()), "the-answer-is-lower-left.png")}

    page = save(writer, address, **sent).get_data(as_text=True)

    content = finding.find_open_version(item_at(session, address).id).content
    assert (content["picture"]["width"], content["picture"]["height"]) == (400, 200)
    assert content["picture"]["alt"] == "A desk."
    assert "the-answer" not in page
    shown = re.search(r'href="(/items/media/[^"]+)"', page)
    assert shown, "and the preview shows it"
    assert writer.get(shown.group(1)).mimetype == "image/png"


@pytest.mark.parametrize("data", [b"", b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_picture_is_refused_beside_its_field(bank, writer, data):
    address = begin(writer, bank, "placing")

    page = save(writer, address, picture=(io.BytesIO(data), "x.png")).get_data(as_text=True)

    assert 'id="picture-error"' in page


def test_a_picture_that_is_too_large_is_refused_before_it_is_read(app):
    definition_of = {"picture": {"alt": "Kept."}}

    with app.test_request_context(), pytest.raises(DomainError) as refused:
        take_picture(definition_of, b"x" * (MOST_BYTES + 1))

    assert refused.value.field == "picture"
    assert definition_of == {"picture": {"alt": "Kept."}}


def test_a_case_stands_beside_its_items(session, bank, writer):
    code = bank.code
    made = writer.post(
        f"/items/bank/{code}/cases", {"code": "VISIT", "title": "The visit", "text": "A customer *arrives*."}
    )
    assert made.status_code == 302
    address = begin(writer, bank)
    save(writer, address, case="VISIT")

    page = writer.get(address).get_data(as_text=True)
    assert "<em>arrives</em>" in page
    stale = writer.post(made.headers["Location"], {"title": "T", "text": "Other.", "number": "9"})
    assert stale.status_code == 409
    assert "Other." in stale.get_data(as_text=True)
    assert writer.post(made.headers["Location"], {"title": "T", "text": "Other.", "number": "1"}).status_code == 302
    assert words(writer.get(made.headers["Location"]).get_data(as_text=True)).count("with wording 1") == 1


def test_nothing_that_a_writer_or_a_reviewer_typed_runs(session, bank, writer, reviewer):
    canary = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    made = writer.post(f"/items/bank/{bank.code}/cases", {"code": "C-1", "title": canary, "text": canary})
    address = begin(writer, bank)
    typed = {
        "reason": canary,
        "feedback": canary,
        "case": "C-1",
        "f.options.0.text": canary,
        "f.options.0.feedback": canary,
    }
    save(writer, address, "send", **typed)
    reviewer.post(f"{address}/review", {"act": "return", "note": canary, "mark": "x"})
    text = begin(writer, bank, "cloze", "W-2")
    save(writer, text, **{"f.toml": canary})

    for path in (
        address,
        f"{address}/write",
        made.headers["Location"],
        f"/items/bank/{bank.code}/cases",
        f"{text}/write",
    ):
        page = writer.get(path).get_data(as_text=True)
        assert "alert(" in page, path
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_small_acts_on_an_item(session, bank, writer):
    item = finding.find_item(bank.id, "FOLDER-1")
    address = f"/items/{item.public_id}"
    in_use(bank, author(), author(), "OTHER")

    assert writer.post(f"{address}/tags", {"tags": "Law, hard"}).status_code == 302
    assert writer.post(f"{address}/enemies", {"other": "OTHER", "why": "Answers it."}).status_code == 302
    assert writer.post(f"{address}/enemies", {"other": "NOBODY"}).status_code == 422
    assert writer.post(f"{address}/comments", {"text": "Is B dead?"}).status_code == 302
    assert writer.post(f"{address}/comments", {"text": " "}).status_code == 422
    assert writer.post(f"{address}/standing/rest").status_code == 302
    assert writer.post(f"{address}/standing/dance").status_code == 404
    assert writer.post(f"{address}/retire", {"reason": ""}).status_code == 422
    assert writer.post(f"{address}/retire", {"reason": "Out of date."}).status_code == 302

    page = words(writer.get(address).get_data(as_text=True))
    for text in ("#law", "Answers it.", "Is B dead?", "Resting", "Retired", "Bring it back"):
        assert text in page
    said = finding.list_comments(item.id)[0]
    assert writer.post(f"{address}/comments/{said.public_id}/settle").status_code == 302
    assert "1 settled comment" in words(writer.get(address).get_data(as_text=True))


def test_an_item_that_was_asked_is_never_deleted(session, writer):
    exam = exam_of(singles(2))
    sit_many(exam, 1, Random(1))
    item = session.scalars(select(Item)).first()
    address = f"/items/{item.public_id}"

    answer = writer.post(f"{address}/delete")

    assert answer.status_code == 409
    assert "Retire it" in answer.get_data(as_text=True)
    page = words(writer.get(address).get_data(as_text=True))
    assert "Asked in 1 attempt." in page
    assert "Exam of the tests" in page
    assert "Delete it" not in page


def test_an_item_that_stands_in_a_form_is_never_deleted(session, writer):
    exam = exam_of(singles(2), drawing="forms")
    [form] = making.make_forms(exam, 1, "somebody", clock.now(), Random(1))
    code = form.code
    transaction.commit()
    item = session.scalars(select(Item)).first()
    address, bank = f"/items/{item.public_id}", session.get(ItemBank, item.bank_id).code

    assert writer.post(f"{address}/delete").status_code == 409

    assert f"Form {code} of {exam.code}, version 1" in words(writer.get(address).get_data(as_text=True))
    assert "1 form" in words(writer.get(f"/items/bank/{bank}").get_data(as_text=True))


def test_an_item_nobody_ever_met_is_deleted_with_what_was_said(session, bank, writer):
    item, _version = drafted(bank, author(), "GONE")
    address = f"/items/{item.public_id}"
    writer.post(f"{address}/comments", {"text": "Hm."})
    writer.post(f"{address}/tags", {"tags": "x"})

    assert writer.post(f"{address}/delete").status_code == 302

    assert writer.get(address).status_code == 404
    assert finding.find_item(bank.id, "GONE") is None


def test_a_dropped_draft_leaves_what_is_in_use(session, bank, writer):
    item = finding.find_item(bank.id, "FOLDER-1")
    address = f"/items/{item.public_id}"
    save(writer, address)

    assert writer.post(f"{address}/drop").headers["Location"] == address

    assert [version.number for version in finding.list_versions(item.id)] == [1]


def test_a_draft_with_a_decision_on_record_is_not_dropped(bank, writer, reviewer):
    address = begin(writer, bank)
    save(writer, address, "send")
    reviewer.post(f"{address}/review", {"act": "return", "note": "No.", "mark": "x"})

    assert writer.post(f"{address}/drop").status_code == 409


def test_a_taken_number_and_an_unknown_kind_are_refused_with_what_was_typed(bank, writer):
    taken = writer.post("/items/new", {"bank": bank.code, "kind": "numeric", "code": "FOLDER-1"})
    assert taken.status_code == 422
    assert 'value="FOLDER-1"' in taken.get_data(as_text=True)
    assert writer.post("/items/new", {"bank": bank.code, "kind": "riddle"}).status_code == 422
    assert writer.post("/items/new", {"bank": "NO-SUCH", "kind": "single"}).status_code == 404


def test_the_page_of_an_item_costs_the_same_whatever_the_bank_holds(session, writer):
    counts = []
    for size in (10, 1_000):
        bank = bank_of([definition(f"I-{number}") for number in range(size)])
        address = f"/items/{finding.find_item(bank.id, 'I-3').public_id}"
        for path in (address, f"{address}/write"):
            writer.get(path)
            with counted() as sent:
                assert writer.get(path).status_code == 200
            counts.append(len(sent))

    assert counts[:2] == counts[2:]
    assert max(counts) <= 24
