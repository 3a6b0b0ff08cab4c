"""Items come into banks once; a changed wording is a new version; practice and exams stay apart."""

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.audit.models import AuditEntry
from app.extensions import db
from assessments.items import queries
from assessments.items.definitions import ItemsInvalid, check_item
from assessments.items.models import Item, ItemVersion
from assessments.items.services import import_items, keep_bank
from tests.factories.assessments import all_kinds, bank_of, definition, singles


def versions(code: str) -> list[ItemVersion]:
    statement = select(ItemVersion).join(Item).where(Item.code == code).order_by(ItemVersion.number)
    return list(db.session.scalars(statement))


def test_the_same_definitions_twice_change_nothing_and_leave_no_trace(session):
    items = all_kinds()
    bank = bank_of(items)
    before = len(session.scalars(select(AuditEntry)).all())

    report = import_items(items, bank, clock.now())
    transaction.commit()

    assert not report.is_change
    assert report.words == f"{len(items)} unchanged"
    assert len(session.scalars(select(AuditEntry)).all()) == before


def test_a_changed_wording_is_a_new_version_and_the_old_one_stays(session):
    bank = bank_of([definition("A"), definition("B")])

    report = import_items([definition("A", stem="Another stem?"), definition("B")], bank, clock.now())
    transaction.commit()

    assert (report.updated, report.unchanged) == (["A"], ["B"])
    assert [version.content["stem"] for version in versions("A")] == ["Stem of A?", "Another stem?"]
    newest = {item.ref.code: item.version_id for item in queries.list_bank(bank.id)}
    assert newest["A"] == versions("A")[1].id


def test_what_the_definitions_no_longer_name_is_retired_and_may_come_back(session):
    bank = bank_of([definition("A"), definition("B")])

    import_items([definition("B")], bank, clock.now())
    transaction.commit()
    assert [item.ref.code for item in queries.list_bank(bank.id)] == ["B"]

    report = import_items([definition("A"), definition("B")], bank, clock.now())
    transaction.commit()
    assert report.updated == ["A"]
    assert len(versions("A")) == 1, "the same wording needs no new version"


def test_public_items_never_retire_private_ones(session):
    bank = bank_of([definition("PUB")])
    import_items([definition("PRIV")], bank, clock.now(), is_public=False)

    import_items([definition("PUB")], bank, clock.now())
    transaction.commit()

    assert [item.ref.code for item in queries.list_bank(bank.id)] == ["PRIV", "PUB"]
    assert [item.ref.code for item in queries.list_bank(bank.id, private_only=True)] == ["PRIV"]


def test_every_fault_is_named_and_nothing_is_changed(session):
    bank = bank_of([definition("A")])
    broken = [
        definition("A", stem="New?"),
        definition("X", kind="riddle"),
        definition("Y", options=[]),
        definition("A"),
    ]

    with pytest.raises(ItemsInvalid) as refused:
        import_items(broken, bank, clock.now())
    session.rollback()

    named = {(code, path) for code, path, _message in refused.value.faults}
    assert ("X", "kind") in named
    assert ("A", "code") in named
    assert any(code == "Y" and path.startswith("options") for code, path in named)
    assert len(versions("A")) == 1


def test_an_item_of_an_exam_is_never_taken_into_practice(session):
    shared = singles(1)
    bank_of(shared)
    practice = keep_bank("PRACTICE", "Practice", is_practice=True)

    with pytest.raises(ItemsInvalid, match="never practised with"):
        import_items([shared[0] | {"code": "Q01"}], practice, clock.now())


def test_a_bank_serves_one_purpose_for_ever(session):
    keep_bank("MIXED", "Exams", is_practice=False)

    with pytest.raises(ItemsInvalid, match="never both"):
        keep_bank("MIXED", "Practice", is_practice=True)


def test_practice_cannot_reach_into_an_exam_bank(session):
    from app.errors import Missing

    bank = bank_of([definition("EX-1")])

    with pytest.raises(Missing):
        queries.get_practice_item(bank.code, "EX-1")


def test_a_sound_item_of_every_kind_has_no_fault():
    assert [fault for item in all_kinds(1) for fault in check_item(item)] == []
