"""Reading the texts, and an officer editing them."""

import pytest
from sqlalchemy import event, select

from app import transaction
from app.audit.models import AuditEntry
from app.body import queries as body_queries
from app.extensions import db
from app.pages import queries
from app.pages.defaults import KINDS
from tests.factories.people import PersonFactory

PATHS = [kind.path for kind in KINDS]


@pytest.fixture
def officer(visit):
    return visit.sign_in(PersonFactory(name="Ola Officer", holding=["officer"]))


def typed(**changes):
    return {
        "version": "1",
        "title": "Help",
        "text": "## First\n\nWrite to {contact}.",
        "language": "en",
        "note": "Rewritten",
        "act": "publish",
    } | changes


@pytest.mark.parametrize("path", PATHS)
def test_everyone_reads_every_text_with_the_words_of_the_body(visit, path):
    page = visit.get(path)
    assert page.status_code == 200
    assert "{" not in page.text.split("<main")[1].split("</main>")[0]
    assert page.text.count("<h1") == 1
    assert "no longer in force" not in page.text


def test_reading_sets_no_cookie_and_a_form_sets_only_the_one_that_the_cookie_page_names(app, visit):
    for path in PATHS:
        assert "Set-Cookie" not in visit.get(path).headers, path
    answer = visit.get("/sign-in")
    assert [line.split("=")[0] for line in answer.headers.getlist("Set-Cookie")] == ["laurel"]
    assert "laurel" in visit.get("/cookies").text


def test_the_head_and_the_foot_of_every_page_lead_to_the_texts(visit):
    page = visit.get("/cookies").text
    foot = page.split("<footer")[1]
    for path in ("/about/code-of-conduct", "/terms", "/privacy", "/accessibility", "/help", "/contact"):
        assert f'href="{path}"' in foot
    assert 'href="/about"' in page.split("<main")[0]


def test_another_name_of_the_body_is_in_every_text_at_once(visit, session):
    assert "The Test Body" in visit.get("/about").text
    body_queries.find_body_row().name = "Guild of Weavers"
    session.commit()
    body_queries.forget()
    main = visit.get("/about").text
    assert "About Guild of Weavers" in main
    assert "The Test Body" not in main


def test_an_old_version_says_so_and_leads_to_the_one_in_force(officer):
    officer.post("/office/pages/help", typed())
    old = officer.get("/help?version=1").text
    assert "It is no longer in force" in old
    assert 'href="/help"' in old
    assert 'name="robots" content="noindex"' in old
    assert "I want to learn" in old
    now = officer.get("/help").text
    assert "no longer in force" not in now
    assert "office@body.test" in now
    assert "/help?version=1" in now


@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "", "9999999999999999999999", "1 OR 1=1"])
def test_a_version_that_is_not_there_is_not_found(visit, number):
    assert visit.get("/help", query_string={"version": number}).status_code == 404


@pytest.mark.parametrize("path", ["/office/pages", "/office/pages/help", "/office/pages/help/versions/1"])
def test_only_officers_come_to_the_office(visit, path):
    assert visit.get(path).status_code == 302
    assessor = visit.another().sign_in(PersonFactory(holding=["assessor"]))
    assert assessor.get(path).status_code == 403
    assert assessor.post("/office/pages/help", typed()).status_code == 403
    assert assessor.post("/office/pages/help/versions/1/restore", {"version": 1}).status_code == 403
    assert queries.current_versions(["help"]) == {"help": 1}


def test_an_officer_sees_which_texts_nobody_has_edited(officer):
    assert officer.get("/office/pages").text.count(">As delivered<") == len(KINDS)
    officer.post("/office/pages/help", typed())
    assert officer.get("/office/pages").text.count(">As delivered<") == len(KINDS) - 1


def test_an_officer_publishes_and_the_history_says_who_when_and_what(officer):
    answer = officer.post("/office/pages/help", typed())
    assert answer.status_code == 302
    page = officer.get(answer.location).text
    assert "Version 2 of “Help” is published." in page
    history = page.split("<aside")[1]
    assert "Ola Officer" in history
    assert "Rewritten" in history
    assert "Rewritten" not in page.split("<aside")[0], "the next version needs a note of its own"
    assert "As delivered" in history
    assert "asked to agree" not in page


def test_members_are_asked_again_after_a_text_they_agreed_to_and_the_officer_is_told(officer):
    assert "Members agree to every version" in officer.get("/office/pages/terms").text
    answer = officer.post("/office/pages/terms", typed(title="Terms"))
    assert "asked to agree" in officer.get(answer.location).text


def test_a_preview_shows_the_page_and_keeps_nothing(officer, session):
    answer = officer.post("/office/pages/help", typed(act="preview", note="", title="Help for {short_name}"))
    assert answer.status_code == 200
    assert "Help for TTB" in answer.text
    assert "Write to office@body.test." in answer.text
    assert "## First\n\nWrite to {contact}." in answer.text, "what was typed is still in the form"
    assert "Say in a few words what changed" not in answer.text
    assert queries.current_versions(["help"]) == {"help": 1}


