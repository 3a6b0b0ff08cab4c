"""The officer's page on which results of practicals are released, one or several in one act."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.policy import Permission, current_actor, fresh, requires
from assessments.practicals import judging, release_queries

blueprint = Blueprint("releases", __name__, url_prefix="/office/results", template_folder="../templates")


@blueprint.get("")
@requires(Permission.RESULTS_RELEASE)
def waiting() -> str:
    """What is marked and waits to be released."""
    found = release_queries.list_waiting(current_actor().person_id)
    return render_template("practicals/releases.html", waiting=found, now=clock.now())


@blueprint.post("")
@requires(Permission.RESULTS_RELEASE)
@fresh
def release() -> Any:
    """Release the chosen results; those released meanwhile are left as they are."""
    chosen = request.form.getlist("result")[: release_queries.MOST_SHOWN]
    if not chosen:
        flash(_("Choose at least one result to release."), "warning")
        return redirect(url_for("releases.waiting"))
    count = judging.release(release_queries.lock_results(chosen), current_actor(), clock.now())
    done = _("One result is released.") if count == 1 else _("%(count)s results are released.", count=count)
    flash(done if count else _("These results had been released already."), "success" if count else "info")
    return redirect(url_for("releases.waiting"))
