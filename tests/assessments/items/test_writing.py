"""Drafts are saved as often as one likes; what is in review or in use is never changed."""

import pytest

from app import clock, transaction
from app.errors import DomainError, Stale
from assessments.items import finding, queries, reviewing, writing
from assessments.items.models import VersionState
from assessments.items.writing import Written
from tests.factories.assessments import bank_of, definition
from tests.factories.items import actor_of, author, drafted, in_use
from tests.factories.people import PersonFactory


@pytest.fixture
def bank(session):
    """A bank that a folder filled with one item."""
    return bank_of([definition("FOLDER-1")])


def test_a_new_item_is_in_no_use_until_it_is_approved(bank):
    writer = author()

    item, version = drafted(bank, writer)

    assert (item.number, version.number, version.state) == (0, 1, VersionState.DRAFT)
    assert version.writers == [writer.public_id]
    assert not item.is_public, "what people write here is not for everybody to read"
    assert [found.ref.code for found in queries.list_bank(bank.id)] == ["FOLDER-1"]


def test_a_draft_keeps_whatever_was_typed_faults_and_all(bank):
    half = {"code": "H-1", "kind": "single", "stem": "", "topic": "F1", "options": "nothing yet"}

    version = writing.begin_item(bank, Written(half), actor=author(), now=clock.now())
    transaction.commit()

    assert version.content == half
    assert reviewing.faults_of(version), "and it cannot be sent like this"


def test_a_code_is_given_once(bank):
    with pytest.raises(DomainError) as refused:
        drafted(bank, author(), "FOLDER-1")

    assert refused.value.field == "code"


def test_every_writer_of_a_draft_is_remembered(bank):
    first, second = author(), author()
    _item, version = drafted(bank, first)

    for writer in (second, first, second):
        changed = Written(definition("W-1", stem=f"By {writer.name} {version.content_hash[:4]}?"))
        writing.save_draft(version, changed, expected=version.content_hash, actor=writer, now=clock.now())
        transaction.commit()

    assert version.writers == [first.public_id, second.public_id]
    assert version.made_by == first.public_id


def test_what_somebody_else_saved_meanwhile_is_not_written_over(bank):
    first, second = author(), author()
    _item, version = drafted(bank, first)
    began_with = version.content_hash
    theirs, mine = (Written(definition("W-1", stem=stem)) for stem in ("Theirs?", "Mine?"))
    writing.save_draft(version, theirs, expected=began_with, actor=second, now=clock.now())
    transaction.commit()

    with pytest.raises(Stale):
        writing.save_draft(version, mine, expected=began_with, actor=first, now=clock.now())
    transaction.undo()

    assert finding.get_version(version.item_id, 1).content["stem"] == "Theirs?"


def test_an_item_keeps_its_code_whatever_a_draft_says(bank):
    writer = author()
    item, version = drafted(bank, writer)

    other = Written(definition("ANOTHER"))
    writing.save_draft(version, other, expected=version.content_hash, actor=writer, now=clock.now())
    transaction.commit()

    assert (item.code, version.content["code"]) == ("W-1", "W-1")


@pytest.mark.parametrize("state", ["in review", "in use", "retired"])
def test_only_a_draft_is_changed(bank, state):
    writer, other = author(), author()
    item, version = drafted(bank, writer)
    reviewing.send(version, actor=writer, now=clock.now())
    if state != "in review":
        reviewing.approve(version, "", actor=other, now=clock.now())
    if state == "retired":
        second = writing.begin_version(
            item, Written(definition("W-1", stem="New?"), "Clearer."), actor=writer, now=clock.now()
        )
        reviewing.send(second, actor=writer, now=clock.now())
        reviewing.approve(second, "", actor=other, now=clock.now())
    transaction.commit()
    version = finding.get_version(item.id, 1)

    with pytest.raises(DomainError, match="no draft any more"):
        writing.save_draft(version, Written({}), expected=version.content_hash, actor=writer, now=clock.now())


def test_there_is_one_draft_at_a_time(bank):
    writer, other = author(), author()
    item, _version = in_use(bank, writer, other)
    writing.begin_version(item, Written(definition("W-1", stem="New?")), actor=writer, now=clock.now())
    transaction.commit()

    with pytest.raises(Stale):
        writing.begin_version(item, Written(definition("W-1", stem="Newer?")), actor=other, now=clock.now())


def test_members_and_assessors_write_nothing(bank):
    for roles in ((), ("assessor",), ("moderator",)):
        person = actor_of(PersonFactory(holding=roles), *(roles or ("moderator",)))
        with pytest.raises(DomainError):
            writing.begin_item(bank, Written(definition("X")), actor=person, now=clock.now())
