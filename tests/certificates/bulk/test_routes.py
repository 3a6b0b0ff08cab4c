"""Checking many at once, as an employer does: a list, an archive, the answers in three forms, and the limits."""

import csv
import io
import json
import zipfile

import pytest
from flask import current_app
from sqlalchemy import select, update

from app import clock
from app.extensions import db
from certificates.checking import signed_answers
from certificates.keys import published as published_keys
from certificates.keys.records import KeyMissing
from certificates.lifecycle import history
from certificates.lifecycle.status import Event
from certificates.models import Artefact, Credential
from certificates.numbers import new_number
from tests.certificates.scenes import send
from tests.factories.certificates import certify
from tests.support.queries import counted

SECRET_NAME = "Berta Unverkennbar"


@pytest.fixture
def credential(app):
    return certify(SECRET_NAME)


def a_list(*rows):
    return "\n".join(["id,name", *(f'{number},"{name}"' for number, name in rows)]).encode()


def ask(visit, data, name="list.csv"):
    return send(visit, "/verify/bulk", {}, file=(data, name))


def record_in(page):
    written = page.split('name="record" value="', 1)[1].split('"', 1)[0]
    return json.loads(written.replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<").replace("&amp;", "&"))


def results(visit, data, name="list.csv"):
    answer = ask(visit, data, name)
    assert answer.status_code == 200
    return record_in(answer.get_data(as_text=True))["results"]


def archive(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(f"{name}.pdf", data)
    return target.getvalue()


def document(credential):
    file_id = db.session.scalar(select(Artefact.file_id).where(Artefact.credential_id == credential.id))
    return current_app.extensions["store"].get(file_id)


class TestList:
    def test_one_that_is_suspended_and_withdrawn_matches_no_name(self, visit, credential):
        """Its page names nobody; a list that said match or differs would let anybody guess whose it is."""
        for event in (Event.WITHDRAWN, Event.SUSPENDED):
            history.add(credential, event, clock.now(), "officer")
        db.session.commit()
        rows = [(credential.number, name) for name in (SECRET_NAME, "Mallory", "")]
        told = [(row["status"], row["name"]) for row in results(visit, a_list(*rows))]
        assert told == [("suspended", "hidden")] * 3

    def test_one_that_is_suspended_alone_matches_as_its_page_names_the_holder(self, visit, credential):
        history.add(credential, Event.SUSPENDED, clock.now(), "officer")
        db.session.commit()
        rows = [(credential.number, name) for name in (SECRET_NAME, "Mallory")]
        told = [(row["status"], row["name"]) for row in results(visit, a_list(*rows))]
        assert told == [("suspended", "match"), ("suspended", "differs")]

    def test_each_row_is_answered_and_no_name_is_told(self, visit, credential):
        unknown = new_number()
        rows = [
            (credential.number, "BERTA  unverkennbar"), (credential.number.lower(), "Mallory"),
            (unknown, "Mallory"), ("7KQ2", "Mallory"), (credential.number, ""),
        ]  # fmt: skip
        answer = ask(visit, a_list(*rows))
        page = answer.get_data(as_text=True)
        assert [(row["line"], row["status"], row["name"]) for row in record_in(page)["results"]] == [
            (2, "valid", "match"), (3, "valid", "differs"), (4, "unknown", "not-compared"),
            (5, "unknown", "not-compared"), (6, "valid", "not-compared"),
        ]  # fmt: skip
        assert "berta" not in page.lower()
        assert "mallory" not in page.lower()
        assert answer.headers["Cache-Control"] == "no-store"

    def test_how_a_certificate_stands_is_told_with_it(self, visit, credential):
        history.add(credential, Event.SUPERSEDED, clock.now(), "officer")
        db.session.commit()
        [row] = results(visit, a_list((credential.number, SECRET_NAME)))
        assert (row["status"], row["name"]) == ("superseded", "match")

    def test_a_holder_who_shows_no_name_is_not_guessed_at(self, visit, credential):
        db.session.execute(update(Credential).values(visibility="share-only"))
        db.session.commit()
        rows = results(visit, a_list((credential.number, SECRET_NAME), (credential.number, "Mallory")))
        assert [row["name"] for row in rows] == ["hidden", "hidden"]

    def test_a_thousand_rows_cost_as_many_statements_as_one(self, app, visit, credential):
        many = [(credential.number if n % 3 else new_number(), SECRET_NAME) for n in range(1_000)]
        counts = []
        for rows in (many[:1], many):
            with counted() as seen:
                assert len(results(visit, a_list(*rows))) == len(rows)
            counts.append(len(seen))
        assert counts[0] == counts[1]

    def test_a_thousand_and_one_are_refused_with_a_clear_message(self, visit, app):
        answer = ask(visit, a_list(*[(new_number(), "x")] * 1_001))
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "The list has 1,001 rows. At most 1,000 are checked at a time" in page
        assert "file-error" in page

    @pytest.mark.parametrize(("data", "name"), [(b"", "x.csv"), (b"", ""), (b"PK\x03\x04junk", "x.zip")])
    def test_what_cannot_be_read_is_told_at_the_field(self, visit, app, data, name):
        answer = ask(visit, data, name)
        assert answer.status_code == 422
        assert "file-error" in answer.get_data(as_text=True)


class TestArchive:
    def test_each_file_is_answered(self, visit, credential):
        ours = document(credential)
        rows = results(
            visit,
            archive(
                good=ours, noted=ours + b"\n% note\n", other=b"%PDF-1.7\nstartxref\n0\n%%EOF",
                bomb=bytes(40_000_000), text=b"hello",
            ),
            "papers.zip",
        )  # fmt: skip
        assert {row["file"]: (row["document"], row["status"]) for row in rows} == {
            "good.pdf": ("exact", "valid"), "noted.pdf": ("genuine-not-exact", "valid"),
            "other.pdf": ("unsigned", "unknown"), "bomb.pdf": (None, "unknown"), "text.pdf": ("not-ours", "unknown"),
        }  # fmt: skip

    def test_names_of_files_are_only_text(self, visit, credential):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as packed:
            packed.writestr("<script>alert(1)</script>.pdf", b"x")
        assert "<script>alert" not in ask(visit, target.getvalue(), "x.zip").get_data(as_text=True)


class TestRecord:
    def take(self, visit, record, form):
        return visit.post("/verify/bulk/record", {"record": json.dumps(record, ensure_ascii=False), "form": form})

    def test_the_record_is_signed_and_tied_to_what_was_sent(self, visit, credential):
        data = a_list((credential.number, SECRET_NAME))
        record = record_in(ask(visit, data).get_data(as_text=True))
        taken = self.take(visit, record, "json")
        kept = json.loads(taken.data)
        assert taken.headers["Content-Disposition"].startswith("attachment")
        assert signed_answers.check(kept) == "holds"
        import hashlib

        assert kept["sent"]["sha256"] == hashlib.sha256(data).hexdigest()

    def test_the_same_as_csv(self, visit, credential):
        record = record_in(ask(visit, a_list((credential.number, SECRET_NAME))).get_data(as_text=True))
        taken = self.take(visit, record, "csv").data.decode("utf-8-sig")
        [row] = csv.DictReader(io.StringIO(taken))
        assert (row["number"], row["status"], row["name"]) == (credential.number, "valid", "match")

    def test_no_cell_is_a_formula(self, visit, fixtures_dir):
        text = (fixtures_dir / "html-security" / "csv-injection.txt").read_text(encoding="utf-8")
        typed = [line for line in text.splitlines() if line.strip()][:200]
        target = io.StringIO()
        csv.writer(target).writerows([["id", "name"], *([line, line] for line in typed)])
        record = record_in(ask(visit, target.getvalue().encode()).get_data(as_text=True))
        rows = csv.reader(io.StringIO(self.take(visit, record, "csv").data.decode("utf-8-sig")))
        cells = [cell for row in rows for cell in row]
        assert len(cells) > 20
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []

    def test_a_record_that_was_changed_is_not_handed_out(self, visit, credential):
        record = record_in(ask(visit, a_list((credential.number, "Mallory"))).get_data(as_text=True))
        record["results"][0]["name"] = "match"
        assert self.take(visit, record, "csv").status_code == 409
        for junk in ("", "{", "[]", "5", '{"proof": null}', '{"proof": {"jws": "a.b.c"}, "results": 5}', "[" * 50_000):
            assert visit.post("/verify/bulk/record", {"record": junk}).status_code == 409

    def test_without_a_key_there_is_no_record_and_the_answers_come(self, visit, credential, monkeypatch):
        def none(purpose, now):
            raise KeyMissing("no key")

        monkeypatch.setattr(published_keys, "signer_for", none)
        page = ask(visit, a_list((credential.number, SECRET_NAME))).get_data(as_text=True)
        assert "We cannot sign a record" in page
        assert self.take(visit, record_in(page), "csv").status_code == 200


class TestLimits:
    def test_two_hundred_from_one_address_get_through_and_rows_are_what_counts(self, visit, credential, monkeypatch):
        codes = {ask(visit, a_list((credential.number, SECRET_NAME))).status_code for _ in range(200)}
        assert codes == {200}
        from dataclasses import replace

        from certificates.bulk import routes as bulk

        monkeypatch.setattr(bulk, "CHECKED", replace(bulk.CHECKED, most=1_200))
        thousand = a_list(*[(new_number(), "x")] * 1_000)
        assert [ask(visit, thousand).status_code for _ in range(2)] == [200, 429]
