"""Exams that stand up in an appeal: versions with a state, forms, sittings, accommodations, regrades, appeals.

Attempts get a longer life (scheduled to released) and say how it went in `history`; what was "started" is "in
progress". An attempt that the clock had closed and nobody had scored yet counts as handed in by the clock. Extra time
becomes an approved accommodation. Every version of an item that exists is ready.
"""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from app.extensions import ExactDecimal, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OLD_STATES = ("started", "submitted", "expired", "scored", "released", "voided")
STATES = (
    "scheduled", "authorised", "in_progress", "paused", "submitted", "scored", "awaiting_marking", "provisional",
    "ratified", "released", "expired", "absent", "voided",
)  # fmt: skip
# what each newer state counts as for the program before
OLDER = {
    "scheduled": "voided", "authorised": "voided", "in_progress": "started", "paused": "started",
    "awaiting_marking": "submitted", "provisional": "scored", "ratified": "scored", "expired": "voided",
    "absent": "voided",
}  # fmt: skip
NEVER, AFTER_NEVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 1, 0, 1, tzinfo=UTC)
OLD_LIVE = "state NOT IN ('released', 'voided')"
LIVE = "state NOT IN ('absent', 'expired', 'released', 'voided')"
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


OLD_ATTEMPT_CHECKS = {"ck_attempt_state": _one_of("state", OLD_STATES), "ck_attempt_times": "deadline_at > started_at"}
ATTEMPT_CHECKS = {"ck_attempt_state": _one_of("state", STATES), "ck_attempt_times": "deadline_at >= started_at"}
ITEM_VERSION_CHECKS = {"ck_item_version_state": _one_of("state", ("draft", "in_review", "ready", "retired"))}
ITEM_REPORT_CHECKS = {"ck_item_report_decision": "decision IN ('', 'upheld', 'dismissed')"}
attempt = sa.table(
    "attempt", sa.column("id"), sa.column("state"), sa.column("ended_by"), sa.column("seconds_allowed"),
    sa.column("started_at", UtcDateTime()), sa.column("deadline_at", UtcDateTime()),
)  # fmt: skip
item_report = sa.table("item_report", sa.column("id"), sa.column("public_id"))
extra_time = sa.table(
    "extra_time", sa.column("person_id"), sa.column("percent"), sa.column("granted_by"),
    sa.column("granted_at", UtcDateTime()),
)  # fmt: skip
accommodation = sa.table(
    "accommodation", sa.column("public_id"), sa.column("person_id"), sa.column("state"), sa.column("time_percent"),
    sa.column("breaks"), sa.column("break_minutes"), sa.column("larger_text", sa.Boolean()), sa.column("needs"),
    sa.column("asked_by"), sa.column("asked_at", UtcDateTime()), sa.column("evidence"), sa.column("evidence_file"),
    sa.column("decided_by"), sa.column("decided_at", UtcDateTime()), sa.column("decision_note"),
)  # fmt: skip


def _drop_checks(batch_op: BatchOperations, checks: dict[str, str]) -> None:
    for name in checks:
        batch_op.drop_constraint(batch_op.f(name), type_="check")


def _add_checks(batch_op: BatchOperations, checks: dict[str, str]) -> None:
    for name, text in checks.items():
        batch_op.create_check_constraint(batch_op.f(name), sa.text(text))


def _public_id() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(16))


def _keep_extra_time() -> None:
    rows = op.get_bind().execute(sa.select(extra_time)).all()
    for person_id, percent, granted_by, granted_at in rows:
        if percent:
            op.execute(accommodation.insert().values(_accommodation(person_id, percent, granted_by, granted_at)))


def _accommodation(person_id: int, percent: int, by: str, at: datetime) -> dict[str, object]:
    return {
        "public_id": _public_id(), "person_id": person_id, "state": "approved", "time_percent": percent, "breaks": 0,
        "break_minutes": 0, "larger_text": False, "needs": "", "asked_by": by, "asked_at": at, "evidence": "",
        "evidence_file": "", "decided_by": by, "decided_at": at, "decision_note": "",
    }  # fmt: skip


