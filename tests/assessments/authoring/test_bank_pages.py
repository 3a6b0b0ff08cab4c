"""The table of a bank: who sees it, what it shows, how it is filtered, and what it costs."""

import csv
import io
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import select

from app import clock, transaction
from assessments.authoring import figures
from assessments.items import finding, keeping
from assessments.items.models import Item, ItemBank, ItemStatistic
from tests.factories.assessments import SECRET_MARK, bank_of, definition, exam_of, singles, words
from tests.factories.items import author, drafted
from tests.factories.people import PersonFactory
from tests.support.queries import counted
from tests.support.simulated import sit_many

CANARY = '<script>alert("x")</script><img src=x onerror=alert(1)>'


@pytest.fixture
def writer(visit):
    """An author who is signed in."""
    return visit.sign_in(PersonFactory(holding=["author"]))


def told(session, bank, code, **values):
    """Let an item have figures, as the job would write them."""
    version = finding.find_in_use(finding.find_item(bank.id, code))
    detail = {"interval": [-0.2, 0.1], "omitted": 0, "options": [], "top": None, "bottom": None}
    given = {"answers": 150, "facility": Decimal("0.5"), "discrimination": Decimal("0.4"), "flags": []}
    session.add(ItemStatistic(item_version_id=version.id, detail=detail, computed_at=clock.now(), **(given | values)))
    session.commit()


def flag(name, **values):
    return {"name": name, "value": 0.0, "threshold": 0.0, "provisional": False, "clear": True, "option": ""} | values


def page_of(writer, bank, query=""):
    answer = writer.get(f"/items/bank/{bank.code}{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("roles", "status"),
    [([], 403), (["assessor"], 403), (["moderator"], 403), (["author"], 200), (["officer"], 200)],
)
def test_banks_are_for_authors_and_officers(visit, session, roles, status):
    bank = bank_of([definition("A")])
    address = f"/items/{finding.find_item(bank.id, 'A').public_id}"
    visit.sign_in(PersonFactory(holding=roles))

    for path in (
        "/items",
        f"/items/bank/{bank.code}",
        f"/items/bank/{bank.code}/table.csv",
        address,
        f"{address}/write",
    ):
        assert visit.get(path).status_code == status, path


def test_a_visitor_is_asked_to_sign_in_and_reads_no_key(visit, session):
    bank = bank_of([definition("A")])

    answer = visit.get(f"/items/bank/{bank.code}")

    assert answer.status_code == 302
    assert SECRET_MARK not in answer.get_data(as_text=True)


def test_authors_and_officers_find_the_banks_in_their_menu(visit, session):
    for roles, is_there in ((["author"], True), (["officer"], True), (["assessor"], False)):
        page = visit.another().sign_in(PersonFactory(holding=roles)).get("/account").get_data(as_text=True)
        assert ('href="/items"' in page) is is_there


def test_the_list_says_what_stands_where(writer, session):
    bank = bank_of([definition("A"), definition("B")])
    drafted(bank, author(), "W-1")
    keeping.retire(finding.find_item(bank.id, "B"), "Old.", actor=author(), now=clock.now())
    transaction.commit()

    page = words(writer.get("/items").get_data(as_text=True))

    assert "1 ready · 1 draft · 1 retired" in page


def test_what_needs_somebody_comes_first_with_its_figures(writer, session):
    bank = bank_of([definition(code) for code in ("FINE", "EASY", "WRONG", "FRESH")])
    told(session, bank, "FINE")
    told(session, bank, "EASY", facility=Decimal("0.98"), flags=[flag("too_easy")])
    told(
        session,
        bank,
        "WRONG",
        discrimination=Decimal("-0.04"),
        flags=[flag("check_key"), flag("dead_option", option="d")],
    )
    told(session, bank, "FRESH", answers=19, facility=None, discrimination=None)

    said = words(page_of(writer, bank))

    places = [said.index(f"Stem of {code}?") for code in ("WRONG", "EASY", "FRESH", "FINE")]
    assert places == sorted(places)
    for text in (
        "−0.04",
        "−0.20 to 0.10",
        "Check key",
        "Dead option d",
        "Too easy",
        "0.98",
        "Healthy",
        "19 of 30 answers",
    ):
        assert text in said


