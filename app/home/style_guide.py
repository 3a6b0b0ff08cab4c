"""The style guide: every component in every state, with made-up contents, for those who draw and those who check."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovRadioInput, GovSelect
from werkzeug.datastructures import MultiDict
from wtforms import DateField, FileField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app import forms
from app.home.style_guide_items import questions
from app.policy import Permission, requires

blueprint = Blueprint("style_guide", __name__, template_folder="templates")
LONG_NAME = (
    "Wilhelmina-Maximiliana Konstantinopolitanskaya y Fernández de la Villavieja-Sant’Ambrogio, "
    "called “Mina”, of the Very Long Names of the Northern Archipelago, II"
)
KINDS = [
    SelectChoice("case", _l("A case study")),
    SelectChoice("call", _l("A reference call")),
    SelectChoice("other", _l("Something else"), render_kw={"disabled": True}),
]
LEVELS = [SelectChoice("f", _l("Foundation")), SelectChoice("p", _l("Practitioner"))]
TOPICS = [SelectChoice("1", _l("Profession")), SelectChoice("2", _l("Strategy"))]


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.line(_l("Your name"), required=_l("Enter your name."), description=_l("As on a certificate."))
    email = forms.address(_l("E-mail address"), required=_l("Enter your e-mail address."))
    password = forms.secret(_l("Password"), required=_l("Enter your password."))
    note = forms.text(_l("What happened"), required=_l("Say what happened."), most=120)
    ties = forms.line(_l("Other ties"))
    level = SelectField(_l("Level"), choices=LEVELS, widget=GovSelect())
    kind = RadioField(
        _l("What was asked for?"), [InputRequired(_l("Choose one."))], choices=KINDS, widget=GovRadioInput()
    )
    topics = SelectMultipleField(_l("Topics"), choices=TOPICS)
    agree = forms.tick(_l("I agree to the code of conduct"), required=_l("Tick the box to go on."))
    on = DateField(_l("On which day?"), format="%d %m %Y", widget=GovDateInput())
    paper = FileField(_l("Your file"))


def _faulty_form() -> SampleForm:
    typed = MultiDict({"name": "", "email": "nobody at example", "note": "x" * 130, "level": "p", "on": "31"})
    form = SampleForm(formdata=typed, prefix="bad", meta={"csrf": False})
    form.process(MultiDict({f"bad-{name}": value for name, value in typed.items()}))
    form.validate()
    form.paper.errors = [_("This file is larger than 10 MB. Choose a smaller one.")]
    return form


def _path() -> list[dict[str, Any]]:
    rows = [
        ("F1", _("Why a profession"), _("Done 12 October"), "done", 1, "", "#path"),
        ("F2", _("From tactician to strategist"), _("Done 2 November"), "done", 1, "", "#path"),
        ("F3", _("Build operational expertise"), _("You are here"), "current", 0.5, "", "#path"),
        ("F4", _("Every customer counts"), _("6 lessons, 70 min"), "next", 0, "", "#path"),
        ("F5", _("Good citizenship"), _("4 lessons, 40 min"), "open", 0, "", "#path"),
        ("", _("Practical: account profiles"), _("11 of 15 days"), "open", 0.73, "edit", "#path"),
        ("", _("Exam"), _("Locked: finish F3, F4 and F5"), "locked", None, "lock", ""),
        ("", _("Certificate"), _("Locked: pass exam and practical"), "locked", None, "advanced", ""),
    ]
    names = ("code", "title", "line", "state", "share", "icon", "href")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _levels() -> list[dict[str, str]]:
    return [
        {"code": "foundation", "title": _("Foundation"), "line": _("In progress"), "state": "current"},
        {"code": "practitioner", "title": _("Practitioner"), "line": _("Needs Foundation"), "state": "locked"},
        {"code": "advanced", "title": _("Advanced"), "line": _("Needs Practitioner"), "state": "locked"},
    ]


def _topics() -> list[dict[str, Any]]:
    words = ((_("Strong"), 4), (_("Secure"), 3), (_("Developing"), 2), (_("Beginning"), 1), (_("Not yet"), 0))
    rows: list[dict[str, Any]] = [
        {"title": _("Topic %(n)s", n=n), "segments": segments, "word": word}
        for n, (word, segments) in enumerate(words, 1)
    ]
    rows[2] |= {"href": "#scores", "link": _("Study it again")}
    return [*rows, {"title": _("A topic of few questions"), "segments": None, "word": _("Too few questions to say")}]


def _timeline() -> list[dict[str, str]]:
    rows = (
        ("11 December", _("Practical handed in"), _("Three profiles"), "done"),
        ("15 December", _("Exam passed"), "", "success"),
        ("by 29 December", _("With an assessor"), _("From another employer"), "current"),
        ("", _("Result of the practical"), _("With a comment on each criterion"), "ahead"),
        ("2 January", _("A reminder was sent"), "", "warning"),
        ("3 January", _("Revoked"), _("Decided by a panel of three"), "danger"),
    )
    return [dict(zip(("when", "title", "text", "tone"), row, strict=True)) for row in rows]


@blueprint.get("/style-guide")
@requires(Permission.STYLE_SEE)
def show() -> str:
    """Every component in every state: empty, faulty, disabled, locked, with the longest texts."""
    for category, words in (
        ("success", _("Saved.")),
        ("info", _("The results of the sitting are released on Friday.")),
        ("warning", _("You have two days left to hand in.")),
        ("danger", _("The file could not be read.")),
    ):
        flash(words, category)
    return render_template(
        "home/style-guide.html",
        good=SampleForm(formdata=None, meta={"csrf": False}),
        bad=_faulty_form(),
        path=_path(),
        levels=_levels(),
        topics=_topics(),
        entries=_timeline(),
        questions=questions(),
        long_name=LONG_NAME,
        score_cases=[(Decimal("85.0"), Decimal("70"), "success"), (Decimal("4.5"), Decimal("90"), "danger")],
    )
