"""Items written in the bank by people, for tests."""

from typing import Any

from app import clock, transaction
from app.accounts.models import Person
from app.policy import Actor, Role
from assessments.items import reviewing, writing
from assessments.items.models import Item, ItemBank, ItemVersion
from tests.factories.assessments import definition
from tests.factories.people import PersonFactory


def actor_of(person: Person, *roles: str) -> Actor:
    """A person as services take the one who acts."""
    held = frozenset(Role(role) for role in roles or ("author",))
    return Actor(
        person.id, person.public_id, person.name, person.email, held, is_anonymous=False, is_authenticated=True
    )


def author(**changes: Any) -> Actor:
    """A new author."""
    return actor_of(PersonFactory(holding=["author"], **changes))


def drafted(bank: ItemBank, by: Actor, code: str = "W-1", **changes: Any) -> tuple[Item, ItemVersion]:
    """A new item with its first draft."""
    written = writing.Written(definition(code, **changes), reason="A first version.")
    version = writing.begin_item(bank, written, actor=by, now=clock.now())
    item = version.item
    transaction.commit()
    return item, version


def in_use(bank: ItemBank, by: Actor, other: Actor, code: str = "W-1", **changes: Any) -> tuple[Item, ItemVersion]:
    """A new item, written by one and approved by another."""
    item, version = drafted(bank, by, code, **changes)
    reviewing.send(version, actor=by, now=clock.now())
    reviewing.approve(version, "Good.", actor=other, now=clock.now())
    transaction.commit()
    return item, version
