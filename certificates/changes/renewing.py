"""Renewing a certificate: what is asked, asking for it, and the decision of somebody without a tie to the holder."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import Person
from app.errors import DomainError, Missing
from app.policy import Actor
from certificates import queries as certificates
from certificates.awarding import award, evidence
from certificates.awarding import services as awards
from certificates.awarding.award import SchemeTerms
from certificates.changes import deciding, queries
from certificates.changes.models import ChangeKind, ChangeRequest
from certificates.changes.outlooks import RENEWABLE
from certificates.changes.periods import Phase, Window, next_period, window_of
from certificates.cpd import queries as cpd
from certificates.cpd.hours import Account, account, to_look_at
from certificates.issuing import ordering
from certificates.lifecycle import history
from certificates.models import Credential, CredentialState


@dataclass(frozen=True)
class Outlook:
    """How a certificate that ends stands with its renewal: the window, the hours, what is under way."""

    credential: Credential
    window: Window
    phase: Phase
    account: Account
    counts_from: date
    asked: ChangeRequest | None

    @property
    def can_be_asked(self) -> bool:
        """Whether the button is there."""
        return self.asked is None and self.phase in (Phase.OPEN, Phase.LATE) and self.account.is_enough


def find_outlook(credential: Credential, now: datetime) -> Outlook | None:
    """The outlook of a certificate loaded with history and successor; None where there is nothing to renew.

    What is asked is told by the version of the scheme that stands on the certificate: a later version reaches whoever
    is renewed under it.
    """
    if credential.valid_until is None or credential.state != CredentialState.ISSUED or credential.successor is not None:
        return None
    if certificates.standing_of(credential, now).status not in RENEWABLE:
        return None
    terms = evidence.find_terms_of_version(credential.level_code, credential.scheme_version)
    asked = award.RenewalTerms() if terms is None else terms.renewal
    window, first = window_of(credential.valid_until, asked), credential.development_from or credential.issued_on
    phase = window.phase(awards.today(now))
    if phase is Phase.OVER and certificates.has_newer(credential):
        return None
    waiting = queries.find_open(credential.id)
    used = queries.used_refs(credential.person_id, credential.level_code, besides=waiting.id if waiting else 0)
    counted = account(cpd.list_hours(credential.person_id, first), first, used, asked)
    return Outlook(credential, window, phase, counted, first, waiting)


def list_outlooks(person_id: int, now: datetime) -> list[Outlook]:
    """The outlooks of all certificates of a person that end, the soonest first."""
    found = [find_outlook(row, now) for row in certificates.list_own(person_id)]
    return sorted((outlook for outlook in found if outlook), key=lambda outlook: outlook.window.ends)


def ask(public_id: str, person: Person, now: datetime) -> ChangeRequest:
    """Ask for the next period. What counts is fixed with it, and so is which activities are looked at more closely.

    Raises Missing for a certificate of somebody else; DomainError outside the window, with hours missing, for one that
    is not in force, and while a request is open.
    """
    credential = certificates.get_for_change(public_id)
    if credential.person_id != person.id:
        raise Missing
    certificates.lock_person(person.id)
    outlook = find_outlook(credential, now)
    if outlook is None:
        raise DomainError(_("This certificate cannot be renewed as it stands."))
    _check(outlook)
    return deciding.open_request(credential, ChangeKind.RENEWAL, now, development=_snapshot(outlook))


def _check(outlook: Outlook) -> None:
    if outlook.phase is Phase.EARLY:
        raise DomainError(_("It is too early: this certificate can be renewed later."))
    if outlook.phase is Phase.OVER:
        raise DomainError(
            _("The time for a renewal has passed. The level can be earned again; the page of the certificate says how.")
        )
    if outlook.asked is None and not outlook.account.is_enough:
        raise DomainError(_("Hours of continuing development are still missing."))


def _snapshot(outlook: Outlook) -> dict[str, Any]:
    """What the renewal rests on as JSON: references, days, hours and kinds, and no word that somebody wrote."""
    entries = outlook.account.counted
    drawn = secrets.SystemRandom().sample([entry.ref for entry in entries], to_look_at(len(entries)))
    return {
        "from": outlook.counts_from.isoformat(),
        "total": _text(outlook.account.total),
        "structured": _text(outlook.account.structured),
        "activities": [
            {"ref": e.ref, "day": e.done_on.isoformat(), "hours": _text(e.hours), "kind": e.kind.value} for e in entries
        ],
        "sample": sorted(drawn),
    }


def _text(hours: Decimal) -> str:
    return f"{hours.normalize():f}"


def conflict_of(actor: Actor, credential: Credential) -> str:
    """Why this officer may not decide on a renewal, in words; "" if nothing is known against it."""
    sources = [str(source) for source in credential.decision.sources]
    ties = evidence.find_ties(actor.person_id, actor.public_id, credential.person_id, sources)
    conflict = award.find_conflict(ties)
    return awards.conflict_words(conflict) if conflict else ""


def agree(public_id: str, *, declared: bool, sampled: bool, actor: Actor, now: datetime) -> Credential:
    """Grant the next period to whoever asked in time; the new certificate is ordered.

    Raises as `deciding.begin_decision`; DomainError for somebody with a tie to the holder, without the declaration
    (field `declared`) or the closer look (field `sampled`), and when the certificate is no longer in force.
    """
    row, credential = deciding.begin_decision(public_id, (ChangeKind.RENEWAL,), actor)
    _check_decider(row, credential, declared, sampled, actor)
    if certificates.standing_of(credential, now).status not in RENEWABLE or credential.successor is not None:
        raise DomainError(_("This certificate is not in force any more, so it cannot be renewed."))
    period = _period(row, credential, now)
    row.declaration = awards.declaration_words()
    asked_on = awards.today(row.asked_at)
    made = ordering.renew(
        credential, period, actor=actor.public_id, declaration=row.declaration, development_from=asked_on, now=now
    )
    deciding.agree(row, credential, actor, made, now)
    history.notify("certificates.renewal-agreed", credential, first=history.day_words(made.issued_on))
    return made


def _check_decider(row: ChangeRequest, credential: Credential, declared: bool, sampled: bool, actor: Actor) -> None:
    conflict = conflict_of(actor, credential)
    if conflict:
        raise DomainError(conflict)
    if not declared:
        raise DomainError(_("Only somebody who neither taught nor examined the candidate may decide."), "declared")
    if row.development["sample"] and not sampled:
        raise DomainError(_("Look at the activities that were drawn, and say that you have."), "sampled")


def _period(row: ChangeRequest, credential: Credential, now: datetime) -> ordering.NextPeriod:
    """The next period under the scheme in force now. Raises DomainError while the level has none."""
    terms: SchemeTerms | None = evidence.find_terms(credential.level_code, awards.today(now))
    if terms is None or credential.valid_until is None:
        raise DomainError(_("There is no scheme in force for this level."))
    first, last = next_period(credential.valid_until, awards.today(now), terms.validity_years)
    return ordering.NextPeriod(first, last, terms, row.development, Decimal(row.development["total"]))
