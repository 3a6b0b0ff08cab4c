"""The learner's pages of a practical: what is asked, the draft, handing in, how it stands."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.accounts.queries import get_own
from app.errors import DomainError, Missing, Stale
from app.policy import Permission, authorise, current_actor, requires
from app.storage.services import as_attachment
from assessments.practicals import drafting, queries, release_queries, rules, standing, submissions
from assessments.practicals.forms import DraftForm, HandInForm, read_text
from assessments.practicals.lessons import link_lessons
from assessments.practicals.models import Practical, Submission, SubmissionState

blueprint = Blueprint("practicals", __name__, url_prefix="/practicals", template_folder="../templates")


def _page(practical: Practical, status: int = 200, **shown: Any) -> tuple[str, int]:
    """The practical as it stands for its reader; `shown` brings a form with what was typed."""
    actor = current_actor()
    attempts = queries.list_attempts(actor.person_id, practical.id)
    results = release_queries.results_of([attempt.id for attempt in attempts])
    lessons = link_lessons(practical.course_code, actor.person_id)
    stands = [standing.stand(attempt, results.get(attempt.id), lessons) for attempt in attempts]
    current = stands[0] if stands and stands[0].attempt.state != SubmissionState.WITHDRAWN else None
    draft = current.attempt if current and current.attempt.state == SubmissionState.DRAFT else None
    if draft is not None and "form" not in shown:
        shown["form"] = DraftForm(formdata=None, text=draft.text, version=draft.version)
    html = render_template(
        "practicals/show.html",
        practical=practical,
        current=current,
        draft=draft,
        earlier=[stand for stand in stands if stand is not current],
        way=standing.way(current) if current and draft is None else [],
        may_begin=not stands or (draft is None and not _is_settled(stands, practical.code)),
        earliest=clock.now() + timedelta(days=practical.calendar_days),
        text_hash=rules.sha256_of,
        **{"theirs": None} | shown,
    )
    return html, status


def _is_settled(stands: list[standing.Standing], code: str) -> bool:
    """Whether there is nothing to begin: work is under way, or an attempt has passed that counts."""
    if stands[0].attempt.state in queries.OPEN:
        return True
    passed = any(stand.has_passed for stand in stands)
    return passed and queries.has_passed(current_actor().person_id, code, clock.now())


@blueprint.get("/<code>")
@requires(Permission.PRACTICALS_OWN)
def show(code: str) -> Any:
    """A practical and how one's own work on it stands."""
    return _page(queries.get_practical(code))


@blueprint.get("/<code>/brief")
@requires(Permission.PRACTICALS_OWN)
def brief(code: str) -> Any:
    """What is asked."""
    return render_template("practicals/brief.html", practical=queries.get_practical(code))


@blueprint.get("/<code>/criteria")
@requires(Permission.PRACTICALS_OWN)
def criteria(code: str) -> Any:
    """The rubric, readable before a line is written."""
    practical = queries.get_practical(code)
    return render_template(
        "practicals/criteria.html",
        practical=practical,
        rubric=queries.get_rubric(practical.rubric_code),
        lessons=link_lessons(practical.course_code, current_actor().person_id),
        level_word=standing.level_word,
    )


@blueprint.get("/<code>/case")
@blueprint.get("/<code>/case/<name>")
@requires(Permission.PRACTICALS_OWN)
def case(code: str, name: str = "") -> Any:
    """A page of the supplied case, the first one unless named."""
    practical = queries.get_practical(code)
    pages = practical.dossier
    here = next((n for n, page in enumerate(pages) if page["name"] == name or not name), None)
    if here is None:
        raise Missing
    return render_template("practicals/case.html", practical=practical, pages=pages, here=here)


@blueprint.post("/<code>/begin")
@requires(Permission.PRACTICALS_OWN)
def begin(code: str) -> Any:
    """Begin an attempt, or go on with the one that is open."""
    practical = queries.get_practical(code)
    submissions.open_draft(get_own(current_actor().person_id), practical, clock.now())
    return redirect(url_for("practicals.show", code=code))


@blueprint.post("/<code>/draft")
@requires(Permission.PRACTICALS_OWN)
@transaction.slow_first
def save(code: str) -> Any:
    """Save the text, add or remove files, and go on to hand in: one form, so that nothing typed is left behind."""
    practical, form, actor = queries.get_practical(code), DraftForm(), current_actor()
    sent = drafting.prepare_all(request.files.getlist("file"), practical)
    if not form.validate():
        return _page(practical, 422, form=form)
    transaction.begin_write()
    practical = queries.get_practical(code)
    draft = queries.find_open(actor.person_id, practical.id, lock=True)
    if draft is None or draft.state != SubmissionState.DRAFT:
        flash(_("This work has been handed in, so it can no longer be changed."), "warning")
        return redirect(url_for("practicals.show", code=code))
    authorise(Permission.PRACTICALS_OWN, draft)
    try:
        submissions.save_text(draft, form.text.data or "", form.version.data or 0, clock.now())
        refused = drafting.change_files(
            draft, practical, sent, request.form.get("act", ""), actor.public_id, clock.now()
        )
    except Stale as error:
        return _show_both(code, form, error)
    if refused:
        return _page_with_refused(practical, draft, refused)
    if request.form.get("act") == "hand-in":
        return redirect(url_for("practicals.hand_in", code=code))
    flash(_("Saved."), "success")
    return redirect(url_for("practicals.show", code=code))


