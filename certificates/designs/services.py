"""What officers and authors do with designs: copy one, write a draft, put it into use for a level, lay it aside.

A version is written while it is a draft. Once a level uses it, it stays as it is: a change begins the next version.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.audit.services import record
from app.body.queries import get_body
from app.errors import DomainError, Missing, Stale
from app.extensions import db
from assessments.grading.canonical import digest
from certificates.designs import queries, scans
from certificates.designs.models import CertificateDesign, CertificateDesignVersion, DesignState, LevelDesign
from certificates.pdf.design import SHIPPED, Design, DesignInvalid, palette_faults
from certificates.pdf.model import METAL_OF_MEDAL, DesignReference, Palette
from certificates.pdf.scans import sha256_of

_LONGEST_CODE = 20


@dataclass(frozen=True)
class Doer:
    """Who acts, and when."""

    public_id: str
    now: datetime


def copy(source: queries.Shown, title: str, doer: Doer) -> CertificateDesignVersion:
    """Begin a design of the body as a copy of another one; it is a draft. Raises DomainError (field `title`)."""
    if not title.strip():
        raise DomainError(_("Give the design a name."), "title")
    code = _free_code(title)
    came_from = f"{source.design.code}/{source.design.version}"
    design = CertificateDesign(code=code, copied_from=came_from, made_by=doer.public_id, made_at=doer.now)
    db.session.add(design)
    db.session.flush()
    return _begin(design, replace(source.design, code=code, version=1, title=title.strip()), doer, came_from)


def _free_code(title: str) -> str:
    """A short name made from the letters of a title; numbered where it is taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:_LONGEST_CODE].strip("-")
    base = plain if re.match(r"[a-z][a-z0-9-]", plain) else "design"
    taken = {design.code for design in SHIPPED} | set(db.session.scalars(select(CertificateDesign.code)))
    numbered = (f"{base}-{n}" for n in range(2, len(taken) + 3))
    return base if base not in taken else next(code for code in numbered if code not in taken)


def begin_next(code: str, version: int, doer: Doer) -> CertificateDesignVersion:
    """Begin the next version of a design as a copy of one of its versions. Raises DomainError while there is a draft."""
    source = _locked(code, version)
    if source is None:
        raise Missing
    newest = select(func.max(CertificateDesignVersion.version)).where(
        CertificateDesignVersion.design_id == source.design_id
    )
    drafts = select(CertificateDesignVersion.version).where(
        CertificateDesignVersion.design_id == source.design_id, CertificateDesignVersion.live == 1
    )
    draft = db.session.scalar(drafts)
    if draft is not None:
        raise DomainError(_("Version %(n)s of this design is being written already.", n=draft))
    number = (db.session.scalar(newest) or 0) + 1
    return _begin(source.design, replace(queries.stored_design(source), version=number), doer, f"{code}/{version}")


def _begin(design: CertificateDesign, content: Design, doer: Doer, came_from: str) -> CertificateDesignVersion:
    data = data_of(content)
    row = CertificateDesignVersion(
        design=design,
        version=content.version,
        data=data,
        sha256=digest(data),
        made_by=doer.public_id,
        made_at=doer.now,
        changed_by=doer.public_id,
        changed_at=doer.now,
    )
    db.session.add(row)
    db.session.flush()
    _record("design.begun", row, doer, {"from": came_from})
    return row


def data_of(design: Design) -> dict[str, Any]:
    """A design as it is stored: pictures by their SHA-256."""
    people = [
        {"name": person.name, "office": person.office, "image_sha256": sha256_of(person.image) if person.image else ""}
        for person in design.signatories
    ]
    return design.to_json_dict() | {"signatories": people}


def check(design: Design) -> None:
    """Raises DesignInvalid for colours that cannot be seen together with those of the body and of the medals."""
    body, chosen = get_body(), design.colours.chosen()
    medals = [design.medal] if design.medal else list(METAL_OF_MEDAL)
    own = {"primary": body.primary_colour, "accent": body.accent_colour}
    palettes = [Palette(**{"metal": METAL_OF_MEDAL[medal]} | own | chosen) for medal in medals]
    faults = {fault.part: fault for palette in palettes for fault in palette_faults(palette)}
    if faults:
        raise DesignInvalid(faults.values())


