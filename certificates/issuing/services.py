"""Making an ordered certificate: page, intent, signature, check, bytes; then register, message and the state at once.

The order is that of a careful certificate authority: what will be signed is committed before anything is signed, every
intent to sign is committed before the signature, and a job that was cut off anywhere is simply run again. A finished
file of an earlier run is taken up rather than signed a second time. Whatever happens, one document becomes the
certificate: the row changes from ordered to issued once, in the transaction that adds bytes, register entry and message.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import current_app
from sqlalchemy import select, update

from app import bus, clock, ids, transaction
from app.audit.services import record
from app.body.queries import get_body
from app.extensions import db
from app.jobs.ledger import Claim
from app.storage.models import StoredFile
from certificates import queries
from certificates.badges.credential import FactsInvalid
from certificates.badging import keeping as badge_keeping
from certificates.designs import drawings
from certificates.designs.queries import get_design
from certificates.domain_events import CredentialIssued
from certificates.issuing import documents
from certificates.keys import published as published_keys
from certificates.keys.store import KeyStoreError
from certificates.lifecycle import history, succession
from certificates.models import (
    Artefact,
    Credential,
    CredentialState,
    SigningAttempt,
)
from certificates.pdf.catalogue import FontRecord
from certificates.pdf.fonts import NameNotRenderable
from certificates.pdf.model import CertificateModel, ModelInvalid
from certificates.pdf.render import render
from certificates.register import services as register
from certificates.signatures.document_check import CheckReason, DocumentCheck, DocumentVerdict, check_document
from certificates.signatures.signing import SigningRefused, sign_pdf
from certificates.signatures.timestamps import TimestampServer

PURPOSE = "certificate"
OWNER = "register"


class CertificateUnsound(Exception):
    """A document that was made and does not check out as the certificate it should be; nothing of it is kept."""


@dataclass(frozen=True)
class Finished:
    """Signed bytes under their file name, checked."""

    file_id: str
    data: bytes
    check: DocumentCheck


@transaction.slow_first
def issue(claim: Claim) -> None:
    """The job: make and keep the document of one ordered certificate. Run twice, the second run finds it done."""
    credential = queries.get_credential(claim.payload["credential"])
    if credential.state != CredentialState.ORDERED:
        return
    public_id, number = credential.public_id, credential.number
    try:
        model = CertificateModel.from_json_dict(credential.model)
        fonts = drawings.list_fonts(model)
        finished = _find_finished(credential.id, number) or make(credential, model)
    except NameNotRenderable as problem:
        _hold(public_id, documents.refusal_words(problem))
        return
    except (ModelInvalid, FactsInvalid, SigningRefused, KeyStoreError, CertificateUnsound, OSError) as problem:
        if claim.attempt < claim.most_attempts:
            raise
        _hold(public_id, str(problem))
        return
    transaction.begin_write()
    _finish(public_id, finished, fonts, clock.now())


def _find_finished(credential_id: int, number: str) -> Finished | None:
    """A whole signed file of an earlier run that was cut off before it was kept."""
    statement = select(SigningAttempt.file_id).where(SigningAttempt.credential_id == credential_id)
    for file_id in db.session.scalars(statement.order_by(SigningAttempt.id)).all():
        try:
            data = current_app.extensions["store"].get(file_id)
        except FileNotFoundError:
            continue
        check = _check(data)
        if check.verdict is DocumentVerdict.EXACT and _says(check, number):
            return Finished(file_id, data, check)
    return None


def make(credential: Credential, model: CertificateModel) -> Finished:
    """Keep the badge, render the page with it inside, note the intent, sign, check, store; only then may the row change."""
    credential_id = credential.id
    badge = badge_keeping.keep(credential, clock.now())
    page = render(model, [badge.as_attachment()], get_design(model.design))
    signer = published_keys.open_signer(clock.now())
    file_id = _begin_attempt(credential_id, signer.key.record.key_id)
    data = sign_pdf(page, signer, clock.now(), authority=_timestamp_authority())
    check = _check(data)
    if check.verdict is not DocumentVerdict.EXACT or not _says(check, model.number):
        raise CertificateUnsound(f"{check.verdict.value}: {', '.join(check.reasons)}")
    current_app.extensions["store"].put(file_id, data)
    return Finished(file_id, data, check)


def _timestamp_authority() -> TimestampServer | None:
    """Who stamps the time of signing, if the operator has named somebody. Without an answer nothing is issued: the job
    tries again and at last holds the certificate with the reason."""
    url = current_app.extensions["settings"].timestamp_url
    return TimestampServer(url) if url else None


def _begin_attempt(credential_id: int, key_id: str) -> str:
    """Commit the intent to sign, in a short transaction of its own; the name under which the file will be."""
    file_id = ids.new_public_id()
    transaction.begin_write()
    attempt = SigningAttempt(credential_id=credential_id, file_id=file_id, key_id=key_id, began_at=clock.now())
    db.session.add(attempt)
    transaction.commit()
    transaction.begin_read()
    return file_id


def _check(data: bytes) -> DocumentCheck:
    """Check a file as an upload would be, by the published roots; its own hash counts as known, its number is what it says."""
    roots = published_keys.root_certificates(published_keys.list_keys())
    check = check_document(data, roots, lambda _sha256: None)
    if check.reasons != (CheckReason.HASH_UNKNOWN,):
        return check
    return replace(check, verdict=DocumentVerdict.EXACT, reasons=(CheckReason.HASH_KNOWN,))


def _says(check: DocumentCheck, number: str) -> bool:
    """Whether the document names this number where readers of files look for it, in what is signed."""
    return check.number_is_signed and check.number == number


def _finish(public_id: str, finished: Finished, fonts: Sequence[FontRecord], now: datetime) -> None:
    """Keep bytes, fonts, register entry and message, and change the row from ordered to issued: all or nothing, once."""
    changed = db.session.execute(
        update(Credential)
        .where(Credential.public_id == public_id, Credential.state == CredentialState.ORDERED)
        .values(state=CredentialState.ISSUED)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        return  # another run was faster
    credential = queries.get_for_change(public_id)
    artefact = _keep_artefact(credential, finished, now)
    drawings.keep_fonts(credential.id, credential.model, fonts, now)
    badge = badge_keeping.find(credential.id)
    entry = register.append(
        register.ISSUED, credential.number, now, finished.check.sha256, badge.sha256 if badge else ""
    )
    artefact.register_seq = entry.seq
    succession.take_over(credential, now)
    detail, place = {"key": finished.check.signer_fingerprint}, {"sha256": finished.check.sha256, "register": entry.seq}
    record("credential.issued", subject=("credential", public_id), detail=detail, personal=place)
    _tell(credential)
    bus.publish(CredentialIssued(credential.person_id, credential.level_code, public_id))


def _keep_artefact(credential: Credential, finished: Finished, now: datetime) -> Artefact:
    """The document and its file; its place in the register follows, for the entry commits to these rows."""
    size, sha256 = len(finished.data), finished.check.sha256
    artefact = Artefact(
        credential_id=credential.id,
        sha256=sha256,
        size=size,
        file_id=finished.file_id,
        key_fingerprint=finished.check.signer_fingerprint,
        signed_at=finished.check.signed_at or now,
        made_at=now,
        register_seq=0,
    )
    db.session.add_all(
        [
            StoredFile(
                public_id=finished.file_id,
                purpose=PURPOSE,
                owner=OWNER,
                shown_name=f"certificate-{credential.number}.pdf",
                media_type="application/pdf",
                size=size,
                sha256=sha256,
                stored_at=now,
            ),
            artefact,
        ]
    )
    db.session.flush()
    return artefact


def _tell(credential: Credential) -> None:
    body, kind, values = get_body(), "certificates.issued", {}
    if credential.predecessor is not None:
        kind, values = "certificates.reissued", {"old_number": credential.predecessor.number}
    history.notify(kind, credential, link=f"{body.base_address}/certificates", domain=body.domain, **values)


def _hold(public_id: str, problem: str) -> None:
    """Keep an ordered certificate aside with the reason; an officer or its holder mends the cause."""
    transaction.begin_write()
    credential = queries.get_for_change(public_id)
    if credential.state != CredentialState.ORDERED:
        return
    credential.state, credential.problem = CredentialState.HELD, problem
    record("credential.held", subject=("credential", public_id), detail={"problem": problem})
