"""Key reviews for officers: opening one, deciding on each question, signing."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.errors import DomainError
from app.policy import Permission, current_actor, requires
from assessments.analysis.thresholds import THRESHOLDS
from assessments.exams.queries import get_exam
from assessments.items import queries as items
from assessments.regrading import challenges, key_reviews, queries, words
from assessments.regrading.forms import NoteForm

blueprint = Blueprint("key_reviews", __name__, template_folder="../templates")


@blueprint.get("/office/exams/<code>/keys")
@requires(Permission.KEYS_REVIEW)
def keys(code: str) -> str:
    """The key reviews of an exam, its regrades, and what could be looked at now."""
    exam = get_exam(code)
    return render_template(
        "regrading/keys.html",
        exam=exam,
        ready=len(key_reviews.list_reviewable(exam)),
        reviews=queries.list_reviews(exam.id),
        regrades=queries.list_regrades(exam.id),
        states=words.state_words(),
    )


@blueprint.post("/office/exams/<code>/keys")
@requires(Permission.KEYS_REVIEW)
def open_review(code: str) -> Any:
    """Open a review over everything that is scored and not released."""
    exam = get_exam(code)
    try:
        sitting = request.form.get("sitting", "")[:20]
        review = key_reviews.open_review(exam, sitting, current_actor().public_id, clock.now())
    except DomainError as error:
        flash(error.message, "info")
        return redirect(url_for("key_reviews.keys", code=code))
    return redirect(url_for("key_reviews.review", public_id=review.public_id))


def _page(public_id: str, status: int = 200, fault: str = "") -> Any:
    review = queries.get_review(public_id)
    versions = [question["version_id"] for question in review.findings["questions"]]
    html = render_template(
        "regrading/review.html",
        review=review,
        exam=review.exam,
        contents=items.contents(versions),
        said=challenges.texts_about(versions),
        open_codes=key_reviews.undecided(review) if review.state == "open" else [],
        states=words.state_words(),
        fewest=THRESHOLDS.fewest,
        form=NoteForm(formdata=None),
        fault=fault,
    )
    return html, status


@blueprint.get("/office/key-reviews/<public_id>")
@requires(Permission.KEYS_REVIEW)
def review(public_id: str) -> Any:
    """One review: every question with its figures and challenges."""
    return _page(public_id)


@blueprint.post("/office/key-reviews/<public_id>/questions/<int:version>")
@requires(Permission.KEYS_REVIEW)
def decide(public_id: str, version: int) -> Any:
    """Note a decision on one question; a change leads on to its regrade."""
    found, decision = queries.get_review(public_id), request.form.get("decision", "")
    code = found.exam.code
    try:
        key_reviews.decide(found, version, decision, request.form.get("note", ""), current_actor().public_id)
    except DomainError as error:
        transaction.begin_read()
        return _page(public_id, 422, error.message)
    if decision == key_reviews.CHANGE:
        return redirect(url_for("regrades.new", code=code, version=version, review=public_id))
    return redirect(f"{url_for('key_reviews.review', public_id=public_id)}#version-{version}")


@blueprint.post("/office/key-reviews/<public_id>/sign")
@requires(Permission.KEYS_REVIEW)
def sign(public_id: str) -> Any:
    """Sign for the keys."""
    form = NoteForm()
    try:
        key_reviews.sign(queries.get_review(public_id), form.note.data or "", current_actor().public_id, clock.now())
    except DomainError as error:
        transaction.begin_read()
        return _page(public_id, 409, error.message)
    flash(_("Signed. The results it covers go on to their release."), "success")
    return redirect(url_for("key_reviews.review", public_id=public_id))
