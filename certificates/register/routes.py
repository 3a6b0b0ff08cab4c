"""The register for everyone: heads, leaves and proofs for programs, and a page that says what it is and checks it.

Leaves hold hashes only. A proof is given for a number that its holder shows, and tells no more than its entry does:
that a document was entered, not what became of it.
"""

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask_babel import gettext as _

from app import clock, limits
from app.body.queries import get_body
from app.error_pages import error_page
from app.errors import DomainError, Missing
from app.extensions import db
from app.limits import Limit
from app.policy import Permission, requires
from certificates import queries
from certificates.checking.routes.verify import number_fault, unkept
from certificates.lifecycle.status import Status
from certificates.models import Credential, Visibility
from certificates.numbers import NumberInvalid, parse_number
from certificates.register import heads, services, tree
from certificates.register.merkle import ProofImpossible
from certificates.register.models import RegisterEntry
from certificates.register.note import NoteInvalid, open_head, origin_of, verifier_key
from certificates.register.proof import Proof, ProofInvalid

blueprint = Blueprint("register", __name__, template_folder="../templates")
MOST_ENTRIES = 500
ASKED = Limit("register asked as JSON", 60, 60)
SHOWN = (Visibility.PUBLIC, Visibility.UNLISTED)


class Unreadable(DomainError):
    """An address that asks for what cannot be."""

    status = 400


@blueprint.get("/register")
@requires(Permission.PUBLIC)
def page() -> Any:
    """What the register is, how it stands, and two checks: a certificate's entry, and a head that somebody kept."""
    typed, kept = request.args.get("number", ""), request.args.get("kept", "")
    if typed or kept:
        _count()
    proof, number_problem = _checked(typed) if typed.strip() else (None, "")
    waits = proof is not None and not proof.note
    verdict = _compare_kept(kept) if kept.strip() else None
    shown = render_template(
        "certificates/register.html",
        head=services.newest_head(),
        size=tree.size_of(db.session()),
        latest=heads.list_latest(5),
        keys=[verifier_key(origin_of(get_body().domain), raw) for _, raw in heads.log_keys().values()],
        typed=typed,
        kept=kept,
        proof=None if waits else proof,
        waiting=proof if waits else None,
        problem=number_problem,
        verdict=verdict,
    )
    return shown, 422 if number_problem else 200


def _checked(typed: str) -> tuple[Proof | None, str]:
    """The proof of a typed number, checked here as anybody could; or why there is none.

    One without a note is of an entry so new that no signed head covers it yet: it is neither checked nor a fault.
    """
    try:
        proof = _prove_shown(parse_number(typed))
    except NumberInvalid as problem:
        return None, number_fault(problem.problem)
    except Missing:
        return None, _("The register shows no entry for this number. Check the number itself on the page for checking.")
    if not proof.note:
        return proof, ""
    try:
        proof.check([raw for _, raw in heads.log_keys().values()])
    except ProofInvalid:
        return None, _("The proof does not hold. Please write to us: this must never happen.")
    return proof, ""


def _prove_shown(number: str) -> Proof:
    """The proof of a certificate's newest document, where its holder shows it. Raises Missing."""
    credential = queries.find_issued(number)
    if credential is None or not _is_shown(credential):
        raise Missing
    entry = heads.find_document_entry(number)
    if entry is None:
        raise Missing
    return services.prove(entry.seq)


def _is_shown(credential: Credential) -> bool:
    withdrawn = queries.standing_of(credential, clock.now()).status is Status.WITHDRAWN
    return credential.visibility in SHOWN and not withdrawn


