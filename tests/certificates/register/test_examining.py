"""Whoever edits the database is found: every column of every table that a certificate rests on, and the row is named."""

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import JSON, Boolean, Date, DateTime, Integer, delete, insert, select, text, update
from sqlalchemy.types import TypeDecorator

from app import clock, transaction
from app.extensions import Base, db
from app.policy import Actor
from certificates import queries
from certificates.lifecycle import history
from certificates.lifecycle import suspending as lifecycle
from certificates.lifecycle.status import Event
from certificates.models import Artefact, AwardDecision, Credential, CredentialStatus
from certificates.register import facts, heads
from certificates.register.models import RegisterEntry, RegisterNode, SignedHead
from tests.certificates.register.signing import sign, whole
from tests.factories.certificates import certify

# What may change without the register: what a holder shows, and what its making needed.
CHANGEABLE = {
    "credential": {"visibility", "problem", "development_from"},
    "award_decision": {"declaration"},
    "register_head": {"id"},
    "stored_file": {"id", "purpose", "owner", "shown_name", "media_type", "stored_at"},
    "register_proof": {"made_at"},
    "signing_key": {"id", "state", "subject", "issuer_id", "specimen", "purpose", "algorithm", "not_before", "not_after",
                    "compromised_at", "public_pem"},
}  # fmt: skip
TABLES = (
    "register_entry", "register_node", "register_head", "register_signed_head", "register_proof", "credential",
    "award_decision", "artefact", "credential_status", "stored_file", "signing_key",
)  # fmt: skip


@pytest.fixture
def lived(app):
    """Two certificates, one of them suspended and lifted again; all of it under two signed heads, proofs kept."""
    first, _second = certify("Ada Beispiel"), certify("Berta Muster")
    sign()
    credential = queries.get_for_change(first.public_id)
    history.add(
        credential, Event.SUSPENDED, clock.now(), "officer", note="asked", until_at=clock.now() + timedelta(days=7)
    )
    history.add(credential, Event.LIFTED, clock.now(), "officer")
    transaction.commit()
    sign()
    for number in db.session.scalars(select(Credential.number)).all():
        heads.refresh_proof(number, clock.now())
    transaction.commit()
    return first.number


def other(column, value):
    """Another value that the column takes."""
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, DateTime):
        return (value or clock.now()) + timedelta(microseconds=1)
    if isinstance(kind, Date):
        return clock.now().date() if value is None else value + timedelta(days=1)
    if isinstance(kind, Boolean):
        return not value
    if isinstance(kind, JSON):
        return [*value, "00" * 32] if isinstance(value, list) else (value or {}) | {"other": "1"}
    if isinstance(kind, Integer):
        return (value or 0) + 5_000
    middle = len(value or "") // 2
    return (
        (value or "")[:middle]
        + ("f" if (value or " ")[middle : middle + 1] != "f" else "e")
        + (value or "")[middle + 1 :]
    )


def edit(name, column):
    """Change one column of the last row of a table, as somebody with a database client would; the row as it was."""
    table = Base.metadata.tables[name]
    keys = list(table.primary_key.columns)
    row = db.session.execute(select(table).order_by(*(key.desc() for key in keys)).limit(1)).mappings().one()
    db.session.rollback()
    value = "held" if (name, column) == ("credential", "state") else other(table.c[column], row[column])
    put(table, row, {column: value})
    return row


