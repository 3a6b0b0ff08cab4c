"""Publishing the texts of the body. A version is added, never changed; the unique number decides a race."""

import hashlib
from datetime import datetime

from babel import Locale, UnknownLocaleError
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.audit.services import SYSTEM, record
from app.errors import DomainError, Stale
from app.extensions import db
from app.pages import placeholders, queries
from app.pages.defaults import KINDS, LANGUAGE, get_default
from app.pages.models import PageVersion
from app.policy import Actor


def publish(
    slug: str, title: str, text: str, note: str, *, expected: int, actor: Actor, now: datetime, language: str = ""
) -> PageVersion:
    """Publish a new version of a page.

    `expected` is the version the editor began with; an empty `language` keeps that of the version before. Raises
    DomainError at the field that is wrong, or when nothing changed, and Stale when someone else was faster.
    """
    current = queries.get_page(slug)
    title, text, language = title.strip(), text.strip(), language or current.language
    _check(title, text, note, language)
    if current.version != expected:
        raise _stale()
    if (title, text, language) == (current.title, current.text, current.language):
        raise DomainError(_("Nothing has changed, so there is no new version to publish."), "text")
    page = PageVersion(slug=slug, version=expected + 1, title=title, text=text, language=language, note=note.strip())
    return _add(page, actor.public_id, now, actor.name)


def restore(slug: str, version: int, *, expected: int, actor: Actor, now: datetime) -> PageVersion:
    """Publish an older version again, as a new one. Raises Missing, DomainError and Stale as `publish` does."""
    old = queries.get_version(slug, version)
    note = _("Version %(number)s restored", number=version)
    return publish(slug, old.title, old.text, note, expected=expected, actor=actor, now=now, language=old.language)


def publish_defaults(now: datetime) -> list[PageVersion]:
    """Give a body the texts it does not have yet, at its birth or when a release brings a new page."""
    have = queries.current_versions(kind.slug for kind in KINDS)
    return [_publish_default(kind.slug, now) for kind in KINDS if kind.slug not in have]


def _publish_default(slug: str, now: datetime) -> PageVersion:
    default = get_default(slug)
    page = PageVersion(slug=slug, version=1, title=default.title, text=default.text, language=LANGUAGE)
    return _add(page, SYSTEM, now)


def _add(page: PageVersion, actor: str, now: datetime, name: str = "") -> PageVersion:
    page.published_by, page.published_at = actor, now
    try:
        with db.session.begin_nested():
            db.session.add(page)
    except IntegrityError:
        if queries.current_versions([page.slug]).get(page.slug, 0) < page.version:
            raise
        raise _stale() from None
    detail = {"version": page.version, "language": page.language, "sha256": digest(page)}
    personal = {"name": name} if name else {}
    record(queries.PUBLISHED, actor=actor, subject=("page", page.slug), detail=detail, personal=personal)
    return page


def digest(page: PageVersion) -> str:
    """SHA-256 of title, a blank line and text in UTF-8: what the audit trail keeps of the words of a version."""
    return hashlib.sha256(f"{page.title}\n\n{page.text}".encode()).hexdigest()


def _check(title: str, text: str, note: str, language: str) -> None:
    empty = {
        "title": "" if title else _("Give the page a title."),
        "text": "" if text else _("A page cannot be empty."),
        "note": "" if note.strip() else _("Say in a few words what changed."),
    }
    for name, message in empty.items():
        if message:
            raise DomainError(message, name)
    for name, value in (("title", title), ("text", text)):
        unknown = placeholders.list_unknown(value)
        if unknown:
            raise DomainError(placeholders.refusal(unknown), name)
    if not is_language(language):
        raise DomainError(_("Enter the code of a language, such as en, de or pt-BR."), "language")


def is_language(code: str) -> bool:
    """Whether `code` names a language that screen readers and browsers know (BCP 47, by the CLDR list)."""
    try:
        return bool(code) and Locale.parse(code, sep="-") is not None
    except (UnknownLocaleError, ValueError, TypeError):
        return False


def _stale() -> Stale:
    return Stale(_("Someone else published a newer version while you were writing. Yours is kept below."), "text")
