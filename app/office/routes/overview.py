"""The officers' desk: decisions first, then figures; jobs, messages and the trail behind them."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.audit.services import record
from app.errors import Missing
from app.extensions import db
from app.jobs import ledger
from app.office import queries, trail_words, work_words
from app.office.queries import PAGE
from app.policy import Permission, current_actor, requires

blueprint = Blueprint("office", __name__, template_folder="../templates")


@blueprint.get("/office")
@requires(Permission.OFFICE_SEE)
def desk() -> Any:
    """What waits, and how the body stands."""
    now = clock.now()
    return render_template(
        "office/desk.html", waiting=queries.list_waiting(now), figures=queries.list_figures(now), now=now
    )


@blueprint.get("/office/jobs")
@requires(Permission.JOBS_SEE)
def jobs() -> Any:
    """Work that is done after the answer: what waits, what failed and why."""
    rows = [(job, work_words.job_words(job.kind)) for job in queries.list_jobs()]
    return render_template("office/jobs.html", jobs=rows, counts=queries.count_jobs())


@blueprint.post("/office/jobs/<public_id>/retry")
@requires(Permission.JOBS_SEE)
def retry_job(public_id: str) -> Any:
    """Try a job that was given up once more."""
    if not ledger.retry(db.session(), public_id, clock.now()):
        raise Missing
    record("job.retried", actor=current_actor().public_id, subject=("job", public_id))
    flash(_("The job is tried again."), "success")
    return redirect(url_for("office.jobs"))


@blueprint.get("/office/outbox")
@requires(Permission.MAIL_SEE)
def outbox() -> Any:
    """Messages: what left, what waits, what failed."""
    rows = queries.list_messages((request.args.get("before") or "")[:20])
    more = rows[PAGE - 1].public_id if len(rows) > PAGE else ""
    return render_template("office/outbox.html", rows=rows[:PAGE], more=more)


@blueprint.get("/office/audit")
@requires(Permission.AUDIT_SEE)
def audit() -> Any:
    """The trail: who did what, when."""
    about, act = ((request.args.get(name) or "").strip()[:60] for name in ("about", "act"))
    rows = queries.list_trail(about, request.args.get("before", 0, type=int), act=act)
    shown = rows[:PAGE]
    ids = {entry.actor for entry, _personal in shown} | {entry.object_id for entry, _personal in shown}
    more = shown[-1][0].seq if len(rows) > PAGE else 0
    return render_template(
        "office/audit.html",
        rows=shown,
        names=queries.names_of(ids),
        asked={"about": about, "act": act},
        acts=[("", _("Any act")), *trail_words.list_acts()],
        words=trail_words,
        more=more,
    )


@blueprint.get("/office/events")
@requires(Permission.AUDIT_SEE)
def what_happens_when() -> Any:
    """The table of wiring, for whoever wants to know what an act sets off."""
    jobs = current_app.extensions["jobs"]
    events = [
        (work_words.event_words(event), work_words.answer_words(handler))
        for event, handler in current_app.extensions["bus"].table()
    ]
    kinds = sorted((work_words.job_words(kind), kind in jobs.periodic) for kind in jobs.by_kind)
    return render_template("office/events.html", events=events, kinds=kinds)
