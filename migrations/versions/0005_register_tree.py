"""The register becomes a tree of hashes.

Every entry keeps its row and gets its place: entry n is leaf n - 1. Its leaf commits, with a secret of its own, to the
number and to what the tables say of the event today. Rows of history that no entry speaks of get one. Certificates whose
holders were erased lose the link between number and entries, as they do from now on at once. The old chain stays on the
rows that had it, for whoever kept one of its values.

Everything is spelled out here rather than imported: what a step once wrote must not change with the program.
Going back writes the chain over every entry again; what an erasure took away does not come back.
"""

import hashlib
import itertools
import json
import secrets
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

from app.extensions import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

START = "0" * 64
NOBODY = "—"
AT_ONCE = 1_000
STATUS_KINDS = ("suspended", "lifted", "revoked", "corrected", "superseded", "withdrawn", "restored")


def _table(name: str, **typed: sa.types.TypeEngine) -> sa.TableClause:
    return sa.table(name, *(sa.column(column, type_) for column, type_ in typed.items()))


TEXT, NUMBER, AT, DAY, DATA, FLAG = sa.String(), sa.Integer(), UtcDateTime(), sa.Date(), sa.JSON(), sa.Boolean()
CREDENTIAL = {
    "id": NUMBER, "public_id": TEXT, "number": TEXT, "decision_id": NUMBER, "person_id": NUMBER, "holder_name": TEXT,
    "level_code": TEXT, "scheme_code": TEXT, "scheme_version": NUMBER, "achievement": DATA, "supervision": TEXT,
    "waiver": TEXT, "issuer": TEXT, "issued_on": DAY, "valid_until": DAY, "zone": TEXT, "supersedes_id": NUMBER,
    "base_address": TEXT, "specimen": FLAG, "model": DATA, "template_version": NUMBER, "ordered_at": AT,
}  # fmt: skip
DECISION = {
    "id": NUMBER, "public_id": TEXT, "person_id": NUMBER, "level_code": TEXT, "scheme_code": TEXT,
    "scheme_version": NUMBER, "cycle": NUMBER, "rule": DATA, "inputs": DATA, "inputs_hash": TEXT, "sources": DATA,
    "engine_version": TEXT, "outcome": TEXT, "reason": TEXT, "decided_by": TEXT, "decided_at": AT,
}  # fmt: skip
ARTEFACT = {
    "id": NUMBER, "credential_id": NUMBER, "sha256": TEXT, "size": NUMBER, "file_id": TEXT, "key_fingerprint": TEXT,
    "signed_at": AT, "made_at": AT,
}  # fmt: skip
STATUS = {
    "id": NUMBER, "credential_id": NUMBER, "kind": TEXT, "reason_class": TEXT, "from_at": AT, "until_at": AT,
    "by": TEXT, "second_by": TEXT, "note": TEXT, "recorded_at": AT,
}  # fmt: skip
credential = _table("credential", **CREDENTIAL, state=TEXT)
decision = _table("award_decision", **DECISION)
artefact = _table("artefact", **ARTEFACT)
status = _table("credential_status", **STATUS)
entry = _table(
    "register_entry", seq=NUMBER, kind=TEXT, number=TEXT, artefact_sha256=TEXT, badge_sha256=TEXT, at=AT,
    version=NUMBER, subject=TEXT, facts=TEXT, secret=TEXT, parts=DATA, forgotten_by=NUMBER, leaf=TEXT, previous=TEXT,
    chain=TEXT,
)  # fmt: skip
node = _table("register_node", level=NUMBER, place=NUMBER, hash=TEXT)
head = _table("register_head", id=NUMBER, seq=NUMBER, chain=TEXT)


def upgrade() -> None:
    bind = op.get_bind()
    rows = [dict(row) for row in bind.execute(sa.select(entry).order_by(entry.c.seq)).mappings()]
    known = len(rows)
    rows += _entries_for_silent_history(bind, rows)
    documents, history = _documents(bind), _history(bind)
    nameless = set(bind.scalars(_nameless()))
    _name_earlier_erasures(rows)
    for row in rows:
        if not row["subject"]:
            _commit(row, documents, history)
    rows += _forget(rows, nameless)
    _open_gaps(rows)
    _write_entries(bind, rows, known)
    _write_nodes(bind, rows)
    _write_head(bind, rows)
    owners = sa.select(credential.c.id).where(credential.c.number.in_(nameless))
    bind.execute(sa.delete(artefact).where(artefact.c.credential_id.in_(owners)))