def put(table, row, values):
    """Write columns of the row that has this key, past foreign keys where the database lets one."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = OFF")
            connection.connection.dbapi_connection.execute("PRAGMA ignore_check_constraints = ON")
        where = [key == row[key.name] for key in table.primary_key.columns]
        connection.execute(update(table).where(*where).values(values))
        connection.commit()
        if connection.dialect.name == "sqlite":
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = ON")
            connection.connection.dbapi_connection.execute("PRAGMA ignore_check_constraints = OFF")


def test_what_was_not_edited_holds_together(lived):
    report = whole()
    assert report.fault is None
    assert (report.entries, report.heads, report.certificates, report.events) == (4, 2, 2, 2)


# The table that is named where it is not the edited one: two rows disagree, and the other one is as likely.
ALSO_NAMED = {
    "register_node": {"register_entry"},
    "register_entry": {"register_node", "register_head"},
    "register_signed_head": {"register_proof"},
    "credential": {"artefact", "credential_status", "register_entry"},
    "award_decision": {"credential"},
    "artefact": {"credential", "stored_file", "register_entry"},
    "credential_status": {"register_entry"},
    "stored_file": set(),
    "signing_key": {"register_signed_head"},
}


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", TABLES)
def test_every_edited_column_is_found(lived, name):
    table = Base.metadata.tables[name]
    unseen = []
    for column in table.columns:
        if column.name in CHANGEABLE.get(name, set()):
            continue
        row = edit(name, column.name)
        fault = whole().fault
        if fault is None or fault.table not in {name} | ALSO_NAMED.get(name, set()):
            unseen.append((column.name, fault))
        changed = dict(row)
        if column.primary_key:
            changed[column.name] = other(column, row[column.name])
        put(table, changed, dict(row))
        assert whole().fault is None, "the row was not put back"
    assert unseen == []


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("credential", "holder_name"), ("credential", "valid_until"), ("credential", "model"), ("award_decision", "decided_by"),
        ("artefact", "sha256"), ("artefact", "signed_at"), ("credential_status", "until_at"), ("credential_status", "note"),
        ("credential_status", "by"), ("register_proof", "path"), ("register_signed_head", "root"),
    ],
)  # fmt: skip
def test_the_row_itself_is_named(lived, name, column):
    row = edit(name, column)
    fault = whole().fault
    key = row["number"] if name == "register_proof" else row["id"]
    assert (fault.table, fault.row) == (name, str(key))


@pytest.mark.parametrize(
    "column",
    ["kind", "at", "artefact_sha256", "badge_sha256", "subject", "facts", "version", "number", "secret", "parts"],
)
def test_a_changed_entry_is_named(lived, column):
    edit("register_entry", column)
    fault = whole().fault
    assert (fault.table, fault.row) == ("register_entry", "4")


def test_every_column_is_either_committed_to_or_known_to_change():
    """A new column of a certificate has to be put into one of the two lists, on purpose."""
    listed = {"credential": facts.CREDENTIAL, "award_decision": facts.DECISION, "artefact": (*facts.ARTEFACT, "register_seq"),
              "credential_status": facts.STATUS}  # fmt: skip
    for model in (Credential, AwardDecision, Artefact, CredentialStatus):
        name = model.__tablename__
        known = set(listed[name]) | CHANGEABLE.get(name, set()) | ({"state"} if name == "credential" else set())
        assert {column.name for column in model.__table__.columns} == known, name


class TestWholeRows:
    def found(self, statement):
        db.session.execute(statement)
        db.session.commit()
        fault = whole().fault
        return None if fault is None else (fault.table, fault.row)

    def test_a_suspension_that_is_taken_out_of_the_history(self, lived):
        kind = CredentialStatus.kind == Event.SUSPENDED
        assert self.found(delete(CredentialStatus).where(kind)) == ("register_entry", "3")

    def test_a_revocation_that_nobody_entered(self, lived):
        now, owner = clock.now(), db.session.scalar(select(Credential.id).limit(1))
        row = {"credential_id": owner, "kind": "revoked", "reason_class": "error", "from_at": now, "by": "x", "second_by": "",
               "note": "", "recorded_at": now}  # fmt: skip
        table, key = self.found(insert(CredentialStatus.__table__).values(row))
        assert (table, key) == ("credential_status", "3")

    def test_an_entry_that_is_taken_out(self, lived):
        assert self.found(delete(RegisterEntry).where(RegisterEntry.seq == 2)) == ("register_entry", "2")

    def test_a_node_that_is_taken_out_and_one_that_is_put_in(self, lived):
        node = (RegisterNode.level == 1) & (RegisterNode.place == 0)
        assert self.found(delete(RegisterNode).where(node)) == ("register_node", "1/0")

    def test_a_node_that_belongs_to_no_entry(self, lived):
        row = {"level": 0, "place": 4, "hash": "0" * 64}
        assert self.found(insert(RegisterNode.__table__).values(row)) == ("register_node", "0/4")

    def test_the_document_of_a_certificate_that_is_taken_out(self, lived):
        table, _ = self.found(delete(Artefact).where(Artefact.register_seq == 1))
        assert table == "credential"

    def test_a_head_that_is_taken_out_is_missed_by_those_who_kept_it_and_a_smaller_one_is_found(self, lived):
        newest = select(SignedHead.id).order_by(SignedHead.id.desc()).limit(1)
        change = update(SignedHead).where(SignedHead.id == newest.scalar_subquery()).values(size=1)
        assert self.found(change) == ("register_signed_head", "2")

    def test_bytes_on_disk_that_were_changed(self, lived):
        artefact = db.session.scalars(select(Artefact).order_by(Artefact.id)).first()
        store = current_app.extensions["store"]
        data = store.get(artefact.file_id)
        store.delete(artefact.file_id)
        store.put(artefact.file_id, data + b"%")
        assert (whole().fault.table, whole().fault.row) == ("stored_file", artefact.file_id)
        assert whole(with_files=False).fault is None
        store.delete(artefact.file_id)
        assert whole().fault.reason == "its bytes are gone"


def test_an_end_that_is_cut_off_whole_is_found_by_the_signed_head(lived):
    """Entry, nodes, head row and row of history are all made to fit: what was signed tells."""
    db.session.execute(delete(CredentialStatus).where(CredentialStatus.kind == Event.LIFTED))
    db.session.execute(delete(RegisterEntry).where(RegisterEntry.seq == 4))
    db.session.execute(
        text("DELETE FROM register_node WHERE (place + 1) * (level * level + 1) >= 4 AND (level, place) <> (0, 2)")
    )
    db.session.execute(text("DELETE FROM register_node WHERE (level, place) IN ((0, 3), (1, 1), (2, 0))"))
    db.session.execute(text("UPDATE register_head SET seq = 3"))
    db.session.commit()
    fault = whole().fault
    assert fault.table == "register_signed_head"
    assert "missing at the end" in fault.reason


def test_the_whole_life_of_a_certificate_holds_together(lived):
    officer = Actor(person_id=9_999, public_id="officer-2", is_authenticated=True)
    public_id = db.session.scalar(select(Credential.public_id).where(Credential.number == lived))
    lifecycle.suspend(public_id, 7, "asked", actor=officer, now=clock.now())
    transaction.commit()
    assert whole().fault is None
