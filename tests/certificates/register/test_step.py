"""A register from before the tree: every row is kept, gets its place, and everything holds together afterwards."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, inspect, select, text

from app import clock, database
from app.extensions import db
from certificates.register import checking, heads, services
from certificates.register.leaf import CHAIN_START, chain_leaf, chain_link
from certificates.register.models import RegisterEntry, RegisterHead
from tests.certificates.register.signing import sign, whole
from tests.conftest import database_of
from tests.support.old_schema import AT, fill, moment, tables_now

pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")


def add_certificate(connection, tables, n, name="Ada Beispiel", visibility="public"):
    """A person with a decision, a certificate and its document, as an old instance has them."""
    person = fill(tables["person"], id=n, public_id=f"P{n}", email=f"p{n}@people.test", name=name,
                  erased_at=moment(AT + timedelta(days=n)) if name == "—" else None)  # fmt: skip
    decision = fill(
        tables["award_decision"], id=n, public_id=f"D{n}", person_id=n, outcome="award", rule={"a": [1, "é"]}
    )
    credential = fill(tables["credential"], id=n, public_id=f"C{n}", number=f"N-{n}", decision_id=n, person_id=n,
                      holder_name=name, state="issued", visibility=visibility, supersedes_id=None, valid_until=None)  # fmt: skip
    artefact = fill(
        tables["artefact"], id=n, credential_id=n, sha256=f"{n:064x}", file_id=f"F{n}", register_seq=n, size=9
    )
    file = fill(tables["stored_file"], id=n, public_id=f"F{n}", sha256=f"{n:064x}", size=9, deleted_at=None)
    rows = {
        "person": person,
        "award_decision": decision,
        "credential": credential,
        "artefact": artefact,
        "stored_file": file,
    }
    for table, row in rows.items():
        connection.execute(insert(tables[table]).values(row))


class Chain:
    """The register of that time."""

    def __init__(self, connection, tables):
        self.connection, self.tables, self.seq, self.value = connection, tables, 0, CHAIN_START

    def add(self, kind, number, at, sha256=""):
        self.seq += 1
        leaf = chain_leaf(kind, number, sha256, at)
        previous, self.value = self.value, chain_link(self.value, leaf)
        row = {"seq": self.seq, "kind": kind, "number": number, "artefact_sha256": sha256, "at": moment(at), "leaf": leaf,
               "previous": previous, "chain": self.value}  # fmt: skip
        self.connection.execute(insert(self.tables["register_entry"]).values(row))

    def end(self):
        head = {"id": 1, "seq": self.seq, "chain": self.value}
        self.connection.execute(insert(self.tables["register_head"]).values(head))


@pytest.fixture
def old(app):
    """An instance at step 0001 with three certificates, the second suspended, the third of somebody erased."""
    database_module = database_of(app)
    db.session.remove()
    database_module.downgrade("0001")
    tables = tables_now()
    with db.engine.connect() as connection:
        chain = Chain(connection, tables)
        for n, name in ((1, "Ada Beispiel"), (2, "Berta Muster"), (3, "—")):
            add_certificate(connection, tables, n, name, "private" if name == "—" else "public")
            chain.add("issued", f"N-{n}", AT + timedelta(seconds=n), f"{n:064x}")
        at = AT + timedelta(days=1)
        status = fill(tables["credential_status"], id=1, credential_id=2, kind="suspended", from_at=moment(at),
                      recorded_at=moment(at), until_at=None, note="asked")  # fmt: skip
        del status["id"]  # the database counts
        connection.execute(insert(tables["credential_status"]).values(status))
        chain.add("suspended", "N-2", at)
        chain.add("withdrawn", "N-3", AT + timedelta(days=3))
        chain.end()
        connection.commit()
    yield chain
    db.session.remove()
    database.upgrade()


def test_every_old_row_has_its_place_and_everything_holds_together(old):
    database.upgrade()
    assert whole(with_files=False).fault is None
    rows = db.session.scalars(select(RegisterEntry).order_by(RegisterEntry.seq)).all()
    assert [row.kind for row in rows] == ["issued", "issued", "issued", "suspended", "withdrawn", "erased"]
    assert [row.number for row in rows] == ["N-1", "N-2", "", "N-2", "", ""]
    assert rows[1].chain is not None


def test_the_old_instance_goes_on_and_is_proven(old):
    database.upgrade()
    db.session.commit()
    services.append("lifted", "N-9", clock.now())
    keys = sign()
    for seq in (1, 2, 4, 7):
        services.prove(seq).check(keys)
    assert heads.refresh_proof("N-1", clock.now()) is not None
    assert checking.check(db.session()) == (7, None)


def test_an_edit_from_before_the_step_is_named_by_the_chain(old):
    with db.engine.connect() as connection:
        connection.execute(text("UPDATE register_entry SET number = 'N-8' WHERE seq = 2"))
        connection.commit()
    database.upgrade()
    fault = checking.check(db.session())[1]
    assert (fault.table, fault.row) == ("register_entry", "2")


@pytest.mark.parametrize("loses_columns", [False, True])
def test_the_way_back_and_forth_again(old, loses_columns):
    """Back to the step before, and further back, where the columns of the tree are dropped; and up again."""
    database.upgrade()
    db.session.commit()
    services.append("lifted", "N-9", clock.now())
    sign()
    db.session.remove()
    database.downgrade("0004")
    with db.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT kind, number, artefact_sha256, at, previous, leaf, chain FROM register_entry ORDER BY seq")
        ).all()
        assert connection.execute(text("SELECT seq, chain FROM register_head")).one() == (7, rows[-1].chain)
    previous = CHAIN_START
    for row in rows:
        assert row.previous == previous
        assert row.chain == chain_link(row.previous, row.leaf)
        previous = row.chain
    if loses_columns:
        with db.engine.connect() as connection:
            emptied = "subject = '', secret = '', facts = '', parts = '{}', forgotten_by = NULL"
            connection.execute(text(f"UPDATE register_entry SET {emptied}"))
            connection.commit()
    database.upgrade()
    db.session.commit()
    assert checking.check(db.session()) == (7, None)
    services.append("issued", "N-10", clock.now())
    db.session.commit()
    assert checking.check(db.session()) == (8, None)


def test_thousands_of_rows(old):
    with db.engine.connect() as connection:
        tables = tables_now()
        connection.execute(text("DELETE FROM register_head"))
        old.connection, old.tables = connection, tables
        for n in range(4_000):
            old.add("issued", f"M-{n}", AT + timedelta(seconds=n))
        old.end()
        connection.commit()
    started = clock.now()
    database.upgrade()
    assert clock.now() - started < timedelta(seconds=60)
    assert checking.check(db.session()) == (4_006, None)
    assert db.session.scalars(select(RegisterHead)).one().seq == 4_006


def test_a_new_instance_has_an_empty_register(app):
    assert inspect(db.engine).has_table("register_node")
    assert checking.check(db.session()) == (0, None)
    assert json.dumps(whole().to_json_dict())
