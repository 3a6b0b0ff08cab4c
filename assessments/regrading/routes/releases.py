"""Results of one exam that are not released: what each waits for, ratifying and releasing."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.errors import DomainError
from app.policy import Permission, current_actor, fresh, requires
from assessments.exams.queries import get_exam
from assessments.regrading import ordering, queries
from assessments.results import queries as results
from assessments.results import services
from assessments.results.models import Result

blueprint = Blueprint("exam_releases", __name__, template_folder="../templates")


@blueprint.get("/office/exams/<code>/results")
@requires(Permission.RESULTS_RELEASE)
def waiting(code: str) -> str:
    """What is handed in and not released."""
    exam = get_exam(code)
    return render_template("regrading/results.html", exam=exam, rows=queries.list_unreleased(exam))


@blueprint.post("/office/exams/<code>/results")
@requires(Permission.RESULTS_RELEASE)
@fresh
def act(code: str) -> Any:
    """Ratify or release the chosen results, each as far as it may be; those that wait for something are named."""
    exam, actor, now = get_exam(code), current_actor().public_id, clock.now()
    found = [results.get_result(public_id) for public_id in request.form.getlist("result")[: queries.MOST_SHOWN]]
    mine = [result for result in found if result.code == exam.code]
    done, refused = 0, set()
    for result in mine:
        try:
            done += _one(result, request.form.get("act", ""), actor, now)
        except DomainError as error:
            refused.add(error.message)
    for message in sorted(refused):
        flash(message, "warning")
    flash(_("%(count)s results are done.", count=done), "success" if done else "info")
    return redirect(url_for("exam_releases.waiting", code=code))


def _one(result: Result, act: str, actor: str, now: Any) -> bool:
    if act == "ratify":
        done = services.ratify(result, actor, now)
        ordering.order_again([result.data["attempt"]], f"ratified:{result.public_id}")
        return done
    if result.person_id == current_actor().person_id:
        raise DomainError(_("This is your own result. Somebody else has to do this."))
    return services.release(result, actor, now)
