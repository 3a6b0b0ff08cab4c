"""What colleagues say about an item. Nothing is taken away: what is settled is folded away and can be opened again."""

from datetime import datetime

from flask_babel import gettext as _

from app import ids
from app.audit.services import record
from app.errors import DomainError
from app.extensions import db
from app.policy import Actor
from assessments.items.models import Item, ItemComment
from assessments.items.writing import check_may_write

LONGEST = 2_000


def comment(item: Item, number: int, text: str, *, actor: Actor, now: datetime) -> ItemComment:
    """Say something about a version of an item. Raises DomainError at `text`."""
    check_may_write(actor)
    if not text.strip():
        raise DomainError(_("Write your comment first."), "text")
    if len(text) > LONGEST:
        raise DomainError(_("This is too long: at most %(most)s characters.", most=LONGEST), "text")
    said = ItemComment(
        public_id=ids.new_public_id(), item_id=item.id, number=number, text=text.strip(), by=actor.public_id, at=now
    )
    db.session.add(said)
    record("item.commented", actor=actor.public_id, subject=("item", item.public_id), detail={"code": item.code})
    return said


def settle(said: ItemComment, *, actor: Actor, now: datetime) -> None:
    """Fold a comment away; a second time opens it again."""
    check_may_write(actor)
    is_open = said.settled_at is None
    said.settled_at, said.settled_by = (now, actor.public_id) if is_open else (None, "")
