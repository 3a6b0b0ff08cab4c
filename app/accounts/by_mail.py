"""What somebody asks for by giving an address, and what is answered to that address alone.

Whether the address has an account shows neither in the page nor in the time it takes: every request writes one and the
same order, and a job that nobody waits for finds out what to do. (security.md N4)
"""

from dataclasses import asdict
from datetime import datetime

from app import clock
from app.accounts import queries, services
from app.accounts.services import Joining
from app.extensions import db
from app.jobs import ledger, runner
from app.jobs.ledger import Claim

JOIN, RESET, CHANGE = "accounts.join", "accounts.reset", "accounts.change-address"


def order_join(joining: Joining, now: datetime) -> None:
    """Order that an account is opened, or the owner of the address told that there is one."""
    runner.order(JOIN, asdict(joining) | {"at": now.isoformat()})


def join(claim: Claim) -> None:
    """The job: join, as of the moment the form was sent."""
    given = dict(claim.payload)
    at = datetime.fromisoformat(given.pop("at"))
    services.join(Joining(**given), at)
    ledger.forget_payload(db.session(), claim)


def order_reset(email: str) -> None:
    """Order a link for a new password, should the address have an account."""
    runner.order(RESET, {"email": email})


def reset(claim: Claim) -> None:
    """The job: mail the link, or nothing."""
    services.ask_for_reset(claim.payload["email"], clock.now())
    ledger.forget_payload(db.session(), claim)


def order_change(person_id: str, email: str) -> None:
    """Order a link to a new address of the person with this public id, should nobody have it."""
    runner.order(CHANGE, {"person": person_id, "email": email})


def change(claim: Claim) -> None:
    """The job: mail the link, or nothing; nothing either for an account that was closed meanwhile."""
    person = queries.find_open(claim.payload["person"])
    if person is not None:
        services.ask_to_change_address(person, claim.payload["email"], clock.now())
    ledger.forget_payload(db.session(), claim)