def test_a_preview_of_a_wrong_word_says_what_is_wrong(officer):
    answer = officer.post("/office/pages/help", typed(act="preview", text="Ring {phone}"))
    assert answer.status_code == 422
    assert "There is nothing to fill in for {phone}." in answer.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": ""}, "A page cannot be empty."),
        ({"title": "  "}, "Give the page a title."),
        ({"note": ""}, "Say in a few words what changed."),
        ({"text": "Ring {phone}"}, "There is nothing to fill in for {phone}."),
        ({"title": "{Body}"}, "There is nothing to fill in for {Body}."),
        ({"language": "klingonese"}, "Enter the code of a language"),
        ({"text": "x" * 50_001}, "at most 50000 characters"),
        ({"text": " \r\n "}, "A page cannot be empty."),
        ({"note": " \t "}, "Say in a few words what changed."),
    ],
)
def test_a_refused_save_comes_back_with_everything_typed(officer, wrong, sentence):
    sent = typed(title="My title", text="My text", note="My note") | wrong
    answer = officer.post("/office/pages/help", sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    for name in ("title", "text", "note"):
        assert sent[name].strip() in answer.text
    assert queries.current_versions(["help"]) == {"help": 1}


def test_saving_without_a_change_is_refused_beside_the_text(officer):
    page = queries.get_page("help")
    answer = officer.post("/office/pages/help", typed(title=page.title, text=page.text.replace("\n", "\r\n")))
    assert answer.status_code == 422
    assert "Nothing has changed" in answer.text


def test_the_slower_of_two_officers_sees_both_texts_and_may_then_decide(officer):
    other = officer.another().sign_in(PersonFactory(name="Second Officer", holding=["officer"]))
    officer.post("/office/pages/help", typed(text="The words of the first.", note="First"))

    answer = other.post("/office/pages/help", typed(text="The words of the second.", note="Second"))

    assert answer.status_code == 409
    assert "Ola Officer published it" in answer.text
    assert "The words of the first." in answer.text
    assert "The words of the second.</textarea>" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert queries.get_page("help").note == "First"
    db.session.rollback()
    decided = other.post("/office/pages/help", typed(version="2", text="The words of both.", note="Second"))
    assert decided.status_code == 302
    assert queries.get_page("help").version == 3


@pytest.mark.parametrize("version", ["", "x", "0", "99", "-3"])
def test_a_tampered_version_overwrites_nothing(officer, version):
    assert officer.post("/office/pages/help", typed(version=version)).status_code in (409, 422)
    assert queries.current_versions(["help"]) == {"help": 1}


def test_a_version_shows_what_it_changed_as_marked_lines_and_never_as_markup(officer):
    officer.post("/office/pages/help", typed(text="Stay\n\nold <script>alert(1)</script> words"))
    officer.post("/office/pages/help", typed(version="2", text="Stay\n\nnew <script>alert(1)</script> words"))
    page = officer.get("/office/pages/help/versions/3").text
    assert "<del><mark>old</mark> &lt;script&gt;" in page
    assert "<ins><mark>new</mark> &lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "In force" in page
    assert "/restore" not in page


def test_an_older_version_is_restored_as_a_new_one(officer, session):
    officer.post("/office/pages/help", typed())
    assert "/office/pages/help/versions/1/restore" in officer.get("/office/pages/help/versions/1").text
    assert officer.post("/office/pages/help/versions/1/restore", {"version": "1"}).status_code == 409
    assert officer.post("/office/pages/help/versions/1/restore", {"version": "2"}).status_code == 302
    assert queries.get_page("help").version == 3
    assert "I want to learn" in officer.get("/help").text
    acts = session.scalars(select(AuditEntry.object_id).where(AuditEntry.actor == officer.person.public_id)).all()
    assert acts == ["help", "help"]


@pytest.mark.parametrize(
    "path", ["/office/pages/nothing", "/office/pages/help/versions/7", "/office/pages/help/versions/0"]
)
def test_what_is_not_there_is_not_found(officer, path):
    assert officer.get(path).status_code == 404
    assert officer.post("/office/pages/nothing", typed()).status_code == 404
    assert officer.post("/office/pages/help/versions/7/restore", {"version": "1"}).status_code == 404


def test_a_form_without_its_token_publishes_nothing(officer):
    answer = officer.post("/office/pages/help", typed(), token=False)
    assert answer.status_code == 400
    assert queries.current_versions(["help"]) == {"help": 1}


def test_the_number_of_queries_does_not_grow_with_the_history(officer):
    officer.get("/office/pages/help")
    few = count_queries(lambda: officer.get("/office/pages/help"))
    for number in range(1, 13):
        officer.post("/office/pages/help", typed(version=str(number), text=f"Words {number}"))
    officer.get("/office/pages/help")
    assert count_queries(lambda: officer.get("/office/pages/help")) == few
    assert count_queries(lambda: officer.get("/help?version=3")) <= 4


def count_queries(act):
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    transaction.begin_read()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len([statement for statement in seen if statement.lstrip().upper().startswith("SELECT")])
