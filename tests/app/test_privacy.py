"""What belongs to a person: a copy of it, closing the account, changing one's mind, and being forgotten."""

import io
import json
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select, update

from app import clock, replaying, transaction
from app.accounts import passwords
from app.accounts import services as accounts
from app.accounts.models import Person, RoleGrant, WebSession
from app.audit import services as audit
from app.audit.models import AuditEntry
from app.extensions import Base, db
from app.jobs import runner
from app.mail import services as mail
from app.mail.models import MailMessage
from app.privacy import closing
from app.storage.models import StoredFile
from assessments.exams.models import Attempt
from assessments.practicals.models import Submission
from assessments.results.models import Result
from certificates.badging.models import BadgeArtefact
from certificates.checking import verification
from certificates.models import Artefact, Credential
from certificates.register import checking
from certificates.register.models import RegisterEntry
from tests.factories import assessments, practicals
from tests.factories.certificates import certify
from tests.factories.lives import ADDRESS, NAME, WORD, live, sit
from tests.factories.people import PASSWORD, PersonFactory

GOING = {"certificates": "withdraw", "sure": "y"}
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _empty_folders(app):
    """Files and delivered messages outlive a test; here they must be those of this one."""
    for folder in ("files", "mail"):
        shutil.rmtree(Path(app.instance_path, folder), ignore_errors=True)


def copy_of(visit):
    answer = visit.post("/account/export")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    return json.loads(archive.read("data.json")), {name: archive.read(name) for name in archive.namelist()}


def residues(app, word=WORD):
    """Where a word is still found: in any row of any table, any stored file, any delivered message."""
    found = []
    for table in Base.metadata.sorted_tables:
        rows = db.session.execute(select(table)).all()
        found += [f"table {table.name}: {row}" for row in rows if word.casefold() in str(tuple(row)).casefold()]
    for folder in ("files", "mail"):
        for path in Path(app.instance_path, folder).rglob("*"):
            if path.is_file() and word.casefold().encode() in path.read_bytes().lower():
                found.append(f"file {path.name}")
    return found


def days_pass(visit, days=30):
    """The daily jobs come round `days` after now, and what they order is run."""
    with time_machine.travel(clock.now() + days * DAY, tick=True):
        runner.order_periodic(visit.app.extensions["jobs"])
        visit.run_jobs()
    db.session.rollback()
    db.session.expire_all()


