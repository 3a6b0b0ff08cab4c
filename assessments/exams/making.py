"""Forms of an exam: made from its plan, compared, locked by a second person, retired by two. Locked, they never change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from app import ids
from app.audit.models import AuditEntry
from app.audit.services import record
from app.errors import DomainError, Missing
from app.extensions import db
from assessments.exams.errors import BankShort
from assessments.exams.models import Attempt, Exam, ExamForm
from assessments.exams.plans import plan_of, stock_of, versions_in
from assessments.grading.form_plan import PlanInvalid
from assessments.grading.form_sets import assemble_forms
from assessments.grading.forms import Form, FormItem, FormSection, FormShort, form_sha256
from assessments.items.models import Item, ItemVersion

DRAFT, LOCKED, RETIRED = "draft", "locked", "retired"
MOST_AT_ONCE = 12
Content = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """One form in a list: how many questions it has, and how many attempts were given it."""

    form: ExamForm
    questions: int
    given: int


def list_forms(exam_id: int | None = None) -> list[Row]:
    """Every form, or those of one exam, each with its exam: locked ones first, then drafts, then retired ones."""
    given = select(Attempt.form_id, func.count().label("given")).group_by(Attempt.form_id).subquery()
    statement = (
        select(ExamForm, func.coalesce(given.c.given, 0))
        .outerjoin(given, given.c.form_id == ExamForm.id)
        .options(joinedload(ExamForm.exam))
        .order_by(ExamForm.exam_id, ExamForm.code)
    )
    found = db.session.execute(statement.where(ExamForm.exam_id == exam_id) if exam_id else statement)
    rows = [Row(form, len(versions_in(form.content)), count) for form, count in found]
    return sorted(rows, key=lambda row: (row.form.exam_id, (LOCKED, DRAFT, RETIRED).index(row.form.state)))


def get_form(public_id: str) -> ExamForm:
    """A form with its exam. Raises Missing."""
    statement = select(ExamForm).where(ExamForm.public_id == public_id).options(joinedload(ExamForm.exam))
    form = db.session.scalars(statement).first()
    if form is None:
        raise Missing
    return form


def make_forms(exam: Exam, count: int, actor: str, now: datetime, rng: Random) -> list[ExamForm]:
    """So many equivalent drafts of an exam, with as little in common as its bank allows.

    Raises BankShort, and DomainError (field "count") for a number out of reach or a plan that contradicts itself.
    """
    if not 1 <= count <= MOST_AT_ONCE:
        raise DomainError(_("Enter a number from 1 to %(most)s.", most=MOST_AT_ONCE), "count")
    stock = stock_of(exam)
    try:
        made = assemble_forms(plan_of(exam), stock.bank, count, rng)
    except FormShort as error:
        raise BankShort(exam.code, [f"{gap.topic}/{gap.thinking}" for gap in error.gaps]) from error
    except PlanInvalid as error:
        raise DomainError(str(error), "count") from error
    first = _last_number(exam.id) + 1
    return [_keep(exam, form, stock.versions, first + n, actor, now) for n, form in enumerate(made.forms)]


def _last_number(exam_id: int) -> int:
    codes = db.session.scalars(select(ExamForm.code).where(ExamForm.exam_id == exam_id))
    return max((int(code[1:]) for code in codes if code[1:].isdecimal()), default=0)


def _keep(exam: Exam, form: Form, versions: Mapping[str, int], number: int, actor: str, now: datetime) -> ExamForm:
    row = ExamForm(
        public_id=ids.new_public_id(),
        exam_id=exam.id,
        code=f"F{number}",
        exam_version=exam.version,
        content=[_stored(section, versions) for section in form.sections],
        made_by=actor,
        made_at=now,
    )
    row.exam = exam
    db.session.add(row)
    db.session.flush()
    detail = {"exam": exam.code, "form": row.code, "questions": len(form.codes)}
    record("exam_form.made", actor=actor, subject=("exam_form", row.public_id), detail=detail)
    return row


def _stored(section: FormSection, versions: Mapping[str, int]) -> dict[str, Any]:
    return {
        "code": section.code,
        "minutes": section.minutes,
        "navigation": section.navigation,
        "items": [{"version": versions[item.code], "pilot": item.is_pilot} for item in section.items],
    }


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a form as its page lists it."""

    position: int
    section: str
    code: str
    number: int
    topic: str
    thinking: str
    stem: str
    sha256: str
    is_pilot: bool


def list_asked(form: ExamForm) -> list[Asked]:
    """The questions of a form in their order."""
    found = _versions(form.content)
    places = [(section["code"], item) for section in form.content for item in section["items"]]
    return [
        _asked(position, section, place["pilot"], *found[place["version"]])
        for position, (section, place) in enumerate(places, start=1)
    ]


