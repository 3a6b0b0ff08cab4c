"""What a start does about keys: a demonstration gets those it lacks, and is told; a real body is told what to run."""

from datetime import datetime

from app import transaction
from app.body.queries import get_body
from app.config import Settings
from app.errors import DomainError
from certificates.keys import published as published_keys
from certificates.keys.making import find_missing
from certificates.keys.records import KeyStoreError


def make_ready(settings: Settings, now: datetime) -> list[str]:
    """Look whether there is a key for every purpose; the sentences that the operator should read.

    Never raises for keys: without them pages and the checking of certificates still work. Opens transactions of its own.
    """
    try:
        missing = published_keys.list_missing(now)
        if not missing:
            return []
        names = ", ".join(missing)
        if settings.is_demo and not settings.signer:
            return [f"Careful: this demonstration lacked keys for {names}.", *_make_for_demo(now)]
        return [f"Careful: no key is active for {names}. Run `laurel keys init` where the key folder is."]
    except (KeyStoreError, DomainError, OSError) as problem:
        return [f"Careful: the keys cannot be used, so nothing can be signed: {problem}"]


def _make_for_demo(now: datetime) -> list[str]:
    with transaction.standalone():
        made = published_keys.init_keys(get_body().name, now, specimen=True)
    left = find_missing(published_keys.key_source().list_records(), now)
    return [f"  Made {row.key_id} for {row.purpose}; it is a specimen, like all keys here." for row in made] + [
        f"  Still missing: {purpose}." for purpose in left
    ]
