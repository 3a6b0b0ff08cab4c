"""The console of a sitting: the live list, acts on seats, the code, the doors, and what happened.

For its invigilators and for officers; whoever has a seat in it, and everybody else, finds nothing here.
"""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.errors import DomainError
from app.policy import Permission, authorise, current_actor, requires
from assessments.sittings import codes, incidents, planning, queries, roster, supervising, words
from assessments.sittings.forms import ActForm, IncidentForm
from assessments.sittings.models import Sitting
from assessments.sittings.supervising import Given, Outcome

blueprint = Blueprint("console", __name__, url_prefix="/sittings", template_folder="../templates")


def _sitting(public_id: str, *, lock: bool = False) -> Sitting:
    found = queries.get_watched(public_id, lock=lock)
    authorise(Permission.SITTING_WATCH, found)
    return found.sitting


def _page(public_id: str, status: int = 200, **given: Any) -> Any:
    sitting, now = _sitting(public_id), clock.now()
    rows = roster.list_rows(sitting, now)
    shown = {
        "form": ActForm(formdata=None, how=_usual_how(sitting)),
        "incident": IncidentForm(formdata=None),
        "ticked": (),
    }
    shown |= given
    _offer(shown["incident"], rows)
    html = render_template(
        "sittings/console.html",
        sitting=sitting,
        state=words.sitting_state(sitting.state),
        rows=rows,
        counts=roster.count_states(rows),
        incidents=queries.list_incidents(sitting_id=sitting.id),
        kind_words=words.kind_words,
        decision_words=words.decision_words,
        now=now,
        **shown,
    )
    return html, status


def _usual_how(sitting: Sitting) -> str:
    return "video" if sitting.supervision == "remote" else "passport"


def _offer(form: Any, rows: list[roster.Row]) -> None:
    seats = [(row.seat, f"{row.label} {row.name}".strip()) for row in rows]
    form.seat.choices = [("", _("The whole sitting")), *seats]


@blueprint.get("/<public_id>/console")
@requires(Permission.SITTING_WATCH)
def show(public_id: str) -> Any:
    """The live list and everything that can be done."""
    return _page(public_id)


@blueprint.get("/<public_id>/console/roster")
@requires(Permission.SITTING_WATCH)
def live(public_id: str) -> Any:
    """The list as the page's module asks for it every five seconds."""
    sitting, now = _sitting(public_id), clock.now()
    return _told(sitting, roster.list_rows(sitting, now))


def _told(sitting: Sitting, rows: list[roster.Row], outcomes: list[Outcome] | None = None) -> Any:
    word, tone = words.sitting_state(sitting.state)
    return jsonify(
        state=word,
        tone=tone,
        is_open=sitting.state == "open",
        rows=[row.as_json() for row in rows],
        counts=[number for number, _word in roster.count_states(rows)],
        outcomes=[{"seat": one.seat, "done": one.is_done, "words": one.words} for one in outcomes or []],
    )


@blueprint.post("/<public_id>/console/act")
@requires(Permission.SITTING_WATCH)
def act(public_id: str) -> Any:
    """Do something to the seats that are ticked, to one, or to all (`do`: act, act:seat or act:all)."""
    sitting, form = _sitting(public_id, lock=True), ActForm()
    what, _sep, whom = request.form.get("do", "").partition(":")
    rows_before = queries.list_seated(sitting.id) if whom == "all" else []
    seats = (
        [one.seat.public_id for one in rows_before]
        if whom == "all"
        else [whom]
        if whom
        else request.form.getlist("seat")
    )
    try:
        outcomes = _act(sitting, seats, what, whom, form)
    except DomainError as error:
        return _act_refused(public_id, form, seats, error)
    if _by_module():
        return _told(sitting, roster.list_rows(sitting, clock.now()), outcomes)
    _say(outcomes)
    return redirect(url_for("console.show", public_id=public_id))


def _by_module() -> bool:
    """Whether the page's module asks, which puts the answer into the rows."""
    return request.accept_mimetypes.best == "application/json"


def _act(sitting: Sitting, seats: list[str], what: str, whom: str, form: ActForm) -> list[Outcome]:
    if not seats:
        raise DomainError(_("Tick at least one person."))
    own_how = request.form.get(f"how-{whom}", "") if whom else ""
    given = Given(own_how or form.how.data or "", form.reason.data or "", form.minutes.data or 0)
    outcomes = supervising.act_on(sitting, seats, what, given, current_actor().public_id, clock.now())
    if not outcomes:
        raise DomainError(_("Tick at least one person."))
    return outcomes


def _act_refused(public_id: str, form: ActForm, seats: list[str], error: DomainError) -> Any:
    if _by_module():
        return jsonify(message=error.message, field=error.field or ""), 422
    form.refuse(error)
    transaction.begin_read()
    return _page(public_id, 422, form=form, ticked=seats)


def _say(outcomes: list[Outcome]) -> None:
    """Without the module the outcomes stand above the list: those that were refused one by one."""
    done = [one for one in outcomes if one.is_done]
    if done:
        flash(f"{done[0].words}: {', '.join(one.name for one in done)}", "success")
    for one in outcomes:
        if not one.is_done:
            flash(f"{one.name}: {one.words}", "warning")


@blueprint.post("/<public_id>/console/code")
@requires(Permission.SITTING_WATCH)
def code(public_id: str) -> Any:
    """A new code, shown large for the room. It is shown once; sending this page again makes another one."""
    sitting = _sitting(public_id, lock=True)
    made = codes.make_code(sitting, current_actor().public_id, clock.now())
    return render_template("sittings/code.html", sitting=sitting, code=made)


@blueprint.post("/<public_id>/console/doors")
@requires(Permission.SITTING_WATCH)
def doors(public_id: str) -> Any:
    """Open the sitting, or close it."""
    sitting, actor = _sitting(public_id, lock=True), current_actor().public_id
    try:
        if request.form.get("doors") == "open":
            planning.open_doors(sitting, actor, clock.now())
            flash(_("Open: whoever is recognised may start."), "success")
        else:
            planning.close_doors(sitting, actor)
            flash(_("Closed: nobody starts any more. Whoever writes goes on to the end of their time."), "success")
    except DomainError as error:
        transaction.begin_read()
        flash(error.message, "warning")
    return redirect(url_for("console.show", public_id=public_id))


@blueprint.post("/<public_id>/console/incidents")
@requires(Permission.SITTING_WATCH)
def incident(public_id: str) -> Any:
    """Note something that happened."""
    sitting, form = _sitting(public_id, lock=True), IncidentForm()
    _offer(form, roster.list_rows(sitting, clock.now()))
    if not form.validate():
        return _page(public_id, 422, incident=form)
    one = queries.get_seated(sitting.id, form.seat.data) if form.seat.data else None
    actor, holds = current_actor().public_id, bool(form.holds_release.data)
    incidents.report(sitting, one, form.kind.data, form.text.data or "", holds, actor, clock.now())
    flash(_("Noted. An officer decides on it."), "success")
    return redirect(url_for("console.show", public_id=public_id))