def _documents(bind: sa.Connection) -> dict[str, dict[str, dict]]:
    """number -> the rows behind a document, each as the leaf commits to it."""
    parts = {
        "credential": (credential, CREDENTIAL),
        "award_decision": (decision, DECISION),
        "artefact": (artefact, ARTEFACT),
    }
    columns = [table.c[name].label(f"{part}_{name}") for part, (table, names) in parts.items() for name in names]
    joined = credential.join(decision, decision.c.id == credential.c.decision_id)
    joined = joined.join(artefact, artefact.c.credential_id == credential.c.id)
    found = {}
    for row in bind.execute(sa.select(*columns).select_from(joined)).mappings():
        told = {part: {name: _plain(row[f"{part}_{name}"]) for name in names} for part, (_, names) in parts.items()}
        found[row["credential_number"]] = told
    return found


def _history(bind: sa.Connection) -> dict[tuple[str, str, datetime], dict[str, dict]]:
    """(number, kind, moment) -> the row of history, as the leaf commits to it."""
    joined = status.join(credential, credential.c.id == status.c.credential_id)
    statement = sa.select(status, credential.c.number.label("owner")).select_from(joined).order_by(status.c.id)
    return {
        (row["owner"], row["kind"], row["recorded_at"]): {
            "credential_status": {name: _plain(row[name]) for name in STATUS}
        }
        for row in bind.execute(statement).mappings()
    }


def _entries_for_silent_history(bind: sa.Connection, rows: list[dict]) -> list[dict]:
    spoken = {(row["number"], row["kind"], row["at"]) for row in rows}
    nobodys = {(row["kind"], row["at"]) for row in rows if not row["number"]}
    silent = [key for key in _history(bind) if key not in spoken and key[1:] not in nobodys]
    return [_new(len(rows) + count, kind, number, at) for count, (number, kind, at) in enumerate(silent, 1)]


def _new(seq: int, kind: str, number: str, at: datetime) -> dict:
    bare = dict.fromkeys(column.name for column in entry.columns)
    texts = {"artefact_sha256": "", "badge_sha256": "", "facts": "", "parts": {}}
    return bare | texts | {"seq": seq, "kind": kind, "number": number, "at": at, "version": 1}


def _name_earlier_erasures(rows: list[dict]) -> None:
    """Entries that lost their number before a way back: an entry of erasure names those before it that none has named."""
    loose: list[dict] = []
    for row in rows:
        if row["subject"]:
            continue
        if row["kind"] == "erased":
            row["secret"], row["parts"] = secrets.token_hex(32), {}
            named = ",".join(str(other["seq"]) for other in loose)
            row["subject"] = _sealed(row["secret"], b"subject", named.encode())
            for other in loose:
                other["forgotten_by"] = row["seq"]
            loose = []
        elif not row["number"]:
            row["subject"], row["secret"], row["parts"] = _sealed(secrets.token_hex(32), b"subject", b""), "", {}
            loose.append(row)


def _commit(row: dict, documents: dict, history: dict) -> None:
    """Give an entry its secret and its two commitments."""
    found = documents.get(row["number"], {}) if row["kind"] == "issued" else {}
    found = found or history.get((row["number"], row["kind"], row["at"]), {})
    row["secret"] = secrets.token_hex(32)
    row["subject"] = _sealed(row["secret"], b"subject", row["number"].encode())
    row["parts"] = {part: _sealed(row["secret"], b"facts", _canonical(told)) for part, told in found.items()}
    row["facts"] = hashlib.sha256(_canonical(row["parts"])).hexdigest() if found else ""


def _sealed(secret: str, purpose: bytes, content: bytes) -> str:
    salt = hashlib.sha256(purpose + b"\x00" + bytes.fromhex(secret)).digest()
    return hashlib.sha256(salt + content).hexdigest()


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return _moment(value)
    return value.isoformat() if isinstance(value, date) else value


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _nameless() -> sa.Select:
    erased = sa.select(credential.c.number).where(credential.c.holder_name == NOBODY, credential.c.state == "issued")
    return erased.where(credential.c.number.in_(sa.select(entry.c.number)))


