"""Practice, free to everybody as the lessons are: the quiz of a module, and "check yourself" inside a lesson."""

import secrets
from typing import Any

from flask import Blueprint, render_template, request
from markupsafe import Markup

from app.accounts.kept import safe_next
from app.errors import Missing
from app.policy import Permission, requires
from assessments.exams.wording import in_words
from assessments.items.models import ItemVersion
from assessments.items.queries import get_practice_item
from assessments.items.rendering import read_answer
from assessments.quizzes import queries
from assessments.quizzes.models import PracticeQuiz
from assessments.quizzes.practice import SEED, Practised, answer, show
from assessments.quizzes.services import bank_code

blueprint = Blueprint("quizzes", __name__, template_folder="templates")
blueprint.add_app_template_filter(in_words, "in_words")


def _seed(given: str | None) -> str:
    return given if given and SEED.fullmatch(given) else secrets.token_hex(4)


def check_yourself(course_code: str, item_code: str) -> Markup:
    """The card of one practice item for a lesson; empty where the course has no such item."""
    try:
        version = get_practice_item(bank_code(course_code), item_code)
    except Missing:
        return Markup("")
    return _card(course_code, show(version, _seed(None)), request.path)


def _card(course_code: str, shown: Practised, back: str) -> Markup:
    html = render_template("quizzes/_check.html", course_code=course_code, shown=shown, back=back)
    return Markup(html)  # noqa: S704  made by our own template


@blueprint.post("/practice/<course_code>/<item_code>")
@requires(Permission.PUBLIC)
def check(course_code: str, item_code: str) -> Any:
    """Feedback on one practice item: the card alone for the lesson's module, else a page with the way back."""
    version = get_practice_item(bank_code(course_code), item_code)
    shown = answer(version, _seed(request.form.get("seed")), read_answer(request.form))
    back = safe_next(request.form.get("back"))
    status = 422 if shown.error else 200
    if request.headers.get("X-Fragment"):
        return _card(course_code, shown, back), status
    return render_template("quizzes/check.html", course_code=course_code, shown=shown, back=back), status


@blueprint.get("/learn/<course_code>/<module_code>/quiz")
@requires(Permission.PUBLIC)
def quiz(course_code: str, module_code: str) -> Any:
    """One question of the practice quiz; `?q=` says which."""
    found = queries.get_quiz(course_code, module_code)
    questions = queries.list_questions(found.id)
    place = request.args.get("q", 1, type=int)
    return _page(found, questions, place, show(_at(questions, place), _seed(None)))


@blueprint.post("/learn/<course_code>/<module_code>/quiz")
@requires(Permission.PUBLIC)
def quiz_answer(course_code: str, module_code: str) -> Any:
    """The same question with feedback on the answer given."""
    found = queries.get_quiz(course_code, module_code)
    questions = queries.list_questions(found.id)
    place = request.args.get("q", 1, type=int)
    shown = answer(_at(questions, place), _seed(request.form.get("seed")), read_answer(request.form))
    return _page(found, questions, place, shown), 422 if shown.error else 200


def _at(questions: list[ItemVersion], place: int) -> ItemVersion:
    if not 1 <= place <= len(questions):
        raise Missing
    return questions[place - 1]


def _page(found: PracticeQuiz, questions: list[ItemVersion], place: int, shown: Practised) -> str:
    return render_template("quizzes/quiz.html", quiz=found, last=len(questions), place=place, shown=shown)
