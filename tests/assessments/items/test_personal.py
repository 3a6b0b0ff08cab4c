"""A copy of one's data holds what one wrote, said and decided in the item bank, and no key."""

import json

from app import clock, transaction
from app.accounts.models import Person
from assessments.items import comments, finding
from assessments.items.personal import PERSONAL
from tests.factories.assessments import SECRET_MARK, bank_of, definition
from tests.factories.items import author, in_use


def test_the_copy_holds_what_is_theirs_and_nothing_of_others(session):
    writer, reviewer = author(), author()
    bank = bank_of([definition("FOLDER-1")])
    item, _version = in_use(bank, writer, reviewer, "W-1")
    comments.comment(item, 1, "Is B dead?", actor=writer, now=clock.now())
    transaction.commit()

    mine, theirs = (PERSONAL.export(session.get(Person, who.person_id)) for who in (writer, reviewer))

    assert [row["item"] for row in mine["written"]] == ["W-1"]
    assert [row["text"] for row in mine["comments"]] == ["Is B dead?"]
    assert mine["reviews"] == []
    assert [(row["item"], row["decision"], row["note"]) for row in theirs["reviews"]] == [("W-1", "approved", "Good.")]
    assert theirs["written"] == theirs["comments"] == []
    assert SECRET_MARK not in json.dumps([mine, theirs], default=str)


def test_erasing_leaves_the_items_as_they_are(session):
    writer, reviewer = author(), author()
    item, version = in_use(bank_of([]), writer, reviewer, "W-1")
    before = dict(version.content)

    PERSONAL.erase(session.get(Person, writer.person_id), clock.now())
    transaction.commit()

    assert finding.get_version(item.id, 1).content == before
