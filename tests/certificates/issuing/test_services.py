"""From an award to exactly one certificate, whatever breaks in between."""

import hashlib
import io
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from flask import current_app
from sqlalchemy import func, select, update

from app import clock, transaction
from app.audit import services as audit
from app.extensions import db
from app.jobs.ledger import Claim
from app.jobs.models import Job
from app.mail.models import MailMessage
from app.storage.models import StoredFile
from certificates import queries
from certificates.badging import keeping as badge_keeping
from certificates.badging.models import BadgeArtefact
from certificates.checking import verification
from certificates.holding import services as holding
from certificates.issuing import ordering
from certificates.issuing import services as issuing
from certificates.keys import published as published_keys
from certificates.keys.store import KeyMissing
from certificates.models import Artefact, Credential, CredentialStatus, SigningAttempt
from certificates.pdf.fonts import NameNotRenderable, TextProblem
from certificates.register import checking
from certificates.register import services as register
from certificates.register.models import RegisterEntry
from certificates.signatures.document_check import DocumentVerdict, check_document
from tests.factories.certificates import (
    certify,
    find_credential,
    make_candidate,
    make_level,
    open_keys,
    pass_exam,
    run_jobs,
)
from tests.support.timestamping import make_stamper, serving, stamping


def how_many(table):
    return db.session.scalar(select(func.count()).select_from(table))


def due_again():
    """Let jobs that failed or were cut off be due at once."""
    due = update(Job).values(run_at=clock.now() - timedelta(minutes=5), lease_until=clock.now() - timedelta(minutes=5))
    db.session.execute(due)
    db.session.commit()


def mails_of(kind):
    return db.session.scalar(select(func.count()).select_from(MailMessage).where(MailMessage.kind == kind))


@pytest.fixture
def ordered(app):
    """An award whose certificate has been ordered and not made yet."""
    open_keys()
    make_level()
    person = make_candidate()
    pass_exam(person)
    return find_credential(person)