def test_filters_search_and_chips(writer, session):
    bank = bank_of([definition("A"), definition("B", topic="F2"), definition("C", "true_false")])
    keeping.set_tags(finding.find_item(bank.id, "C"), ["law"], actor=author())
    keeping.set_resting(finding.find_item(bank.id, "A"), True, actor=author())
    keeping.retire(finding.find_item(bank.id, "B"), "Old.", actor=author(), now=clock.now())
    transaction.commit()

    def shown(query):
        page = page_of(writer, bank, query)
        return [code for code in "ABC" if f"Stem of {code}?" in page]

    assert shown("") == ["A", "C"], "what is retired is shown when asked for"
    assert shown("?state=retired") == ["B"]
    assert shown("?state=retired&state=ready") == ["A", "B", "C"]
    assert shown("?kind=true_false") == ["C"]
    assert shown("?flag=resting") == ["A"]
    assert shown("?tag=law") == ["C"]
    assert shown("?q=stem+of+c") == ["C"]
    assert shown("?topic=F1&kind=single") == ["A"]
    assert "No item is like that" in page_of(writer, bank, "?q=nothing+of+the+kind")
    assert "take away" in page_of(writer, bank, "?q=stem")


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=999999999999999999", "?page=-1", "?page=x", "?sort=x&flag=y&open=z"]
)
def test_whatever_an_address_says_the_table_comes(writer, session, query):
    bank = bank_of([definition("A")])

    assert writer.get(f"/items/bank/{bank.code}{query}").status_code == 200


def test_an_unknown_bank_is_not_there(writer, session):
    assert writer.get("/items/bank/NO-SUCH").status_code == 404
    assert writer.get("/items/bank/NO-SUCH/table.csv").status_code == 404


def test_an_empty_bank_says_what_to_do(writer, session):
    assert "Write the first item" in page_of(writer, bank_of([]))


def test_long_banks_come_in_pages(writer, session):
    bank = bank_of([definition(f"I-{number:02}") for number in range(45)])

    first, last = page_of(writer, bank, "?sort=code"), page_of(writer, bank, "?sort=code&page=3")

    assert "Items 1 to 20 of 45" in words(first)
    assert "page=2" in first
    assert "Items 41 to 45 of 45" in words(last)
    assert "Stem of I-44?" in last


def test_a_row_folds_out_to_what_was_chosen(writer, session):
    exam = exam_of(singles(4))
    sit_many(exam, 32, Random(3))
    figures.work_out_all(clock.now())
    transaction.commit()
    bank = session.get(ItemBank, exam.bank_id)
    row = session.scalars(select(Item).where(Item.bank_id == bank.id)).first()

    page = page_of(writer, bank, f"?open={row.public_id}")

    said = words(page)
    assert "What was chosen" in said
    assert "(key)" in said
    assert "32 first attempts" in said


def test_the_file_holds_every_row_asked_for_and_no_formula(writer, session):
    bank = bank_of([definition("A-1", stem='=HYPERLINK("http://x")'), definition("B-1", stem="-2+3?")])
    keeping.set_tags(finding.find_item(bank.id, "A-1"), ["@sum", "+1"], actor=author())
    transaction.commit()
    told(session, bank, "B-1", discrimination=Decimal("-0.04"), flags=[flag("check_key")])

    answer = writer.get(f"/items/bank/{bank.code}/table.csv")

    assert answer.mimetype == "text/csv"
    head, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True)))
    by_code = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert by_code["A-1"]["stem"].startswith("'=")
    assert by_code["A-1"]["tags"] == "'+1, @sum"
    assert by_code["B-1"]["stem"] == "'-2+3?"
    assert by_code["B-1"]["discrimination"] == "-0.0400", "a figure stays a number"


def test_nothing_that_somebody_typed_runs(writer, session):
    bank = bank_of([definition("A", stem=CANARY)])
    item = finding.find_item(bank.id, "A")
    keeping.set_tags(item, [CANARY[:40]], actor=author())
    transaction.commit()
    public_id = item.public_id
    writer.post(f"/items/{public_id}/comments", {"text": CANARY})

    for path in (f"/items/bank/{bank.code}", f"/items/{public_id}", f"/items/{public_id}/write"):
        page = writer.get(path).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_the_table_costs_the_same_for_ten_items_and_a_thousand(writer, session):
    counts = []
    for size in (10, 1_000):
        bank = bank_of([definition(f"I-{number}") for number in range(size)])
        told(session, bank, "I-3", flags=[flag("check_key")])
        opened = finding.find_item(bank.id, "I-3").public_id
        writer.get(f"/items/bank/{bank.code}")
        with counted() as sent:
            page_of(writer, bank, f"?open={opened}")
        counts.append(len(sent))

    assert counts[0] == counts[1]
    assert counts[0] <= 16
