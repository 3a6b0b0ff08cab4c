"""Badges by themselves: for certificates from before there were any, and anew after a key of badges was stolen."""

import hashlib
import json
from dataclasses import replace

import pytest
from flask import current_app
from sqlalchemy import func, select

from app import clock, transaction
from app.audit.models import AuditEntry
from app.extensions import db
from app.jobs import runner
from app.jobs.ledger import Claim
from app.jobs.models import Job
from app.mail.models import MailMessage
from certificates.badging import keeping as badge_keeping
from certificates.badging import services
from certificates.badging.cli import add_badges
from certificates.badging.models import BadgeArtefact, BadgePlace
from certificates.checking import verification
from certificates.issuing import services as issuing
from certificates.keys import changes
from certificates.keys import published as published_keys
from certificates.keys.records import KeyMissing, KeyPurpose
from certificates.keys.store import KeyStore
from certificates.lifecycle import history
from certificates.lifecycle.status import Event
from certificates.models import Artefact, Credential
from certificates.register import checking, examining, heads
from certificates.register.models import RegisterEntry
from certificates.resigning.stolen import KeyDoubt
from tests.factories.certificates import certify, run_jobs
from tests.factories.people import PersonFactory


@pytest.fixture(autouse=True)
def key_folder(app, tmp_path, monkeypatch):
    """A key folder for one test: what is stolen here must not be missed elsewhere."""
    settings = replace(current_app.extensions["settings"], keys_folder=str(tmp_path / "keys"))
    monkeypatch.setitem(current_app.extensions, "settings", settings)
    return KeyStore(tmp_path / "keys")


class NoBadge:
    """What an older version put into a document: nothing."""

    def as_attachment(self):
        return None


def certify_as_before(name="Ada Beispiel"):
    """A certificate as a version made it that knew no badges."""
    render = issuing.render
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(issuing.badge_keeping, "keep", lambda credential, now: NoBadge())
        patch.setattr(issuing, "render", lambda model, _attachments, design: render(model, (), design))
        return certify(name)


def document(credential_id):
    file_id = db.session.scalar(select(Artefact.file_id).where(Artefact.credential_id == credential_id))
    return current_app.extensions["store"].get(file_id)


def badge(credential_id, *, token=False):
    kept = badge_keeping.find(credential_id)
    return kept and current_app.extensions["store"].get(kept.token_file_id if token else kept.file_id)


def kinds():
    return db.session.scalars(select(RegisterEntry.kind).order_by(RegisterEntry.seq)).all()


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def refuse_faults():
    """The whole log check finds nothing."""
    db.session.commit()
    report = examining.examine(db.session(), {}, current_app.extensions["store"].get)
    db.session.rollback()
    assert report.fault is None, report.fault


@pytest.fixture
def old(app):
    """Public id and row id of a certificate from before there were badges."""
    found = certify_as_before()
    assert badge(found.id) is None
    return found.public_id, found.id


def order(officer="officer"):
    with transaction.standalone():
        return services.order_missing(officer, clock.now())


