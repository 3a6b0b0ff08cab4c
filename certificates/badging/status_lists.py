"""The status lists as they are published: signed anew for a short time, kept by each process until something changes.

Reading a list changes nothing in the database. An edition is good for a few minutes only, so that whoever keeps a copy
asks again; a bit that was set shows up with the next request.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from app.body.queries import get_body
from app.errors import Missing
from certificates.badges import did, proofs, status_list
from certificates.badging import places as badge_places
from certificates.badging.making import as_bytes, list_address
from certificates.keys import published as published_keys
from certificates.keys.records import KeyPurpose

GOOD_FOR = timedelta(minutes=30)
SIGNED_ANEW_AFTER = timedelta(minutes=10)
BEFORE = timedelta(minutes=1)
"""An edition says that it began a little earlier, for readers whose clock is behind."""


@dataclass(frozen=True)
class Edition:
    """One signed edition of a list, when it was signed and after which change."""

    data: bytes
    signed_at: datetime
    last_change: datetime | None

    def is_fresh(self, last_change: datetime | None, now: datetime) -> bool:
        """Whether it may still be handed out."""
        return self.last_change == last_change and self.signed_at <= now < self.signed_at + SIGNED_ANEW_AFTER


def get_list(number: int, now: datetime) -> bytes:
    """A signed status list as it stands now. Raises Missing for one that was never begun, and KeyStoreError."""
    if not badge_places.has_list(number):
        raise Missing
    kept: dict[int, Edition] = current_app.extensions.setdefault("status_lists", {})
    last_change = badge_places.last_change(number)
    edition = kept.get(number)
    if edition is None or not edition.is_fresh(last_change, now):
        edition = kept[number] = Edition(_signed(number, now), now, last_change)
    return edition.data


def _signed(number: int, now: datetime, good_for: timedelta = GOOD_FOR) -> bytes:
    base = get_body().base_address
    issuer = did.did_of(base)
    facts = status_list.ListFacts(list_address(base, number), issuer, now - BEFORE, now + good_for)
    signer = published_keys.signer_for(KeyPurpose.BADGE, now)
    document = status_list.build(facts, badge_places.burnt(number))
    return as_bytes(proofs.secure(document, signer.sign, did.method_of(issuer, signer.key_id), now))


def sign_for_archive(number: int, now: datetime, good_for: timedelta) -> bytes:
    """A list for a copy of the register that outlives the server: good for as long as its maker says."""
    return _signed(number, now, good_for)
