"""The rules of an exam for officers."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app import transaction
from app.errors import DomainError
from app.policy import Permission, current_actor, fresh, requires
from assessments.exams import queries, ruling
from assessments.exams.models import Exam
from assessments.exams.rule_forms import RulesForm, rules_form

blueprint = Blueprint("exam_rules", __name__, template_folder="../templates")


def _page(exam: Exam, form: RulesForm, status: int = 200) -> Any:
    return render_template("exams/rules.html", exam=exam, form=form), status


@blueprint.get("/office/exams/<code>/rules")
@requires(Permission.EXAM_OFFICE)
def rules(code: str) -> Any:
    """Show the rules of an exam to be changed."""
    exam = queries.get_exam(code)
    return _page(exam, rules_form(exam, is_shown=True))


@blueprint.post("/office/exams/<code>/rules")
@requires(Permission.EXAM_OFFICE)
@fresh
def rules_post(code: str) -> Any:
    """Change the rules of an exam."""
    exam = queries.get_exam(code)
    form = rules_form(exam, is_shown=False)
    try:
        if not form.validate():
            return _page(exam, form, 422)
        is_changed = ruling.change_rules(exam, form.values(exam), current_actor().public_id)
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return _page(queries.get_exam(code), form, 422)
    if is_changed:
        flash(_("Saved as version %(version)s. Attempts that run keep their rules.", version=exam.version), "success")
    else:
        flash(_("Nothing was different, so nothing has changed."), "info")
    return redirect(url_for("exam_office.exams"))
