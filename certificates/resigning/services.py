"""Signing a certificate anew because its key was stolen: the same page, another signature, the same number.

Nothing of the certificate changes but the signature: the page is taken from the document that we keep, which is that
document without its last revision, so dates, wording, attached files and layout stay as they were. The register gets an
entry "re-signed" beside the first one, and the old document is remembered by its hash: who uploads it hears that the
register has a newer copy. The award is not touched.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app import clock, ids, transaction
from app.audit.services import record
from app.body.queries import get_body
from app.extensions import db
from app.jobs import runner
from app.jobs.ledger import Claim
from app.mail.kinds import MailKind
from app.storage.models import StoredFile
from certificates import queries
from certificates.badging import keeping as badge_keeping
from certificates.keys import published as published_keys
from certificates.keys.records import KeyPurpose, KeyState
from certificates.lifecycle import history
from certificates.models import Artefact, Credential, SigningAttempt
from certificates.register import services as register
from certificates.resigning.models import SupersededArtefact
from certificates.resigning.stolen import Later, list_later
from certificates.signatures.document_check import DocumentCheck, DocumentVerdict, check_document
from certificates.signatures.finding import list_revisions, list_signatures
from certificates.signatures.signing import sign_pdf
from certificates.signatures.timestamps import TimestampServer

JOB = "certificates.resign"
RE_SIGNED = "re-signed"
RESIGNED = (KeyPurpose.ROOT, KeyPurpose.DOCUMENT_SIGNING)
"""The purposes whose loss makes documents be signed anew; for badges see certificates.badging.services."""

KINDS = (
    MailKind(
        "certificates.re-signed",
        _l("A certificate is signed anew, because the key of its signature may have been stolen"),
        _l("Please fetch your certificate again"),
        _l(
            "Hello {name},\n\nthe key with which we signed the document of your certificate may have come into other hands. "
            "We have signed it anew. Your award, its number and its dates are as before:\n\n  {award}\n  Number {number}\n\n"
            "Please fetch the new PDF, and use it from now on:\n\n{link}\n\n"
            "A copy of the old file is no longer confirmed.\n\n{body}\n{site}"
        ),
        {
            "name": "Alex Example",
            "award": "Foundation in careful testing",
            "number": "7KQ2-9XMD-4T3H-VB8C-PW5N-0RZE-J6A",
            "link": "https://body.example/certificates",
        },
    ),
)


class PageLost(Exception):
    """The document that we keep is not the one in the register, or holds no signature: an officer has to look."""


def order(later: Sequence[Later], now: datetime) -> int:
    """Order new signatures in the running transaction; how many. None while no document signer is active."""
    records = published_keys.list_keys(KeyPurpose.DOCUMENT_SIGNING)
    active = [key for key in records if key.state == KeyState.ACTIVE and key.not_before <= now <= key.not_after]
    if not active:
        return 0
    for document in later:
        key = f"{JOB}:{document.public_id}:{document.sha256[:16]}:{active[-1].key_id}"
        runner.order(JOB, {"credential": document.public_id}, key=key)
    return len(later)


def order_waiting(now: datetime) -> int:
    """Order new signatures for whatever still rests on a stolen key; how many."""
    keys = [key for key in published_keys.list_keys(KeyPurpose.DOCUMENT_SIGNING) if key.compromised_at is not None]
    return order(list_later(keys), now)


@transaction.slow_first
def resign(claim: Claim) -> None:
    """The job: sign the document of one certificate anew. Run twice, the second run finds it done."""
    credential = queries.get_credential(claim.payload["credential"])
    old = credential.artefact
    if old is None or not _rests_on_stolen(credential):
        return
    public_id, number, sha256 = credential.public_id, credential.number, old.sha256
    try:
        page = _page_of(current_app.extensions["store"].get(old.file_id), sha256)
    except FileNotFoundError:
        if db.session.scalar(select(StoredFile.id).where(StoredFile.public_id == old.file_id)) is not None:
            raise
        return  # the document went with the name of its holder
    file_id, data = _find_finished(credential.id, number) or _sign(credential.id, page)
    check = _check(data)
    if check.verdict is not DocumentVerdict.EXACT:
        raise PageLost(f"the new document of {number} does not check out: {', '.join(check.reasons)}")
    transaction.begin_write()
    _finish(public_id, sha256, file_id, data, check, clock.now())


def _rests_on_stolen(credential: Credential) -> bool:
    keys = [key for key in published_keys.list_keys(KeyPurpose.DOCUMENT_SIGNING) if key.compromised_at is not None]
    return credential.public_id in {document.public_id for document in list_later(keys)}


def _page_of(data: bytes, sha256: str) -> bytes:
    """The unsigned page inside a document of ours: everything before the revision that holds the signature."""
    slots = list_signatures(data)
    if hashlib.sha256(data).hexdigest() != sha256 or len(slots) != 1:
        raise PageLost("the document that we keep is not the one in the register")
    ends = [part.end for part in list_revisions(data, slots[0].end) if part.end <= slots[0].gap_start]
    if not ends:
        raise PageLost("the document that we keep has no page apart from its signature")
    return data[: ends[-1]]


def _find_finished(credential_id: int, number: str) -> tuple[str, bytes] | None:
    """What an earlier run signed with a key that is believed, and was cut off before it was kept."""
    believed = [key.key_id for key in published_keys.list_keys() if key.compromised_at is None]
    statement = select(SigningAttempt.file_id).where(
        SigningAttempt.credential_id == credential_id, SigningAttempt.key_id.in_(believed)
    )
    for file_id in db.session.scalars(statement.order_by(SigningAttempt.id)).all():
        try:
            data = current_app.extensions["store"].get(file_id)
        except FileNotFoundError:
            continue
        if _check(data).verdict is DocumentVerdict.EXACT and _number_in(data) == number:
            return file_id, data
    return None


def _sign(credential_id: int, page: bytes) -> tuple[str, bytes]:
    """Note the intent, sign and store."""
    now = clock.now()
    signer = published_keys.open_signer(now)
    file_id = ids.new_public_id()
    transaction.begin_write()
    key_id = signer.key.record.key_id
    db.session.add(SigningAttempt(credential_id=credential_id, file_id=file_id, key_id=key_id, began_at=now))
    transaction.commit()
    transaction.begin_read()
    url = current_app.extensions["settings"].timestamp_url
    data = sign_pdf(page, signer, clock.now(), authority=TimestampServer(url) if url else None)
    current_app.extensions["store"].put(file_id, data)
    return file_id, data


def _check(data: bytes) -> DocumentCheck:
    own = hashlib.sha256(data).hexdigest()
    roots = published_keys.root_certificates(published_keys.list_keys())
    return check_document(data, roots, {own: "this document"}.get)


def _number_in(data: bytes) -> str | None:
    roots = published_keys.root_certificates(published_keys.list_keys())
    return check_document(data, roots, lambda _: None).number


def _finish(public_id: str, old_sha256: str, file_id: str, data: bytes, check: DocumentCheck, now: datetime) -> None:
    """Put the new document in the place of the old one, and tell its holder."""
    credential = put_in_place(public_id, old_sha256, file_id, data, check, now)
    if credential is not None:
        _tell(credential)


def put_in_place(
    public_id: str, old_sha256: str, file_id: str, data: bytes, check: DocumentCheck, now: datetime
) -> Credential | None:
    """Remember the old document, put the new one in its place, and note it: all or nothing, once.

    None when another run was faster.
    """
    credential = queries.get_for_change(public_id)
    artefact = credential.artefact
    if artefact is None or artefact.sha256 != old_sha256:
        return None
    db.session.add(_superseded(artefact, now))
    db.session.add(_file(credential.number, file_id, data, check.sha256, now))
    artefact.sha256, artefact.size, artefact.file_id = check.sha256, len(data), file_id
    artefact.key_fingerprint, artefact.signed_at = check.signer_fingerprint, check.signed_at or now
    artefact.made_at = now
    badge = badge_keeping.find(credential.id)
    # the entry comes last, for it commits to the rows as they are now
    entry = register.append(RE_SIGNED, credential.number, now, check.sha256, badge.sha256 if badge else "")
    artefact.register_seq = entry.seq
    db.session.flush()
    detail = {"key": check.signer_fingerprint}
    place = {"sha256": check.sha256, "before": old_sha256, "register": entry.seq}
    record("credential.re_signed", subject=("credential", public_id), detail=detail, personal=place)
    return credential


def _superseded(artefact: Artefact, now: datetime) -> SupersededArtefact:
    kept = ("credential_id", "sha256", "size", "file_id", "key_fingerprint", "signed_at", "made_at", "register_seq")
    return SupersededArtefact(**{name: getattr(artefact, name) for name in kept}, superseded_at=now)


def _file(number: str, file_id: str, data: bytes, sha256: str, now: datetime) -> StoredFile:
    return StoredFile(
        public_id=file_id,
        purpose="certificate",
        owner="register",
        shown_name=f"certificate-{number}.pdf",
        media_type="application/pdf",
        size=len(data),
        sha256=sha256,
        stored_at=now,
    )


def _tell(credential: Credential) -> None:
    history.notify("certificates.re-signed", credential, link=f"{get_body().base_address}/certificates")
