"""What the item bank holds of a person: what they wrote, said and decided. Questions themselves belong to the body."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.models import Person
from app.extensions import db
from app.privacy.personal import Personal, pick
from assessments.items.models import Item, ItemComment, ItemReview, ItemVersion


def _export(person: Person) -> dict[str, list[dict[str, Any]]]:
    """The versions they began, their comments and their decisions; no key, which is no matter of a person."""
    written = select(Item.code, ItemVersion).join(Item).where(ItemVersion.made_by == person.public_id)
    said = select(Item.code, ItemComment).join(Item, Item.id == ItemComment.item_id)
    decided = select(Item.code, ItemReview).join(ItemVersion, ItemVersion.id == ItemReview.item_version_id)
    decided = decided.join(Item, Item.id == ItemVersion.item_id)
    return {
        "written": _rows(written.order_by(ItemVersion.id), "number", "state", "reason", "made_at"),
        "comments": _rows(
            said.where(ItemComment.by == person.public_id).order_by(ItemComment.id), "number", "text", "at"
        ),
        "reviews": _rows(
            decided.where(ItemReview.by == person.public_id).order_by(ItemReview.id), "decision", "note", "at"
        ),
    }


def _rows(statement: Any, *names: str) -> list[dict[str, Any]]:
    return [{"item": code} | pick(row, *names) for code, row in db.session.execute(statement)]


def _erase(person: Person, now: datetime) -> None:
    """Nothing: rows name a public id alone, which leads to nobody once the account is erased."""


PERSONAL = Personal(name="items", export=_export, erase=_erase)
