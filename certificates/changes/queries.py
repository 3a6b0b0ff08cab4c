"""Reading what holders have asked for."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import defer, joinedload

from app.errors import Missing
from app.extensions import db
from certificates.changes.models import ChangeKind, ChangeRequest, ChangeState
from certificates.models import Credential

COUNTING = (ChangeState.OPEN, ChangeState.AGREED)


def _whole() -> Select[ChangeRequest]:
    return select(ChangeRequest).options(
        joinedload(ChangeRequest.credential).options(
            joinedload(Credential.person), joinedload(Credential.decision), defer(Credential.model)
        ),
    )


def get_request(public_id: str) -> ChangeRequest:
    """One request with its certificate and holder. Raises Missing."""
    found = db.session.scalars(_whole().where(ChangeRequest.public_id == public_id)).first()
    if found is None:
        raise Missing
    return found


def get_own_request(public_id: str, person_id: int) -> ChangeRequest:
    """One of a person's own. Raises Missing, alike for those of others."""
    found = get_request(public_id)
    if found.person_id != person_id:
        raise Missing
    return found


def list_open() -> Sequence[ChangeRequest]:
    """What waits for an officer, the longest wait first."""
    statement = _whole().where(ChangeRequest.state == ChangeState.OPEN)
    return db.session.scalars(statement.order_by(ChangeRequest.asked_at, ChangeRequest.id)).all()


def list_of_person(person_id: int) -> Sequence[ChangeRequest]:
    """Everything a person has asked for, the newest first."""
    statement = _whole().where(ChangeRequest.person_id == person_id).order_by(ChangeRequest.id.desc())
    return db.session.scalars(statement).all()


def list_of_credential(credential_id: int) -> Sequence[ChangeRequest]:
    """Everything that was asked about one certificate, the newest first."""
    statement = _whole().where(ChangeRequest.credential_id == credential_id).order_by(ChangeRequest.id.desc())
    return db.session.scalars(statement).all()


def find_open(credential_id: int) -> ChangeRequest | None:
    """What waits for an officer about this certificate."""
    statement = _whole().where(ChangeRequest.credential_id == credential_id, ChangeRequest.live == 1)
    return db.session.scalars(statement).first()


def count_spellings(person_id: int) -> int:
    """How often a person's name was already mended for nothing but a typing error."""
    statement = select(func.count()).where(
        ChangeRequest.person_id == person_id,
        ChangeRequest.kind == ChangeKind.SPELLING,
        ChangeRequest.state == ChangeState.AGREED,
    )
    return db.session.scalar(statement) or 0


def used_refs(person_id: int, level_code: str = "", besides: int = 0) -> set[str]:
    """The references of activities that renewals rest on, open or agreed; for one level, or for any.

    `besides`: the row id of a request that is left aside.
    """
    statement = select(ChangeRequest.development).join(ChangeRequest.credential)
    statement = statement.where(
        ChangeRequest.person_id == person_id,
        ChangeRequest.kind == ChangeKind.RENEWAL,
        ChangeRequest.state.in_(COUNTING),
        ChangeRequest.id != besides,
    )
    if level_code:
        statement = statement.where(Credential.level_code == level_code)
    return {entry["ref"] for kept in db.session.scalars(statement) for entry in kept.get("activities", [])}
