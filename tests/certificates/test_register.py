"""The register: nothing slips in, out or between."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from app import clock, transaction
from app.extensions import db
from certificates import register
from certificates.register_models import RegisterEntry, RegisterHead


@pytest.fixture
def entries(app):
    now = clock.now()
    for n in range(5):
        register.append("issued", f"N-{n}", now + timedelta(seconds=n), f"{n}" * 64)
    db.session.commit()


def fault(change):
    db.session.execute(change)
    db.session.commit()
    found = register.check(db.session())[1]
    return None if found is None else (found.seq, found.reason)


def test_a_whole_register_holds_together(entries):
    assert register.check(db.session()) == (5, None)


def test_an_empty_register_holds_together(app):
    assert register.check(db.session()) == (0, None)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "revoked"},
        {"number": "N-9"},
        {"artefact_sha256": "f" * 64},
        {"at": clock.now() - timedelta(days=400)},
        {"leaf": "0" * 64},
    ],
)
def test_a_changed_entry_is_named(entries, values):
    assert fault(update(RegisterEntry).where(RegisterEntry.seq == 3).values(values)) == (3, "its content was changed")


def test_a_recomputed_entry_no_longer_follows(entries):
    row = db.session.scalars(select(RegisterEntry).where(RegisterEntry.seq == 3)).one()
    forged = register.leaf_of("revoked", row.number, "", row.at)
    change = update(RegisterEntry).where(RegisterEntry.seq == 3)
    found = fault(
        change.values(kind="revoked", artefact_sha256="", leaf=forged, chain=register.chain_of(row.previous, forged))
    )
    assert found == (4, "it does not follow the entry before it")


def test_a_missing_entry_is_named(entries):
    assert fault(delete(RegisterEntry).where(RegisterEntry.seq == 2)) == (3, "entry 2 is missing")


def test_a_cut_end_is_noticed(entries):
    found = fault(delete(RegisterEntry).where(RegisterEntry.seq == 5))
    assert found is not None
    assert "missing at the end" in found[1]


def test_a_forgotten_head_is_noticed(entries):
    found = fault(update(RegisterHead).values(seq=4))
    assert found is not None


def test_many_at_once_form_one_chain(app):
    def add(n):
        with app.app_context(), transaction.standalone():
            register.append("issued", f"N-{n}", clock.now())

    threads = [threading.Thread(target=add, args=(n,)) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert register.check(db.session()) == (24, None)
