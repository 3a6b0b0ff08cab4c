"""A holder's own certificates: what waits, confirming the name, who sees what."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.accounts.models import Person
from app.accounts.queries import get_own as get_own_person
from app.body.queries import get_body
from app.errors import DomainError
from app.policy import Permission, current_actor, requires
from certificates import queries, words
from certificates.awarding.services import today
from certificates.changes import deciding, renewing
from certificates.changes import queries as requests
from certificates.checking.routes.verify import unkept
from certificates.holding import overview as own_overview
from certificates.holding import services as holding
from certificates.holding.forms import ConfirmNameForm, VisibilityForm
from certificates.issuing import documents, ordering
from certificates.models import Visibility
from certificates.pdf.fonts import NameNotRenderable
from certificates.pdf.render import render
from courses import summaries

blueprint = Blueprint("holder", __name__, template_folder="../templates")


def _person() -> Person:
    return get_own_person(current_actor().person_id)


@blueprint.get("/certificates")
@requires(Permission.CERTIFICATES_OWN)
def certificates() -> str:
    """One's certificates, and awards that wait for something."""
    person_id, now = current_actor().person_id, clock.now()
    rows = queries.list_own(person_id)
    standings = {row.public_id: queries.standing_of(row, now) for row in rows}
    outlooks = {found.credential.public_id: found for found in renewing.list_outlooks(person_id, now)}
    return render_template(
        "certificates/own.html",
        rows=rows,
        standings=standings,
        beside=own_overview.list_beside([row.id for row in rows], now),
        cases=queries.list_own_cases(person_id),
        levels={level.code: level.title for level in summaries.list_levels()},
        forms={row.public_id: VisibilityForm(formdata=None, visibility=row.visibility) for row in rows},
        choices=[(choice, *holding.visibility_words(choice)) for choice in Visibility],
        linkedin=holding.linkedin_link,
        may_be_linked=holding.may_be_linked,
        outlooks=outlooks,
        asked={row.credential.public_id: row for row in requests.list_of_person(person_id) if row.live},
        kind_words=deciding.kind_words,
        can_be_replaced=lambda row: ordering.can_be_replaced(row, now),
        person=_person(),
        words=words,
    )


@blueprint.get("/certificates/name")
@requires(Permission.CERTIFICATES_OWN)
def name() -> Any:
    """Look at the name on a preview. `?name=` shows another spelling without keeping it."""
    person = _person()
    shown = " ".join((request.args.get("name") or person.name).split())[:160]
    form = ConfirmNameForm(formdata=None, name=shown)
    try:
        holding.refuse_unprintable(shown)
    except DomainError as error:
        form.process(formdata=None, name=shown)
        form.refuse(error)
    return _name_page(form, person, shown)


def _name_page(form: ConfirmNameForm, person: Person, shown: str, status: int = 200) -> Any:
    return render_template("certificates/name.html", form=form, person=person, shown=shown), status


@blueprint.post("/certificates/name")
@requires(Permission.CERTIFICATES_OWN)
def confirm_name() -> Any:
    """Confirm the name; awards that waited for it are made."""
    form = ConfirmNameForm()
    person = _person()
    shown = form.name.data or person.name
    if not form.validate():
        return _name_page(form, person, shown, 422)
    try:
        holding.confirm_name(person, shown, clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _name_page(form, _person(), shown, 422)
    flash(_("Your name is confirmed."), "success")
    return redirect(url_for("holder.certificates"))


@blueprint.get("/certificates/preview.pdf")
@requires(Permission.CERTIFICATES_OWN)
@transaction.slow_first
def preview() -> Any:
    """The page as it would be printed, unsigned and marked as a specimen, under a name that is not kept."""
    shown = " ".join((request.args.get("name") or _person().name).split())[:160]
    body, now = get_body(), clock.now()
    first = today(now)
    content = documents.Award(
        holder_name=shown,
        level_code="",
        level_title=_("Preview"),
        title=_("what you have earned"),
        scheme_code=_("the scheme"),
        scheme_version=1,
        sources=(),
        has_lessons=True,
        first=first,
        last=first + timedelta(days=364),
    )
    try:
        page = render(documents.build_model(content, body, documents.SPECIMEN_NUMBER, now, specimen=True))
    except NameNotRenderable:
        return redirect(url_for("holder.name", name=shown))
    response = Response(page, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename="preview.pdf")
    return unkept(response)


@blueprint.post("/certificates/<public_id>/visibility")
@requires(Permission.CERTIFICATES_OWN)
def visibility(public_id: str) -> Any:
    """Choose who sees one certificate."""
    form = VisibilityForm()
    if form.validate():
        holding.show_to(public_id, _person(), Visibility(form.visibility.data))
        flash(_("Saved."), "success")
    else:
        flash(_("Choose who sees the certificate."), "warning")
    return redirect(url_for("holder.certificates"))
