"""The birth of the body and the changes an officer makes to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from unicodedata import category

from flask_babel import gettext as _

from app import transaction
from app.audit import services as audit_services
from app.audit.chain import START
from app.audit.models import AuditHead
from app.body import colours, queries
from app.body.models import Body, Signatory
from app.errors import DomainError
from app.extensions import db

LONGEST_SMALL = timedelta(days=366)
EDITABLE = (
    "name", "short_name", "field", "headline", "purpose", "contact_email", "postal_address", "zone",
    "primary_colour", "accent_colour", "logo_file",
)  # fmt: skip


@dataclass(frozen=True)
class Founding:
    """What must be known of a body at its birth."""

    name: str
    short_name: str
    field: str
    headline: str
    purpose: str
    base_address: str
    contact_email: str
    zone: str = "UTC"


def found(founding: Founding, mode: str, now: datetime) -> Body:
    """Make the body's row and the head of the audit chain. Raises DomainError if there is a body already."""
    if queries.find_body_row() is not None:
        raise DomainError(_("This database already belongs to a body."))
    body = Body(id=1, mode=mode, founded_at=now, **vars(founding))
    db.session.add_all([body, AuditHead(id=1, seq=0, digest=START)])
    db.session.flush()
    audit_services.record("body.founded", subject=("body", "1"), detail={"name": founding.name, "mode": mode})
    transaction.after_commit(queries.forget)
    return body


def change(values: dict[str, Any], signatories: list[tuple[str, str]], *, actor: str) -> None:
    """Apply an officer's changes; unknown names are refused. Raises DomainError with the field for poor contrast."""
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    _check_colours(values)
    _check_printable(signatories)
    body = queries.find_body_row()
    assert body is not None
    changed = {name: value for name, value in values.items() if getattr(body, name) != value}
    for name, value in changed.items():
        setattr(body, name, value)
    body.signatories = [Signatory(position=n, name=who, office=office) for n, (who, office) in enumerate(signatories)]
    body.version += 1
    audit_services.record("body.changed", actor=actor, subject=("body", "1"), detail={"changed": sorted(changed)})
    transaction.after_commit(queries.forget)


def declare_small(words: str, until: datetime, *, actor: str, now: datetime) -> None:
    """Say in public that some acts are done by one person alone, and until when. Raises DomainError at `until`."""
    if not now < until <= now + LONGEST_SMALL:
        message = _("Name a day in the next %(days)s days. It can be declared again.", days=LONGEST_SMALL.days)
        raise DomainError(message, "until")
    _set_small(words, until)
    detail = {"until": until.isoformat(), "words": words}
    audit_services.record("body.small_declared", actor=actor, subject=("body", "1"), detail=detail)


def end_small(*, actor: str) -> None:
    """Keep to the rules of several people again from now on."""
    _set_small("", None)
    audit_services.record("body.small_ended", actor=actor, subject=("body", "1"))


def _set_small(words: str, until: datetime | None) -> None:
    body = queries.find_body_row()
    assert body is not None
    body.small_body, body.small_body_until = words, until
    body.version += 1
    transaction.after_commit(queries.forget)


def _check_printable(signatories: list[tuple[str, str]]) -> None:
    """Names and offices go onto certificates: nothing invisible, and at least one letter."""
    for number, (name, office) in enumerate(signatories, 1):
        for field, text in ((f"signatory_{number}", name), (f"office_{number}", office)):
            if any(category(c).startswith("C") for c in text) or (text and not any(c.isalpha() for c in text)):
                raise DomainError(_("This holds characters that cannot be printed."), field)


def _check_colours(values: dict[str, Any]) -> None:
    checks = (("primary_colour", colours.primary_fault, "4.5"), ("accent_colour", colours.accent_fault, "3"))
    for name, fault_of, wanted in checks:
        if name not in values:
            continue
        try:
            worst = fault_of(values[name])
        except colours.ColourInvalid:
            raise DomainError(
                _("Write the colour as # and six digits or letters a to f, like #1F4D3A."), name
            ) from None
        if worst is not None:
            message = _(
                "Words would be hard to read: the contrast is %(found)s and must be at least %(wanted)s. Choose a darker colour.",
                found=f"{worst:.1f}",
                wanted=wanted,
            )
            raise DomainError(message, name)