def _asked(position: int, section: str, is_pilot: bool, version: ItemVersion, code: str) -> Asked:
    stem, sha = version.content.get("stem", ""), version.content_hash
    return Asked(position, section, code, version.number, version.topic, version.thinking, stem, sha, is_pilot)


def _versions(content: Content) -> dict[int, tuple[ItemVersion, str]]:
    statement = select(ItemVersion, Item.code).join(Item, Item.id == ItemVersion.item_id)
    found = db.session.execute(statement.where(ItemVersion.id.in_(versions_in(content))))
    return {version.id: (version, code) for version, code in found}


def sha256_of(form: ExamForm) -> str:
    """The digest a form is, or would be, locked with: versions in order, sections, rules of its exam."""
    found = _versions(form.content)
    sections = [
        FormSection(
            section["code"],
            section["minutes"],
            section["navigation"],
            tuple(_form_item(found[place["version"]], place["pilot"]) for place in section["items"]),
        )
        for section in form.content
    ]
    return form_sha256(sections, plan_of(form.exam).rules)


def _form_item(found: tuple[ItemVersion, str], is_pilot: bool) -> FormItem:
    version, code = found
    return FormItem(code, version.content_hash, version.topic, version.thinking, "", is_pilot)


def lock_form(form: ExamForm, actor: str, now: datetime) -> None:
    """Lock a draft: a second person has looked at it. From then on attempts may be given it. Raises DomainError."""
    if form.made_by == actor:
        raise DomainError(_("You made this form. Somebody else has to look at it and lock it."))
    if form.exam_version != form.exam.version:
        raise DomainError(_("The rules of the exam have changed since this form was made. Make a new one."))
    values = {"sha256": sha256_of(form), "locked_by": actor, "locked_at": now}
    if not _swap(form, DRAFT, LOCKED, values):
        raise DomainError(_("This form is not a draft any more."))
    _write_form_trail("exam_form.locked", form, actor, {"sha256": form.sha256})


def drop_form(form: ExamForm, actor: str) -> None:
    """Lay a draft aside that nobody has locked. Raises DomainError."""
    if not _swap(form, DRAFT, RETIRED, {}):
        raise DomainError(_("This form is not a draft any more."))
    _write_form_trail("exam_form.dropped", form, actor, {})


def ask_to_retire(form: ExamForm, actor: str) -> None:
    """Propose that a locked form is given to nobody any more; a second person agrees. Raises DomainError."""
    if form.state != LOCKED or find_retirer(form):
        raise DomainError(_("This cannot be done to the form as it stands now."))
    _write_form_trail("exam_form.retirement_asked", form, actor, {})


def find_retirer(form: ExamForm) -> str:
    """Who has asked that this form be retired; empty if nobody has."""
    statement = select(AuditEntry.actor).where(
        AuditEntry.object_kind == "exam_form",
        AuditEntry.object_id == form.public_id,
        AuditEntry.action == "exam_form.retirement_asked",
    )
    return db.session.scalars(statement.order_by(AuditEntry.seq.desc())).first() or ""


def retire_form(form: ExamForm, actor: str) -> None:
    """Agree that a form is given to nobody any more; attempts that had it keep it. Raises DomainError."""
    asked_by = find_retirer(form)
    if not asked_by or asked_by == actor:
        raise DomainError(_("Two people retire a form: one asks for it, another one agrees."))
    if not _swap(form, LOCKED, RETIRED, {}):
        raise DomainError(_("This cannot be done to the form as it stands now."))
    _write_form_trail("exam_form.retired", form, actor, {"asked_by": asked_by})


def _swap(form: ExamForm, before: str, after: str, values: dict[str, Any]) -> bool:
    changing = update(ExamForm).where(ExamForm.id == form.id, ExamForm.state == before)
    changing = changing.values(state=after, **values).execution_options(synchronize_session=False)
    if db.session.execute(changing).rowcount != 1:  # type: ignore[attr-defined]
        return False
    db.session.refresh(form, ["state", "sha256", "locked_by", "locked_at"])
    return True


def _write_form_trail(act: str, form: ExamForm, actor: str, detail: dict[str, Any]) -> None:
    subject = ("exam_form", form.public_id)
    record(act, actor=actor, subject=subject, detail={"exam": form.exam.code, "form": form.code, **detail})


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many scored questions each pair of forms shares: `shared[i][j]`; on the diagonal how many a form has."""

    forms: list[ExamForm]
    shared: list[list[int]]


def compare(exam_id: int) -> Comparison:
    """The forms of an exam that are not retired, against each other."""
    forms = [row.form for row in list_forms(exam_id) if row.form.state != RETIRED]
    scored = [
        {item["version"] for section in form.content for item in section["items"] if not item["pilot"]}
        for form in forms
    ]
    return Comparison(forms, [[len(one & other) for other in scored] for one in scored])
