"""Beginning."""

import sqlalchemy as sa
from alembic import op

from app.extensions import ExactDecimal, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "achievement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("level_code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_achievement")),
        sa.UniqueConstraint("code", name=op.f("uq_achievement_code")),
        sa.UniqueConstraint("level_code", name=op.f("uq_achievement_level_code")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=60), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("digest", name=op.f("uq_audit_entry_digest")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_object_id"), ["object_id"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "body",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short_name", sa.String(length=24), nullable=False),
        sa.Column("field", sa.String(length=120), nullable=False),
        sa.Column("headline", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("base_address", sa.String(length=200), nullable=False),
        sa.Column("contact_email", sa.String(length=320), nullable=False),
        sa.Column("postal_address", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("primary_colour", sa.String(length=7), nullable=False),
        sa.Column("accent_colour", sa.String(length=7), nullable=False),
        sa.Column("logo_file", sa.String(length=20), nullable=False),
        sa.Column("founded_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_body_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
    )
    op.create_table(
        "item_bank",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("is_practice", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_bank")),
        sa.UniqueConstraint("code", name=op.f("uq_item_bank_code")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("run_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("most_attempts", sa.Integer(), nullable=False),
        sa.Column("progress", sa.String(length=200), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["state", "run_at"], unique=False)

    op.create_table(
        "limit_count",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limit_count")),
    )
    with op.batch_alter_table("limit_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_limit_count_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "mail_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'sent', 'failed')", name=op.f("ck_mail_message_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_message")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mail_message_public_id")),
    )
    with op.batch_alter_table("mail_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_message_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_message_person"), ["person"], unique=False)

    op.create_table(
        "mail_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_text")),
        sa.UniqueConstraint("kind", "language", name=op.f("uq_mail_text_kind_language")),
    )
    op.create_table(
        "page_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("published_by", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_page_version_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_version")),
        sa.UniqueConstraint("slug", "version", name=op.f("uq_page_version_slug_version")),
    )
    op.create_table(
        "pathway",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pathway")),
        sa.UniqueConstraint("code", name=op.f("uq_pathway_code")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_changed_at", UtcDateTime(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("withdraws_certificates", sa.Boolean(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.Column("name_confirmed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_closed_at"), ["closed_at"], unique=False)

    op.create_table(
        "practical",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("course_code", sa.String(length=40), nullable=False),
        sa.Column("level_code", sa.String(length=40), nullable=False),
        sa.Column("rubric_code", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("calendar_days", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("brief", sa.Text(), nullable=False),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.Column("declaration_version", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.JSON(), nullable=False),
        sa.Column("max_files", sa.Integer(), nullable=False),
        sa.Column("max_megabytes", sa.Integer(), nullable=False),
        sa.Column("file_types", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practical")),
        sa.UniqueConstraint("code", name=op.f("uq_practical_code")),
    )
    with op.batch_alter_table("practical", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practical_course_code"), ["course_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_practical_level_code"), ["level_code"], unique=False)

    op.create_table(
        "register_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("artefact_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_register_entry")),
        sa.UniqueConstraint("chain", name=op.f("uq_register_entry_chain")),
    )
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_entry_number"), ["number"], unique=False)

    op.create_table(
        "register_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_head")),
    )
    op.create_table(
        "rubric",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("pass_level", sa.String(length=40), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_rubric_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_rubric_code_version")),
    )
    op.create_table(
        "signing_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("algorithm", sa.String(length=30), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("not_after", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("issuer_id", sa.String(length=20), nullable=False),
        sa.Column("certificate_pem", sa.Text(), nullable=False),
        sa.Column("specimen", sa.Boolean(), nullable=False),
        sa.Column("compromised_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_signing_key_fingerprint")),
        sa.UniqueConstraint("key_id", name=op.f("uq_signing_key_key_id")),
    )
    op.create_table(
        "standing_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("level_code", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("minuted_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_decision")),
        sa.UniqueConstraint("public_id", name=op.f("uq_standing_decision_public_id")),
    )
    with op.batch_alter_table("standing_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standing_decision_level_code"), ["level_code"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("owner", sa.String(length=20), nullable=False),
        sa.Column("shown_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stored_file_public_id")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_purpose"), ["purpose"], unique=False)

    op.create_table(
        "affiliation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("employer", sa.String(length=160), nullable=False),
        sa.Column("employer_key", sa.String(length=160), nullable=False),
        sa.Column("ties", sa.String(length=500), nullable=False),
        sa.Column("is_none", sa.Boolean(), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_affiliation_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliation")),
    )
    with op.batch_alter_table("affiliation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_affiliation_employer_key"), ["employer_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_affiliation_person_id"), ["person_id"], unique=False)

    op.create_table(
        "audit_personal",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_entry.seq"], name=op.f("fk_audit_personal_seq_audit_entry")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_personal")),
    )
    op.create_table(
        "award_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("level_code", sa.String(length=40), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ready_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('name', 'standing', 'person', 'decided', 'lapsed')", name=op.f("ck_award_case_state")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_award_case_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_case")),
        sa.UniqueConstraint("person_id", "level_code", "cycle", name=op.f("uq_award_case_person_id_level_code_cycle")),
        sa.UniqueConstraint("public_id", name=op.f("uq_award_case_public_id")),
    )
    with op.batch_alter_table("award_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_case_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_case_state"), ["state"], unique=False)

    op.create_table(
        "award_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("level_code", sa.String(length=40), nullable=False),
        sa.Column("scheme_code", sa.String(length=40), nullable=False),
        sa.Column("scheme_version", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("inputs_hash", sa.String(length=64), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("engine_version", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("outcome IN ('award', 'declined')", name=op.f("ck_award_decision_outcome")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_award_decision_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_decision")),
        sa.UniqueConstraint(
            "person_id", "level_code", "cycle", name=op.f("uq_award_decision_person_id_level_code_cycle")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_award_decision_public_id")),
    )
    with op.batch_alter_table("award_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_decision_person_id"), ["person_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("person_id", "page", "version", name=op.f("uq_consent_person_id_page_version")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_person_id"), ["person_id"], unique=False)

    op.create_table(
        "criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rubric_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("descriptors", sa.JSON(), nullable=False),
        sa.Column("critical", sa.Boolean(), nullable=False),
        sa.Column("technique", sa.String(length=10), nullable=False),
        sa.Column("objective", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["rubric_id"], ["rubric.id"], name=op.f("fk_criterion_rubric_id_rubric")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("rubric_id", "code", name=op.f("uq_criterion_rubric_id_code")),
        sa.UniqueConstraint("rubric_id", "position", name=op.f("uq_criterion_rubric_id_position")),
    )
    with op.batch_alter_table("criterion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_criterion_rubric_id"), ["rubric_id"], unique=False)

    op.create_table(
        "email_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_email_token_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_email_token_secret_hash")),
    )
    with op.batch_alter_table("email_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_email_token_person_id"), ["person_id"], unique=False)

    op.create_table(
        "exam",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("level_code", sa.String(length=40), nullable=False),
        sa.Column("course_code", sa.String(length=60), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("pass_percent", ExactDecimal(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("waits", sa.JSON(), nullable=False),
        sa.Column("supervision", sa.String(length=40), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("blueprint", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("certifies", sa.Boolean(), nullable=False),
        sa.Column("is_auto_released", sa.Boolean(), nullable=False),
        sa.Column("waiver", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["bank_id"], ["item_bank.id"], name=op.f("fk_exam_bank_id_item_bank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam")),
        sa.UniqueConstraint("code", name=op.f("uq_exam_code")),
    )
    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_course_code"), ["course_code"], unique=False)

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
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["bank_id"], ["item_bank.id"], name=op.f("fk_item_bank_id_item_bank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("bank_id", "code", name=op.f("uq_item_bank_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_item_public_id")),
    )
    op.create_table(
        "level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pathway_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("medal", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["pathway_id"], ["pathway.id"], name=op.f("fk_level_pathway_id_pathway")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level")),
        sa.UniqueConstraint("code", name=op.f("uq_level_code")),
    )
    with op.batch_alter_table("level", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_level_pathway_id"), ["pathway_id"], unique=False)

    op.create_table(
        "practice_quiz",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_code", sa.String(length=60), nullable=False),
        sa.Column("module_code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["item_bank.id"], name=op.f("fk_practice_quiz_bank_id_item_bank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_quiz")),
        sa.UniqueConstraint("course_code", "module_code", name=op.f("uq_practice_quiz_course_code_module_code")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("granted_by", sa.String(length=20), nullable=False),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name=op.f("ck_role_grant_dates")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("public_id", name=op.f("uq_role_grant_public_id")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_person_id"), ["person_id"], unique=False)

    op.create_table(
        "signatory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("office", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_signatory_body_id_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatory")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("practical_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("candidate_number", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.Column("declaration_version", sa.Integer(), nullable=True),
        sa.Column("declared_at", UtcDateTime(), nullable=True),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("receipt_hash", sa.String(length=64), nullable=False),
        sa.Column("rubric_version_id", sa.Integer(), nullable=True),
        sa.Column("marked_at", UtcDateTime(), nullable=True),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft','submitted','marking','marked','released','withdrawn')", name=op.f("ck_submission_state")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_submission_number")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_submission_person_id_person")),
        sa.ForeignKeyConstraint(["practical_id"], ["practical.id"], name=op.f("fk_submission_practical_id_practical")),
        sa.ForeignKeyConstraint(
            ["rubric_version_id"], ["rubric.id"], name=op.f("fk_submission_rubric_version_id_rubric")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "person_id", "practical_id", "number", name=op.f("uq_submission_person_id_practical_id_number")
        ),
        sa.UniqueConstraint(
            "practical_id", "candidate_number", name=op.f("uq_submission_practical_id_candidate_number")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_submission_public_id")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submission_practical_id"), ["practical_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submission_rubric_version_id"), ["rubric_version_id"], unique=False)
        batch_op.create_index("ix_submission_state_submitted_at", ["state", "submitted_at"], unique=False)
        batch_op.create_index(
            "uq_submission_open",
            ["person_id", "practical_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('draft','submitted','marking','marked')"),
            postgresql_where=sa.text("state IN ('draft','submitted','marking','marked')"),
        )

    op.create_table(
        "web_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("authenticated_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_web_session_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_web_session_public_id")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_web_session_secret_hash")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "agreed_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_agreed_mark_criterion_id_criterion")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_agreed_mark_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_mark")),
        sa.UniqueConstraint("submission_id", "criterion_id", name=op.f("uq_agreed_mark_submission_id_criterion_id")),
    )
    with op.batch_alter_table("agreed_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreed_mark_criterion_id"), ["criterion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreed_mark_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("seed", sa.String(length=40), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("deadline_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("scored_at", UtcDateTime(), nullable=True),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.Column("writer_token_hash", sa.String(length=64), nullable=False),
        sa.Column("candidate", sa.String(length=20), nullable=False),
        sa.Column("supervision", sa.String(length=40), nullable=False),
        sa.Column("declared_name", sa.String(length=160), nullable=False),
        sa.Column("exam_snapshot", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state IN ('started', 'submitted', 'expired', 'scored', 'released', 'voided')",
            name=op.f("ck_attempt_state"),
        ),
        sa.CheckConstraint("deadline_at > started_at", name=op.f("ck_attempt_times")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_attempt_exam_id_exam")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attempt_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("person_id", "exam_id", "number", name=op.f("uq_attempt_person_id_exam_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attempt_public_id")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_due", ["state", "deadline_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_exam_id"), ["exam_id"], unique=False)
        batch_op.create_index(
            "uq_attempt_one_live",
            ["person_id", "exam_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('released', 'voided')"),
            postgresql_where=sa.text("state NOT IN ('released', 'voided')"),
        )

    op.create_table(
        "attempt_allowance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("granted_by", sa.String(length=20), nullable=False),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_attempt_allowance_exam_id_exam")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attempt_allowance_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_allowance")),
    )
    with op.batch_alter_table("attempt_allowance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_allowance_person_id"), ["person_id"], unique=False)

    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(["level_id"], ["level.id"], name=op.f("fk_course_level_id_level")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("code", name=op.f("uq_course_code")),
    )
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_level_id"), ["level_id"], unique=False)

    op.create_table(
        "credential",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("holder_name", sa.String(length=160), nullable=False),
        sa.Column("level_code", sa.String(length=40), nullable=False),
        sa.Column("scheme_code", sa.String(length=40), nullable=False),
        sa.Column("scheme_version", sa.Integer(), nullable=False),
        sa.Column("achievement", sa.JSON(), nullable=False),
        sa.Column("supervision", sa.String(length=40), nullable=False),
        sa.Column("waiver", sa.Text(), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("base_address", sa.String(length=200), nullable=False),
        sa.Column("specimen", sa.Boolean(), nullable=False),
        sa.Column("model", sa.JSON(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('ordered', 'issued', 'held')", name=op.f("ck_credential_state")),
        sa.CheckConstraint("visibility IN ('public', 'unlisted', 'private')", name=op.f("ck_credential_visibility")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["award_decision.id"], name=op.f("fk_credential_decision_id_award_decision")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credential_person_id_person")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["credential.id"], name=op.f("fk_credential_supersedes_id_credential")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_credential_decision_id")),
        sa.UniqueConstraint("number", name=op.f("uq_credential_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_credential_public_id")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_credential_supersedes_id")),
    )
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credential_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credential_state"), ["state"], unique=False)

    op.create_table(
        "item_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("objective", sa.String(length=40), nullable=False),
        sa.Column("thinking", sa.String(length=20), nullable=False),
        sa.Column("technique", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_version_item_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_version")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_version_item_id_number")),
    )
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.create_index("ix_item_version_cell", ["topic", "thinking"], unique=False)

    op.create_table(
        "marking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("rubric_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open','lapsed','returned','done')", name=op.f("ck_marking_state")),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name=op.f("fk_marking_assessor_id_person")),
        sa.ForeignKeyConstraint(["rubric_id"], ["rubric.id"], name=op.f("fk_marking_rubric_id_rubric")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_marking_submission_id_submission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marking")),
        sa.UniqueConstraint("public_id", name=op.f("uq_marking_public_id")),
        sa.UniqueConstraint("submission_id", "assessor_id", name=op.f("uq_marking_submission_id_assessor_id")),
    )
    with op.batch_alter_table("marking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_marking_assessor_id"), ["assessor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_marking_rubric_id"), ["rubric_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_marking_submission_id"), ["submission_id"], unique=False)
        batch_op.create_index(
            "uq_marking_slot",
            ["submission_id", "slot"],
            unique=True,
            sqlite_where=sa.text("state IN ('open','done')"),
            postgresql_where=sa.text("state IN ('open','done')"),
        )

    op.create_table(
        "quiz_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_quiz_item_item_id_item")),
        sa.ForeignKeyConstraint(["quiz_id"], ["practice_quiz.id"], name=op.f("fk_quiz_item_quiz_id_practice_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_item")),
        sa.UniqueConstraint("quiz_id", "item_id", name=op.f("uq_quiz_item_quiz_id_item_id")),
    )
    with op.batch_alter_table("quiz_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quiz_item_item_id"), ["item_id"], unique=False)

    op.create_table(
        "scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("validity_years", sa.Integer(), nullable=False),
        sa.Column("decider", sa.String(length=20), nullable=False),
        sa.Column("requires_level", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("validity_years >= 0", name=op.f("ck_scheme_validity")),
        sa.ForeignKeyConstraint(["level_id"], ["level.id"], name=op.f("fk_scheme_level_id_level")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme")),
        sa.UniqueConstraint("level_id", "version", name=op.f("uq_scheme_level_id_version")),
    )
    with op.batch_alter_table("scheme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scheme_level_id"), ["level_id"], unique=False)

    op.create_table(
        "submission_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("stored_file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stored_file_id"], ["stored_file.id"], name=op.f("fk_submission_file_stored_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_submission_file_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_file")),
        sa.UniqueConstraint("submission_id", "position", name=op.f("uq_submission_file_submission_id_position")),
        sa.UniqueConstraint(
            "submission_id", "stored_file_id", name=op.f("uq_submission_file_submission_id_stored_file_id")
        ),
    )
    with op.batch_alter_table("submission_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_file_stored_file_id"), ["stored_file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submission_file_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "artefact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.String(length=20), nullable=False),
        sa.Column("key_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("register_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_artefact_credential_id_credential")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artefact")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_artefact_credential_id")),
        sa.UniqueConstraint("file_id", name=op.f("uq_artefact_file_id")),
        sa.UniqueConstraint("sha256", name=op.f("uq_artefact_sha256")),
    )
    op.create_table(
        "attempt_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("order", sa.JSON(), nullable=False),
        sa.Column("response", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("response_seq", sa.Integer(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("points", ExactDecimal(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_item_attempt_id_attempt")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name=op.f("fk_attempt_item_item_version_id_item_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_item")),
        sa.UniqueConstraint("attempt_id", "item_version_id", name=op.f("uq_attempt_item_attempt_id_item_version_id")),
        sa.UniqueConstraint("attempt_id", "position", name=op.f("uq_attempt_item_attempt_id_position")),
    )
    with op.batch_alter_table("attempt_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_item_item_version_id"), ["item_version_id"], unique=False)

    op.create_table(
        "course_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("corrected_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_edition_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_edition")),
        sa.UniqueConstraint("course_id", "edition", name=op.f("uq_course_edition_course_id_edition")),
    )
    with op.batch_alter_table("course_edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_edition_course_id"), ["course_id"], unique=False)

    op.create_table(
        "credential_status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason_class", sa.String(length=12), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=True),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("second_by", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('suspended', 'lifted', 'revoked', 'superseded')", name=op.f("ck_credential_status_kind")
        ),
        sa.CheckConstraint("until_at IS NULL OR until_at > from_at", name=op.f("ck_credential_status_times")),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_credential_status_credential_id_credential")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential_status")),
    )
    with op.batch_alter_table("credential_status", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credential_status_credential_id"), ["credential_id"], unique=False)

    op.create_table(
        "mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("marking_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_mark_criterion_id_criterion")),
        sa.ForeignKeyConstraint(["marking_id"], ["marking.id"], name=op.f("fk_mark_marking_id_marking")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.UniqueConstraint("marking_id", "criterion_id", name=op.f("uq_mark_marking_id_criterion_id")),
    )
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mark_criterion_id"), ["criterion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mark_marking_id"), ["marking_id"], unique=False)

    op.create_table(
        "result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("percent", ExactDecimal(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("inputs_hash", sa.String(length=64), nullable=False),
        sa.Column("rule_version", sa.String(length=40), nullable=False),
        sa.Column("engine_version", sa.String(length=20), nullable=False),
        sa.Column("finalised_at", UtcDateTime(), nullable=False),
        sa.Column("finalised_by", sa.String(length=40), nullable=False),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.Column("released_by", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "(kind = 'exam' AND attempt_id IS NOT NULL AND submission_id IS NULL) OR (kind = 'practical' AND submission_id IS NOT NULL AND attempt_id IS NULL)",
            name=op.f("ck_result_source"),
        ),
        sa.CheckConstraint("kind IN ('exam', 'practical')", name=op.f("ck_result_kind")),
        sa.CheckConstraint("outcome IN ('pass', 'refer', 'fail')", name=op.f("ck_result_outcome")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_result_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_result_person_id_person")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_result_submission_id_submission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_result_attempt_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_result_public_id")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_result_submission_id")),
    )
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.create_index("ix_result_person_code", ["person_id", "code"], unique=False)

    op.create_table(
        "revocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("live", sa.Integer(), nullable=True),
        sa.Column("reason_class", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(length=20), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=20), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("appeal_until", UtcDateTime(), nullable=True),
        sa.Column("appealed_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=20), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "reason_class IN ('error', 'misconduct', 'request')", name=op.f("ck_revocation_reason_class")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'dropped', 'confirmed', 'appealed', 'effective', 'reversed')",
            name=op.f("ck_revocation_state"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_revocation_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_revocation_credential_id_credential")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation")),
        sa.UniqueConstraint("credential_id", "live", name=op.f("uq_revocation_credential_id_live")),
        sa.UniqueConstraint("public_id", name=op.f("uq_revocation_public_id")),
    )
    with op.batch_alter_table("revocation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revocation_credential_id"), ["credential_id"], unique=False)

    op.create_table(
        "signing_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.String(length=20), nullable=False),
        sa.Column("key_id", sa.String(length=20), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_signing_attempt_credential_id_credential")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_attempt")),
        sa.UniqueConstraint("file_id", name=op.f("uq_signing_attempt_file_id")),
    )
    with op.batch_alter_table("signing_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_attempt_credential_id"), ["credential_id"], unique=False)

    op.create_table(
        "course_module",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["course_edition.id"], name=op.f("fk_course_module_edition_id_course_edition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_module")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_course_module_edition_id_code")),
    )
    with op.batch_alter_table("course_module", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_module_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_enrolment_course_id_course")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["course_edition.id"], name=op.f("fk_enrolment_edition_id_course_edition")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("person_id", "course_id", name=op.f("uq_enrolment_person_id_course_id")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolment_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolment_person_id"), ["person_id"], unique=False)

    op.create_table(
        "item_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_item_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_item_id"], ["attempt_item.id"], name=op.f("fk_item_report_attempt_item_id_attempt_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_report")),
    )
    with op.batch_alter_table("item_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_report_attempt_item_id"), ["attempt_item_id"], unique=False)

    op.create_table(
        "item_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_item_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("response", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_item_id"], ["attempt_item.id"], name=op.f("fk_item_response_attempt_item_id_attempt_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_response")),
    )
    with op.batch_alter_table("item_response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_response_attempt_item_id"), ["attempt_item_id"], unique=False)

    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("objective", sa.String(length=400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("techniques", sa.JSON(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["module_id"], ["course_module.id"], name=op.f("fk_lesson_module_id_course_module")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("module_id", "code", name=op.f("uq_lesson_module_id_code")),
    )
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_module_id"), ["module_id"], unique=False)

    op.create_table(
        "lesson_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("lesson_code", sa.String(length=40), nullable=False),
        sa.Column("first_opened_at", UtcDateTime(), nullable=False),
        sa.Column("last_opened_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("position", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_lesson_progress_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_progress")),
        sa.UniqueConstraint("enrolment_id", "lesson_code", name=op.f("uq_lesson_progress_enrolment_id_lesson_code")),
    )
    with op.batch_alter_table("lesson_progress", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_progress_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_index("uq_person_email_lower", "person", [sa.literal_column("lower(email)")], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("lesson_progress", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_progress_enrolment_id"))

    op.drop_table("lesson_progress")
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_module_id"))

    op.drop_table("lesson")
    with op.batch_alter_table("item_response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_response_attempt_item_id"))

    op.drop_table("item_response")
    with op.batch_alter_table("item_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_report_attempt_item_id"))

    op.drop_table("item_report")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolment_person_id"))
        batch_op.drop_index(batch_op.f("ix_enrolment_edition_id"))
        batch_op.drop_index(batch_op.f("ix_enrolment_course_id"))

    op.drop_table("enrolment")
    with op.batch_alter_table("course_module", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_module_edition_id"))

    op.drop_table("course_module")
    with op.batch_alter_table("signing_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_attempt_credential_id"))

    op.drop_table("signing_attempt")
    with op.batch_alter_table("revocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revocation_credential_id"))

    op.drop_table("revocation")
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.drop_index("ix_result_person_code")

    op.drop_table("result")
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mark_marking_id"))
        batch_op.drop_index(batch_op.f("ix_mark_criterion_id"))

    op.drop_table("mark")
    with op.batch_alter_table("credential_status", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credential_status_credential_id"))

    op.drop_table("credential_status")
    with op.batch_alter_table("course_edition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_edition_course_id"))

    op.drop_table("course_edition")
    with op.batch_alter_table("attempt_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_item_item_version_id"))

    op.drop_table("attempt_item")
    op.drop_table("artefact")
    with op.batch_alter_table("submission_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_file_submission_id"))
        batch_op.drop_index(batch_op.f("ix_submission_file_stored_file_id"))

    op.drop_table("submission_file")
    with op.batch_alter_table("scheme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scheme_level_id"))

    op.drop_table("scheme")
    with op.batch_alter_table("quiz_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_item_item_id"))

    op.drop_table("quiz_item")
    with op.batch_alter_table("marking", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_marking_slot",
            sqlite_where=sa.text("state IN ('open','done')"),
            postgresql_where=sa.text("state IN ('open','done')"),
        )
        batch_op.drop_index(batch_op.f("ix_marking_submission_id"))
        batch_op.drop_index(batch_op.f("ix_marking_rubric_id"))
        batch_op.drop_index(batch_op.f("ix_marking_assessor_id"))

    op.drop_table("marking")
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.drop_index("ix_item_version_cell")

    op.drop_table("item_version")
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credential_state"))
        batch_op.drop_index(batch_op.f("ix_credential_person_id"))

    op.drop_table("credential")
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_level_id"))

    op.drop_table("course")
    with op.batch_alter_table("attempt_allowance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_allowance_person_id"))

    op.drop_table("attempt_allowance")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_attempt_one_live",
            sqlite_where=sa.text("state NOT IN ('released', 'voided')"),
            postgresql_where=sa.text("state NOT IN ('released', 'voided')"),
        )
        batch_op.drop_index(batch_op.f("ix_attempt_exam_id"))
        batch_op.drop_index("ix_attempt_due")

    op.drop_table("attempt")
    with op.batch_alter_table("agreed_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreed_mark_submission_id"))
        batch_op.drop_index(batch_op.f("ix_agreed_mark_criterion_id"))

    op.drop_table("agreed_mark")
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_session_person_id"))

    op.drop_table("web_session")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_submission_open",
            sqlite_where=sa.text("state IN ('draft','submitted','marking','marked')"),
            postgresql_where=sa.text("state IN ('draft','submitted','marking','marked')"),
        )
        batch_op.drop_index("ix_submission_state_submitted_at")
        batch_op.drop_index(batch_op.f("ix_submission_rubric_version_id"))
        batch_op.drop_index(batch_op.f("ix_submission_practical_id"))
        batch_op.drop_index(batch_op.f("ix_submission_person_id"))

    op.drop_table("submission")
    op.drop_table("signatory")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_person_id"))

    op.drop_table("role_grant")
    op.drop_table("practice_quiz")
    with op.batch_alter_table("level", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_level_pathway_id"))

    op.drop_table("level")
    op.drop_table("item")
    op.drop_table("extra_time")
    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_course_code"))

    op.drop_table("exam")
    with op.batch_alter_table("email_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_email_token_person_id"))

    op.drop_table("email_token")
    with op.batch_alter_table("criterion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_criterion_rubric_id"))

    op.drop_table("criterion")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_person_id"))

    op.drop_table("consent")
    with op.batch_alter_table("award_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_award_decision_person_id"))

    op.drop_table("award_decision")
    with op.batch_alter_table("award_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_award_case_state"))
        batch_op.drop_index(batch_op.f("ix_award_case_person_id"))

    op.drop_table("award_case")
    op.drop_table("audit_personal")
    with op.batch_alter_table("affiliation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_affiliation_person_id"))
        batch_op.drop_index(batch_op.f("ix_affiliation_employer_key"))

    op.drop_table("affiliation")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_purpose"))
        batch_op.drop_index(batch_op.f("ix_stored_file_owner"))

    op.drop_table("stored_file")
    with op.batch_alter_table("standing_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standing_decision_level_code"))

    op.drop_table("standing_decision")
    op.drop_table("signing_key")
    op.drop_table("rubric")
    op.drop_table("register_head")
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_entry_number"))

    op.drop_table("register_entry")
    with op.batch_alter_table("practical", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_practical_level_code"))
        batch_op.drop_index(batch_op.f("ix_practical_course_code"))

    op.drop_table("practical")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_closed_at"))

    op.drop_table("person")
    op.drop_table("pathway")
    op.drop_table("page_version")
    op.drop_table("mail_text")
    with op.batch_alter_table("mail_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_message_person"))
        batch_op.drop_index(batch_op.f("ix_mail_message_kind"))

    op.drop_table("mail_message")
    with op.batch_alter_table("limit_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_limit_count_ends_at"))

    op.drop_table("limit_count")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_due")

    op.drop_table("job")
    op.drop_table("item_bank")
    op.drop_table("body")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_object_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_action"))

    op.drop_table("audit_entry")
    op.drop_table("achievement")
