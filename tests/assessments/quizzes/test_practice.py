"""Practice: feedback at once, without an account, as often as wanted, and nothing is kept."""

import re

import pytest
from sqlalchemy import func, select

from app import clock, transaction
from app.extensions import Base, db
from assessments.grading.kinds.registry import kind
from assessments.quizzes import queries
from assessments.quizzes.practice import answer, show
from assessments.quizzes.routes import check_yourself
from assessments.quizzes.services import import_quizzes
from courses.folder.model import CourseFolder, CourseHead, ModuleFolder
from tests.assessments.grading.item_contents import KIND_NAMES
from tests.factories.assessments import definition, exam_of, words

HEAD = CourseHead("T", "T course", "foundation", "en", 60, "", "", (), "", "1", "", ())
KINDS = [definition(f"T-Q{n}", name) for n, name in enumerate(KIND_NAMES)]


def course(items=KINDS):
    return CourseFolder(HEAD, (ModuleFolder("F1", "First module", "", (), (), tuple(items)),))


@pytest.fixture
def quiz(app):
    """The quiz of a module with an item of every kind."""
    import_quizzes(course(), clock.now())
    transaction.commit()
    return queries.get_quiz("T", "F1")


def rows():
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
        if table.name not in ("limit_count", "web_session")
    }


def fields_of(item):
    """A right answer as the fields of a plain form."""
    right = kind(item["kind"]).right_response(item)
    if isinstance(right, dict):
        return {f"answer.map.{left}": code for left, code in right.items()}
    if item["kind"] == "ordering":
        return {f"answer.map.{code}": str(place) for place, code in enumerate(right, 1)}
    if isinstance(right, list):
        return {"answer.list": right}
    return {"answer": str(right).lower() if isinstance(right, bool) else right}


def test_the_same_quiz_twice_changes_nothing_and_a_new_order_is_taken_over(quiz):
    assert not import_quizzes(course(), clock.now()).is_change
    import_quizzes(course(KINDS[::-1]), clock.now())
    transaction.commit()

    assert [q.content["code"] for q in queries.list_questions(quiz.id)] == [item["code"] for item in KINDS[::-1]]


def test_a_visitor_practises_every_kind_with_feedback_at_once(visit, quiz):
    for number, item in enumerate(KINDS, 1):
        address = f"/learn/T/F1/quiz?q={number}"
        page = visit.get(address)
        assert "feedback of" not in page.get_data(as_text=True), "no feedback before an answer"
        told = words(visit.post(address, fields_of(item)).get_data(as_text=True))
        assert f"feedback of {item['code']}" in told
        assert " Right " in told


def test_a_wrong_answer_names_the_right_one_and_may_be_tried_again(visit, quiz):
    first = words(visit.post("/learn/T/F1/quiz?q=1", {"answer": "a"}).get_data(as_text=True))
    assert "Not right" in first
    assert "Write to the customer Right, and not chosen" in first

    assert " Right " in words(visit.post("/learn/T/F1/quiz?q=1", {"answer": "b"}).get_data(as_text=True))


def test_the_order_stays_while_one_answers(visit, quiz):
    page = visit.get("/learn/T/F1/quiz?q=1").get_data(as_text=True)
    seed = re.search(r'name="seed" value="([0-9a-f]{8})"', page).group(1)
    shown = re.findall(r'name="answer" value="(\w)"', page)

    again = visit.post("/learn/T/F1/quiz?q=1", {"seed": seed, "answer": "a"}).get_data(as_text=True)

    assert re.findall(r'name="answer" value="(\w)"', again) == shown


def test_nothing_of_what_people_practise_is_kept(visit, quiz):
    before = rows()
    for _n in range(3):
        visit.post("/learn/T/F1/quiz?q=1", {"answer": "a"})
        visit.post("/practice/T/T-Q0", {"answer": "b"})

    assert rows() == before


def test_an_unreadable_answer_is_told_beside_the_question(visit, quiz):
    place = KIND_NAMES.index("numeric") + 1

    page = visit.post(f"/learn/T/F1/quiz?q={place}", {"answer": "about twenty"})

    assert page.status_code == 422
    assert "Write the number only" in words(page.get_data(as_text=True))
    assert 'value="about twenty"' in page.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/learn/T/F1/quiz?q=0", "/learn/T/F1/quiz?q=99", "/learn/T/F9/quiz", "/learn/X/F1/quiz"]
)
def test_what_is_not_there_is_not_found(visit, quiz, path):
    assert visit.get(path).status_code == 404


def test_an_item_of_an_exam_can_never_be_practised(visit, quiz):
    exam_of(items := [definition("T-EX1", stem="Only in exams?")])

    assert visit.post(f"/practice/T/{items[0]['code']}", {"answer": "b"}).status_code == 404


def test_a_lesson_gets_a_card_and_the_answer_comes_as_a_fragment(app, visit, quiz):
    with app.test_request_context("/learn/T/F1/F1.1"):
        card = str(check_yourself("T", "T-Q0"))
        assert check_yourself("T", "NO-SUCH") == ""
    assert "Check yourself" in card
    assert 'name="back" value="/learn/T/F1/F1.1"' in card

    fragment = visit.client.post(
        "/practice/T/T-Q0", data={"answer": "b", "csrf_token": visit.token()}, headers={"X-Fragment": "1"}
    ).get_data(as_text=True)

    assert "<html" not in fragment
    assert "feedback of T-Q0" in fragment


def test_without_scripts_the_answer_is_a_page_with_the_way_back(visit, quiz):
    page = visit.post("/practice/T/T-Q0", {"answer": "b", "back": "/learn/T/F1/F1.1"}).get_data(as_text=True)

    assert 'href="/learn/T/F1/F1.1#check-t-q0"' in page


def test_the_way_back_leads_nowhere_else(visit, quiz):
    page = visit.post("/practice/T/T-Q0", {"answer": "b", "back": "https://elsewhere.example/"}).get_data(as_text=True)

    assert "elsewhere" not in page


def test_the_seed_decides_the_order(quiz):
    version = queries.list_questions(quiz.id)[0]

    orders = {tuple(option["code"] for option in show(version, f"{n:08x}").item["options"]) for n in range(30)}

    assert len(orders) > 1
    assert show(version, "00000001").item == answer(version, "00000001", "b").item
