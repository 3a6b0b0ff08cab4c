"""Two people stand behind every version in use, unless the body has openly declared itself too small."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.audit.models import AuditEntry
from app.body.models import Body
from app.body.queries import forget
from app.errors import DomainError, Stale
from app.policy import Role
from assessments.items import finding, queries, reviewing, writing
from assessments.items.definitions import ItemsInvalid
from assessments.items.models import ItemReview, VersionState
from assessments.items.services import import_items, keep_bank
from assessments.items.writing import Written
from tests.factories.assessments import bank_of, definition
from tests.factories.items import actor_of, author, drafted, in_use
from tests.factories.people import PersonFactory

ROLES = ("", *Role)
MAY = {Role.AUTHOR, Role.OFFICER}


@pytest.fixture
def bank(session):
    """A bank that a folder filled with one item."""
    return bank_of([definition("FOLDER-1")])


def waiting(bank, writer, code="W-1", **changes):
    item, version = drafted(bank, writer, code, **changes)
    reviewing.send(version, actor=writer, now=clock.now())
    transaction.commit()
    return item, version


def person(role):
    """Somebody with one role, or a plain member."""
    found = PersonFactory(holding=[role] if role else [])
    return replace(actor_of(found), roles=frozenset([Role(role)] if role else []))


def test_an_approved_version_is_drawn_and_the_one_before_it_is_retired(bank):
    writer, other = author(), author()
    item, first = in_use(bank, writer, other)
    second = writing.begin_version(
        item, Written(definition("W-1", stem="Clearer?"), "A reader stumbled."), actor=writer, now=clock.now()
    )
    transaction.commit()
    assert {b.ref.code: b.version_id for b in queries.list_bank(bank.id)}["W-1"] == first.id

    reviewing.send(second, actor=writer, now=clock.now())
    reviewing.approve(second, "Yes.", actor=other, now=clock.now())
    transaction.commit()

    assert {b.ref.code: b.version_id for b in queries.list_bank(bank.id)}["W-1"] == second.id
    assert [(v.number, v.state) for v in finding.list_versions(item.id)] == [
        (2, VersionState.READY),
        (1, VersionState.RETIRED),
    ]
    assert second.ready_at is not None


@pytest.mark.parametrize(("writes", "approves"), list(product(("author", "officer"), ROLES)))
def test_another_person_with_the_role_approves_and_nobody_else(bank, writes, approves):
    _item, version = waiting(bank, person(writes))
    reviewer = person(approves)

    if approves in MAY:
        reviewing.approve(version, "", actor=reviewer, now=clock.now())
        assert version.state == VersionState.READY
    else:
        with pytest.raises(DomainError):
            reviewing.approve(version, "", actor=reviewer, now=clock.now())
        assert version.state == VersionState.IN_REVIEW


@pytest.mark.parametrize("roles", [("author",), ("officer",), ("author", "officer"), tuple(Role)])
def test_no_role_lets_a_writer_approve_their_own_version(bank, roles):
    writer = actor_of(PersonFactory(holding=list(roles)), *roles)
    _item, version = waiting(bank, writer)

    with pytest.raises(DomainError, match="Another person"):
        reviewing.approve(version, "", actor=writer, now=clock.now())


def test_whoever_saved_anything_of_it_is_a_writer(bank):
    first, second, third = author(), author(), author()
    _item, version = drafted(bank, first)
    helped = Written(definition("W-1", stem="With help?"), "Help.")
    writing.save_draft(version, helped, expected=version.content_hash, actor=second, now=clock.now())
    reviewing.send(version, actor=first, now=clock.now())
    transaction.commit()

    for writer in (first, second):
        with pytest.raises(DomainError, match="Another person"):
            reviewing.approve(version, "", actor=writer, now=clock.now())
    reviewing.approve(version, "", actor=third, now=clock.now())
    assert version.state == VersionState.READY


def test_a_writer_of_an_older_version_may_approve_a_newer_one(bank):
    first, second = author(), author()
    item, _version = in_use(bank, first, second)
    newer = writing.begin_version(
        item, Written(definition("W-1", stem="By the second?"), "Why."), actor=second, now=clock.now()
    )
    reviewing.send(newer, actor=second, now=clock.now())

    reviewing.approve(newer, "", actor=first, now=clock.now())

    assert newer.state == VersionState.READY


@pytest.mark.parametrize(("days", "text", "may"), [(30, "We are three.", True), (-1, "Over.", False), (30, "", False)])
def test_a_body_that_declared_itself_small_may_approve_alone_and_the_record_says_so(session, bank, days, text, may):
    body = session.get(Body, 1)
    body.small_body, body.small_body_until = text, clock.now() + timedelta(days=days)
    transaction.commit()
    forget()
    writer = author()
    _item, version = waiting(bank, writer)

    if not may:
        with pytest.raises(DomainError, match="Another person"):
            reviewing.approve(version, "", actor=writer, now=clock.now())
        return
    reviewing.approve(version, "Read twice.", actor=writer, now=clock.now())
    transaction.commit()

    note = session.scalars(select(ItemReview.note).where(ItemReview.item_version_id == version.id)).one()
    assert "too small for two signatures" in note
    assert note.endswith("Read twice.")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "item.approved")).one()
    assert entry.detail["alone"] is True


def test_a_returned_version_is_a_draft_again_with_the_note(bank):
    writer, other = author(), author()
    item, version = waiting(bank, writer)

    with pytest.raises(DomainError) as refused:
        reviewing.return_(version, "  ", actor=other, now=clock.now())
    assert refused.value.field == "note"

    reviewing.return_(version, "Two options are right.", actor=other, now=clock.now())
    transaction.commit()

    assert version.state == VersionState.DRAFT
    [(number, review)] = finding.list_reviews(item.id)
    assert (number, review.decision, review.note) == (1, "returned", "Two options are right.")


def test_a_writer_takes_a_version_back_and_others_do_not(bank):
    writer, other = author(), author()
    _item, version = waiting(bank, writer)

    with pytest.raises(DomainError, match="Only a writer"):
        reviewing.take_back(version, actor=other, now=clock.now())
    reviewing.take_back(version, actor=writer, now=clock.now())

    assert version.state == VersionState.DRAFT


def test_of_two_decisions_the_first_one_stands(bank):
    writer, one, other = author(), author(), author()
    _item, version = waiting(bank, writer)
    reviewing.return_(version, "Not yet.", actor=one, now=clock.now())
    transaction.commit()

    with pytest.raises(Stale):
        reviewing.approve(version, "", actor=other, now=clock.now())


def test_what_has_a_fault_or_no_reason_is_not_sent(bank):
    writer = author()
    _item, version = drafted(bank, writer, options=[], topic="", thinking="guess")

    with pytest.raises(ItemsInvalid) as refused:
        reviewing.send(version, actor=writer, now=clock.now())
    paths = {path for _code, path, _message in refused.value.faults}
    assert {"options", "topic", "thinking"} <= paths

    sound = Written(definition("W-1"), reason=" ")
    writing.save_draft(version, sound, expected=version.content_hash, actor=writer, now=clock.now())
    with pytest.raises(DomainError) as refused:
        reviewing.send(version, actor=writer, now=clock.now())
    assert refused.value.field == "reason"


def test_what_people_practise_with_is_not_sent_to_an_exam_bank(session, bank):
    practice = keep_bank("P", "Practice", is_practice=True)
    import_items([definition("Q-1", stem="Known to everybody?")], practice, clock.now())
    transaction.commit()
    writer = author()
    _item, version = drafted(bank, writer, stem="Known to everybody?")

    with pytest.raises(ItemsInvalid, match="never practised with"):
        reviewing.send(version, actor=writer, now=clock.now())