def save(design: Design, pictures: list[bytes], reason: str, *, revision: int, doer: Doer) -> CertificateDesignVersion:
    """Keep a draft with the pictures it names. Raises DesignInvalid, Stale when somebody saved it in between.

    Raises DomainError for a version that is no draft: such a version is never changed.
    """
    check(design)
    row = _locked(design.code, design.version)
    if row is None:
        raise Missing
    if row.state != DesignState.DRAFT:
        raise DomainError(fixed_words())
    if row.revision != revision:
        raise Stale(_("Somebody else has saved this draft in between."))
    for picture in pictures:
        scans.keep(picture)
    row.data = data_of(design)
    row.sha256, row.reason = digest(row.data), reason
    row.revision, row.changed_by, row.changed_at = revision + 1, doer.public_id, doer.now
    db.session.flush()
    scans.forget_unused(doer.now)
    _record("design.changed", row, doer, {"sha256": row.sha256})
    return row


def fixed_words() -> str:
    """Why a version that is no draft cannot be changed."""
    return _("This version is in use or was, and stays as it is. Begin the next version instead.")


@dataclass(frozen=True)
class Use:
    """For which level a design is chosen, from when on, and why. `revision` is that of the draft that was looked at."""

    level_code: str
    from_at: datetime
    reason: str
    revision: int = 0


def put_into_use(reference: DesignReference, use: Use, doer: Doer) -> LevelDesign:
    """Let a level be certified in a design from a moment on. A draft becomes fixed by it.

    Raises Stale for a draft that has changed since it was looked at, DomainError for a version that was laid aside.
    """
    row = _locked(reference.code, reference.version)
    if row is None:
        queries.get_shown(reference.code, reference.version)
    else:
        _fix(row, use, doer)
    choice = LevelDesign(
        level_code=use.level_code,
        design_code=reference.code,
        design_version=reference.version,
        version_id=row.id if row else None,
        from_at=max(use.from_at, doer.now),
        reason=use.reason,
        chosen_by=doer.public_id,
        chosen_at=doer.now,
    )
    db.session.add(choice)
    db.session.flush()
    detail = {"level": use.level_code, "starts": choice.from_at.isoformat(), "sha256": row.sha256 if row else ""}
    subject = ("design", f"{reference.code}/{reference.version}")
    record("design.used", actor=doer.public_id, subject=subject, detail=detail, personal={"reason": use.reason})
    return choice


def _fix(row: CertificateDesignVersion, use: Use, doer: Doer) -> None:
    if row.state == DesignState.RETIRED:
        raise DomainError(_("This version was laid aside. Copy it, or begin the next version."))
    if row.state == DesignState.DRAFT:
        if row.revision != use.revision:
            raise Stale(_("Somebody else has saved this draft in between. Look at it again first."))
        row.state, row.live = DesignState.IN_USE, None
        row.changed_by, row.changed_at = doer.public_id, doer.now


def retire(code: str, version: int, doer: Doer) -> None:
    """Lay a version aside; certificates drawn in it stay as they are. Raises DomainError while a level uses it."""
    row = _locked(code, version)
    if row is None:
        raise Missing
    levels = queries.levels_of(queries.list_choices(), row, doer.now)
    if levels:
        named = ", ".join(sorted(levels))
        raise DomainError(_("Choose another design first for: %(levels)s.", levels=named))
    if row.state == DesignState.RETIRED:
        return
    row.state, row.live = DesignState.RETIRED, None
    row.retired_by, row.retired_at = doer.public_id, doer.now
    _record("design.retired", row, doer, {})


def _locked(code: str, version: int) -> CertificateDesignVersion | None:
    return queries.find_version(DesignReference(code, version), to_change=True)


def _record(act: str, row: CertificateDesignVersion, doer: Doer, detail: dict[str, Any]) -> None:
    record(act, actor=doer.public_id, subject=("design", f"{row.design.code}/{row.version}"), detail=detail)
