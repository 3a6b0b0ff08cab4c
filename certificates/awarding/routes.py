"""The officers' pages of certificates: what waits, the list, one certificate, standing decisions, decisions by a person."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.extensions import db
from app.policy import Permission, current_actor, fresh, requires
from certificates import queries, words
from certificates.acting import is_done
from certificates.awarding import award, evidence
from certificates.awarding import services as awards
from certificates.awarding.forms import DecideForm, StandingForm
from certificates.badging import services as badges
from certificates.changes import deciding
from certificates.changes import queries as requests
from certificates.issuing import documents
from certificates.keys import published as published_keys
from certificates.models import AwardCase
from certificates.register import checking
from courses import summaries

blueprint = Blueprint("certificates_office", __name__, template_folder="../templates")


@blueprint.get("/office/certificates")
@requires(Permission.CERTIFICATES_MANAGE)
def overview() -> str:
    """Decisions that wait first, then every certificate, found by number or name."""
    search, now = request.args.get("search", "").strip()[:160], clock.now()
    rows = queries.list_credentials(search, request.args.get("after", 0, type=int))
    shown, more = rows[: queries.PAGE_SIZE], len(rows) > queries.PAGE_SIZE
    return render_template(
        "certificates/office/overview.html",
        rows=[(row, queries.standing_of(row, now)) for row in shown],
        next_after=shown[-1].id if more else 0,
        search=search,
        cases=queries.list_cases(),
        revocations=queries.list_revocations(),
        requests=requests.list_open(),
        kind_words=deciding.kind_words,
        held=queries.list_held(),
        badges_missing=badges.are_missing(clock.now()),
        levels=_level_titles(),
        words=words,
    )


def _level_titles() -> dict[str, str]:
    return {level.code: level.title for level in summaries.list_levels()}


@blueprint.get("/office/certificates/awards/<public_id>")
@requires(Permission.AWARDS_DECIDE)
def decision(public_id: str) -> Any:
    """The evidence of one award, and the form to decide on it."""
    return _decision_page(queries.get_case(public_id), DecideForm(formdata=None))


def _decision_page(case: AwardCase, form: DecideForm, status: int = 200) -> Any:
    found = awards.findings_of(case, clock.now())
    actor = current_actor()
    sources = [source.public_id for source in found.gathered.sources] if found else []
    ties = evidence.find_ties(actor.person_id, actor.public_id, case.person_id, sources)
    conflict = award.find_conflict(ties)
    page = render_template(
        "certificates/office/decide.html",
        case=case,
        found=found,
        form=form,
        conflict=awards.conflict_words(conflict) if conflict else "",
        levels=_level_titles(),
        supervision=documents.supervision_words,
        sentence=documents.requirement_words,
    )
    return page, status


@blueprint.post("/office/certificates/awards/<public_id>")
@requires(Permission.AWARDS_DECIDE)
@fresh
def decide(public_id: str) -> Any:
    """Award, or decline with a reason."""
    form = DecideForm()
    if not is_done(form, lambda: _decide(public_id, form)):
        return _decision_page(queries.get_case(public_id), form, 422)
    flash(_("Your decision is recorded."), "success")
    return redirect(url_for("certificates_office.overview"))


def _decide(public_id: str, form: DecideForm) -> None:
    awards.decide_as_person(
        public_id,
        form.outcome.data,
        form.reason.data or "",
        declared=form.independent.data,
        actor=current_actor(),
        now=clock.now(),
    )


@blueprint.get("/office/certificates/standing")
@requires(Permission.CERTIFICATES_MANAGE)
def standing() -> Any:
    """Decisions of the board under which awards are made without asking anyone."""
    return _standing_page(StandingForm(formdata=None))


def _standing_page(form: StandingForm, status: int = 200) -> Any:
    titles = _level_titles()
    form.level.choices = list(titles.items())
    page = render_template("certificates/office/standing.html", form=form, rows=queries.list_standing(), levels=titles)
    return page, status


@blueprint.post("/office/certificates/standing")
@requires(Permission.CERTIFICATES_MANAGE)
@fresh
def record_standing() -> Any:
    """Keep a decision of the board; awards that waited for it are made."""
    form = StandingForm()
    form.level.choices = list(_level_titles().items())
    if not is_done(form, lambda: _record(form)):
        return _standing_page(form, 422)
    flash(_("The decision is recorded. Awards of this level are made under it from now on."), "success")
    return redirect(url_for("certificates_office.standing"))


def _record(form: StandingForm) -> None:
    awards.record_standing(
        form.level.data, form.text.data or "", form.minuted_on.data, actor=current_actor(), now=clock.now()
    )


@blueprint.post("/office/certificates/standing/<public_id>/end")
@requires(Permission.CERTIFICATES_MANAGE)
@fresh
def end_standing(public_id: str) -> Any:
    """End a standing decision; awards made under it stay."""
    awards.end_standing(public_id, actor=current_actor(), now=clock.now())
    flash(_("The decision has ended. Awards of this level now wait for a new one."), "success")
    return redirect(url_for("certificates_office.standing"))


@blueprint.get("/office/keys")
@requires(Permission.CERTIFICATES_MANAGE)
def keys() -> str:
    """The keys of this body, and whether the register holds together."""
    count, fault = checking.check(db.session())
    return render_template("certificates/office/keys.html", keys=published_keys.list_keys(), count=count, fault=fault)
