"""The trail: chained so that every later edit is named, and personal text that can go without breaking it."""

import json

import pytest
from sqlalchemy import delete, select, update

from app import clock, transaction
from app.audit import chain
from app.audit.models import AuditEntry, AuditHead, AuditPersonal
from app.audit.services import Note, check, erase_personal, length, record, write
from app.extensions import db
from app.limits import LimitCount
from tests.factories.people import PersonFactory
from tests.support.probe import each_in_a_thread

ACTS = 6


@pytest.fixture
def trail(app, session):
    """A chain with some acts in it; the number of the first of them."""
    first = length(session) + 1
    for number in range(ACTS):
        record(
            "role.granted",
            actor="officer1",
            subject=("person", f"p{number}"),
            detail={"role": "assessor", "n": number, "nested": {"b": [1, 2.5, None], "a": "é"}},
            personal={"old": f"Name {number}"} if number % 2 else None,
        )
        transaction.commit()
    return first


def fault(session):
    session.rollback()
    _count, found = check(session)
    session.rollback()
    return (found.seq, found.reason) if found else None


def change(session, *statements):
    for statement in statements:
        session.execute(statement)
    session.commit()


def test_an_untouched_chain_holds(trail, session):
    assert check(session) == (trail + ACTS - 1, None)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "role.ended"),
        ("actor", "somebody"),
        ("object_kind", "body"),
        ("object_id", "p9"),
        ("detail", {"role": "officer"}),
        ("commitment", "0" * 64),
        ("digest", "f" * 64),
        ("at", None),
    ],
)
def test_each_changed_column_is_named_with_its_entry(trail, session, column, value):
    value = clock.now() if column == "at" else value
    change(session, update(AuditEntry).where(AuditEntry.seq == trail + 2).values({column: value}))
    assert fault(session)[0] == trail + 2
    assert "changed" in fault(session)[1]


def test_a_deleted_entry_is_named(trail, session):
    change(session, delete(AuditEntry).where(AuditEntry.seq == trail + 2))
    assert fault(session) == (trail + 3, f"entry {trail + 2} is missing")


def test_a_deleted_end_is_named(trail, session):
    last = trail + ACTS - 1
    change(
        session,
        delete(AuditPersonal).where(AuditPersonal.seq == last),
        delete(AuditEntry).where(AuditEntry.seq == last),
    )
    assert fault(session) == (last, "the head does not match the last entry: entries are missing at the end")


def test_an_end_that_was_deleted_together_with_the_head_is_named(trail, session):
    last = trail + ACTS - 1
    gone = delete(AuditPersonal).where(AuditPersonal.seq == last), delete(AuditEntry).where(AuditEntry.seq == last)
    change(session, *gone, delete(AuditHead))
    assert fault(session) == (last - 1, "the head of the chain is missing")


def test_a_chain_that_was_emptied_is_named(trail, session):
    change(session, delete(AuditPersonal), delete(AuditEntry))
    assert "missing" in fault(session)[1]
    change(session, delete(AuditHead))
    assert "missing" in fault(session)[1]


def test_swapped_entries_are_named(trail, session):
    one, other = trail + 2, trail + 4
    for here, there in ((one, 10_000), (other, one), (10_000, other)):
        change(session, update(AuditEntry).where(AuditEntry.seq == here).values(seq=there))
    assert fault(session)[0] == one


def test_an_entry_slipped_in_at_the_end_is_named(trail, session):
    record("x.y")
    transaction.commit()
    last = session.get(AuditEntry, trail + ACTS)
    copy = {column.name: getattr(last, column.name) for column in AuditEntry.__table__.columns}
    session.add(AuditEntry(**(copy | {"seq": trail + ACTS + 1, "digest": "e" * 64})))
    session.commit()
    assert fault(session)[0] == trail + ACTS + 1


@pytest.mark.parametrize("salt", ["kept", ""])
def test_changed_personal_text_is_named_even_when_it_pretends_to_be_erased(trail, session, salt):
    values = {"data": {"old": "Another Name"}} | ({} if salt else {"salt": ""})
    change(session, update(AuditPersonal).where(AuditPersonal.seq == trail + 1).values(values))
    assert fault(session) == (trail + 1, "its personal text was changed")


def test_removed_personal_text_is_named(trail, session):
    change(session, delete(AuditPersonal).where(AuditPersonal.seq == trail + 1))
    assert fault(session) == (trail + 1, "its personal text is missing")


def test_erasing_leaves_no_word_and_no_way_to_guess_it_and_the_chain_holds(trail, session):
    erase_personal(session, [trail + 1, trail + 3])
    transaction.commit()
    assert check(session)[1] is None
    left = session.scalars(select(AuditPersonal).order_by(AuditPersonal.seq)).all()
    assert [(row.salt, row.data) for row in left[:2]] == [("", {}), ("", {})]
    entry = session.get(AuditEntry, trail + 1)
    assert entry.commitment != chain.commitment("", {"old": "Name 1"})
    assert "Name 1" not in json.dumps([entry.detail, entry.object_id])


@pytest.mark.parametrize(
    "detail", [{1: "int", 10: "keys", 2: "sort"}, {"t": (1, 2)}, {"é": "\u2028", "n": 1e22, "z": -0.0}]
)
def test_whatever_json_makes_of_a_detail_the_chain_holds(app, session, detail):
    record("odd.detail", detail=detail)
    transaction.commit()
    assert fault(session) is None


def test_a_refused_act_is_on_the_trail_although_nothing_else_is_kept(visit, session):
    person = PersonFactory(email="ana@people.test")
    visit.post("/sign-in", {"email": "ana@people.test", "password": "not this one"})
    visit.post("/sign-in", {"email": "nobody@people.test", "password": "not this one"})
    refused = session.execute(
        select(AuditEntry.object_id, AuditPersonal.data)
        .outerjoin(AuditPersonal, AuditPersonal.seq == AuditEntry.seq)
        .where(AuditEntry.action == "sign_in.refused")
        .order_by(AuditEntry.seq)
    ).all()
    assert refused == [(person.public_id, None), ("", {"email": "nobody@people.test"})]
    assert fault(session) is None


def test_sixteen_at_once_leave_no_gap_and_no_fork(app, session):
    before = length(session)
    session.rollback()

    def act(number):
        for turn in range(4):
            with app.app_context():
                transaction.begin_write()
                db.session.add(LimitCount(key=f"{number}-{turn}", ends_at=clock.now()))
                record("thread.acted", actor=f"t{number}", personal={"turn": turn})
                transaction.commit()

    assert each_in_a_thread(16, act) == [None] * 16
    assert check(session) == (before + 64, None)


def test_notes_written_aside_and_in_an_act_share_one_chain(app, session):
    record("act.done")
    transaction.commit()
    with transaction.aside() as aside:
        write(aside, [Note("act.refused", "system", ("", "")), Note("act.refused", "system", ("", ""))])
    assert fault(session) is None


def test_the_command_says_yes_or_no_by_its_exit_code(app, trail, session):
    run = app.test_cli_runner()
    session.rollback()
    good = run.invoke(audit_group(), ["check", "--json"])
    assert (good.exit_code, json.loads(good.output)["good"]) == (0, True)
    change(session, update(AuditEntry).where(AuditEntry.seq == trail).values(actor="somebody"))
    bad = run.invoke(audit_group(), ["check"])
    assert (bad.exit_code, bad.output) == (1, f"Entry {trail}: its content was changed.\n")


def audit_group():
    from app.commands import audit_group

    return audit_group
