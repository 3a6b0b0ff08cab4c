"""What holders do with their certificates: confirm the name, choose who sees them, show them elsewhere."""

from datetime import datetime
from urllib.parse import urlencode

from flask_babel import gettext as _

from app import bus
from app.accounts import services as accounts
from app.accounts.models import Person
from app.audit.services import record
from app.errors import DomainError
from certificates import queries
from certificates.documents import check_name, refusal_words
from certificates.domain_events import NameConfirmed
from certificates.models import Credential, Visibility
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


def visibility_words(visibility: Visibility) -> tuple[str, str]:
    """The choice, and what it means."""
    return {
        Visibility.PUBLIC: (
            _("Page and document"),
            _("Whoever has the number sees the page and can fetch the signed PDF."),
        ),
        Visibility.UNLISTED: (
            _("Page only"),
            _("Whoever has the number sees the page. You pass the PDF on yourself."),
        ),
        Visibility.PRIVATE: (
            _("Nothing"),
            _("The page says that you do not show this certificate at present, and nothing else."),
        ),
    }[visibility]


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
