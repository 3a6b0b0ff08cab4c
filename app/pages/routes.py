"""The texts of the body: read by everyone, edited by officers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.body.queries import get_body
from app.errors import DomainError, Missing, Stale
from app.pages import placeholders, queries, services
from app.pages.defaults import BY_SLUG, KINDS, PageKind
from app.pages.differences import compare
from app.pages.forms import PageForm, RestoreForm
from app.pages.models import PageVersion
from app.policy import Permission, current_actor, fresh, requires

blueprint = Blueprint("pages", __name__, template_folder="templates")
ABOUT = "about"
NUMBER = "<int(max=999999):number>"


@dataclass(frozen=True)
class Reading:
    """A version as a reader gets it: the body's words filled in, `text` still Markdown."""

    title: str
    text: str
    language: str
    version: int
    published_at: datetime | None


def _read(title: str, text: str, language: str, version: int = 0, published_at: datetime | None = None) -> Reading:
    body = get_body()
    filled = placeholders.fill_markdown(text, body)
    return Reading(placeholders.fill_line(title, body), filled, language, version, published_at)


def _read_page(page: PageVersion) -> Reading:
    return _read(page.title, page.text, page.language, page.version, page.published_at)


def _title(page: PageVersion) -> str:
    return placeholders.fill_line(page.title, get_body())


@requires(Permission.PUBLIC)
def show(slug: str) -> Any:
    """A text as it stands, or with `?version=N` as it once stood."""
    page = _asked_for(slug)
    newest = queries.current_versions([slug])[slug]
    body = get_body()
    declared = body.small_body if slug == ABOUT and body.is_small(clock.now()) else ""
    return render_template(
        "pages/show.html", reading=_read_page(page), newest=newest, here=BY_SLUG[slug], small_body=declared
    )


def _asked_for(slug: str) -> PageVersion:
    number = request.args.get("version")
    if number is None:
        return queries.get_page(slug)
    if not number.isdecimal() or len(number) > 6:
        raise Missing
    return queries.get_version(slug, int(number))


for _kind in KINDS:
    blueprint.add_url_rule(_kind.path, _kind.endpoint, show, defaults={"slug": _kind.slug})


@blueprint.get("/office/pages")
@requires(Permission.PAGES_EDIT)
def list_texts() -> Any:
    """Every text with its current version."""
    rows = [(page, _title(page), BY_SLUG[page.slug]) for page in queries.list_pages()]
    return render_template("pages/list.html", rows=rows, system=services.SYSTEM)


@blueprint.get("/office/pages/<slug>")
@requires(Permission.PAGES_EDIT)
def edit(slug: str) -> Any:
    """A text to be edited, with its history."""
    page = queries.get_page(slug)
    form = PageForm(formdata=None, title=page.title, text=page.text, language=page.language)
    return _editor(page, form, page.version)


@blueprint.post("/office/pages/<slug>")
@requires(Permission.PAGES_EDIT)
@fresh
def publish(slug: str) -> Any:
    """Publish what was typed, or show how it would look."""
    form, kind = PageForm(), _kind_of(slug)
    expected = form.version.data or 0
    if request.form.get("act") == "preview":
        status = 200 if form.check_preview() else 422
        return _editor(queries.get_page(slug), form, expected, is_preview=True), status
    if not form.validate():
        return _editor(queries.get_page(slug), form, expected), 422
    try:
        page = services.publish(
            slug,
            form.title.data or "",
            form.text.data or "",
            form.note.data or "",
            expected=expected,
            actor=current_actor(),
            now=clock.now(),
            language=form.language.data or "",
        )
    except DomainError as error:
        return _refused(slug, form, expected, error)
    return _published(page, kind)


def _refused(slug: str, form: PageForm, expected: int, error: DomainError) -> Any:
    transaction.begin_read()
    form.refuse(error)
    page = queries.get_page(slug)
    if isinstance(error, Stale):
        return _editor(page, form, page.version, is_stale=True), error.status
    return _editor(page, form, expected), 422


def _published(page: PageVersion, kind: PageKind) -> Any:
    flash(_("Version %(number)s of “%(title)s” is published.", number=page.version, title=_title(page)), "success")
    if kind.is_agreed_to:
        flash(_("Members are asked to agree to it when they next sign in."), "info")
    return redirect(url_for("pages.edit", slug=page.slug))


def _editor(
    page: PageVersion, form: PageForm, expected: int, *, is_preview: bool = False, is_stale: bool = False
) -> str:
    typed = form.text.data or ""
    return render_template(
        "pages/edit.html",
        page=page,
        title=_title(page),
        kind=BY_SLUG[page.slug],
        form=form,
        expected=expected,
        known=placeholders.known_words(),
        preview=_read(form.title.data or "", typed, form.language.data or "") if is_preview else None,
        newer=_read_page(page) if is_stale else None,
        changes=compare(page.text, typed) if is_preview or is_stale else [],
        versions=queries.list_versions(page.slug),
        authors=queries.list_authors(page.slug),
        system=services.SYSTEM,
    )


@blueprint.get(f"/office/pages/<slug>/versions/{NUMBER}")
@requires(Permission.PAGES_EDIT)
def version(slug: str, number: int) -> Any:
    """One version: what it changed, who published it, and what restoring it would change."""
    return _version(slug, number)


@blueprint.post(f"/office/pages/<slug>/versions/{NUMBER}/restore")
@requires(Permission.PAGES_EDIT)
@fresh
def restore(slug: str, number: int) -> Any:
    """Publish an older version again, as a new one."""
    form, kind = RestoreForm(), _kind_of(slug)
    try:
        expected = form.version.data or 0
        page = services.restore(slug, number, expected=expected, actor=current_actor(), now=clock.now())
    except Missing:
        raise
    except DomainError as error:
        transaction.begin_read()
        return _version(slug, number, error.message), error.status
    return _published(page, kind)


def _version(slug: str, number: int, refusal: str = "") -> str:
    page, current = queries.get_version(slug, number), queries.get_page(slug)
    before = queries.get_version(slug, number - 1) if number > 1 else None
    return render_template(
        "pages/version.html",
        page=page,
        before=before,
        current=current,
        title=_title(page),
        kind=_kind_of(slug),
        reading=_read_page(page),
        changes=compare(before.text, page.text) if before else [],
        would_change=compare(current.text, page.text) if current.version != number else [],
        author=queries.list_authors(slug).get(number, ""),
        system=services.SYSTEM,
        refusal=refusal,
    )


def _kind_of(slug: str) -> PageKind:
    if slug not in BY_SLUG:
        raise Missing
    return BY_SLUG[slug]
