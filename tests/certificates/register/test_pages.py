"""The register as anybody sees it: heads, leaves and proofs as JSON, and a page that explains and checks."""

import pytest
from sqlalchemy import update

from app import clock, limits, transaction
from app.extensions import db
from certificates import personal, queries
from certificates.lifecycle import history
from certificates.lifecycle.status import Event
from certificates.models import Credential
from certificates.register import heads, merkle, note, routes, services
from certificates.register.leaf import Leaf
from certificates.register.proof import Proof
from tests.certificates.register.signing import raw_keys, sign
from tests.factories.certificates import certify, open_keys


@pytest.fixture
def credential(app):
    found = certify()
    sign()
    return found


def enter(count):
    for n in range(count):
        services.append("lifted", f"N-{n}", clock.now())
    db.session.commit()


class TestForPrograms:
    def test_a_stranger_follows_the_register_from_outside(self, visit, app):
        """Take the key and a head, later the leaves and the next head: all of it is checked with what is public."""
        open_keys()
        enter(5)
        sign()
        keys = raw_keys()
        early = note.open_head(visit.get("/register/head").get_json()["note"], keys)
        enter(8)
        sign()
        late = note.open_head(visit.get("/register/head").get_json()["note"], keys)
        told = visit.get(f"/register/consistency?from={early.size}&to={late.size}").get_json()
        path = [bytes.fromhex(step) for step in told["path"]]
        assert merkle.verify_consistency(early.size, early.root, late.size, late.root, path)
        rows = visit.get("/register/entries?from=1&to=13").get_json()["entries"]
        leaves = [
            Leaf.from_json_dict({k: v for k, v in row.items() if k not in ("entry", "leaf_hash")}) for row in rows
        ]
        assert merkle.root_of(leaf.hash() for leaf in leaves) == late.root
        listed = visit.get("/register/heads").get_json()
        assert ([head["size"] for head in listed["heads"]], listed["next"]) == ([5, 13], None)

    def test_a_proof_is_checked_without_us(self, visit, credential):
        answer = visit.get(f"/register/proof/{credential.number.lower()}")
        proof = Proof.from_json_dict(answer.get_json())
        proof.check(raw_keys())
        assert (proof.number, proof.leaf.kind) == (credential.number, "issued")
        assert answer.headers["Cache-Control"] == "no-store"

    def test_entries_say_nothing_of_anybody(self, visit, credential):
        text = visit.get("/register/entries").get_data(as_text=True)
        assert credential.number not in text
        assert "Ada" not in text
        assert heads.find_document_entry(credential.number).secret not in text

    def test_a_proof_tells_of_the_document_alone(self, visit, credential):
        """A suspension that was lifted is nobody's business."""
        changed = queries.get_for_change(credential.public_id)
        history.add(changed, Event.SUSPENDED, clock.now(), "officer")
        history.add(changed, Event.LIFTED, clock.now(), "officer")
        transaction.commit()
        sign()
        assert "suspended" not in visit.get(f"/register/proof/{credential.number}").get_data(as_text=True)

    def test_what_is_hidden_is_as_unknown_as_anything(self, visit, credential):
        unknown = visit.get("/register/proof/0000-0000-0000-0000-0000-0000-000")
        db.session.execute(update(Credential).values(visibility="share-only"))
        db.session.commit()
        hidden = visit.get(f"/register/proof/{credential.number}")
        db.session.execute(update(Credential).values(visibility="public"))
        personal.withdraw(queries.get_for_change(credential.public_id), clock.now())
        transaction.commit()
        erased = visit.get(f"/register/proof/{credential.number}")
        assert [(a.status_code, a.get_json()) for a in (hidden, erased)] == [(404, unknown.get_json())] * 2
        assert visit.get("/register/proof/nonsense").status_code == 404

    def test_before_the_first_head_there_is_none(self, visit, app):
        assert visit.get("/register/head").status_code == 404
        assert visit.get("/register/heads").get_json() == {"heads": [], "next": None}
        assert visit.get("/register/entries").get_json() == {"entries": []}

    @pytest.mark.parametrize(
        "address",
        [
            "entries?from=0", "entries?from=5&to=4", "entries?from=1&to=501", "entries?from=x", "heads?after=-1",
            "consistency?from=2&to=1", "consistency?from=1&to=999", "entries?from=99999999999999999999",
        ],
    )  # fmt: skip
    def test_what_cannot_be_asked_is_refused_with_a_word(self, visit, credential, address):
        answer = visit.get(f"/register/{address}")
        assert answer.status_code == 400
        assert answer.get_json()["error"]

    def test_there_is_a_limit(self, visit, app, monkeypatch):
        monkeypatch.setattr(routes, "ASKED", limits.Limit("register asked in a test", 2, 3_600))
        answers = [visit.get("/register/heads") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert int(answers[-1].headers["Retry-After"]) > 0


class TestForPeople:
    def test_the_page_says_what_it_is_and_shows_the_head(self, visit, credential):
        page = visit.get("/register").get_data(as_text=True)
        for words in ("It holds no name and no number", "The signed head", "body.test/register"):
            assert words in page

    def test_it_stands_before_anything_was_entered(self, visit, app):
        assert "No head has been signed yet" in visit.get("/register").get_data(as_text=True)

    def test_a_number_is_proven_step_by_step(self, visit, credential):
        answer = visit.get(f"/register?number={credential.number}")
        assert answer.status_code == 200
        assert "Entry 1 of 1" in answer.get_data(as_text=True)

    def test_a_mistyped_number_says_why_and_keeps_what_was_typed(self, visit, credential):
        answer = visit.get("/register?number=7KQ2")
        assert answer.status_code == 422
        assert 'value="7KQ2"' in answer.get_data(as_text=True)

    def test_an_entry_that_no_head_covers_yet_is_said_to_wait_and_is_no_error(self, visit, app):
        number = certify().number
        answer = visit.get(f"/register?number={number}")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "It is entered: entry 1." in page
        assert f'href="/v/{number}"' in page
        for error in ("govuk-error-summary", "govuk-error-message", "<title>Error"):
            assert error not in page

    def test_once_a_head_is_signed_its_proof_stands_at_the_same_address(self, visit, app):
        number = certify().number
        sign()
        page = visit.get(f"/register?number={number}").get_data(as_text=True)
        assert "Entry 1 of 1" in page
        assert "It is entered:" not in page

    def test_a_kept_head_is_compared_with_today(self, visit, credential):
        kept = services.newest_head().note
        enter(3)
        sign()
        page = visit.get("/register", query_string={"kept": kept.replace("\n", "\r\n")}).get_data(as_text=True)
        assert "begins with exactly these 1 entries" in page
        page = visit.get("/register", query_string={"kept": kept.replace("\n1\n", "\n2\n")}).get_data(as_text=True)
        assert "not a head that we signed" in page

    def test_a_register_that_was_written_anew_is_told_by_a_kept_head(self, visit, credential):
        from certificates.register.models import RegisterNode

        kept = services.newest_head().note
        db.session.execute(update(RegisterNode).values(hash="0" * 64))
        db.session.commit()
        page = visit.get("/register", query_string={"kept": kept}).get_data(as_text=True)
        assert "no longer begins with it" in page