def badge_inside(data):
    """The badge that travels within a document."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return pdf.attachments[badge_keeping.FILE_NAME].get_file().read_bytes()


def assert_one_whole_certificate(number):
    """Exactly one document, register entry and message, all of the same certificate, and every chain whole."""
    artefact = db.session.scalars(select(Artefact)).one()
    assert db.session.scalars(select(Credential.state)).one() == "issued"
    entry = db.session.scalars(select(RegisterEntry)).one()
    assert (entry.kind, entry.number, entry.artefact_sha256) == ("issued", number, artefact.sha256)
    data = current_app.extensions["store"].get(artefact.file_id)
    assert hashlib.sha256(data).hexdigest() == artefact.sha256
    kept = db.session.scalars(select(StoredFile.purpose).order_by(StoredFile.purpose)).all()
    assert kept == ["badge", "badge", "certificate"]
    badge = db.session.scalars(select(BadgeArtefact)).one()
    assert badge_inside(data) == current_app.extensions["store"].get(badge.file_id)
    assert hashlib.sha256(badge_inside(data)).hexdigest() == badge.sha256
    assert mails_of("certificates.issued") == 1
    assert checking.check(db.session()) == (1, None)
    assert audit.check(db.session())[1] is None
    known = set(db.session.scalars(select(SigningAttempt.file_id)))
    assert artefact.file_id in known
    answer = verification.verify_file(data, clock.now())
    assert (answer.document, answer.number, answer.exit_code) == (DocumentVerdict.EXACT, number, 0)


def test_an_award_becomes_a_signed_registered_certificate_that_the_holder_hears_of(ordered):
    run_jobs()
    assert_one_whole_certificate(ordered.number)
    answer = verification.verify_number(ordered.number, clock.now())
    assert (answer.holder, answer.level, answer.supervision) == ("Ada Beispiel", "Foundation", "unsupervised")


def test_the_document_says_what_the_register_says(ordered):
    run_jobs()
    model = db.session.scalars(select(Credential.model)).one()
    assert model["number"] == ordered.number
    assert model["qr_payload"] == f"HTTP://BODY.TEST/V/{ordered.number}"
    assert "sat without supervision" in model["evidence"]
    assert model["wording"]["check_text"].startswith("Go to {domain}/verify")


def test_running_the_job_again_changes_nothing(ordered):
    run_jobs()
    claim = Claim(1, ordering.JOB, {"credential": ordered.public_id}, 1, 8)
    for _ in range(3):
        transaction.begin_read()
        issuing.issue(claim)
        db.session.commit()
    assert_one_whole_certificate(ordered.number)


STEPS = {
    "signing the badge": (badge_keeping.badge_making, "make"),
    "keeping the badge": (badge_keeping, "_store"),
    "rendering": (issuing, "render"),
    "before the intent is kept": (issuing, "_begin_attempt"),
    "signing": (issuing, "sign_pdf"),
    "checking what was signed": (issuing, "_says"),
    "keeping the row": (issuing, "_finish"),
    "keeping the bytes' row": (issuing, "_keep_artefact"),
    "the register": (register, "append"),
    "the message": (issuing, "_tell"),
    "those who follow": (issuing.bus, "publish"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_step_is_recovered_from(ordered, monkeypatch, step, when):
    room, name = STEPS[step]
    real = getattr(room, name)

    def crash(*args, **kwargs):
        if when == "after":
            real(*args, **kwargs)
        raise OSError("the lights went out")

    monkeypatch.setattr(room, name, crash)
    run_jobs()
    assert db.session.scalars(select(Credential.state)).one() == "ordered"
    assert (how_many(Artefact), how_many(RegisterEntry), mails_of("certificates.issued")) == (0, 0, 0)

    monkeypatch.setattr(room, name, real)
    due_again()
    run_jobs()
    assert_one_whole_certificate(ordered.number)


def test_a_crash_between_the_bytes_and_the_row_does_not_sign_a_second_time(ordered, monkeypatch):
    monkeypatch.setattr(issuing, "_finish", lambda *_: (_ for _ in ()).throw(OSError("cut off")))
    run_jobs()
    [file_id] = db.session.scalars(select(SigningAttempt.file_id)).all()
    monkeypatch.undo()
    due_again()
    run_jobs()
    assert how_many(SigningAttempt) == 1
    assert db.session.scalars(select(Artefact.file_id)).one() == file_id


def test_a_half_written_file_of_an_earlier_run_is_not_taken_up(ordered, monkeypatch):
    whole = current_app.extensions["store"].put

    def tear(name, data):
        if not data.startswith(b"%PDF"):
            whole(name, data)
            return
        (folder := current_app.extensions["store"].folder / name[:2]).mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data[: len(data) // 2])
        raise OSError("disk full")

    monkeypatch.setattr(current_app.extensions["store"], "put", tear)
    run_jobs()
    monkeypatch.undo()
    due_again()
    run_jobs()
    assert how_many(SigningAttempt) == 2
    assert_one_whole_certificate(ordered.number)


def test_many_workers_on_one_certificate_make_one(app, ordered):
    claim, faults = Claim(0, ordering.JOB, {"credential": ordered.public_id}, 1, 8), []
    number = ordered.number
    db.session.remove()

    def work():
        try:
            with app.app_context():
                transaction.begin_read()
                issuing.issue(claim)
                transaction.commit()
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert_one_whole_certificate(number)


def test_without_a_key_nothing_is_half_issued_and_the_certificate_is_held_in_the_end(ordered, monkeypatch):
    def no_key(now):
        raise KeyMissing("no document signer is active now")

    monkeypatch.setattr(published_keys, "open_signer", no_key)
    for _ in range(8):
        due_again()
        run_jobs()
    held = queries.get_credential(ordered.public_id)
    assert (held.state, held.problem) == ("held", "no document signer is active now")
    assert how_many(Artefact) == how_many(RegisterEntry) == 0

    monkeypatch.undo()
    ordering.order_again(ordered.public_id, actor="officer", now=clock.now())
    run_jobs()
    assert_one_whole_certificate(ordered.number)


def stamp_by(monkeypatch, address):
    settings = replace(current_app.extensions["settings"], timestamp_url=address)
    monkeypatch.setitem(current_app.extensions, "settings", settings)


def test_a_certificate_carries_the_time_of_an_authority_where_one_is_named(ordered, monkeypatch):
    stamped = clock.now().replace(microsecond=0)
    with serving(stamping(make_stamper(stamped))) as address:
        stamp_by(monkeypatch, address)
        run_jobs()
    assert_one_whole_certificate(ordered.number)
    data = current_app.extensions["store"].get(db.session.scalars(select(Artefact.file_id)).one())
    roots = published_keys.root_certificates(published_keys.list_keys())
    assert check_document(data, roots, lambda _: None).stamped_at == stamped


def test_without_an_answer_of_the_authority_nothing_is_issued_and_the_reason_is_kept(ordered, monkeypatch):
    with serving(lambda handler, _: handler.send_error(503)) as address:
        stamp_by(monkeypatch, address)
        run_jobs()
        assert queries.get_credential(ordered.public_id).state == "ordered", "the job tries again"
        for _ in range(8):
            due_again()
            run_jobs()
    held = queries.get_credential(ordered.public_id)
    assert held.state == "held"
    assert "timestamp authority gave no timestamp: 127.0.0.1 answered 503" in held.problem
    assert how_many(Artefact) == how_many(RegisterEntry) == mails_of("certificates.issued") == 0


def test_a_text_that_cannot_be_printed_holds_the_certificate_with_the_reason(ordered, monkeypatch):
    def refuse(*_):
        raise NameNotRenderable(TextProblem.GLYPH, "王", "signatories.0.name")

    monkeypatch.setattr(issuing, "render", refuse)
    run_jobs()
    held = queries.get_credential(ordered.public_id)
    assert held.state == "held"
    assert "王" in held.problem
    assert how_many(SigningAttempt) == how_many(Artefact) == 0
    assert verification.verify_number(ordered.number, clock.now()).status.value == "unknown"


def test_a_certificate_that_is_only_ordered_is_not_known_yet(ordered):
    answer = verification.verify_number(ordered.number, clock.now())
    assert (answer.status.value, answer.holder) == ("unknown", None)


def test_a_new_name_makes_a_new_certificate_that_replaces_the_old(app):
    old = certify("Ada Beispiel")
    person = queries.get_credential(old.public_id).person
    holding.confirm_name(person, "Ada Muster", clock.now())
    new = ordering.replace(old.public_id, "Saw the register office's paper.", actor="officer", now=clock.now())
    public_id = new.public_id
    assert verification.verify_number(old.number, clock.now()).status.value == "valid"
    run_jobs()

    new = queries.get_credential(public_id)
    assert (new.state, new.holder_name, new.issued_on) == ("issued", "Ada Muster", old.issued_on)
    answer = verification.verify_number(old.number, clock.now())
    assert (answer.status.value, answer.replaced_by, answer.holder) == ("superseded", new.number, "Ada Beispiel")
    assert verification.verify_number(new.number, clock.now()).status.value == "valid"
    kinds = db.session.scalars(select(RegisterEntry.kind).order_by(RegisterEntry.seq)).all()
    assert kinds == ["issued", "issued", "superseded"]
    assert how_many(CredentialStatus) == 1


KILLED = """
import os, signal, sys
from app.factory import create_app
from certificates import issuing
from certificates.register import services as register
from app.jobs import runner
step = sys.argv[1]
room = register if step == "append" else issuing
real = getattr(room, step)
def killed(*args, **kwargs):
    if sys.argv[2] == "after":
        real(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(room, step, killed)
app = create_app()
runner.run_all(app)
"""


@pytest.mark.soak
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["render", "_begin_attempt", "sign_pdf", "_finish", "append", "_tell"])
def test_a_killed_worker_leaves_exactly_one_certificate(app, ordered, step, when):
    settings = current_app.extensions["settings"]
    known = {
        "LAUREL_MODE": settings.mode,
        "LAUREL_INSTANCE": settings.instance,
        "LAUREL_SECRET_KEY": settings.secret_key,
        "LAUREL_BASE_URL": settings.base_url,
        "LAUREL_HOSTS": settings.hosts,
        "DATABASE_URL": settings.database_url,
    }
    number = ordered.number
    db.session.commit()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, step, when], env=os.environ | known, cwd=Path(__file__).parents[3], check=False
    )
    assert done.returncode == -signal.SIGKILL
    due_again()
    run_jobs()
    assert_one_whole_certificate(number)