class TestCopy:
    def test_everything_of_ones_own_is_in_it(self, visit, session):
        person, credential = live()
        data, files = copy_of(visit.sign_in(person))

        account = data["account"]
        assert (account["profile"]["name"], account["profile"]["email"]) == (NAME, ADDRESS)
        assert [row["employer"] for row in account["affiliations"]] == [f"{WORD} Works"]
        assert [row["role"] for row in account["roles"]] == ["moderator"]
        assert account["sessions"][0]["device"] == "Test"
        assert [row["lesson_code"] for row in data["courses"][0]["lessons"]] == ["R.1"]
        attempts = {row["exam"]: row for row in data["exams"]["attempts"]}
        assert len(attempts) == 2
        answered = next(row for row in attempts.values() if row["answers"])
        assert answered["answers"][0]["response"] == f"{WORD} says"
        assert answered["reports"][0]["text"] == f"{WORD} doubts it"
        assert data["exams"]["attempts_allowed"][0]["reason"] == f"{WORD} was ill"
        assert sorted((row["kind"], row["outcome"]) for row in data["results"]) == [
            ("exam", "fail"),
            ("exam", "pass"),
            ("practical", "pass"),
        ]
        [work] = data["practicals"]["handed_in"]
        assert work["text"] == f"{WORD} wrote this."
        assert {mark["comment"] for mark in work["marks"]} == {f"{WORD} did well"}
        assert files[f"practicals/{work['files'][0]}"] == f"{WORD} in a file".encode()
        [certificate] = data["certificates"]["certificates"]
        assert certificate["number"] == credential.number
        signed = session.scalars(select(Artefact)).one()
        stored = session.scalars(select(StoredFile).where(StoredFile.public_id == signed.file_id)).one()
        assert files[f"certificates/{credential.number}.pdf"] == visit.app.extensions["store"].get(stored.public_id)
        assert any(WORD in message["text"] for message in data["messages"])
        assert {"affiliation.declared", "attempt.started", "practical.submitted"} <= {
            r["action"] for r in data["trail"]
        }

    def test_nothing_unreleased_no_key_no_secret_and_nobody_else(self, visit, session):
        stranger, _ = live()
        me = PersonFactory(name="Only Me")
        exam = assessments.exam_of([assessments.definition("OWN", "short_text")], is_auto_released=False)
        sit(me, exam=exam, is_released=False)
        session.execute(update(Result).where(Result.person_id == me.id).values(data={"comment": "mark-of-doom"}))
        script = practicals.hand_in(me, "Mine alone.")
        practicals.finish(script, practicals.assessor(), "absent")
        accounts.ask_for_reset(me.email, clock.now())
        transaction.commit()
        secret = session.scalars(select(MailMessage.text).where(MailMessage.kind == "accounts.reset")).one()
        secret = secret.split("/reset-password/")[1].split()[0]

        data, files = copy_of(visit.sign_in(me))
        everything = b"".join(files.values()).decode("utf-8", "replace")

        assert data["results"] == []
        assert data["practicals"]["handed_in"][0]["marks"] == []
        assert data["exams"]["attempts"][0]["answers"][0]["response"] == f"{WORD} says"
        assert "points" not in everything
        assert "mark-of-doom" not in everything
        assert "A word on" not in everything  # the assessor's comments
        assert assessments.SECRET_MARK not in everything
        assert secret not in everything
        assert "/reset-password/…" in everything
        for word in (stranger.public_id, stranger.email, NAME, "password_hash", "secret_hash"):
            assert word not in everything

    def test_it_is_given_three_times_a_day_and_only_with_a_fresh_password(self, visit, session):
        person = PersonFactory(password_hash=passwords.hash_password(PASSWORD))
        visit.sign_in(person)
        for _ in range(3):
            assert copy_of(visit)[0]["account"]["profile"]["name"] == person.name
        assert visit.post("/account/export").status_code == 429
        session.execute(update(WebSession).values(authenticated_at=clock.now() - timedelta(hours=1)))

        asked = visit.post("/account/export")

        assert asked.status_code == 401
        assert "Password" in asked.text
        assert visit.another().post("/account/export").status_code == 401
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "person.exported")).all()

    def test_every_table_about_people_is_known_to_somebody(self):
        """A new table with a person in it makes this fail: give it to a provider, then name it here."""
        known = {
            "accommodation", "affiliation", "appeal", "attempt", "attempt_allowance", "award_case", "award_decision", "change_request", "consent",
            "cpd_activity", "credential", "email_token", "enrolment", "invigilator", "marking", "renewal_reminder",
            "result", "role_grant", "seat", "submission", "web_session",
        }  # fmt: skip
        found = {
            table.name
            for table in Base.metadata.sorted_tables
            for key in table.foreign_keys
            if key.column.table.name == "person"
        }
        assert found == known