class TestAddingThem:
    def test_a_badge_is_made_and_the_document_stays_to_the_byte(self, old):
        _, credential = old
        before = document(credential)
        letters, documents = count(MailMessage), count(Artefact)
        assert order() == 1
        run_jobs()
        assert document(credential) == before
        assert (count(MailMessage), count(Artefact)) == (letters, documents), "nothing is issued, nobody is written to"
        for data in (badge(credential), badge(credential, token=True)):
            answer = verification.verify_file(data, clock.now())
            assert (answer.status.value, answer.document.value, answer.exit_code) == ("valid", "exact", 0)
        assert verification.verify_file(before, clock.now()).exit_code == 0

    def test_the_register_commits_to_it_in_an_entry_of_its_own(self, old):
        _, credential = old
        order()
        run_jobs()
        assert kinds() == ["issued", "badge"]
        entry = db.session.get(RegisterEntry, 2)
        assert entry.badge_sha256 == hashlib.sha256(badge(credential)).hexdigest()
        assert entry.artefact_sha256 == ""
        assert heads.find_document_entry(entry.number).seq == 1, "the document is proved by its own entry still"
        assert checking.check(db.session())[1] is None
        refuse_faults()

    def test_a_badge_that_was_changed_afterwards_is_named_by_the_log_check(self, old):
        _, credential = old
        order()
        run_jobs()
        kept = badge_keeping.find(credential)
        current_app.extensions["store"].put(kept.file_id, badge(credential) + b" ")
        db.session.commit()
        report = examining.examine(db.session(), {}, current_app.extensions["store"].get)
        assert report.fault.table == "stored_file"

    def test_an_update_and_the_jobs_that_come_round_add_none(self, app, old):
        _, credential = old
        db.session.commit()
        runner.order_periodic(current_app.extensions["jobs"])
        run_jobs()
        assert badge(credential) is None

    def test_running_it_again_changes_nothing(self, old):
        public_id, credential = old
        order()
        run_jobs()
        first = badge(credential)
        assert order() == 0
        transaction.begin_read()
        services.make_badge(Claim(1, services.JOB, {"credential": public_id}, 1, 8))
        db.session.commit()
        assert (badge(credential), count(BadgeArtefact), kinds()) == (first, 1, ["issued", "badge"])

    def test_a_crash_while_it_is_entered_leaves_none_and_the_next_run_makes_it(self, old, monkeypatch):
        public_id, credential = old

        def crash(*args, **kwargs):
            raise OSError("the lights went out")

        db.session.commit()
        with monkeypatch.context() as patch:
            patch.setattr(services.register, "append", crash)
            with pytest.raises(OSError, match="lights"):
                services.make(public_id, clock.now())
        transaction.undo()
        assert badge(credential) is None
        transaction.begin_read()
        assert services.make(public_id, clock.now())
        assert (count(BadgePlace), kinds()) == (1, ["issued", "badge"])

    @pytest.mark.parametrize("event", [Event.REVOKED, Event.SUSPENDED, Event.WITHDRAWN])
    def test_what_is_not_valid_gets_none(self, old, event):
        public_id, credential = old
        history.add(db.session.get(Credential, credential), event, clock.now(), "officer")
        db.session.commit()
        run_jobs()
        assert services.list_without(clock.now()) == []
        assert not services.are_missing(clock.now())
        assert order() == 0
        transaction.begin_read()
        assert not services.make(public_id, clock.now())

    def test_those_with_a_badge_are_left_alone(self, app):
        found = certify("Ben Beispiel")
        before = badge(found.id)
        assert before
        assert order() == 0
        assert badge(found.id) == before


class TestOnTheCommandLine:
    @pytest.fixture
    def run(self, app):
        def invoke(*args):
            db.session.commit()
            result = app.test_cli_runner().invoke(add_badges, [*args, "--json"])
            db.session.rollback()
            return result.exit_code, json.loads(result.stdout) if result.stdout else result.stderr

        return invoke

    def test_it_says_what_is_missing_makes_it_and_is_done(self, run, old):
        number = db.session.scalar(select(Credential.number))
        certify_as_before("Ben Beispiel")
        assert run("--dry-run") == (1, {"made": [], "failed": {}, "left": 2})
        code, told = run()
        assert (code, told["left"], len(told["made"]), number in told["made"]) == (0, 0, 2, True)
        assert run() == (0, {"made": [], "failed": {}, "left": 0})
        refuse_faults()

    def test_without_a_key_it_cannot_begin(self, run, old, monkeypatch):
        def away(purpose, now):
            raise KeyMissing(f"no key is active for {purpose.value}")

        monkeypatch.setattr(published_keys, "signer_for", away)
        code, told = run()
        assert code == 2
        assert "badge" in told

    def test_interrupted_it_goes_on_where_it_was(self, run, old, monkeypatch):
        certify_as_before("Ben Beispiel")
        real, seen = services.make, []

        def once(public_id, now):
            seen.append(public_id)
            if len(seen) == 2:
                raise OSError("the disk is full")
            return real(public_id, now)

        with monkeypatch.context() as patch:
            patch.setattr(services, "make", once)
            code, told = run()
        assert (code, len(told["made"]), list(told["failed"].values()), told["left"]) == (1, 1, ["the disk is full"], 1)
        assert run()[0] == 0


