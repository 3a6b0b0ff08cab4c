"""The officers' desk: decisions first, then figures; jobs, messages and the trail behind them."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.audit.services import record
from app.errors import Missing
from app.extensions import db
from app.jobs import ledger
from app.office import queries
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
    return render_template("office/jobs.html", jobs=queries.list_jobs(), counts=queries.count_jobs())


@blueprint.post("/office/jobs/<int:job_id>/retry")
@requires(Permission.JOBS_SEE)
def retry_job(job_id: int) -> Any:
    """Try a job that was given up once more."""
    if not ledger.retry(db.session(), job_id, clock.now()):
        raise Missing
    record("job.retried", actor=current_actor().public_id, subject=("job", str(job_id)))
    flash(_("The job is tried again."), "success")
    return redirect(url_for("office.jobs"))


@blueprint.get("/office/outbox")
@requires(Permission.MAIL_SEE)
def outbox() -> Any:
    """Messages: what left, what waits, what failed."""
    rows = queries.list_messages(request.args.get("before", 0, type=int))
    more = rows[PAGE - 1].id if len(rows) > PAGE else 0
    return render_template("office/outbox.html", rows=rows[:PAGE], more=more)


@blueprint.get("/office/audit")
@requires(Permission.AUDIT_SEE)
def audit() -> Any:
    """The trail: who did what, when."""
    about = (request.args.get("about") or "").strip()[:60]
    rows = queries.list_trail(about, request.args.get("before", 0, type=int))
    shown = rows[:PAGE]
    ids = {entry.actor for entry, _personal in shown} | {entry.object_id for entry, _personal in shown}
    more = shown[-1][0].seq if len(rows) > PAGE else 0
    return render_template("office/audit.html", rows=shown, names=queries.names_of(ids), about=about, more=more)


@blueprint.get("/office/events")
@requires(Permission.AUDIT_SEE)
def what_happens_when() -> Any:
    """The table of wiring, for whoever wants to know what an act sets off."""
    jobs = current_app.extensions["jobs"]
    return render_template(
        "office/events.html", table_rows=current_app.extensions["bus"].table(), kinds=sorted(jobs.by_kind)
    )