class TestClosing:
    def test_the_page_says_what_goes_and_what_stays_and_asks_twice(self, visit):
        visit.sign_in(PersonFactory())
        page = visit.get("/account/close").text
        for words in ("At once", "After 30 days, for good", "What stays", "Get a copy of my data"):
            assert words in page
        assert "/account/close" in visit.get("/account").text
        refused = visit.post("/account/close", {"certificates": "keep"})
        assert refused.status_code == 422
        assert "Tick the box" in refused.text

    def test_it_ends_sessions_and_roles_and_sends_one_last_message(self, visit, session):
        PersonFactory(holding=["officer"])
        person = PersonFactory(holding=["officer", "assessor"])
        elsewhere = visit.another().sign_in(person)
        assert visit.sign_in(person).post("/account/close", GOING).status_code == 302

        assert elsewhere.get("/account").status_code == 302
        assert visit.get("/account").status_code == 302
        grants = session.scalars(select(RoleGrant).where(RoleGrant.person_id == person.id)).all()
        assert all(grant.ends_at <= clock.now() for grant in grants)
        last = session.scalars(select(MailMessage).where(MailMessage.person == person.public_id)).all()[-1]
        assert last.kind == "privacy.closed"
        assert "/sign-in" in last.text

    def test_the_last_officer_stays(self, visit, session):
        officer = PersonFactory(holding=["officer", "assessor"])
        refused = visit.sign_in(officer).post("/account/close", GOING)
        assert refused.status_code == 422
        assert "at least one officer" in refused.text
        assert visit.get("/office").status_code == 200
        held = session.scalars(select(RoleGrant).where(RoleGrant.ends_at.is_(None)))
        assert {grant.role for grant in held} == {"officer", "assessor"}, "nothing is half done"

    def test_not_while_an_exam_runs_or_work_is_being_marked(self, visit, session):
        sitter, writer = PersonFactory(), PersonFactory()
        assessments.begin(assessments.exam_of(), assessments.Candidate(sitter.id, sitter.public_id, sitter.name, 1))
        practicals.take(practicals.hand_in(writer), practicals.assessor())
        for person, words in ((sitter, "An attempt at an exam"), (writer, "Work of yours is with an assessor")):
            own = visit.another().sign_in(person)
            assert words in own.get("/account/close").text
            refused = own.post("/account/close", GOING)
            assert refused.status_code == 422
            assert words in refused.text
        assert session.scalars(select(Person).where(Person.closed_at.is_not(None))).all() == []

    def test_signing_in_offers_to_reopen_and_a_wrong_password_learns_nothing(self, visit, session):
        person = PersonFactory(password_hash=passwords.hash_password(PASSWORD))
        visit.sign_in(person).post("/account/close", GOING)
        back = visit.another()
        assert "not right" in back.post("/sign-in", {"email": person.email, "password": "another four words"}).text
        assert back.get("/reopen-account").location == "/sign-in"
        offered = back.post("/sign-in", {"email": person.email, "password": PASSWORD})
        assert offered.location == "/reopen-account"
        assert "Your account is closed" in back.get("/reopen-account").text
        assert back.get("/account").status_code == 302, "the offer is no session"

        back.post("/reopen-account")

        assert back.get("/account").status_code == 200
        days_pass(visit, 40)
        assert session.get_one(Person, person.id).erased_at is None
        assert visit.another().post("/reopen-account").location == "/sign-in"