class TestOnThePage:
    def test_the_officer_is_told_what_it_does_and_orders_it(self, visit, old):
        visit.sign_in(PersonFactory(holding=["officer"]))
        assert "Certificates without a badge" in visit.get("/office/certificates").get_data(as_text=True)
        page = visit.get("/office/certificates/badges").get_data(as_text=True)
        for words in (
            "1 valid certificate has no badge",
            "An update of this program never does this by itself",
            "to the byte",
        ):
            assert words in page
        assert visit.post("/office/certificates/badges").status_code == 302
        run_jobs()
        assert badge(old[1])
        assert "Every valid certificate has its badge" in visit.get("/office/certificates/badges").get_data(
            as_text=True
        )
        assert "Certificates without a badge" not in visit.get("/office/certificates").get_data(as_text=True)
        acts = db.session.scalars(select(AuditEntry.action)).all()
        assert {"badges.ordered", "credential.badge_made"} <= set(acts)

    def test_without_a_key_it_is_said_on_the_page(self, visit, old, monkeypatch):
        def away(purpose, now):
            raise KeyMissing("no key")

        visit.sign_in(PersonFactory(holding=["officer"]))
        monkeypatch.setattr(published_keys, "signer_for", away)
        answer = visit.post("/office/certificates/badges")
        assert answer.status_code == 422
        assert "No key can sign badges now" in answer.get_data(as_text=True)

    def test_a_member_has_no_business_there(self, visit, app):
        visit.sign_in(PersonFactory())
        assert visit.get("/office/certificates/badges").status_code == 403


class TestAStolenKey:
    @pytest.fixture(params=[KeyPurpose.BADGE, KeyPurpose.BADGE_JWT])
    def robbed(self, request, app):
        """Purpose, key, the moment of loss, and a certificate from before and one from after it."""
        before = certify("Ada Beispiel").id
        since = clock.now()
        after = certify("Ben Beispiel").id
        [key] = published_keys.list_keys(request.param)
        return request.param, key.key_id, since, before, after

    def lose(self, key_id, since):
        outcome = changes.compromise(key_id, since, clock.now(), actor="officer")
        transaction.commit()
        return outcome

    def rotate(self, purpose):
        turned = changes.rotate(purpose, "The Test Body", clock.now(), actor="officer", specimen=False)
        transaction.commit()
        return turned

    def test_the_drill(self, robbed):
        """Badges from before the loss stay good, later ones are signed anew, and no document changes."""
        purpose, key, since, before, after = robbed
        good, copies = badge(before), [badge(after), badge(after, token=True)]
        documents = [document(before), document(after)]
        number = db.session.get(Credential, after).number

        outcome = self.lose(key, since)
        assert ([row.number for row in outcome.later], outcome.ordered) == ([number], 0)
        assert self.rotate(purpose).ordered == 1
        run_jobs()

        assert [document(before), document(after)] == documents
        assert badge(before) == good
        for data in (badge(before), badge(before, token=True), badge(after), badge(after, token=True), *documents):
            assert verification.verify_file(data, clock.now()).exit_code == 0
        stolen = copies[purpose is KeyPurpose.BADGE_JWT]
        answer = verification.verify_file(stolen, clock.now())
        assert (answer.document.value, answer.file.reason, answer.number) == (
            "genuine-not-exact",
            KeyDoubt.SIGNED_ANEW,
            number,
        )
        assert kinds() == ["issued", "issued", "key-stolen", "key-made", "badge"]
        refuse_faults()

    def test_the_bit_of_the_old_one_is_set_for_whoever_checks_it_elsewhere(self, robbed):
        purpose, key, since, before, after = robbed
        self.lose(key, since)
        self.rotate(purpose)
        run_jobs()
        burnt = {row.credential_id: [] for row in db.session.scalars(select(BadgePlace))}
        for row in db.session.scalars(select(BadgePlace).order_by(BadgePlace.id)):
            burnt[row.credential_id].append(row.burnt_at is not None)
        assert burnt == {before: [False], after: [True, False]}

    def test_its_holder_is_asked_to_fetch_it_again_and_nobody_else(self, robbed):
        purpose, key, since, _before, after = robbed
        self.lose(key, since)
        self.rotate(purpose)
        run_jobs()
        [mail] = db.session.scalars(select(MailMessage).where(MailMessage.kind == "certificates.badge-re-signed"))
        assert db.session.get(Credential, after).number in mail.text
        orders = db.session.scalar(select(func.count()).select_from(Job).where(Job.kind == services.JOB))
        assert orders == 1

    def test_nothing_is_given_up_while_no_key_can_sign(self, robbed):
        _purpose, key, since, _before, after = robbed
        held = badge(after)
        self.lose(key, since)
        public_id = db.session.get(Credential, after).public_id
        db.session.commit()
        with pytest.raises(KeyMissing):
            services.make(public_id, clock.now())
        assert badge(after) == held
