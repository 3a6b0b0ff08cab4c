"""Reading designs: by reference, and by the level that uses them."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Person
from app.errors import Missing
from app.extensions import db
from assessments.grading.canonical import digest
from certificates.designs import scans
from certificates.designs.models import CertificateDesign, CertificateDesignVersion, DesignState, LevelDesign
from certificates.pdf.design import SHIPPED, Design, find_shipped
from certificates.pdf.model import CertificateModel, DesignReference, ModelInvalid, Signatory

DEFAULT = SHIPPED[0]
"""The design of a level for which nobody has chosen one."""


@dataclass(frozen=True)
class Shown:
    """A design with its row; a design that comes with the house has none."""

    design: Design
    row: CertificateDesignVersion | None

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.row is not None and self.row.state == DesignState.DRAFT


def find_version(reference: DesignReference, *, to_change: bool = False) -> CertificateDesignVersion | None:
    """The row of a version, or None; `to_change` waits for others who change the design and reads it anew."""
    statement = (
        select(CertificateDesignVersion)
        .join(CertificateDesignVersion.design)
        .options(contains_eager(CertificateDesignVersion.design))
        .where(CertificateDesign.code == reference.code, CertificateDesignVersion.version == reference.version)
    )
    if to_change:
        statement = statement.with_for_update(of=(CertificateDesignVersion, CertificateDesign)).execution_options(
            populate_existing=True
        )
    return db.session.scalars(statement).first()


def get_shown(code: str, version: int) -> Shown:
    """A design of the body or of the house, for the office. Raises Missing."""
    row = find_version(DesignReference(code, version))
    design = stored_design(row) if row else find_shipped(DesignReference(code, version))
    if design is None:
        raise Missing
    return Shown(design, row)


def get_design(reference: DesignReference) -> Design:
    """The design that a certificate refers to, with its pictures.

    Raises ModelInvalid for one that is unknown or whose row was altered, FileNotFoundError for a lost picture.
    """
    row = find_version(reference)
    if row is not None:
        return stored_design(row)
    shipped = find_shipped(reference)
    if shipped is None:
        raise ModelInvalid(f"the design {reference.code}, version {reference.version} is not known")
    return shipped


def stored_design(row: CertificateDesignVersion) -> Design:
    """The design of a row with its pictures. Raises as `get_design`."""
    if digest(row.data) != row.sha256:
        raise ModelInvalid(f"the design {row.data.get('code')}, version {row.version} was altered in the database")
    people = [_with_picture(person) for person in row.data["signatories"]]
    return Design.from_json_dict(row.data | {"signatories": people})


def _with_picture(person: dict[str, Any]) -> dict[str, str]:
    picture = scans.read(person["image_sha256"]) if person["image_sha256"] else b""
    return {"name": person["name"], "office": person["office"], "image": base64.b64encode(picture).decode()}


def list_versions() -> Sequence[CertificateDesignVersion]:
    """Every version of every design of the body, the newest of each design first."""
    statement = (
        select(CertificateDesignVersion)
        .options(joinedload(CertificateDesignVersion.design))
        .order_by(CertificateDesignVersion.design_id, CertificateDesignVersion.version.desc())
    )
    return db.session.scalars(statement).all()


def list_choices() -> Sequence[LevelDesign]:
    """Every choice of a design for a level, the newest first."""
    statement = select(LevelDesign).order_by(LevelDesign.from_at.desc(), LevelDesign.id.desc())
    return db.session.scalars(statement).all()


def in_force(choices: Iterable[LevelDesign], level_code: str, now: datetime) -> LevelDesign | None:
    """The choice that holds for a level now, out of `list_choices`."""
    return next((row for row in choices if row.level_code == level_code and row.from_at <= now), None)


def levels_of(choices: Sequence[LevelDesign], row: CertificateDesignVersion, now: datetime) -> set[str]:
    """Codes of the levels that use a version now or will."""
    current = {level: in_force(choices, level, now) for level in {choice.level_code for choice in choices}}
    coming = {choice.level_code for choice in choices if choice.from_at > now and choice.version_id == row.id}
    return coming | {level for level, choice in current.items() if choice and choice.version_id == row.id}


def dressed(model: CertificateModel, level_code: str, now: datetime) -> CertificateModel:
    """The model in the design that its level uses now; pictures are named, not read."""
    statement = select(LevelDesign).where(LevelDesign.level_code == level_code, LevelDesign.from_at <= now)
    newest = statement.order_by(LevelDesign.from_at.desc(), LevelDesign.id.desc()).limit(1)
    choice = db.session.scalars(newest).first()
    reference = DesignReference(choice.design_code, choice.design_version) if choice else DEFAULT.reference
    row = find_version(reference)
    if row is None:
        return (find_shipped(reference) or DEFAULT).dress(model)
    people = row.data["signatories"]
    bare = Design.from_json_dict(row.data | {"signatories": [_without_picture(person) for person in people]})
    named = tuple(Signatory(person["name"], person["office"], person["image_sha256"]) for person in people)
    return replace(bare.dress(model), signatories=named or model.signatories)


def _without_picture(person: dict[str, Any]) -> dict[str, str]:
    return {"name": person["name"], "office": person["office"], "image": ""}


def list_names(public_ids: Iterable[str]) -> dict[str, str]:
    """The names of people by their public ids; whoever has left is absent."""
    statement = select(Person.public_id, Person.name).where(Person.public_id.in_(set(public_ids)))
    return {row.public_id: row.name for row in db.session.execute(statement)}
