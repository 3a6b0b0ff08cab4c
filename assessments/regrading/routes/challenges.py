"""Challenges of questions, for officers."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.errors import DomainError
from app.policy import Permission, current_actor, requires
from assessments.regrading import challenges, queries
from assessments.regrading.forms import ChallengeForm

blueprint = Blueprint("challenges", __name__, template_folder="../templates")


@blueprint.get("/office/challenges")
@requires(Permission.KEYS_REVIEW)
def waiting() -> str:
    """Challenges that wait for a decision, and those that have one."""
    return render_template(
        "regrading/challenges.html",
        waiting=challenges.list_challenges(undecided=True),
        decided=challenges.list_challenges(undecided=False, most=50),
    )


def _page(public_id: str, form: ChallengeForm, status: int = 200) -> Any:
    found = challenges.get_challenge(public_id)
    html = render_template(
        "regrading/challenge.html",
        found=found,
        form=form,
        figures=queries.statistics_of([found.version.id]).get(found.version.id),
        others=[
            one
            for one in challenges.texts_about([found.version.id]).get(found.version.id, [])
            if one.id != found.report.id
        ],
    )
    return html, status


@blueprint.get("/office/challenges/<public_id>")
@requires(Permission.KEYS_REVIEW)
def challenge(public_id: str) -> Any:
    """One challenge beside its question."""
    return _page(public_id, ChallengeForm(formdata=None))


@blueprint.post("/office/challenges/<public_id>")
@requires(Permission.KEYS_REVIEW)
def decide(public_id: str) -> Any:
    """Decide it; one that is upheld leads on to a regrade."""
    form, found = ChallengeForm(), challenges.get_challenge(public_id)
    if not form.validate():
        return _page(public_id, form, 422)
    upheld = form.upheld.data == "yes"
    try:
        challenges.decide(found, upheld, form.answer.data or "", current_actor().public_id, clock.now())
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _page(public_id, form, 409)
    flash(_("Decided, and the candidate is told."), "success")
    if upheld:
        return redirect(url_for("regrades.new", code=found.exam.code, version=found.version.id))
    return redirect(url_for("challenges.waiting"))
