"""More that can happen to a certificate, and "share only" in the place of "private".

The checks of two columns change, which the writer of steps does not see. SQLite keeps a check in the text of the table;
rebuilding `credential` would touch every table that refers to it, so the text is changed in place, in the same
transaction (sqlite.org/lang_altertable.html, section 7: changes that leave the stored rows alone).

Until now a holder who hid a certificate was shown as having withdrawn it. Hidden ones become "share only" and say again
how they stand; those whose name was taken off for good keep the word, as an entry of their history.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

OLD_KINDS = "kind IN ('suspended', 'lifted', 'revoked', 'superseded')"
NEW_KINDS = "kind IN ('suspended', 'lifted', 'revoked', 'corrected', 'superseded', 'withdrawn', 'restored')"
OLD_SHOWN = "visibility IN ('public', 'unlisted', 'private')"
NEW_SHOWN = "visibility IN ('public', 'unlisted', 'share-only')"
WITHDRAW_THE_NAMELESS = """
    INSERT INTO credential_status
        (credential_id, kind, reason_class, from_at, until_at, "by", second_by, note, recorded_at)
    SELECT credential.id, 'withdrawn', '', person.erased_at, NULL, 'system', '', '', person.erased_at
    FROM credential JOIN person ON person.id = credential.person_id
    WHERE credential.visibility = 'private' AND credential.state = 'issued' AND person.erased_at IS NOT NULL
"""


def upgrade() -> None:
    _change_check("credential_status", "ck_credential_status_kind", OLD_KINDS, NEW_KINDS)
    op.execute(WITHDRAW_THE_NAMELESS)
    _drop_check("credential", "ck_credential_visibility", OLD_SHOWN)
    op.execute("UPDATE credential SET visibility = 'share-only' WHERE visibility = 'private'")
    _add_check("credential", "ck_credential_visibility", NEW_SHOWN)


def downgrade() -> None:
    _drop_check("credential", "ck_credential_visibility", NEW_SHOWN)
    op.execute("UPDATE credential SET visibility = 'private' WHERE visibility = 'share-only'")
    _add_check("credential", "ck_credential_visibility", OLD_SHOWN)
    op.execute("DELETE FROM credential_status WHERE kind IN ('corrected', 'withdrawn', 'restored')")
    _change_check("credential_status", "ck_credential_status_kind", NEW_KINDS, OLD_KINDS)


def _change_check(table: str, name: str, before: str, after: str) -> None:
    _drop_check(table, name, before)
    _add_check(table, name, after)


def _drop_check(table: str, name: str, before: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(table, f"CHECK ({before})", "CHECK (1 = 1)")
    else:
        op.drop_constraint(op.f(name), table, type_="check")


def _add_check(table: str, name: str, after: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(table, "CHECK (1 = 1)", f"CHECK ({after})")
    else:
        op.create_check_constraint(op.f(name), table, after)


def _rewrite(table: str, before: str, after: str) -> None:
    """Change one piece of the text of a table on SQLite, and let every connection read the schema anew."""
    bind = op.get_bind()
    known = {"type": "table", "name": table}
    chosen = "FROM sqlite_master WHERE type = :type AND name = :name"
    text = bind.execute(sa.text(f"SELECT sql {chosen}"), known).scalar_one()
    if text.count(before) != 1:
        raise RuntimeError(f"the check {before!r} was looked for once in {table} and found {text.count(before)} times")
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    change = "UPDATE sqlite_master SET sql = :sql WHERE type = :type AND name = :name"
    bind.execute(sa.text(change), known | {"sql": text.replace(before, after)})
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
