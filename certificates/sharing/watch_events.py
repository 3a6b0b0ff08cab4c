"""What an event of a certificate means for the addresses that watch it: a job tells them how it stands now."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.jobs import runner
from certificates.models import Credential
from certificates.sharing.models import Watch

TELL_JOB = "certificates.tell-watchers"
A_MOMENT = timedelta(seconds=5)


def follow(credential: Credential, now: datetime, until_at: datetime | None = None) -> None:
    """Order the word to whoever watches, in the running transaction: now, and for when a suspension ends by itself.

    A watch that is confirmed at this very moment is missed here and found by the hourly round.
    """
    if db.session.scalar(select(Watch.id).where(Watch.credential_id == credential.id).limit(1)) is None:
        return
    for moment in (now, until_at + A_MOMENT) if until_at else (now,):
        key = f"{TELL_JOB}:{credential.public_id}:{int(moment.timestamp() * 1_000)}"
        runner.order(TELL_JOB, {"credential": credential.public_id}, key=key, run_at=moment)
