"""A fresh badge for a certificate that is in force again, and a document that carries it.

The bit of the old badge stays set for ever, so whoever checks an old copy of the badge is told not to rely on it. Number,
award and dates stay; the old document is remembered by its hash, and whoever uploads it hears of the newer copy.
"""

from datetime import datetime

from app import clock, transaction
from app.jobs.ledger import Claim
from certificates import queries
from certificates.badging import keeping as badge_keeping
from certificates.badging import places as badge_places
from certificates.issuing import services as issuing
from certificates.lifecycle.status import Status
from certificates.models import Credential, CredentialState
from certificates.pdf.model import CertificateModel
from certificates.resigning import services as resigning

IN_FORCE = (Status.VALID, Status.NOT_YET_VALID, Status.EXPIRED)


@transaction.slow_first
def refresh(claim: Claim) -> None:
    """The job. Run twice, or while the certificate is suspended again, it changes nothing."""
    credential, now = queries.get_credential(claim.payload["credential"]), clock.now()
    if credential.state != CredentialState.ISSUED or credential.artefact is None:
        return
    if queries.standing_of(credential, now).status not in IN_FORCE:
        return
    if _is_burnt(credential.id):
        _give_place(credential.id, now)
        credential = queries.get_credential(claim.payload["credential"])
    if _carries_its_badge(credential):
        return
    public_id, old_sha256 = credential.public_id, credential.artefact.sha256  # type: ignore[union-attr]
    finished = issuing.make(credential, CertificateModel.from_json_dict(credential.model))
    transaction.begin_write()
    resigning.put_in_place(public_id, old_sha256, finished.file_id, finished.data, finished.check, clock.now())


def _is_burnt(credential_id: int) -> bool:
    place = badge_places.find_place(credential_id)
    return place is not None and place.burnt_at is not None


def _give_place(credential_id: int, now: datetime) -> None:
    transaction.begin_write()
    if _is_burnt(credential_id):
        badge_places.give_place(credential_id, now)
    transaction.commit()
    transaction.begin_read()


def _carries_its_badge(credential: Credential) -> bool:
    """Whether the document was made after the badge that counts, which is put into it."""
    badge = badge_keeping.find(credential.id)
    artefact = credential.artefact
    assert artefact is not None
    return badge is not None and badge.made_at <= artefact.made_at