def _restore_extra_time() -> None:
    kept = sa.select(
        accommodation.c.person_id, accommodation.c.time_percent, accommodation.c.decided_by, accommodation.c.decided_at
    ).where(accommodation.c.state == "approved", accommodation.c.time_percent > 0)
    for person_id, percent, by, at in op.get_bind().execute(kept).all():
        values = {"person_id": person_id, "percent": percent, "granted_by": by, "granted_at": at}
        op.execute(extra_time.insert().values(values))


def _attempt_columns() -> list[sa.Column]:
    none_as_null = sa.JSON(none_as_null=True)
    return [
        sa.Column("history", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=True),
        sa.Column("sitting", sa.String(20), server_default="", nullable=False),
        sa.Column("identity", none_as_null, nullable=True),
        sa.Column("accommodation", none_as_null, nullable=True),
        sa.Column("closes_at", UtcDateTime(), nullable=True),
        sa.Column("seconds_allowed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("extended_seconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("paused_seconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("paused_at", UtcDateTime(), nullable=True),
        sa.Column("section", sa.Integer(), server_default="0", nullable=False),
        sa.Column("section_started_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(12), server_default="", nullable=False),
    ]


def _widen_attempts() -> None:
    with op.batch_alter_table("attempt") as batch_op:  # the copy carries no checks, so that states can be renamed
        _drop_checks(batch_op, OLD_ATTEMPT_CHECKS)
        for column in _attempt_columns():
            batch_op.add_column(column)
        batch_op.alter_column("state", existing_type=sa.String(12), type_=sa.String(20), existing_nullable=False)
        batch_op.alter_column("started_at", existing_type=UtcDateTime(), nullable=True)
        batch_op.alter_column("deadline_at", existing_type=UtcDateTime(), nullable=True)
        batch_op.drop_index("uq_attempt_one_live")
        batch_op.create_index(batch_op.f("ix_attempt_form_id"), ["form_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_sitting"), ["sitting"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_attempt_form_id_exam_form"), "exam_form", ["form_id"], ["id"])
    op.execute(attempt.update().where(attempt.c.state == "started").values(state="in_progress"))
    op.execute(attempt.update().where(attempt.c.state == "expired").values(state="submitted", ended_by="clock"))
    _keep_time_allowed()
    _finish_attempts(ATTEMPT_CHECKS, LIVE)


def _keep_time_allowed() -> None:
    rows = op.get_bind().execute(sa.select(attempt.c.id, attempt.c.started_at, attempt.c.deadline_at)).all()
    for row_id, started_at, deadline_at in rows:
        seconds = int((deadline_at - started_at).total_seconds())
        op.execute(attempt.update().where(attempt.c.id == row_id).values(seconds_allowed=seconds))


def _finish_attempts(checks: dict[str, str], live: str) -> None:
    """Give the table its checks and the index that allows one live attempt."""
    with op.batch_alter_table("attempt") as batch_op:
        _add_checks(batch_op, checks)
    where = {"sqlite_where": sa.text(live), "postgresql_where": sa.text(live)}
    op.create_index("uq_attempt_one_live", "attempt", ["person_id", "exam_id"], unique=True, **where)


def _narrow_attempts() -> None:
    """Back to six states: what never started goes, what the older program does not know becomes the nearest it does."""
    with op.batch_alter_table("attempt") as batch_op:
        _drop_checks(batch_op, ATTEMPT_CHECKS)
        batch_op.drop_index("uq_attempt_one_live")
    never = attempt.c.started_at.is_(None)
    op.execute(attempt.update().where(never).values(state="voided", started_at=NEVER, deadline_at=AFTER_NEVER))
    for state, older in OLDER.items():
        op.execute(attempt.update().where(attempt.c.state == state).values(state=older))
    with op.batch_alter_table("attempt") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_attempt_form_id_exam_form"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_attempt_sitting"))
        batch_op.drop_index(batch_op.f("ix_attempt_form_id"))
        batch_op.alter_column("deadline_at", existing_type=UtcDateTime(), nullable=False)
        batch_op.alter_column("started_at", existing_type=UtcDateTime(), nullable=False)
        batch_op.alter_column("state", existing_type=sa.String(20), type_=sa.String(12), existing_nullable=False)
        for column in reversed(_attempt_columns()):
            batch_op.drop_column(column.name)
    _finish_attempts(OLD_ATTEMPT_CHECKS, OLD_LIVE)


def _widen_item_reports() -> None:
    with op.batch_alter_table("item_report") as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.String(20), nullable=True))
        batch_op.add_column(sa.Column("decision", sa.String(10), server_default="", nullable=False))
        batch_op.add_column(sa.Column("answer", sa.String(2000), server_default="", nullable=False))
        batch_op.add_column(sa.Column("decided_by", sa.String(20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("decided_at", UtcDateTime(), nullable=True))
    for row_id in op.get_bind().execute(sa.select(item_report.c.id)).scalars().all():
        op.execute(item_report.update().where(item_report.c.id == row_id).values(public_id=_public_id()))
    with op.batch_alter_table("item_report") as batch_op:
        _add_checks(batch_op, ITEM_REPORT_CHECKS)
        batch_op.alter_column("public_id", existing_type=sa.String(20), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_item_report_public_id"), ["public_id"])


def _narrow_item_reports() -> None:
    with op.batch_alter_table("item_report") as batch_op:
        _drop_checks(batch_op, ITEM_REPORT_CHECKS)
        batch_op.drop_constraint(batch_op.f("uq_item_report_public_id"), type_="unique")
        for name in ("decided_at", "decided_by", "answer", "decision", "public_id"):
            batch_op.drop_column(name)


def upgrade() -> None:
    op.create_table(
        "accommodation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("time_percent", sa.Integer(), nullable=False),
        sa.Column("breaks", sa.Integer(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("larger_text", sa.Boolean(), nullable=False),
        sa.Column("needs", sa.String(length=1000), nullable=False),
        sa.Column("asked_by", sa.String(length=20), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("evidence", sa.String(length=1000), nullable=False),
        sa.Column("evidence_file", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.String(length=20), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decision_note", sa.String(length=500), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'approved', 'refused', 'ended')", name=op.f("ck_accommodation_state")),
        sa.CheckConstraint(
            "time_percent >= 0 AND breaks >= 0 AND break_minutes >= 0", name=op.f("ck_accommodation_amounts")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_accommodation_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_accommodation_public_id")),
    )
    with op.batch_alter_table("accommodation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accommodation_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_accommodation_in_force",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.create_table(
        "item_picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("file_id", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["item_bank.id"], name=op.f("fk_item_picture_bank_id_item_bank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_picture")),
        sa.UniqueConstraint("bank_id", "name", "sha256", name=op.f("uq_item_picture_bank_id_name_sha256")),
        sa.UniqueConstraint("public_id", name=op.f("uq_item_picture_public_id")),
    )
    op.create_table(
        "stimulus",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["item_bank.id"], name=op.f("fk_stimulus_bank_id_item_bank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stimulus")),
        sa.UniqueConstraint("bank_id", "code", name=op.f("uq_stimulus_bank_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stimulus_public_id")),
    )
    op.create_table(
        "exam_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("exam_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("locked_by", sa.String(length=20), nullable=False),
        sa.Column("locked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'locked', 'retired')", name=op.f("ck_exam_form_state")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_form_exam_id_exam")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_form")),
        sa.UniqueConstraint("exam_id", "code", name=op.f("uq_exam_form_exam_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_exam_form_public_id")),
    )
    op.create_table(
        "item_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_comment_item_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_comment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_item_comment_public_id")),
    )
    with op.batch_alter_table("item_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_comment_item_id"), ["item_id"], unique=False)

    op.create_table(
        "item_enemy",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("item_id < other_id", name=op.f("ck_item_enemy_once")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_enemy_item_id_item")),
        sa.ForeignKeyConstraint(["other_id"], ["item.id"], name=op.f("fk_item_enemy_other_id_item")),
        sa.PrimaryKeyConstraint("item_id", "other_id", name=op.f("pk_item_enemy")),
    )
    with op.batch_alter_table("item_enemy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_enemy_other_id"), ["other_id"], unique=False)

    op.create_table(
        "item_tag",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_tag_item_id_item")),
        sa.PrimaryKeyConstraint("item_id", "tag", name=op.f("pk_item_tag")),
    )
    with op.batch_alter_table("item_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_tag_tag"), ["tag"], unique=False)

    op.create_table(
        "key_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("sitting", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("opened_by", sa.String(length=20), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("signed_by", sa.String(length=20), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'signed')", name=op.f("ck_key_review_state")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_key_review_exam_id_exam")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_review")),
        sa.UniqueConstraint("public_id", name=op.f("uq_key_review_public_id")),
    )
    with op.batch_alter_table("key_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_review_exam_id"), ["exam_id"], unique=False)

    op.create_table(
        "sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("instructions", sa.String(length=2000), nullable=False),
        sa.Column("supervision", sa.String(length=40), nullable=False),
        sa.Column("needs_identity", sa.Boolean(), nullable=False),
        sa.Column("needs_code", sa.Boolean(), nullable=False),
        sa.Column("opens_at", UtcDateTime(), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=False),
        sa.Column("seats_most", sa.Integer(), nullable=True),
        sa.Column("networks", sa.JSON(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("code_until", UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('planned', 'open', 'closed', 'cancelled')", name=op.f("ck_sitting_state")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_sitting_window")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_sitting_exam_id_exam")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sitting_public_id")),
    )
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sitting_exam_id"), ["exam_id"], unique=False)

    op.create_table(
        "stimulus_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stimulus_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["stimulus_id"], ["stimulus.id"], name=op.f("fk_stimulus_version_stimulus_id_stimulus")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stimulus_version")),
        sa.UniqueConstraint("stimulus_id", "number", name=op.f("uq_stimulus_version_stimulus_id_number")),
    )
    op.create_table(
        "invigilator",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invigilator_person_id_person")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_invigilator_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("sitting_id", "person_id", name=op.f("pk_invigilator")),
    )
    with op.batch_alter_table("invigilator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invigilator_person_id"), ["person_id"], unique=False)

    op.create_table(
        "regrade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("key_review_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("effect", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("proposed_by", sa.String(length=20), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=20), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'applied', 'dropped')", name=op.f("ck_regrade_state")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_regrade_exam_id_exam")),
        sa.ForeignKeyConstraint(["key_review_id"], ["key_review.id"], name=op.f("fk_regrade_key_review_id_key_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
        sa.UniqueConstraint("public_id", name=op.f("uq_regrade_public_id")),
    )
    with op.batch_alter_table("regrade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrade_exam_id"), ["exam_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_regrade_key_review_id"), ["key_review_id"], unique=False)

    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=True),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("holds_release", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.String(length=20), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decision_note", sa.String(length=2000), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "decision IN ('', 'no_action', 'extra_time', 'void', 'new_attempt', 'misconduct')",
            name=op.f("ck_incident_decision"),
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_incident_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_incident_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("public_id", name=op.f("uq_incident_public_id")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "item_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("decision IN ('approved', 'returned')", name=op.f("ck_item_review_decision")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name=op.f("fk_item_review_item_version_id_item_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_review")),
    )
    with op.batch_alter_table("item_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_review_item_version_id"), ["item_version_id"], unique=False)

    op.create_table(
        "item_statistic",
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("facility", ExactDecimal(), nullable=True),
        sa.Column("discrimination", ExactDecimal(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("computed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name=op.f("fk_item_statistic_item_version_id_item_version")
        ),
        sa.PrimaryKeyConstraint("item_version_id", name=op.f("pk_item_statistic")),
    )
    op.create_table(
        "seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_seat_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seat_person_id_person")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_seat_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_seat_attempt_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_seat_public_id")),
        sa.UniqueConstraint("sitting_id", "person_id", name=op.f("uq_seat_sitting_id_person_id")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "answer_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_item_id", sa.Integer(), nullable=False),
        sa.Column("stored_file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_item_id"], ["attempt_item.id"], name=op.f("fk_answer_file_attempt_item_id_attempt_item")
        ),
        sa.ForeignKeyConstraint(
            ["stored_file_id"], ["stored_file.id"], name=op.f("fk_answer_file_stored_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_file")),
        sa.UniqueConstraint("attempt_item_id", "position", name=op.f("uq_answer_file_attempt_item_id_position")),
        sa.UniqueConstraint("stored_file_id", name=op.f("uq_answer_file_stored_file_id")),
    )
    with op.batch_alter_table("answer_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_file_attempt_item_id"), ["attempt_item_id"], unique=False)

    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("grounds", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=6000), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("reviewer", sa.String(length=20), nullable=False),
        sa.Column("assigned_by", sa.String(length=20), nullable=False),
        sa.Column("assigned_at", UtcDateTime(), nullable=True),
        sa.Column("remedy", sa.String(length=12), nullable=False),
        sa.Column("decision", sa.String(length=6000), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "remedy IN ('', 'none', 'regrade', 'remark', 'void', 'new_attempt')", name=op.f("ck_appeal_remedy")
        ),
        sa.CheckConstraint(
            "state IN ('made', 'in_review', 'upheld', 'dismissed', 'withdrawn')", name=op.f("ck_appeal_state")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appeal_person_id_person")),
        sa.ForeignKeyConstraint(["result_id"], ["result.id"], name=op.f("fk_appeal_result_id_result")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_appeal_public_id")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_result_id"), ["result_id"], unique=False)
        batch_op.create_index(
            "uq_appeal_open",
            ["result_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('made', 'in_review')"),
            postgresql_where=sa.text("state IN ('made', 'in_review')"),
        )

    op.create_table(
        "item_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_item_id", sa.Integer(), nullable=False),
        sa.Column("marker", sa.String(length=20), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("total", ExactDecimal(), nullable=False),
        sa.Column("of", ExactDecimal(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_item_id"], ["attempt_item.id"], name=op.f("fk_item_mark_attempt_item_id_attempt_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_mark")),
    )
    with op.batch_alter_table("item_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_mark_attempt_item_id"), ["attempt_item_id"], unique=False)

    op.create_table(
        "late_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("attempt_item_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("response", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.String(length=20), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("decision IN ('', 'counted', 'refused')", name=op.f("ck_late_answer_decision")),
        sa.ForeignKeyConstraint(
            ["attempt_item_id"], ["attempt_item.id"], name=op.f("fk_late_answer_attempt_item_id_attempt_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_answer")),
        sa.UniqueConstraint(
            "attempt_item_id", "seq", "received_at", name=op.f("uq_late_answer_attempt_item_id_seq_received_at")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_late_answer_public_id")),
    )
    with op.batch_alter_table("late_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_late_answer_attempt_item_id"), ["attempt_item_id"], unique=False)

    op.create_table(
        "certificate_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.String(length=20), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.CheckConstraint("decision IN ('', 'keep', 'revoke')", name=op.f("ck_certificate_review_decision")),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_certificate_review_credential_id_credential")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_review")),
        sa.UniqueConstraint(
            "credential_id", "cause", "source", name=op.f("uq_certificate_review_credential_id_cause_source")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificate_review_public_id")),
    )
    op.create_index(op.f("ix_certificate_review_credential_id"), "certificate_review", ["credential_id"], unique=False)

    op.create_table(
        "integrity_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("sitting", sa.String(length=20), server_default="", nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.String(length=20), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.Column("failed", sa.String(length=200), server_default="", nullable=False),
        sa.Column("data", sa.JSON(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_integrity_report_exam_id_exam")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrity_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_integrity_report_public_id")),
    )
    op.create_index(op.f("ix_integrity_report_exam_id"), "integrity_report", ["exam_id"], unique=False)

    op.create_table(
        "integrity_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("flag", sa.String(length=60), nullable=False),
        sa.Column("said", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=2000), server_default="", nullable=False),
        sa.Column("incident", sa.String(length=20), server_default="", nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("said IN ('nothing', 'asked', 'incident')", name=op.f("ck_integrity_note_said")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["integrity_report.id"], name=op.f("fk_integrity_note_report_id_integrity_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrity_note")),
        sa.UniqueConstraint("public_id", name=op.f("uq_integrity_note_public_id")),
    )
    op.create_index(op.f("ix_integrity_note_report_id"), "integrity_note", ["report_id"], unique=False)

    _keep_extra_time()
    op.drop_table("extra_time")
    _widen_attempts()

    with op.batch_alter_table("attempt_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("section", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("is_pilot", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("left_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("seconds", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.add_column(sa.Column("small_body", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("small_body_until", UtcDateTime(), nullable=True))

    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opens_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("closes_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("grace_seconds", sa.Integer(), server_default="60", nullable=False))
        batch_op.add_column(sa.Column("time_up", sa.String(length=10), server_default="submit", nullable=False))
        batch_op.add_column(sa.Column("navigation", sa.String(length=10), server_default="free", nullable=False))
        batch_op.add_column(sa.Column("sections", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("drawing", sa.String(length=10), server_default="random", nullable=False))
        batch_op.add_column(sa.Column("pilots", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("exposure_cap", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("avoid_last", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("shows", sa.String(length=12), server_default="score", nullable=False))
        batch_op.add_column(sa.Column("visibility", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("needs_sitting", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("needs_key_review", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("needs_ratifying", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("appeal_days", sa.Integer(), server_default="28", nullable=False))
        batch_op.add_column(sa.Column("risk", sa.JSON(none_as_null=True), nullable=True))

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_pilot", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("is_resting", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("times_asked", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("made_by", sa.String(length=20), server_default="", nullable=False))

    _widen_item_reports()

    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_by", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("writers", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("reason", sa.String(length=300), server_default="", nullable=False))
        batch_op.add_column(sa.Column("state", sa.String(length=12), server_default="ready", nullable=False))
        batch_op.add_column(sa.Column("ready_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("stimulus_version_id", sa.Integer(), nullable=True))
    op.execute("UPDATE item_version SET ready_at = made_at")
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        _add_checks(batch_op, ITEM_VERSION_CHECKS)
        batch_op.create_index(batch_op.f("ix_item_version_stimulus_version_id"), ["stimulus_version_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_item_version_stimulus_version_id_stimulus_version"),
            "stimulus_version",
            ["stimulus_version_id"],
            ["id"],
        )

    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ratified_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("ratified_by", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("supersedes_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("superseded_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("superseded_why", sa.String(length=500), server_default="", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_result_attempt_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_result_submission_id"), type_="unique")
        batch_op.create_index(
            "uq_result_attempt_id_in_force",
            ["attempt_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(
            "uq_result_submission_id_in_force",
            ["submission_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_unique_constraint(batch_op.f("uq_result_supersedes_id"), ["supersedes_id"])
        batch_op.create_foreign_key(batch_op.f("fk_result_supersedes_id_result"), "result", ["supersedes_id"], ["id"])

    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guest_of", sa.String(length=120), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_table("integrity_note")
    op.drop_table("integrity_report")
    op.drop_table("certificate_review")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_column("guest_of")

    op.execute("DELETE FROM result WHERE superseded_at IS NOT NULL")
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_result_supersedes_id_result"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_result_supersedes_id"), type_="unique")
        batch_op.drop_index(
            "uq_result_submission_id_in_force",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_result_attempt_id_in_force",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_unique_constraint(batch_op.f("uq_result_submission_id"), ["submission_id"])
        batch_op.create_unique_constraint(batch_op.f("uq_result_attempt_id"), ["attempt_id"])
        batch_op.drop_column("superseded_why")
        batch_op.drop_column("superseded_at")
        batch_op.drop_column("supersedes_id")
        batch_op.drop_column("ratified_by")
        batch_op.drop_column("ratified_at")

    with op.batch_alter_table("item_version", schema=None) as batch_op:
        _drop_checks(batch_op, ITEM_VERSION_CHECKS)
        batch_op.drop_constraint(batch_op.f("fk_item_version_stimulus_version_id_stimulus_version"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_item_version_stimulus_version_id"))
        batch_op.drop_column("stimulus_version_id")
        batch_op.drop_column("ready_at")
        batch_op.drop_column("state")
        batch_op.drop_column("reason")
        batch_op.drop_column("writers")
        batch_op.drop_column("made_by")

    _narrow_item_reports()

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_column("made_by")
        batch_op.drop_column("times_asked")
        batch_op.drop_column("is_resting")
        batch_op.drop_column("is_pilot")

    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.drop_column("risk")
        batch_op.drop_column("appeal_days")
        batch_op.drop_column("needs_ratifying")
        batch_op.drop_column("needs_key_review")
        batch_op.drop_column("needs_sitting")
        batch_op.drop_column("visibility")
        batch_op.drop_column("shows")
        batch_op.drop_column("avoid_last")
        batch_op.drop_column("exposure_cap")
        batch_op.drop_column("pilots")
        batch_op.drop_column("drawing")
        batch_op.drop_column("sections")
        batch_op.drop_column("navigation")
        batch_op.drop_column("time_up")
        batch_op.drop_column("grace_seconds")
        batch_op.drop_column("closes_at")
        batch_op.drop_column("opens_at")

    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.drop_column("small_body_until")
        batch_op.drop_column("small_body")

    with op.batch_alter_table("attempt_item", schema=None) as batch_op:
        batch_op.drop_column("seconds")
        batch_op.drop_column("left_at")
        batch_op.drop_column("is_pilot")
        batch_op.drop_column("section")

    _narrow_attempts()

    op.create_table(
        "extra_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("granted_by", sa.String(length=20), nullable=False),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_extra_time_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_time")),
        sa.UniqueConstraint("person_id", name=op.f("uq_extra_time_person_id")),
    )
    _restore_extra_time()
    with op.batch_alter_table("late_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_late_answer_attempt_item_id"))

    op.drop_table("late_answer")
    with op.batch_alter_table("item_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_mark_attempt_item_id"))

    op.drop_table("item_mark")
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_appeal_open",
            sqlite_where=sa.text("state IN ('made', 'in_review')"),
            postgresql_where=sa.text("state IN ('made', 'in_review')"),
        )
        batch_op.drop_index(batch_op.f("ix_appeal_result_id"))
        batch_op.drop_index(batch_op.f("ix_appeal_person_id"))

    op.drop_table("appeal")
    with op.batch_alter_table("answer_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_file_attempt_item_id"))

    op.drop_table("answer_file")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_seat_person_id"))

    op.drop_table("seat")
    op.drop_table("item_statistic")
    with op.batch_alter_table("item_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_review_item_version_id"))

    op.drop_table("item_review")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_incident_attempt_id"))

    op.drop_table("incident")
    with op.batch_alter_table("regrade", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regrade_key_review_id"))
        batch_op.drop_index(batch_op.f("ix_regrade_exam_id"))

    op.drop_table("regrade")
    with op.batch_alter_table("invigilator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invigilator_person_id"))

    op.drop_table("invigilator")
    op.drop_table("stimulus_version")
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_exam_id"))

    op.drop_table("sitting")
    with op.batch_alter_table("key_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_key_review_exam_id"))

    op.drop_table("key_review")
    with op.batch_alter_table("item_tag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_tag_tag"))

    op.drop_table("item_tag")
    with op.batch_alter_table("item_enemy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_enemy_other_id"))

    op.drop_table("item_enemy")
    with op.batch_alter_table("item_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_comment_item_id"))

    op.drop_table("item_comment")
    op.drop_table("exam_form")
    op.drop_table("stimulus")
    op.drop_table("item_picture")
    with op.batch_alter_table("accommodation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_accommodation_in_force",
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )
        batch_op.drop_index(batch_op.f("ix_accommodation_person_id"))

    op.drop_table("accommodation")
