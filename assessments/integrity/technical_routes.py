"""The technical report of an exam: the page, and its table of items as a file."""

from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from app.policy import Permission, requires
from assessments.exams.queries import get_exam
from assessments.exams.wording import in_words
from assessments.integrity import technical

blueprint = Blueprint("technical_report", __name__, template_folder="templates")


@blueprint.get("/office/exams/<code>/technical-report")
@requires(Permission.INTEGRITY_SEE)
def page(code: str) -> Any:
    """How well the exam measures, for officers and for whoever asks them."""
    exam = get_exam(code)
    found = technical.analyse(exam)
    return render_template(
        "integrity/technical.html", exam=exam, found=found, standing=_standing(found), in_words=in_words
    )


def _standing(found: technical.Technical) -> tuple[str, str]:
    """What this many attempts allow to be said, and the tone of it."""
    n = found.attempts
    if found.is_too_few:
        words = ngettext(
            "%(num)s attempt. Under 30 no question is flagged, and the figures below may be quite different with other people.",
            "%(num)s attempts. Under 30 no question is flagged, and the figures below may be quite different with other people.",
            n,
        )
        return words, "warning"
    if found.is_provisional:
        return _(
            "%(n)s attempts: provisional. From 100 on the figures begin to settle; look at the intervals.", n=n
        ), "info"
    return _("%(n)s attempts. The intervals say how far each figure can be trusted.", n=n), "success"


@blueprint.get("/office/exams/<code>/technical-report.csv")
@requires(Permission.INTEGRITY_SEE)
def table(code: str) -> Response:
    """The table of items as a file for spreadsheets."""
    exam = get_exam(code)
    answer = Response(technical.as_csv(technical.analyse(exam)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="technical-report-{exam.code}.csv"'
    return answer