def _forget(rows: list[dict], nameless: set[str]) -> list[dict]:
    """Take the number off the entries of erased certificates; the entries of erasure that say so."""
    groups: dict[str, list[int]] = {}
    for row in rows:
        if row["number"] in nameless:
            groups.setdefault(row["number"], []).append(row["seq"])
    erasures = []
    for count, seqs in enumerate(groups.values(), 1):
        made = _new(len(rows) + count, "erased", "", rows[seqs[-1] - 1]["at"])
        made["secret"] = secrets.token_hex(32)
        made["subject"] = _sealed(made["secret"], b"subject", ",".join(map(str, seqs)).encode())
        erasures.append(made)
        for seq in seqs:
            rows[seq - 1].update(number="", secret="", parts={}, forgotten_by=made["seq"])
    return erasures


def _open_gaps(rows: list[dict]) -> None:
    """The old chain has a gap where an entry was forgotten: neither it nor the next one tells what stood there."""
    for row in rows:
        if row["forgotten_by"] is not None:
            row["leaf"] = row["previous"] = row["chain"] = None
    for before, row in itertools.pairwise(rows):
        if before["forgotten_by"] is not None:
            row["previous"] = None


def _write_entries(bind: sa.Connection, rows: list[dict], known: int) -> None:
    changed = ("number", "version", "subject", "facts", "secret", "parts", "forgotten_by", "leaf", "previous", "chain")
    change = sa.update(entry).where(entry.c.seq == sa.bindparam("which"))
    change = change.values({name: sa.bindparam(f"new_{name}", type_=entry.c[name].type) for name in changed})
    for part in _batches(rows[:known]):
        bind.execute(change, [{"which": row["seq"]} | {f"new_{name}": row[name] for name in changed} for row in part])
    for part in _batches(rows[known:]):
        bind.execute(sa.insert(entry), part)


def _write_nodes(bind: sa.Connection, rows: list[dict]) -> None:
    made: list[dict] = []
    peaks: list[tuple[int, bytes]] = []
    for index, row in enumerate(rows):
        level, value = 0, _leaf(row)
        made.append({"level": 0, "place": index, "hash": value.hex()})
        while peaks and peaks[-1][0] == level:
            value = hashlib.sha256(b"\x01" + peaks.pop()[1] + value).digest()
            level += 1
            made.append({"level": level, "place": index >> level, "hash": value.hex()})
        peaks.append((level, value))
    for part in _batches(made):
        bind.execute(sa.insert(node), part)


def _leaf(row: dict) -> bytes:
    told = {"v": 1, "kind": row["kind"], "at": _moment(row["at"]), "subject": row["subject"], "facts": row["facts"]}
    told |= {"document": row["artefact_sha256"], "badge": row["badge_sha256"]}
    return hashlib.sha256(b"\x00" + _canonical(told)).digest()


def _write_head(bind: sa.Connection, rows: list[dict]) -> None:
    ends = bind.scalar(sa.select(head.c.chain))
    if ends is None:
        if rows:
            bind.execute(sa.insert(head).values(id=1, seq=len(rows), chain=START))
        return
    kept = ends if any(row["chain"] == ends for row in rows) else START
    bind.execute(sa.update(head).values(seq=len(rows), chain=kept))


def _batches(rows: list[dict]) -> list[list[dict]]:
    return [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]


def downgrade() -> None:
    bind = op.get_bind()
    names = ("seq", "kind", "number", "artefact_sha256", "at")
    previous, made = START, []
    for row in bind.execute(sa.select(*(entry.c[name] for name in names)).order_by(entry.c.seq)):
        moment = row.at.astimezone(UTC).isoformat(timespec="microseconds")
        spelt = json.dumps(
            [row.kind, row.number, row.artefact_sha256, moment], separators=(",", ":"), ensure_ascii=True
        )
        leaf = hashlib.sha256(spelt.encode("ascii")).hexdigest()
        chain = hashlib.sha256(bytes.fromhex(previous) + bytes.fromhex(leaf)).hexdigest()
        made.append({"which": row.seq, "new_leaf": leaf, "new_previous": previous, "new_chain": chain})
        previous = chain
    bind.execute(sa.update(entry).values(leaf=None, previous=None, chain=None))
    chained = ("leaf", "previous", "chain")
    change = sa.update(entry).where(entry.c.seq == sa.bindparam("which"))
    change = change.values({name: sa.bindparam(f"new_{name}") for name in chained})
    for part in _batches(made):
        bind.execute(change, part)
    bind.execute(sa.update(head).values(seq=len(made), chain=previous))
    for table in ("register_proof", "register_signed_head", "register_node"):
        bind.execute(sa.delete(sa.table(table)))
