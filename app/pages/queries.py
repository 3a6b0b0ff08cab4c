"""Reading the texts of the body."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from app.audit.models import AuditEntry, AuditPersonal
from app.errors import Missing
from app.extensions import db
from app.pages.defaults import KINDS
from app.pages.models import PageVersion

PUBLISHED = "page.published"


def find_page(slug: str) -> PageVersion | None:
    """The newest version of a page; None when it was never published."""
    newest = select(PageVersion).where(PageVersion.slug == slug).order_by(PageVersion.version.desc()).limit(1)
    return db.session.scalars(newest).first()


def get_page(slug: str) -> PageVersion:
    """The newest version of a page. Raises Missing."""
    page = find_page(slug)
    if page is None:
        raise Missing
    return page


def get_version(slug: str, version: int) -> PageVersion:
    """One version of a page. Raises Missing."""
    wanted = select(PageVersion).where(PageVersion.slug == slug, PageVersion.version == version)
    page = db.session.scalars(wanted).first()
    if page is None:
        raise Missing
    return page


def list_versions(slug: str) -> Sequence[PageVersion]:
    """Every version of a page, newest first, without the texts."""
    statement = select(PageVersion).where(PageVersion.slug == slug).order_by(PageVersion.version.desc())
    return db.session.scalars(statement.options(_without_text())).all()


def list_pages() -> Sequence[PageVersion]:
    """The newest version of each page in the order of `KINDS`, without the texts."""
    newest = _newest([kind.slug for kind in KINDS]).subquery()
    statement = select(PageVersion).join(
        newest, (PageVersion.slug == newest.c.slug) & (PageVersion.version == newest.c.version)
    )
    found = {page.slug: page for page in db.session.scalars(statement.options(_without_text()))}
    return [found[kind.slug] for kind in KINDS if kind.slug in found]


def current_versions(slugs: Iterable[str]) -> dict[str, int]:
    """The number of the newest version of each of these pages that exists; one query."""
    rows = db.session.execute(_newest(list(slugs)))
    return {row.slug: row.version for row in rows}


def list_authors(slug: str) -> dict[int, str]:
    """Version to name of who published it, from the audit trail; without those by the system or by erased people."""
    statement = (
        select(AuditEntry.detail, AuditPersonal.data)
        .join(AuditPersonal, AuditPersonal.seq == AuditEntry.seq)
        .where(AuditEntry.action == PUBLISHED, AuditEntry.object_kind == "page", AuditEntry.object_id == slug)
    )
    found = db.session.execute(statement).all()
    return {detail["version"]: personal["name"] for detail, personal in found if "name" in personal}


def _newest(slugs: list[str]):  # type: ignore[no-untyped-def]  # a statement of slug and version
    newest = func.max(PageVersion.version).label("version")
    return select(PageVersion.slug, newest).where(PageVersion.slug.in_(slugs)).group_by(PageVersion.slug)


def _without_text():  # type: ignore[no-untyped-def]  # a loader option
    return defer(PageVersion.text, raiseload=True)
