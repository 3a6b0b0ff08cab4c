"""Reading what has left for an address: jobs run first, since what is asked by giving an address is answered by one."""

import email
import email.policy
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app.extensions import db
from app.mail.models import MailMessage
from tests.support.visitor import Visitor


@dataclass(frozen=True)
class Letter:
    """A message as it was delivered."""

    subject: str
    text: str


def last_letter(visit: Visitor, to: str) -> Letter | None:
    """The newest message for an address, exactly as it was written; None when there is none."""
    visit.run_jobs()
    db.session.rollback()
    written = select(MailMessage.public_id).where(MailMessage.recipient == to).order_by(MailMessage.id.desc())
    public_id = db.session.scalars(written).first()
    if public_id is None:
        return None
    (path,) = Path(visit.app.instance_path, "mail").glob(f"*-{public_id}.eml")
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return Letter(message["Subject"], message.get_content())
