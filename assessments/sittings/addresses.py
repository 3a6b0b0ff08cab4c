"""From which network address a candidate writes: noted by the program, a change flagged, never fatal.

A phone that leaves the wireless network is no fraud (security.md E10). Looked at with each question for the clock, and
at the start; each process remembers what it has seen, so that nothing is asked of the database while nothing changes.
"""

from datetime import datetime

from flask import Flask, Response, current_app, request
from sqlalchemy import Select, insert, null, select, update
from sqlalchemy.orm import Session

from app import clock, ids, transaction
from app.audit.services import SYSTEM, Note, write
from app.extensions import db
from assessments.exams.models import Attempt
from assessments.sittings.models import Incident, Seat
from assessments.sittings.networks import plain_address
from assessments.sittings.words import ADDRESS, NETWORK, NOTED

ENDPOINT = "attempts.time"
MOST_REMEMBERED = 10_000


def init_app(app: Flask) -> None:
    """Look at each question for the clock."""
    app.extensions["seat_addresses"] = {}
    app.after_request(_look)


def _look(response: Response) -> Response:
    if request.endpoint == ENDPOINT and response.status_code == 200 and request.view_args:
        note(request.view_args["public_id"], request.remote_addr or "")
    return response


def note(attempt_id: str, address: str) -> None:
    """Keep the address of an attempt's candidate, after this request; nothing happens while it stays the same."""
    seen: dict[str, str] = current_app.extensions["seat_addresses"]
    address, now = plain_address(address), clock.now()
    if not address or seen.get(attempt_id) == address:
        return
    if len(seen) >= MOST_REMEMBERED:
        seen.clear()
    seen[attempt_id] = address
    transaction.later_aside(lambda session: _keep(session, attempt_id, address, now))


def _keep(session: Session, attempt_id: str, address: str, now: datetime) -> None:
    statement = select(Seat.sitting_id, Seat.attempt_id).join(Attempt, Attempt.id == Seat.attempt_id)
    seat = session.execute(statement.where(Attempt.public_id == attempt_id)).first()
    if seat is None:
        return
    last = session.scalars(_noted_of(seat.attempt_id)).first()
    before = (last.data or {}).get("to", "") if last is not None else ""
    if before == address:
        return
    session.execute(insert(Incident), _noted(seat.sitting_id, seat.attempt_id, before, address, now))
    if before:
        write(session, [Note("attempt.address_changed", SYSTEM, ("attempt", attempt_id), at=now)])


def forget(before: datetime) -> None:
    """Empty the addresses that were noted before a moment; that one changed stays known."""
    noted = update(Incident).where(Incident.kind.in_(NOTED), Incident.at < before, Incident.data.is_not(None))
    db.session.execute(noted.values(data=null()))


def _noted_of(attempt_id: int) -> Select[Incident]:
    """What the program noted of addresses of this attempt, the latest first."""
    noted = (Incident.attempt_id == attempt_id, Incident.kind.in_(NOTED))
    return select(Incident).where(*noted).order_by(Incident.id.desc()).limit(1)


def _noted(sitting_id: int, attempt_id: int, before: str, after: str, now: datetime) -> dict[str, object]:
    """A note that nobody has to decide on: of the first address, or of a change."""
    return {
        "public_id": ids.new_public_id(),
        "sitting_id": sitting_id,
        "attempt_id": attempt_id,
        "kind": NETWORK if before else ADDRESS,
        "text": "",
        "by": SYSTEM,
        "at": now,
        "decision": "no_action",
        "decided_by": SYSTEM,
        "decided_at": now,
        "data": {"from": before, "to": after},
    }
