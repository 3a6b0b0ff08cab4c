"""What holders do with their certificates: confirm the name, choose who sees them, withdraw them, show them elsewhere."""

from datetime import datetime
from urllib.parse import urlencode

from flask_babel import gettext as _

from app import bus
from app.accounts import services as accounts
from app.accounts.models import Person
from app.audit.services import record
from app.body.queries import get_body
from app.errors import DomainError, Missing
from certificates import queries
from certificates.domain_events import NameConfirmed
from certificates.issuing.documents import check_name, refusal_words
from certificates.lifecycle import history
from certificates.lifecycle.status import WITHDRAWALS, Event, Status
from certificates.models import Credential, CredentialState, Visibility
from certificates.pdf.fonts import NameNotRenderable

LINKEDIN = "https://www.linkedin.com/profile/add"


def refuse_unprintable(name: str) -> None:
    """Raises DomainError at `name`, with the reason and the characters, for a name no certificate can carry."""
    try:
        check_name(name)
    except NameNotRenderable as problem:
        raise DomainError(refusal_words(problem), "name") from None


def confirm_name(person: Person, name: str, now: datetime) -> None:
    """Keep the name as certificates will carry it; awards that waited for it go on. Issued ones keep theirs.

    Raises DomainError at `name` for one that cannot be printed.
    """
    name = accounts.clean_name(name)
    refuse_unprintable(name)
    accounts.change_profile(person, name, person.zone, now)
    if person.name_confirmed_at is None:
        person.name_confirmed_at = now
        record("name.confirmed", actor=person.public_id, subject=("person", person.public_id))
    bus.publish(NameConfirmed(person.id))


def show_to(public_id: str, person: Person, visibility: Visibility) -> Credential:
    """Choose who sees a certificate. Raises Missing for one of somebody else."""
    credential = queries.get_own(public_id, person.id)
    if credential.visibility != visibility:
        credential.visibility = visibility
        detail = {"to": visibility.value}
        record("credential.shown", actor=person.public_id, subject=("credential", public_id), detail=detail)
    return credential


def withdraw(public_id: str, person: Person, now: datetime) -> Credential:
    """The holder withdraws a certificate: pages say so, and show no name, award or dates. `restore` takes it back.

    Raises Missing for one of somebody else; DomainError for one that is not issued, revoked, or withdrawn already.
    """
    credential = _own_issued(public_id, person)
    status = queries.standing_of(credential, now).status
    if status is Status.REVOKED:
        raise DomainError(_("This certificate is revoked, and stays so."))
    if _is_withdrawn(credential):
        raise DomainError(_("You have withdrawn this certificate already."))
    history.add(credential, Event.WITHDRAWN, now, person.public_id)
    record("credential.withdrawn_by_holder", actor=person.public_id, subject=history.subject(credential))
    history.notify("certificates.withdrawn", credential, link=own_page())
    return credential


def restore(public_id: str, person: Person, now: datetime) -> Credential:
    """The holder takes the withdrawal back. Raises DomainError for one not withdrawn, or with a newer one in its place."""
    credential = _own_issued(public_id, person)
    if not _is_withdrawn(credential):
        raise DomainError(_("This certificate is not withdrawn."))
    if queries.standing_of(credential, now).status is Status.REVOKED:
        raise DomainError(_("This certificate is revoked, and stays so."))
    if has_successor_in_force(credential):
        raise DomainError(_("A newer certificate has taken its place. This one stays withdrawn."))
    history.add(credential, Event.RESTORED, now, person.public_id)
    record("credential.restored_by_holder", actor=person.public_id, subject=history.subject(credential))
    history.notify("certificates.restored", credential, link=own_page())
    return credential


def has_successor_in_force(credential: Credential) -> bool:
    """Whether a newer certificate has taken the place of this one (loaded with its history) already."""
    return any(row.kind == Event.SUPERSEDED for row in credential.history)


def _own_issued(public_id: str, person: Person) -> Credential:
    credential = queries.get_for_change(public_id)
    if credential.person_id != person.id:
        raise Missing
    if credential.state != CredentialState.ISSUED:
        raise DomainError(_("This certificate has not been issued yet."))
    return credential


def _is_withdrawn(credential: Credential) -> bool:
    last = [row for row in credential.history if row.kind in WITHDRAWALS][-1:]
    return bool(last) and last[0].kind == Event.WITHDRAWN


def own_page() -> str:
    """The address of the holder's own page."""
    return f"{get_body().base_address}/certificates"


def visibility_words(visibility: Visibility) -> tuple[str, str]:
    """The choice, and what somebody who scans the printed code then sees."""
    return {
        Visibility.PUBLIC: (
            _("Page and document"),
            _(
                "Who scans the printed code sees your name, the award and its dates, and can fetch the signed PDF. Other sites "
                "show a picture with your name and the status beside a link to it."
            ),
        ),
        Visibility.UNLISTED: (
            _("Page only"),
            _("Who scans the printed code sees your name, the award and its dates. You pass the PDF on yourself."),
        ),
        Visibility.SHARE_ONLY: (
            _("Only whether it is valid"),
            _(
                "Who scans the printed code reads that the number is ours and whether it is valid today, and no name, award "
                "or dates. What else they see, you show them yourself."
            ),
        ),
    }[visibility]


def may_be_linked(credential: Credential, status: Status) -> bool:
    """Whether a link from elsewhere makes sense: it is valid, real, and its page shows what it is."""
    return status is Status.VALID and credential.visibility != Visibility.SHARE_ONLY and not credential.specimen


def linkedin_link(credential: Credential) -> str:
    """The address that opens the form for a certificate on LinkedIn, filled in. Nothing is sent until they press it."""
    values = {
        "startTask": "CERTIFICATION_NAME",
        "name": credential.achievement["title"],
        "organizationName": credential.issuer,
        "issueYear": credential.issued_on.year,
        "issueMonth": credential.issued_on.month,
        "certId": credential.number,
        "certUrl": f"{credential.base_address}/v/{credential.number}",
    }
    if credential.valid_until is not None:
        last = credential.valid_until
        values |= {"expirationYear": last.year, "expirationMonth": last.month}
    return f"{LINKEDIN}?{urlencode(values)}"
