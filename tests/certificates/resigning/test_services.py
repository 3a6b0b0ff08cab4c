"""A key is stolen: what was registered before stays good, what came later is signed anew, what a thief signs is named."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select, update

from app import clock, transaction
from app.extensions import db
from app.jobs.ledger import Claim
from app.jobs.models import Job
from app.mail.models import MailMessage
from app.storage.models import StoredFile
from certificates import personal, queries
from certificates.checking import verification
from certificates.keys import changes
from certificates.keys import published as published_keys
from certificates.keys.authority import Subject, Window, make_document_signer
from certificates.keys.making import open_root
from certificates.keys.records import KeyPurpose
from certificates.keys.store import KeyState, KeyStore, OpenKey
from certificates.models import Artefact, Credential, SigningAttempt
from certificates.pdf.model import CertificateModel
from certificates.pdf.render import render
from certificates.register import checking
from certificates.register import services as register
from certificates.register.models import RegisterEntry
from certificates.resigning import services as resigning
from certificates.resigning import stolen
from certificates.resigning.models import SupersededArtefact
from certificates.resigning.stolen import KeyDoubt
from certificates.signatures.document_check import DocumentVerdict, check_document
from certificates.signatures.signing import DocumentSigner, sign_pdf
from tests.factories.certificates import certify, run_jobs


@pytest.fixture(autouse=True)
def key_folder(app, tmp_path, monkeypatch):
    """A key folder for one test: what is stolen here must not be missed elsewhere."""
    settings = replace(current_app.extensions["settings"], keys_folder=str(tmp_path / "keys"))
    monkeypatch.setitem(current_app.extensions, "settings", settings)
    return KeyStore(tmp_path / "keys")


def document(number):
    statement = select(Artefact.file_id).join(Credential, Credential.id == Artefact.credential_id)
    return current_app.extensions["store"].get(db.session.scalar(statement.where(Credential.number == number)))


def signing_key():
    newest = [key for key in published_keys.list_keys(KeyPurpose.DOCUMENT_SIGNING) if key.state == "active"]
    return newest[-1].key_id


def lose(key_id, since):
    outcome = changes.compromise(key_id, since, clock.now(), actor="officer")
    transaction.commit()
    return outcome


def rotate(purpose=KeyPurpose.DOCUMENT_SIGNING):
    turned = changes.rotate(purpose, "The Test Body", clock.now(), actor="officer", specimen=False)
    transaction.commit()
    return turned


def judged(data):
    """Verdict, doubt and number for a file, as the verify page will say them."""
    keys = published_keys.list_keys()
    check = check_document(data, published_keys.root_certificates(keys), queries.find_number_of)
    told, doubt = stolen.judge(check, keys)
    return told.verdict, doubt, told.number


def forge(number, signer):
    """A certificate that nobody awarded, made with the keys of the body."""
    model = db.session.scalars(select(Credential.model)).first()
    changed = CertificateModel.from_json_dict(model | {"holder_name": "Mallory Muster", "number": number})
    return sign_pdf(render(changed), signer, clock.now())


@pytest.fixture
def robbed(app):
    """One certificate from before the loss and one after it, with the stolen key still at hand for the thief."""
    before = certify("Ada Beispiel")
    since = clock.now()
    after = certify("Ben Beispiel")
    thief = published_keys.open_signer(clock.now())
    return before.number, after.number, since, thief


def test_the_drill(robbed):
    """The whole story once: the loss is noticed, said, mended; and nobody is left with a wrong answer."""
    first, second, since, thief = robbed
    lost = signing_key()
    old_copy = document(second)

    outcome = lose(lost, since)
    assert [row.number for row in outcome.later] == [second]
    assert outcome.ordered == 0, "there is nobody to sign until the key is rotated"
    assert judged(document(first)) == (DocumentVerdict.EXACT, None, first)
    assert judged(old_copy) == (DocumentVerdict.GENUINE_NOT_EXACT, KeyDoubt.SIGNED_ANEW, second)

    turned = rotate()
    assert (turned.retired, turned.ordered) == ([], 1)
    run_jobs()
    third = certify("Cem Beispiel").number

    assert judged(document(first)) == (DocumentVerdict.EXACT, None, first), "registered before: good as it is"
    assert document(second) != old_copy
    for number in (second, third):
        assert judged(document(number)) == (DocumentVerdict.EXACT, None, number)
        assert verification.verify_file(document(number), clock.now()).exit_code == 0
    assert judged(old_copy) == (DocumentVerdict.GENUINE_NOT_EXACT, KeyDoubt.SIGNED_ANEW, second)
    verdict, doubt, _ = judged(forge(first, thief))
    assert (verdict, doubt) == (DocumentVerdict.OTHER_SIGNER, KeyDoubt.KEY_STOLEN)
    for number in (first, second, third):
        assert verification.verify_number(number, clock.now()).status == "valid"
    assert stolen.list_later(published_keys.list_keys(KeyPurpose.DOCUMENT_SIGNING)) == []

    kinds = db.session.scalars(select(RegisterEntry.kind).order_by(RegisterEntry.seq)).all()
    assert kinds == ["issued", "issued", "key-stolen", "key-made", "re-signed", "issued"]
    assert checking.check(db.session())[1] is None


def test_the_new_document_is_the_old_page_with_another_signature(robbed):
    _, number, since, _ = robbed
    old = document(number)
    lose(signing_key(), since)
    new_key = rotate().made
    run_jobs()
    new = document(number)
    page = old[: resigning_page(old)]
    assert len(page) > 20_000
    assert new.startswith(page)
    assert new != old
    [artefact] = db.session.scalars(select(Artefact).where(Artefact.sha256 == hashlib.sha256(new).hexdigest()))
    assert artefact.key_fingerprint == new_key.fingerprint
    [kept] = db.session.scalars(select(SupersededArtefact))
    assert kept.sha256 == hashlib.sha256(old).hexdigest()
    assert current_app.extensions["store"].get(kept.file_id) == old
    [entry] = db.session.scalars(select(RegisterEntry).where(RegisterEntry.kind == "re-signed"))
    assert (entry.number, entry.artefact_sha256, entry.seq) == (number, artefact.sha256, artefact.register_seq)


def resigning_page(data):
    """Where the page ends, told by its own end mark."""
    return data.index(b"%%EOF") + len(b"%%EOF")


def test_the_holder_is_asked_to_fetch_the_new_copy(robbed):
    _, number, since, _ = robbed
    lose(signing_key(), since)
    rotate()
    run_jobs()
    [mail] = db.session.scalars(select(MailMessage).where(MailMessage.kind == "certificates.re-signed"))
    assert number in mail.text
    assert "http://body.test/certificates" in mail.text


def test_running_the_job_again_changes_nothing(robbed):
    _, number, since, _ = robbed
    lose(signing_key(), since)
    rotate()
    run_jobs()
    data = document(number)
    public_id = db.session.scalar(select(Credential.public_id).where(Credential.number == number))
    transaction.begin_read()
    resigning.resign(Claim(1, resigning.JOB, {"credential": public_id}, 1, 8))
    db.session.commit()
    assert document(number) == data
    assert db.session.scalar(select(func.count()).select_from(SupersededArtefact)) == 1


STEPS = {
    "signing": (resigning, "sign_pdf"),
    "keeping the row": (resigning, "_finish"),
    "the register": (register, "append"),
    "the message": (resigning, "_tell"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_step_ends_with_one_new_document(robbed, monkeypatch, step, when):
    _, number, since, _ = robbed
    lose(signing_key(), since)
    rotate()
    room, name = STEPS[step]
    real = getattr(room, name)

    def crash(*args, **kwargs):
        if when == "after":
            real(*args, **kwargs)
        raise OSError("the lights went out")

    monkeypatch.setattr(room, name, crash)
    run_jobs()
    assert db.session.scalar(select(func.count()).select_from(SupersededArtefact)) == 0
    monkeypatch.setattr(room, name, real)
    db.session.execute(update(Job).values(run_at=clock.now() - timedelta(minutes=5)))
    run_jobs()
    assert db.session.scalar(select(func.count()).select_from(SupersededArtefact)) == 1
    assert judged(document(number)) == (DocumentVerdict.EXACT, None, number)
    of_it = select(RegisterEntry.kind).where(RegisterEntry.number == number).order_by(RegisterEntry.seq)
    assert db.session.scalars(of_it).all() == ["issued", "re-signed"]
    if step != "signing":
        assert db.session.scalar(select(func.count()).select_from(SigningAttempt)) == 3, "it is not signed twice"


def test_a_stolen_root_takes_every_signer_under_it_along(robbed, key_folder):
    first, second, since, _ = robbed
    [root] = published_keys.list_keys(KeyPurpose.ROOT)
    pair = open_root(key_folder, published_keys.passphrase(), clock.now())
    window = Window(clock.now() - timedelta(minutes=1), clock.now() + timedelta(days=9))
    minted = make_document_signer(pair, Subject("Certificate signing", "The Test Body"), window)
    [record] = key_folder.list_records(KeyPurpose.DOCUMENT_SIGNING)
    own = DocumentSigner(OpenKey(record, minted.private_key, (minted.certificate, pair.certificate)))

    outcome = lose(root.key_id, since)
    assert len(outcome.key_ids) == 2
    assert [row.number for row in outcome.later] == [second]
    rotate(KeyPurpose.ROOT)
    assert rotate().ordered == 1
    run_jobs()
    for number in (first, second):
        assert judged(document(number)) == (DocumentVerdict.EXACT, None, number)
    verdict, doubt, _ = judged(forge(first, own))
    assert (verdict, doubt) == (DocumentVerdict.OTHER_SIGNER, KeyDoubt.KEY_UNPUBLISHED)


def test_an_earlier_moment_found_out_later_takes_more_along(robbed):
    first, second, since, _ = robbed
    lost = signing_key()
    lose(lost, since)
    rotate()
    run_jobs()
    outcome = lose(lost, since - timedelta(days=1))
    assert ([row.number for row in outcome.later], outcome.ordered) == ([first], 1)
    run_jobs()
    assert judged(document(first)) == (DocumentVerdict.EXACT, None, first)
    assert judged(document(second)) == (DocumentVerdict.EXACT, None, second)


def test_for_a_key_of_badges_those_since_are_listed_and_their_documents_stay(robbed):
    _, second, since, _ = robbed
    data = document(second)
    [badge] = published_keys.list_keys(KeyPurpose.BADGE)
    outcome = lose(badge.key_id, since)
    assert ([row.number for row in outcome.later], outcome.ordered) == ([second], 0)
    run_jobs()
    assert document(second) == data
    assert judged(data) == (DocumentVerdict.EXACT, None, second)


def test_a_document_whose_bytes_were_changed_in_the_store_is_not_signed(robbed):
    _, number, since, _ = robbed
    file_id = db.session.scalar(
        select(Artefact.file_id)
        .join(Credential, Credential.id == Artefact.credential_id)
        .where(Credential.number == number)
    )
    path = current_app.extensions["store"].folder / file_id[:2] / file_id
    path.write_bytes(path.read_bytes().replace(b"%%EOF", b"%%E0F", 1))
    lose(signing_key(), since)
    rotate()
    run_jobs()
    assert "PageLost" in db.session.scalars(select(Job.last_error).where(Job.kind == resigning.JOB)).one()
    assert db.session.scalar(select(func.count()).select_from(SupersededArtefact)) == 0


def test_erasing_a_holder_takes_both_files_along(robbed):
    _, number, since, _ = robbed
    lose(signing_key(), since)
    rotate()
    run_jobs()
    public_id = db.session.scalar(select(Credential.public_id).where(Credential.number == number))
    files = [db.session.scalar(select(SupersededArtefact.file_id)), None]
    files[1] = db.session.scalar(
        select(Artefact.file_id)
        .join(Credential, Credential.id == Artefact.credential_id)
        .where(Credential.number == number)
    )
    personal.withdraw(queries.get_credential(public_id), clock.now())
    transaction.commit()
    for file_id in files:
        assert db.session.scalar(select(StoredFile.id).where(StoredFile.public_id == file_id)) is None
        with pytest.raises(FileNotFoundError):
            current_app.extensions["store"].get(file_id)
    assert resigning.order_waiting(clock.now()) == 0


def test_a_document_that_went_with_its_holders_name_is_passed_over(robbed):
    _, number, since, _ = robbed
    public_id = db.session.scalar(select(Credential.public_id).where(Credential.number == number))
    personal.withdraw(queries.get_credential(public_id), clock.now())
    transaction.commit()
    lose(signing_key(), since)
    rotate()
    run_jobs()
    assert db.session.scalars(select(Job.state).where(Job.kind == resigning.JOB)).all() == []


def test_a_retired_key_is_believed_for_ever(robbed):
    first, _, _, _ = robbed
    old = signing_key()
    rotate()
    [row] = [key for key in published_keys.list_keys() if key.key_id == old]
    assert row.state == KeyState.RETIRED
    assert judged(document(first)) == (DocumentVerdict.EXACT, None, first)
    assert judged(document(first) + b"\n") == (DocumentVerdict.GENUINE_NOT_EXACT, None, first)
