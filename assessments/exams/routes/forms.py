"""Forms of exams for authors and officers: the list, one form, making, locking, retiring, and a look as a learner."""

import secrets
from collections.abc import Callable, Sequence
from random import SystemRandom
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.errors import DomainError, Missing
from app.policy import Permission, current_actor, fresh, requires
from assessments.exams import asking, making, queries
from assessments.exams.errors import BankShort
from assessments.exams.models import ExamForm
from assessments.exams.rule_forms import MakeForm
from assessments.items.rendering import public_view

blueprint = Blueprint("exam_forms", __name__, template_folder="../templates")


@blueprint.get("/exam-forms")
@requires(Permission.EXAM_FORMS)
def forms() -> Any:
    """Every exam with its forms."""
    rows = making.list_forms()
    shown = [(exam, [row for row in rows if row.form.exam_id == exam.id]) for exam in queries.list_exams()]
    return render_template("exams/forms.html", exams=shown)


@blueprint.get("/exam-forms/<code>/new")
@requires(Permission.EXAM_FORMS)
def new(code: str) -> Any:
    """Ask how many forms to make."""
    return _make_page(code, MakeForm(formdata=None, count=2))


def _make_page(code: str, form: MakeForm, cells: Sequence[str] = (), status: int = 200) -> Any:
    exam = queries.get_exam(code)
    return render_template("exams/make-forms.html", exam=exam, form=form, cells=cells), status


@blueprint.post("/exam-forms/<code>/new")
@requires(Permission.EXAM_FORMS)
def new_post(code: str) -> Any:
    """Make drafts."""
    exam, form = queries.get_exam(code), MakeForm()
    if not form.validate():
        return _make_page(code, form, status=422)
    try:
        made = making.make_forms(exam, form.count.data or 0, current_actor().public_id, clock.now(), SystemRandom())
    except BankShort as short:
        form.refuse(DomainError(_("The bank lacks questions for this blueprint."), "count"))
        transaction.begin_read()
        return _make_page(code, form, short.cells, 422)
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _make_page(code, form, status=422)
    codes = ", ".join(one.code for one in made)
    flash(_("Made: %(codes)s. Somebody else looks at them and locks them.", codes=codes), "success")
    return redirect(url_for("exam_forms.forms"))


@blueprint.get("/exam-forms/<code>/compare")
@requires(Permission.EXAM_FORMS)
def compare(code: str) -> Any:
    """How much the forms of an exam have in common."""
    exam = queries.get_exam(code)
    return render_template("exams/compare-forms.html", exam=exam, found=making.compare(exam.id))


@blueprint.get("/exam-forms/<code>/forms/<public_id>")
@requires(Permission.EXAM_FORMS)
def form(code: str, public_id: str) -> Any:
    """One form: its questions in order, and what can be done with it."""
    return _form_page(_get(code, public_id))


def _get(code: str, public_id: str) -> ExamForm:
    found = making.get_form(public_id)
    if found.exam.code != code:
        raise Missing
    return found


def _form_page(found: ExamForm, status: int = 200) -> Any:
    html = render_template(
        "exams/form.html",
        form=found,
        asked=making.list_asked(found),
        retirer=making.find_retirer(found),
        sha256=found.sha256 or making.sha256_of(found),
    )
    return html, status


def _act(code: str, public_id: str, act: Callable[[ExamForm, str], None], done: str) -> Any:
    try:
        act(_get(code, public_id), current_actor().public_id)
    except Missing:
        raise
    except DomainError as error:
        transaction.begin_read()
        flash(error.message, "warning")
        return _form_page(_get(code, public_id), error.status)
    flash(done, "success")
    return redirect(url_for("exam_forms.form", code=code, public_id=public_id))


@blueprint.post("/exam-forms/<code>/forms/<public_id>/lock")
@requires(Permission.EXAM_FORMS)
@fresh
def lock(code: str, public_id: str) -> Any:
    """Lock a draft, as a second person."""
    done = _("The form is locked. Attempts may be given it.")
    return _act(code, public_id, lambda found, actor: making.lock_form(found, actor, clock.now()), done)


@blueprint.post("/exam-forms/<code>/forms/<public_id>/drop")
@requires(Permission.EXAM_FORMS)
def drop(code: str, public_id: str) -> Any:
    """Lay a draft aside."""
    return _act(code, public_id, making.drop_form, _("The draft is laid aside."))


@blueprint.post("/exam-forms/<code>/forms/<public_id>/retire")
@requires(Permission.EXAM_FORMS)
@fresh
def retire(code: str, public_id: str) -> Any:
    """Ask that a locked form is retired, or agree to it as a second person."""
    if making.find_retirer(_get(code, public_id)):
        return _act(code, public_id, making.retire_form, _("The form is retired. Attempts that had it keep it."))
    return _act(
        code, public_id, making.ask_to_retire, _("Asked for. Once a second person agrees, the form is retired.")
    )


@blueprint.get("/exam-forms/<code>/preview")
@requires(Permission.EXAM_FORMS)
def preview(code: str) -> Any:
    """An exam as a learner would see it: of a form (`form`) or drawn with `seed`. Nothing is stored, nothing counts."""
    seed = request.args.get("seed", "")
    if not seed or len(seed) > 40:
        kept = request.args.get("form")
        return redirect(url_for("exam_forms.preview", code=code, form=kept, seed=secrets.token_hex(8)))
    exam, form_id = queries.get_exam(code), request.args.get("form", "")
    chosen = _get(code, form_id) if form_id else None
    questions = asking.preview(exam, chosen.content if chosen else None, seed)
    position = request.args.get("q", 1, type=int)
    if not 1 <= position <= len(questions):
        raise Missing
    question = questions[position - 1]
    version = queries.get_version(question.item_version_id)
    return render_template(
        "exams/preview.html",
        exam=exam,
        form=chosen,
        seed=seed,
        position=position,
        last=len(questions),
        question=question,
        stimulus=version.stimulus,
        item=public_view(version.content, question.order),
        part=(exam.sections[question.section] if exam.sections else None),
    )