def _compare_kept(kept: str) -> tuple[bool, str]:
    """Whether the register still begins with a head that somebody kept: good or not, and in words."""
    keys = [raw for _, raw in heads.log_keys().values()]
    try:
        head = open_head(kept.replace("\r\n", "\n").strip() + "\n", keys)
    except NoteInvalid:
        return False, _("This is not a head that we signed. Paste the whole text, with the line of the signature.")
    size = tree.size_of(db.session())
    if head.size > size or tree.root_at(db.session(), head.size) != head.root:
        return False, _("We signed this head, and the register no longer begins with it. Please tell everyone.")
    return True, _("The register begins with exactly these %(n)s entries, in the same order.", n=head.size)


@blueprint.get("/register/head")
@requires(Permission.PUBLIC)
def head() -> Response:
    """The newest signed head; 404 before the first."""
    _count()
    found = services.newest_head()
    if found is None:
        raise Missing
    return unkept(jsonify(heads.head_as_json(found)))


@blueprint.get("/register/heads")
@requires(Permission.PUBLIC)
def every_head() -> Response:
    """Signed heads in the order they were made, 500 at a time: `?after=` the id of the last one seen."""
    _count()
    rows = heads.list_heads(_whole("after", 0))
    following = rows[-1].id if len(rows) == heads.PAGE_SIZE else None
    return unkept(jsonify(heads=[heads.head_as_json(row) for row in rows], next=following))


@blueprint.get("/register/entries")
@requires(Permission.PUBLIC)
def entries() -> Response:
    """The leaves from entry `from` to entry `to`, both included, 500 at most."""
    _count()
    first = _whole("from", 1)
    last = _whole("to", first + MOST_ENTRIES - 1)
    if first < 1 or last < first or last - first >= MOST_ENTRIES:
        raise Unreadable(_("Ask for 1 to %(most)s entries, counted from 1.", most=MOST_ENTRIES))
    return unkept(jsonify(entries=[_leaf(entry) for entry in heads.list_entries(first, last)]))


def _leaf(entry: RegisterEntry) -> dict[str, Any]:
    leaf = tree.leaf_of(entry)
    return {"entry": entry.seq} | leaf.to_json_dict() | {"leaf_hash": leaf.hash().hex()}


@blueprint.get("/register/proof/<number>")
@requires(Permission.PUBLIC)
def proof(number: str) -> Response:
    """That the document of a certificate stands in the register; 404 alike for unknown numbers and hidden ones."""
    _count()
    try:
        found = _prove_shown(parse_number(number))
    except NumberInvalid as problem:
        raise Missing from problem
    return unkept(jsonify(found.to_json_dict()))


@blueprint.get("/register/consistency")
@requires(Permission.PUBLIC)
def consistency() -> Response:
    """That the tree of `to` entries (today's newest head if left out) begins with the tree of `from` entries."""
    _count()
    newest = services.newest_head()
    old, size = _whole("from", 0), _whole("to", newest.size if newest else 0)
    session = db.session()
    try:
        if size > tree.size_of(session):
            raise ProofImpossible
        path = tree.consistency(session, old, size)
    except ProofImpossible as problem:
        raise Unreadable(_("A register only grows: `from` is at most `to`, and `to` at most its size.")) from problem
    roots = {"from_root": tree.root_at(session, old).hex(), "to_root": tree.root_at(session, size).hex()}
    return unkept(jsonify({"from": old, "to": size, "path": path} | roots))


def _whole(name: str, default: int) -> int:
    """A number of entries from the address. Raises Unreadable."""
    typed = request.args.get(name, "").strip()
    if not typed:
        return default
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 9):
        raise Unreadable(_("`%(name)s` is a plain whole number.", name=name))
    return int(typed)


def _count() -> None:
    limits.count((ASKED, request.remote_addr or ""))


@blueprint.errorhandler(DomainError)
def refuse(error: DomainError) -> Response:
    """What went wrong, in the form in which everything else here is answered."""
    db.session.rollback()
    if request.endpoint == "register.page":
        response = error_page(error.status, error.message)
    else:
        response = unkept(jsonify(error=error.message or _("There is nothing here")))
    response.status_code = error.status
    wait = getattr(error, "retry_after", None)
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response
