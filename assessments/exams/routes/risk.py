"""What an exam risks: stated by officers, computed from its bank, and tried out."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import transaction
from app.policy import Permission, current_actor, requires
from assessments.exams import queries, risks
from assessments.exams.models import Exam
from assessments.exams.risk_forms import HUNDRED, RiskForm, SimulatorForm
from assessments.grading.numbers import plain_text

blueprint = Blueprint("exam_risk", __name__, template_folder="../templates")
# What most bodies would start from: far apart enough to be told apart by an exam of reasonable length.
BEGIN = {"knows_low": 50, "knows_high": 80, "false_pass": 5, "false_fail": 10, "fails_within": 1, "days": 365}


def _short(value: Decimal) -> Decimal:
    """A number without zeros behind its point, and never as 5E+1."""
    return Decimal(plain_text(value))


def _filled(exam: Exam) -> RiskForm:
    if not exam.risk:
        return RiskForm(formdata=None, data=BEGIN)
    shares = {name: _short(Decimal(exam.risk[name]) * HUNDRED) for name in risks.SHARES}
    return RiskForm(formdata=None, data=exam.risk | shares)


def _page(exam: Exam, form: RiskForm, status: int = 200) -> Any:
    stated = risks.read_risks(exam.risk)
    simulator, tried = _simulated(exam)
    html = render_template(
        "exams/risk.html",
        exam=exam,
        form=form,
        stated=stated,
        found=risks.assess(exam, stated, exam.risk["days"]) if stated and exam.risk else None,
        questions=sum(cell["draw"] for cell in exam.blueprint),
        simulator=simulator,
        tried=tried,
        people=risks.SIMULATED_PEOPLE,
    )
    return html, status


def _simulated(exam: Exam) -> tuple[SimulatorForm, list[Any]]:
    asked = request.args if "cut" in request.args else None
    begin = {"cut": _short(exam.pass_percent), "attempts": exam.attempts, "learns": 0}
    form = SimulatorForm(formdata=asked, data=begin)
    if asked is None or not form.validate():
        return form, []
    learns = (form.learns.data or Decimal(0)) / HUNDRED
    return form, risks.try_out(exam, form.cut.data or Decimal(0), form.attempts.data or 1, learns)


@blueprint.get("/office/exams/<code>/risk")
@requires(Permission.EXAM_OFFICE)
def risk(code: str) -> Any:
    """What the exam may risk, what it does risk, and what would change it."""
    exam = queries.get_exam(code)
    return _page(exam, _filled(exam))


@blueprint.post("/office/exams/<code>/risk")
@requires(Permission.EXAM_OFFICE)
def risk_post(code: str) -> Any:
    """State the risks the body accepts."""
    exam, form = queries.get_exam(code), RiskForm()
    if not form.validate():
        transaction.begin_read()
        return _page(queries.get_exam(code), form, 422)
    risks.state_risks(exam, form.risks, form.days.data or 1, current_actor().public_id)
    flash(_("Stated. Candidates read it with the rules of the exam."), "success")
    return redirect(url_for("exam_risk.risk", code=code))
