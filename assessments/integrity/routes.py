"""The integrity reports of an exam: ordering one, reading it, looking at sheets, noting what came of it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.errors import DomainError
from app.policy import Permission, current_actor, requires
from assessments.exams.queries import get_exam
from assessments.integrity import queries, seating, services, showing
from assessments.integrity.forms import NoteForm, ScopeForm
from assessments.integrity.models import IntegrityReport

blueprint = Blueprint("integrity", __name__, template_folder="templates")


@blueprint.get("/office/exams/<code>/integrity")
@requires(Permission.INTEGRITY_SEE)
def reports(code: str) -> Any:
    """The reports there are, and a form for another one."""
    return _list(code, None)


def _list(code: str, form: ScopeForm | None, status: int = 200) -> Any:
    exam = get_exam(code)
    sittings = seating.list_sittings(exam.id)
    if form is None:
        form = ScopeForm(formdata=None)
        form.offer(sittings)
    found = queries.list_reports(exam.id)
    names = queries.names_of({report.asked_by for report in found})
    html = render_template(
        "integrity/list.html", exam=exam, form=form, reports=found, names=names, sittings=dict(sittings)
    )
    return html, status


@blueprint.post("/office/exams/<code>/integrity")
@requires(Permission.INTEGRITY_SEE)
def order(code: str) -> Any:
    """Ask for a report."""
    exam, form = get_exam(code), ScopeForm()
    form.offer(seating.list_sittings(exam.id))
    if not form.validate():
        transaction.begin_read()
        return _list(code, form, 422)
    report = services.order_report(exam, form.chosen, current_actor().public_id, clock.now())
    return redirect(url_for("integrity.report", code=code, public_id=report.public_id))


@blueprint.get("/office/exams/<code>/integrity/<public_id>")
@requires(Permission.INTEGRITY_SEE)
def report(code: str, public_id: str) -> Any:
    """A report by candidate numbers; a page that waits while it is being made."""
    return _report_page(queries.get_report(code, public_id), None)


def _report_page(found: IntegrityReport, names: dict[str, str] | None) -> Any:
    exam = found.exam
    scope = _scope_words(found, dict(seating.list_sittings(exam.id)))
    if not found.data:
        return render_template("integrity/waiting.html", exam=exam, report=found, scope=scope)
    flags = showing.list_flags(found, names)
    return render_template(
        "integrity/report.html",
        exam=exam,
        report=found,
        scope=scope,
        data=found.data,
        flags=flags,
        sections=showing.in_sections(flags),
        charts=showing.charts(found.data),
        timing_rows=list(showing.rows_with(found, "timing", flags)),
        change_rows=list(showing.rows_with(found, "changes", flags)),
        names=names,
        began=[datetime.fromisoformat(found.data["looked_at"][end]) for end in ("first", "last")],
        asker=queries.names_of({found.asked_by}).get(found.asked_by, ""),
    )


def _scope_words(found: IntegrityReport, sittings: dict[str, str]) -> str:
    if found.sitting:
        return _("Every attempt of the sitting %(title)s", title=sittings.get(found.sitting, found.sitting))
    if found.days is None:
        return _("The first attempt of each candidate")
    return _("First attempts begun in the %(days)s days before it was asked for", days=found.days)


@blueprint.post("/office/exams/<code>/integrity/<public_id>/names")
@requires(Permission.INTEGRITY_SEE)
def names(code: str, public_id: str) -> Any:
    """The same report with the names of those it flags; the trail keeps who asked for them."""
    found = queries.get_report(code, public_id)
    flagged = {attempt for flag in found.data.get("flags", []) for attempt in flag["attempts"]}
    services.note_names_shown(found, current_actor().public_id)
    return _report_page(found, queries.names_of_attempts(flagged))


@blueprint.get("/office/exams/<code>/integrity/<public_id>/flags/<key>")
@requires(Permission.INTEGRITY_SEE)
def look(code: str, public_id: str, key: str) -> Any:
    """The answer sheets behind a flag, side by side, and what came of looking."""
    return _look(code, public_id, key, None)


def _look(code: str, public_id: str, key: str, form: NoteForm | None, status: int = 200) -> Any:
    found = queries.get_report(code, public_id)
    flag = next((one for one in showing.list_flags(found) if one.key == key), None)
    if flag is None:
        abort(404)
    if form is None:
        form = NoteForm(formdata=None)
        form.offer(in_sitting=flag.in_sitting)
    sats, questions = showing.side_by_side(services.get_flag(found, key))
    html = render_template(
        "integrity/look.html",
        exam=found.exam,
        report=found,
        flag=flag,
        sats=sats,
        questions=questions,
        form=form,
    )
    return html, status


@blueprint.post("/office/exams/<code>/integrity/<public_id>/flags/<key>")
@requires(Permission.INTEGRITY_SEE)
def note(code: str, public_id: str, key: str) -> Any:
    """Keep what came of looking at a flag."""
    found, form = queries.get_report(code, public_id), NoteForm()
    flag = services.get_flag(found, key)
    form.offer(in_sitting=showing.is_of_sitting(found, flag))
    if form.validate():
        try:
            services.note(found, flag, form.looked, current_actor().public_id, clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Noted."), "success")
            return redirect(url_for("integrity.report", code=code, public_id=public_id))
    transaction.begin_read()
    return _look(code, public_id, key, form, 422)
