"""The list of people in the office: closed accounts are marked, and the list can be narrowed to either kind."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts import queries
from tests.factories.people import PersonFactory


@pytest.fixture
def officer(visit):
    PersonFactory(name="Olga Open")
    PersonFactory(name="Clara Closed", closed_at=clock.now() - timedelta(days=2))
    return visit.sign_in(PersonFactory(name="Ole Fisk", holding=["officer"]))


def line_of(page, name):
    """The row of the table with this name."""
    return next(row for row in page.split("<tr") if name in row)


def test_a_closed_account_is_marked_in_the_list_and_on_its_page(officer):
    page = officer.get("/office/people").text
    assert ">Closed</strong>" in line_of(page, "Clara Closed")
    assert ">Closed</strong>" not in line_of(page, "Olga Open")
    (clara,) = queries.list_people("Clara")
    (olga,) = queries.list_people("Olga")
    assert "Closed on" in officer.get(f"/office/people/{clara.public_id}").text
    assert "Closed on" not in officer.get(f"/office/people/{olga.public_id}").text


@pytest.mark.parametrize(
    ("account", "names"),
    [
        ("open", {"Olga Open", "Ole Fisk"}),
        ("closed", {"Clara Closed"}),
        ("", {"Olga Open", "Clara Closed", "Ole Fisk"}),
        ("neither", {"Olga Open", "Clara Closed", "Ole Fisk"}),
    ],
)
def test_the_list_shows_the_accounts_that_are_asked_for(officer, account, names):
    page = officer.get(f"/office/people?account={account}").text
    body = page[page.index("<tbody") : page.index("</tbody")]
    assert {name for name in ("Olga Open", "Clara Closed", "Ole Fisk") if name in body} == names


def test_the_next_page_asks_for_the_same_accounts(officer):
    for number in range(queries.PAGE_SIZE + 1):
        PersonFactory(name=f"Early Leaver {number:02}", closed_at=clock.now())
    page = officer.get("/office/people?account=closed&q=early").text
    link = next(part for part in page.split('"') if part.startswith("/office/people?after="))
    assert "account=closed" in link
    assert "q=early" in link
    following = officer.get(link.replace("&amp;", "&")).text
    assert "Early Leaver 50" in following
    assert "Early Leaver 49" not in following


def test_somebody_without_an_organisation_says_so_in_a_sentence(visit, session):
    visit.sign_in(PersonFactory())
    page = visit.get("/account").text
    assert "I do not work for an organisation in this field" in page
