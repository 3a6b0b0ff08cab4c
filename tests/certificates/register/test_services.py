"""Entering, proving, forgetting: nothing slips in, out or between, and nobody can be found who was forgotten."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from app import clock, transaction
from app.errors import Missing
from app.extensions import Base, db
from certificates import personal, queries
from certificates.models import Artefact
from certificates.register import checking, examining, heads, merkle, services, tree
from certificates.register.models import RegisterEntry, RegisterNode, RegisterProof
from certificates.register.proof import Proof, ProofInvalid
from tests.certificates.register.signing import sign, whole
from tests.factories.certificates import certify


def enter(count, start=0):
    now = clock.now()
    for n in range(start, start + count):
        services.append("issued", f"N-{n}", now + timedelta(seconds=n), f"{n % 10}" * 64)
    db.session.commit()


def test_entries_become_a_tree_that_holds_together(app):
    enter(13)
    assert checking.check(db.session()) == (13, None)
    leaves = [tree.leaf_of(entry).hash() for entry in heads.list_entries(1, 13)]
    assert tree.root_at(db.session(), 13) == merkle.root_of(leaves)
    assert len(db.session.scalars(select(RegisterNode)).all()) == 13 + 6 + 3 + 1


def test_an_empty_register_holds_together(app):
    assert checking.check(db.session()) == (0, None)


def test_the_same_number_is_another_leaf_each_time(app):
    first = services.append("suspended", "N-1", clock.now())
    second = services.append("lifted", "N-1", clock.now())
    assert first.subject != second.subject
    assert "N-1" not in tree.leaf_of(first).to_bytes().decode()


def test_many_at_once_form_one_tree(app):
    def add(n):
        with app.app_context(), transaction.standalone():
            services.append("issued", f"N-{n}", clock.now())

    threads = [threading.Thread(target=add, args=(n,)) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert checking.check(db.session()) == (24, None)


class TestProofs:
    def test_an_entry_is_proven_to_whoever_has_the_key(self, app):
        enter(11)
        keys = sign()
        proof = services.prove(7)
        proof.check(keys)
        assert Proof.from_json_dict(proof.to_json_dict()) == proof
        assert (proof.seq, proof.number, proof.size) == (7, "N-6", 11)

    def test_a_proof_holds_when_the_register_has_grown(self, app):
        enter(3)
        keys = sign()
        early = services.prove(2)
        enter(30, 3)
        sign()
        early.check(keys)
        late = services.prove(2)
        late.check(keys)
        assert (early.size, late.size) == (3, 33)

    def test_before_a_head_covers_it_the_proof_is_unsigned(self, app):
        enter(2)
        proof = services.prove(2)
        assert (proof.note, proof.size) == ("", 2)
        with pytest.raises(ProofInvalid):
            proof.check([])

    @pytest.mark.parametrize(
        ("field", "value"),
        [("number", "N-3"), ("salt", "00" * 32), ("salt", "zz"), ("seq", 3), ("size", 9), ("root", "00" * 32), ("path", ()), ("note", "")],
    )  # fmt: skip
    def test_a_changed_proof_is_refused(self, app, field, value):
        from dataclasses import replace

        enter(5)
        keys = sign()
        with pytest.raises(ProofInvalid):
            replace(services.prove(2), **{field: value}).check(keys)

    def test_there_is_no_proof_of_nothing(self, app):
        with pytest.raises(Missing):
            services.prove(1)

    def test_what_is_no_proof_is_refused(self):
        for data in (None, {}, [], {"entry": 1}):
            with pytest.raises(ProofInvalid):
                Proof.from_json_dict(data)


class TestForgetting:
    @pytest.fixture
    def erased(self, app):
        """Somebody who was erased with a whole history, and somebody who stayed."""
        gone, stays = certify("Ada Beispiel"), certify("Berta Muster")
        sign()
        heads.refresh_proof(gone.number, clock.now())
        db.session.commit()
        before = heads.find_kept_proof(gone.number)
        entry = heads.find_document_entry(gone.number)
        leaf, seq, number, sha256 = tree.leaf_of(entry), entry.seq, gone.number, entry.artefact_sha256
        personal.withdraw(queries.get_for_change(gone.public_id), clock.now())
        transaction.commit()
        return {"leaf": leaf, "seq": seq, "number": number, "sha256": sha256, "proof": before, "stays": stays.number}

    def test_the_register_still_holds_together(self, erased):
        assert whole().fault is None
        sign()
        assert whole().fault is None

    def test_the_leaf_is_as_it_was(self, erased):
        assert tree.leaf_of(db.session.get(RegisterEntry, erased["seq"])) == erased["leaf"]

    def test_nothing_here_leads_from_the_number_to_the_leaf(self, erased):
        """No row of any table holds the number, or what stands for it, together with the entry or its hashes."""
        entry = db.session.get(RegisterEntry, erased["seq"])
        assert (entry.number, entry.secret, entry.parts, entry.chain) == ("", "", {}, None)
        assert heads.list_seqs(erased["number"]) == []
        assert heads.find_kept_proof(erased["number"]) is None
        credential_id, public_id = db.session.execute(
            select(queries.Credential.id, queries.Credential.public_id).where(
                queries.Credential.number == erased["number"]
            )
        ).one()
        assert db.session.scalars(select(Artefact).where(Artefact.credential_id == credential_id)).all() == []
        for table in Base.metadata.sorted_tables:
            for row in db.session.execute(table.select()):
                text = repr(tuple(row))
                if erased["number"] in text or public_id in text:
                    assert erased["sha256"] not in text, table.name
                    assert entry.subject not in text, table.name

    def test_others_are_proven_as_before(self, erased):
        keys = sign()
        services.prove(heads.find_document_entry(erased["stays"]).seq).check(keys)

    def test_nothing_else_can_be_emptied_under_that_cover(self, erased):
        other = heads.find_document_entry(erased["stays"])
        cover = db.session.get(RegisterEntry, erased["seq"]).forgotten_by
        other.number, other.secret, other.parts, other.forgotten_by = "", "", {}, cover
        db.session.commit()
        fault = whole().fault
        assert (fault.table, fault.row) == ("register_entry", str(cover))

    def test_a_number_without_entries_leaves_no_trace(self, app):
        assert services.forget("N-1") is None
        assert services.forget("") is None
        assert tree.size_of(db.session()) == 0


def test_every_row_of_the_old_chain_is_emptied_where_somebody_was_forgotten(app):
    """The chain would tell whose entry it was to whoever has the number: it gets a gap, and says where it ended no more."""
    from certificates.register.leaf import CHAIN_START, chain_leaf, chain_link
    from certificates.register.models import RegisterHead

    enter(4)
    previous = CHAIN_START
    for entry in db.session.scalars(select(RegisterEntry).order_by(RegisterEntry.seq)):
        entry.leaf = chain_leaf(entry.kind, entry.number, entry.artefact_sha256, entry.at)
        entry.previous, entry.chain = previous, chain_link(previous, entry.leaf)
        previous = entry.chain
    db.session.scalars(select(RegisterHead)).one().chain = previous
    db.session.commit()
    assert checking.check(db.session()) == (4, None)
    for number in ("N-1", "N-3", "N-0"):
        services.forget(number)
        db.session.commit()
        assert checking.check(db.session())[1] is None
    rows = db.session.scalars(select(RegisterEntry).order_by(RegisterEntry.seq).limit(4)).all()
    assert [row.chain is None for row in rows] == [True, True, False, True]
    assert db.session.scalars(select(RegisterHead)).one().chain == CHAIN_START


def test_the_kept_proof_is_a_table_of_its_own(app):
    assert {column.key for column in inspect(RegisterProof).columns} == {"number", "seq", "head_id", "path", "made_at"}
    assert examining.Report(0, 0, 0, 0, None).to_json_dict()["fault"] is None