class TestErasing:
    @pytest.fixture
    def gone(self, app, visit, session):
        """Somebody with a whole life who closed the account, and whose certificate."""
        visit.post("/sign-in", {"email": ADDRESS, "password": "before there was such an account"})
        person, credential = live()
        assert len(residues(app)) > 15, "the word stands in many places before"
        visit.sign_in(person).post("/account/close", GOING)
        days_pass(visit, 29)
        assert session.get_one(Person, person.id).name == NAME
        return person, credential

    def test_no_word_of_theirs_is_left_anywhere(self, app, visit, session, gone):
        person, _ = gone
        before = session.scalars(select(AuditEntry.digest).order_by(AuditEntry.seq)).all()
        signed = session.scalars(select(Artefact.file_id)).one()

        days_pass(visit)

        assert residues(app) == []
        assert residues(app, person.email.split("@")[0]) == residues(app, person.public_id)
        erased = session.get_one(Person, person.id)
        assert erased.erased_at is not None
        assert signed not in {path.name for path in Path(app.instance_path, "files").rglob("*")}
        # both chains still hold, and nothing of the trail is missing
        assert audit.check(session)[1] is None
        assert checking.check(session)[1] is None
        assert session.scalars(select(AuditEntry.digest).order_by(AuditEntry.seq)).all()[: len(before)] == before
        assert [entry.kind for entry in session.scalars(select(RegisterEntry).order_by(RegisterEntry.seq))] == [
            "issued",
            "withdrawn",
            "erased",
        ]

    @pytest.mark.sqlite_only
    @pytest.mark.parametrize("overwrites", [True, False])
    def test_their_words_are_gone_from_the_file_and_its_log_not_only_from_the_tables(
        self, app, visit, session, gone, monkeypatch, overwrites
    ):
        """Deleted text stays in free pages unless SQLite is told to write over it: the other half shows that we look."""
        monkeypatch.setitem(transaction.SQLITE_SETTINGS, "secure_delete", int(overwrites))
        db.session.remove()
        db.engine.dispose()  # connections keep what they were opened with
        assert stands_in_the_file(app, WORD)

        days_pass(visit)

        assert residues(app) == []
        assert stands_in_the_file(app, WORD) is not overwrites

    def test_what_certification_must_keep_stays_without_a_name(self, visit, session, gone):
        person, credential = gone
        number = credential.number
        signed = visit.app.extensions["store"].get(session.scalars(select(Artefact.file_id)).one())
        days_pass(visit)

        results = session.scalars(select(Result).where(Result.person_id == person.id)).all()
        assert sorted(result.outcome for result in results) == ["fail", "pass", "pass"]
        assert len(session.scalars(select(Attempt).where(Attempt.person_id == person.id)).all()) == 2
        assert len(session.scalars(select(Submission).where(Submission.person_id == person.id)).all()) == 1
        with time_machine.travel(clock.now() + 31 * DAY, tick=True):
            page = visit.another().get(f"/v/{number}")
            answer = visit.another().get(f"/api/v1/certificates/{number}").get_json()
            found = verification.verify_file(signed, clock.now())
        assert page.status_code == 200
        assert "Withdrawn by its holder" in page.text
        assert WORD not in page.text
        assert (answer["status"], answer["holder"], answer["pdf_url"]) == ("withdrawn", None, None)
        assert (found.document, found.status, found.holder) == ("exact", "withdrawn", None), (
            "old copies name nobody new"
        )
        officer = visit.another().sign_in(PersonFactory(holding=["officer"]))
        assert officer.get(f"/certificates/{credential.public_id}.pdf").status_code == 404
        assert officer.get(f"/office/certificates/{credential.public_id}").status_code == 200
        assert officer.get(f"/office/people/{person.public_id}").status_code == 404

    def test_what_was_erased_is_no_fault_of_the_engine(self, app, visit, session, gone):
        days_pass(visit)
        assert list(replaying._results()) == []

    def test_the_address_is_free_again_and_nobody_gets_in(self, visit, session, gone):
        days_pass(visit)
        refused = visit.another().post("/sign-in", {"email": ADDRESS, "password": PASSWORD})
        assert "not right" in refused.text
        assert PersonFactory(email=ADDRESS).id

    def test_erasing_twice_and_after_a_restored_copy_ends_the_same(self, app, visit, session, gone):
        person, _ = gone
        days_pass(visit)
        days_pass(visit, 31)
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "person.erased")).all()) == 1
        # an older copy still knows who had closed: the next run erases again
        session.execute(update(Person).where(Person.id == person.id).values(name=NAME, email=ADDRESS, erased_at=None))
        transaction.commit()
        days_pass(visit, 32)
        assert residues(app) == []

    def test_who_keeps_the_certificates_keeps_the_name_on_them_alone(self, app, visit, session):
        credential = certify(NAME)
        person = session.get_one(Person, credential.person_id)
        visit.sign_in(person).post("/account/close", GOING | {"certificates": "keep"})
        days_pass(visit)

        assert session.get_one(Person, person.id).erased_at is not None
        kept = {f"file {signed_file(session)}", f"file {badge_file(session)}"}
        assert {place.split(":")[0] for place in residues(app)} <= {"table credential"} | kept
        answer = visit.another().get(f"/api/v1/certificates/{credential.number}").get_json()
        assert (answer["status"], answer["holder"]) == ("valid", NAME)

    def test_other_people_are_untouched(self, app, visit, session, gone):
        other = certify("Grete Other")
        person = PersonFactory(name="Mara Unmoved")
        days_pass(visit)
        assert session.get_one(Person, person.id).name == "Mara Unmoved"
        assert session.get_one(Credential, other.id).holder_name == "Grete Other"
        signed = session.scalars(select(Artefact.file_id).where(Artefact.credential_id == other.id)).one()
        assert app.extensions["store"].get(signed).startswith(b"%PDF-")


def stands_in_the_file(app, word):
    """Whether the bytes of the database, or of the log beside it, hold a word."""
    paths = Path(app.instance_path).glob("laurel.sqlite3*")
    return any(word.encode() in path.read_bytes() for path in paths)


def badge_file(session):
    return session.scalars(select(BadgeArtefact.file_id)).one()


def signed_file(session):
    return session.scalars(select(Artefact.file_id)).one()


def test_a_message_that_waits_for_somebody_erased_goes_nowhere_and_troubles_nobody(app, visit, session):
    person = PersonFactory()
    closing.erase(person, clock.now())
    transaction.commit()
    mail.send("accounts.password-changed", person.email, {"name": person.name}, person=person.public_id)
    transaction.commit()
    visit.run_jobs()
    assert not [
        path for path in Path(app.instance_path, "mail").glob("*") if person.public_id.encode() in path.read_bytes()
    ]
