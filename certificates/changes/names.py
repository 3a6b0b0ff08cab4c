"""Another name on a certificate: a typing error is mended for the asking, a new name needs a proof."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.accounts import services as accounts
from app.accounts.models import Person
from app.audit.services import record
from app.errors import DomainError, Missing
from app.policy import Actor
from app.storage import services as storage
from assessments.practicals.files import Prepared
from certificates import queries as certificates
from certificates.changes import deciding, queries
from certificates.changes.models import ChangeKind, ChangeRequest
from certificates.changes.spelling import is_typing_error
from certificates.holding import services as holding
from certificates.issuing import ordering
from certificates.lifecycle import history
from certificates.models import Credential

PURPOSE = "name-proof"
FILE_KINDS, MOST_MEGABYTES = ("pdf", "jpg", "png"), 10
MOST_FREE = 2
NAMES = (ChangeKind.SPELLING, ChangeKind.NAME)


@dataclass(frozen=True)
class Asked:
    """A request as it was typed. `proof` has been looked at (see assessments.practicals.files.prepare)."""

    kind: ChangeKind
    new_name: str
    words: str = ""
    proof: Prepared | None = None


def ask(public_id: str, person: Person, asked: Asked, now: datetime) -> ChangeRequest:
    """Ask for another name on a certificate of one's own.

    Raises Missing for one of somebody else; DomainError at `new_name` for a name that cannot be printed, is the same,
    or differs by more than a typing error where only that is claimed; at `words` and `file` without a reason and a
    proof for a new name; and for a certificate that cannot be replaced.
    """
    credential = certificates.get_for_change(public_id)
    if credential.person_id != person.id:
        raise Missing
    ordering.refuse_unreplaceable(credential, now)
    name = accounts.clean_name(asked.new_name)
    _check_name(credential, name)
    if asked.kind is ChangeKind.SPELLING:
        _check_spelling(credential, name)
        return deciding.open_request(credential, asked.kind, now, new_name=name, words=asked.words)
    return _open_with_proof(credential, person, asked, name, now)


def _check_name(credential: Credential, name: str) -> None:
    try:
        holding.refuse_unprintable(name)
    except DomainError as error:
        raise DomainError(error.message, "new_name") from None
    if name == credential.holder_name:
        raise DomainError(_("This is how the certificate has it already."), "new_name")


def _check_spelling(credential: Credential, name: str) -> None:
    if not is_typing_error(credential.holder_name, name):
        message = _("This is more than a typing error. Choose “My name is another now” and add a proof.")
        raise DomainError(message, "new_name")
    if queries.count_spellings(credential.person_id) >= MOST_FREE:
        message = _("Typing errors were mended twice already. Choose “My name is another now” and add a proof.")
        raise DomainError(message, "new_name")


def _open_with_proof(credential: Credential, person: Person, asked: Asked, name: str, now: datetime) -> ChangeRequest:
    if not asked.words:
        raise DomainError(_("Say what the change rests on, such as a marriage or a decision of an office."), "words")
    if asked.proof is None:
        raise DomainError(_("Add a picture or a PDF of the paper that shows the change."), "file")
    row = deciding.open_request(credential, asked.kind, now, new_name=name, words=asked.words)
    stored = storage.keep(
        asked.proof.data,
        asked.proof.shown_name,
        purpose=PURPOSE,
        owner=person.public_id,
        allowed=FILE_KINDS,
        most_bytes=MOST_MEGABYTES * 1024**2,
    )
    row.file_id, row.file_name = stored.public_id, stored.shown_name
    return row


def agree(public_id: str, *, seen_proof: bool, actor: Actor, now: datetime) -> list[Credential]:
    """An officer grants another name: every certificate in force that carries the old one is made anew.

    The name also becomes the one for future certificates. Raises as `deciding.begin_decision`; DomainError at
    `seen_proof` for a new name whose proof nobody says to have looked at, and for a certificate no longer in force.
    """
    row, credential = deciding.begin_decision(public_id, NAMES, actor)
    if row.kind == ChangeKind.NAME and not seen_proof:
        raise DomainError(_("Look at the proof first, and say that you have."), "seen_proof")
    ordering.refuse_unreplaceable(credential, now)
    made = _make_anew(row, credential, actor, now)
    deciding.agree(row, credential, actor, made[0], now)
    history.notify("certificates.change-agreed", credential, asked=deciding.kind_words(row.kind), new_name=row.new_name)
    return made


def _make_anew(row: ChangeRequest, credential: Credential, actor: Actor, now: datetime) -> list[Credential]:
    """The certificates that follow, the one that was asked about first."""
    old_name, reason = credential.holder_name, deciding.kind_words(row.kind)
    others = [certificates.get_for_change(public_id) for public_id in _others(credential, old_name, now)]
    _rename(credential.person, old_name, row.new_name, actor, now)
    for old in (credential, *others):
        subject = history.subject(old)
        record("credential.replaced", actor=actor.public_id, subject=subject, personal={"reason": reason})
    return [
        ordering.reissue(old, row.new_name, reason, actor=actor.public_id, now=now) for old in (credential, *others)
    ]


def _others(credential: Credential, name: str, now: datetime) -> list[str]:
    """The holder's other certificates under the same name that can be replaced, in a fixed order against deadlocks."""
    rows = sorted(certificates.list_own(credential.person_id), key=lambda row: row.id)
    alike = [row for row in rows if row.holder_name == name and row.id != credential.id]
    return [row.public_id for row in alike if ordering.can_be_replaced(row, now)]


def _rename(person: Person, old_name: str, new_name: str, actor: Actor, now: datetime) -> None:
    """The name for future certificates too, unless the holder has chosen a third one since."""
    if person.name not in (old_name, new_name):
        return
    if person.name != new_name:
        personal = {"old": person.name, "new": new_name}
        record("person.renamed", actor=actor.public_id, subject=("person", person.public_id), personal=personal)
    person.name, person.name_confirmed_at = new_name, now