def _show_both(code: str, form: DraftForm, error: Stale) -> Any:
    """A text that was saved elsewhere meanwhile, beside what was typed here; sending again overwrites it knowingly."""
    transaction.begin_read()
    practical = queries.get_practical(code)
    draft = queries.find_open(current_actor().person_id, practical.id)
    assert draft is not None
    form.version.data, form.version.raw_data = draft.version, None
    form.refuse(DomainError(error.message, "text"))
    return _page(practical, 409, form=form, theirs=draft)


def _page_with_refused(practical: Practical, draft: Submission, refused: list[str]) -> Any:
    """What could be kept is kept, so the page is no refusal; each file that was not is named beside the field."""
    form = DraftForm(formdata=None, text=draft.text, version=draft.version)
    form.file.errors = refused
    return _page(practical, form=form)


@blueprint.put("/<code>/draft")
@requires(Permission.PRACTICALS_OWN)
def autosave(code: str) -> Any:
    """Save the text as it is typed: JSON {text, version} to {version, saved}; 409 brings the text saved elsewhere."""
    given = request.get_json(silent=True)
    if not isinstance(given, dict) or not isinstance(given.get("text"), str) or type(given.get("version")) is not int:
        return jsonify(error=_("This could not be read. Open the page again.")), 400
    practical = queries.get_practical(code)
    draft = queries.lock_draft(current_actor().person_id, practical.id)
    try:
        saved = submissions.save_text(draft, read_text(given["text"], "text"), given["version"], clock.now())
    except Stale as error:
        return jsonify(error=error.message, version=draft.version, text=draft.text), 409
    except DomainError as error:
        return jsonify(error=error.message), 422
    return jsonify(version=saved.version, saved=_("Saved at %(time)s", time=standing.show_clock(saved.at)))


@blueprint.get("/<code>/files/<file_id>")
@requires(Permission.PRACTICALS_OWN)
def file(code: str, file_id: str) -> Response:
    """One of one's own files, as a download."""
    return as_attachment(queries.get_own_file(current_actor().person_id, code, file_id))


@blueprint.get("/<code>/hand-in")
@requires(Permission.PRACTICALS_OWN)
def hand_in(code: str) -> Any:
    """What is about to be handed in, and the declaration."""
    practical = queries.get_practical(code)
    return _confirm(practical, HandInForm(formdata=None, version=practical.declaration_version))


def _confirm(practical: Practical, form: HandInForm, status: int = 200) -> Any:
    actor = current_actor()
    draft = queries.find_open(actor.person_id, practical.id)
    if draft is None or draft.state != SubmissionState.DRAFT:
        return redirect(url_for("practicals.show", code=practical.code))
    spoken = [draft.text, *(file.stored.shown_name for file in draft.files)]
    html = render_template(
        "practicals/hand-in.html",
        practical=practical,
        draft=draft,
        form=form,
        words=len(draft.text.split()),
        named=rules.names_in(" ".join(spoken), [actor.name]),
        due=rules.due_at(clock.now()),
    )
    return html, status


@blueprint.post("/<code>/hand-in")
@requires(Permission.PRACTICALS_OWN)
def hand_in_post(code: str) -> Any:
    """Hand the draft in."""
    practical, form, actor = queries.get_practical(code), HandInForm(), current_actor()
    if not form.validate():
        return _confirm(practical, form, 422)
    if form.version.data != practical.declaration_version:
        form.version.data, form.version.raw_data = practical.declaration_version, None
        form.refuse(DomainError(_("The declaration has changed. Read it again before you agree."), "agree"))
        return _confirm(practical, form, 409)
    try:
        draft = queries.lock_draft(actor.person_id, practical.id)
        submissions.submit(draft, practical, get_own(actor.person_id), clock.now())
    except Missing:  # the second press of the button
        return redirect(url_for("practicals.show", code=code))
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _confirm(queries.get_practical(code), form, 422)
    flash(_("Handed in. Your receipt is below, and in a mail to you."), "success")
    return redirect(url_for("practicals.show", code=code))


@blueprint.post("/<code>/withdraw")
@requires(Permission.PRACTICALS_OWN)
def withdraw(code: str) -> Any:
    """Take work back that no assessor has begun to read."""
    attempt = queries.lock_own(current_actor().person_id, request.form.get("attempt", ""))
    authorise(Permission.PRACTICALS_OWN, attempt)
    submissions.withdraw(attempt, current_actor().public_id)
    flash(_("Taken back. You can begin again from the same text and files."), "success")
    return redirect(url_for("practicals.show", code=code))
