"""Reading the body. Its row is asked for on every page, so each process keeps a copy for a few seconds."""

import time
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.body.models import Body
from app.extensions import db

KEEP_SECONDS = 5.0


@dataclass(frozen=True)
class BodyView:
    """What pages, messages and certificates need to know of the body."""

    name: str
    short_name: str
    field: str
    headline: str
    purpose: str
    mode: str
    base_address: str
    contact_email: str
    postal_address: str
    zone: str
    language: str
    primary_colour: str
    accent_colour: str
    logo_file: str
    version: int
    signatories: tuple[tuple[str, str], ...]
    small_body: str = ""
    small_body_until: datetime | None = None

    @property
    def domain(self) -> str:
        """The host people type to reach the site, with the port where there is one."""
        return urlsplit(self.base_address).netloc

    @property
    def is_demo(self) -> bool:
        """Whether this body is a demonstration."""
        return self.mode == "demo"

    def is_small(self, now: datetime) -> bool:
        """Whether the body has declared that some acts are done by one person alone for now (app.office.staffing)."""
        return bool(self.small_body) and self.small_body_until is not None and now < self.small_body_until


class NotFounded(RuntimeError):
    """The database holds no body yet: `laurel setup` or the demonstration makes it."""


def find_body_row() -> Body | None:
    """The row with its signatories, for editing; None before the birth."""
    return db.session.scalars(select(Body).options(selectinload(Body.signatories))).first()


def get_body() -> BodyView:
    """The body as of a few seconds ago at most. Raises NotFounded before its birth."""
    kept: dict[str, tuple[BodyView, float]] = current_app.extensions["body"]
    view, until = kept.get("kept", (None, 0.0))  # both at once: another thread may forget in between
    if view is not None and until > time.monotonic():
        return view
    row = find_body_row()
    if row is None:
        raise NotFounded("this database holds no body yet; run `laurel setup` or start the demonstration")
    view = _view(row)
    kept["kept"] = (view, time.monotonic() + KEEP_SECONDS)
    return view


def forget() -> None:
    """Read the row anew at the next asking."""
    current_app.extensions["body"].clear()


def _view(row: Body) -> BodyView:
    return BodyView(
        name=row.name,
        short_name=row.short_name,
        field=row.field,
        headline=row.headline,
        purpose=row.purpose,
        mode=row.mode,
        base_address=row.base_address,
        contact_email=row.contact_email,
        postal_address=row.postal_address,
        zone=row.zone,
        language=row.language,
        primary_colour=row.primary_colour,
        accent_colour=row.accent_colour,
        logo_file=row.logo_file,
        version=row.version,
        signatories=tuple((s.name, s.office) for s in row.signatories),
        small_body=row.small_body,
        small_body_until=row.small_body_until,
    )
