"""Deciding on awards: from complete evidence to a decision, and from an award to the order of its certificate.

`consider_award` may be called any number of times, by any number of events at once: considerations of one person take
turns, one decision is possible for each award, and evidence is read within the transaction that decides.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app import ids
from app.accounts.models import Person
from app.audit.services import record
from app.body.queries import get_body
from app.errors import DomainError, Stale
from app.extensions import db
from app.mail.services import send
from app.policy import Actor
from certificates import queries
from certificates.awarding import award, evidence, reentry
from certificates.awarding.award import Proposal, SchemeTerms
from certificates.awarding.evidence import Gathered
from certificates.issuing import ordering
from certificates.issuing.documents import check_name
from certificates.models import AwardCase, AwardDecision, CaseState, StandingDecision
from certificates.pdf.fonts import NameNotRenderable

AWARDED, DECLINED = "award", "declined"


@dataclass(frozen=True)
class Findings:
    """Terms, evidence and what the rule makes of them, read at one moment."""

    terms: SchemeTerms
    gathered: Gathered
    proposal: Proposal


def today(now: datetime) -> date:
    """The date where the body is at home."""
    return now.astimezone(ZoneInfo(get_body().zone)).date()


def find_findings(person_id: int, level_code: str, now: datetime, since: datetime | None = None) -> Findings | None:
    """What the scheme in force makes of a person's evidence (from `since` on); None while the level has no scheme."""
    terms = evidence.find_terms(level_code, today(now))
    if terms is None:
        return None
    gathered = evidence.gather(person_id, terms, now, since)
    return Findings(terms, gathered, award.propose(terms, gathered.evidence))


def findings_of(case: AwardCase, now: datetime) -> Findings | None:
    """The findings for a case; for whoever earns a level once more, of what was done since the certificate ended."""
    since = reentry.counts_from(case.person_id, case.level_code, now) if case.cycle > 1 else None
    return find_findings(case.person_id, case.level_code, now, since)


def consider_award(person_id: int, level_code: str, now: datetime) -> AwardDecision | None:
    """Make the award if everything for it is there, else note what it waits for. The decision made, or None.

    Whoever has a decision on this level already gets no second one from here, unless the certificate ended so long ago
    that it cannot be renewed (certificates.awarding.reentry).
    """
    person = queries.lock_person(person_id)
    last = queries.find_last_decision(person_id, level_code)
    since = reentry.counts_from(person_id, level_code, now) if last else None
    if person.closed_at is not None or (last is not None and since is None):
        return None
    cycle = last.cycle + 1 if last else 1
    found = find_findings(person_id, level_code, now, since)
    if found is None or not found.proposal.is_award:
        _lapse(person_id, level_code, cycle)
        return None
    obstacle = _find_obstacle(person, level_code, found.terms)
    case = _keep_case(person, level_code, cycle, obstacle or CaseState.DECIDED, now)
    standing = queries.find_standing(level_code)
    if obstacle is not None or standing is None:
        return None
    return _decide(case, person, found, f"standing:{standing.public_id}", AWARDED, "", now)


def _find_obstacle(person: Person, level_code: str, terms: SchemeTerms) -> CaseState | None:
    """What an award with complete evidence still waits for."""
    if not _name_is_ready(person):
        return CaseState.NAME
    if terms.decider == award.PERSON:
        return CaseState.PERSON
    return CaseState.STANDING if queries.find_standing(level_code) is None else None


def _name_is_ready(person: Person) -> bool:
    if person.name_confirmed_at is None:
        return False
    try:
        check_name(person.name)
    except NameNotRenderable:
        return False
    return True


def _keep_case(person: Person, level_code: str, cycle: int, state: CaseState, now: datetime) -> AwardCase:
    """The case of this award, in this state; the holder is told once that a name is asked for."""
    case = queries.find_case(person.id, level_code, cycle)
    if case is None:
        case = AwardCase(
            public_id=ids.new_public_id(),
            person_id=person.id,
            level_code=level_code,
            cycle=cycle,
            state=CaseState.LAPSED,
            ready_at=now,
        )
        db.session.add(case)
    if case.state == state:
        return case
    case.state = state
    db.session.flush()
    record("award.complete", subject=("award", case.public_id), detail={"level": level_code, "state": state.value})
    if state is CaseState.NAME:
        _ask_for_name(person)
    return case


def _ask_for_name(person: Person) -> None:
    link = f"{get_body().base_address}/certificates/name"
    values = {"name": person.name, "link": link}
    send("certificates.confirm-name", person.email, values, person=person.public_id, language=person.language)


def _lapse(person_id: int, level_code: str, cycle: int) -> None:
    """Close a case whose evidence no longer carries it, such as after an attempt was voided."""
    case = queries.find_case(person_id, level_code, cycle)
    if case is not None and case.state in queries.WAITING:
        case.state = CaseState.LAPSED
        db.session.flush()
        record("award.lapsed", subject=("award", case.public_id), detail={"level": level_code})


def _decide(
    case: AwardCase,
    person: Person,
    found: Findings,
    by: str,
    outcome: str,
    reason: str,
    now: datetime,
    declaration: str = "",
) -> AwardDecision:
    inputs = found.proposal.record
    decision = AwardDecision(
        public_id=ids.new_public_id(),
        person_id=person.id,
        level_code=case.level_code,
        scheme_code=found.terms.rule.code,
        scheme_version=found.terms.rule.version,
        cycle=case.cycle,
        rule=inputs["inputs"]["rule"],
        inputs=inputs["inputs"]["evidence"],
        inputs_hash=inputs["inputs_sha256"],
        sources=[source.public_id for source in found.gathered.sources],
        engine_version=inputs["engine"],
        outcome=outcome,
        reason=reason,
        decided_by=by,
        decided_at=now,
        declaration=declaration,
    )
    case.state = CaseState.DECIDED
    db.session.add(decision)
    db.session.flush()
    detail = {
        "level": case.level_code,
        "outcome": outcome,
        "scheme": f"{decision.scheme_code} v{decision.scheme_version}",
    }
    actor = "system" if by.startswith("standing:") else by
    record("award.decided", actor=actor, subject=("award", decision.public_id), detail=detail | {"by": by})
    if outcome == AWARDED:
        ordering.order(decision, person, found.terms, found.gathered, now)
    return decision


def decide_as_person(
    case_id: str, outcome: str, reason: str, *, declared: bool, actor: Actor, now: datetime
) -> AwardDecision:
    """A named person awards or declines. The evidence is read again before it counts; the declaration is kept.

    Raises DomainError for someone who may not decide on this candidate, without the declaration (field `independent`),
    and for a refusal without a reason; Stale when the case is decided or its evidence has changed.
    """
    case = queries.get_case(case_id)
    person = queries.lock_person(case.person_id)
    db.session.refresh(case)
    found = findings_of(case, now)
    if case.state != CaseState.PERSON or found is None or not found.proposal.is_award:
        raise Stale(_("This award no longer waits for a decision. Open the list again."))
    refuse_conflict(actor, person, found)
    if not declared:
        raise DomainError(_("Only somebody who neither taught nor examined the candidate may decide."), "independent")
    if outcome == DECLINED and not reason:
        raise DomainError(_("Say why the award is declined; the candidate reads it."), "reason")
    decision = _decide(case, person, found, actor.public_id, outcome, reason, now, declaration_words())
    if outcome == DECLINED:
        values = {"name": person.name, "reason": reason}
        send("certificates.declined", person.email, values, person=person.public_id, language=person.language)
    return decision


def refuse_conflict(actor: Actor, person: Person, found: Findings) -> None:
    """Raises DomainError for someone whom the records tie to the candidate."""
    sources = [source.public_id for source in found.gathered.sources]
    conflict = award.find_conflict(evidence.find_ties(actor.person_id, actor.public_id, person.id, sources))
    if conflict:
        raise DomainError(conflict_words(conflict))


def declaration_words() -> str:
    """What somebody who decides declares, as it stands beside the box and is kept with the decision."""
    return _("I neither taught nor examined this candidate")


def conflict_words(conflict: str) -> str:
    """Why somebody may not decide, in words."""
    return {
        "self": _("Nobody decides on an award of their own."),
        "taught": _("You taught this candidate. Someone else has to decide."),
        "examined": _("You marked or released work of this candidate. Someone else has to decide."),
        "judged": _("You took part in a revocation of a certificate of this candidate. Someone else has to decide."),
        "employer": _("You and the candidate have declared the same employer. Someone else has to decide."),
    }[conflict]


def record_standing(level_code: str, text: str, minuted_on: date, *, actor: Actor, now: datetime) -> StandingDecision:
    """Keep a decision of the board for a level, and make the awards that waited for one.

    Raises DomainError when a decision is in force, or for a date that has not come.
    """
    if queries.find_standing(level_code) is not None:
        raise DomainError(_("There is a decision in force for this level. End it first."), "level")
    if minuted_on > today(now):
        raise DomainError(_("The minutes cannot be of a day that has not come."), "minuted_on")
    row = StandingDecision(
        public_id=ids.new_public_id(),
        level_code=level_code,
        text=text,
        minuted_on=minuted_on,
        recorded_by=actor.public_id,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    detail = {"level": level_code, "minuted_on": minuted_on.isoformat()}
    record("standing.recorded", actor=actor.public_id, subject=("standing", row.public_id), detail=detail)
    for case in [case for case in queries.list_cases() if case.state == CaseState.STANDING]:
        if case.level_code == level_code:
            consider_award(case.person_id, level_code, now)
    return row


def end_standing(public_id: str, *, actor: Actor, now: datetime) -> None:
    """End a standing decision; awards made under it stay. Raises Stale when it has ended already."""
    row = next((row for row in queries.list_standing() if row.public_id == public_id and row.ended_at is None), None)
    if row is None:
        raise Stale(_("This decision has ended already."))
    row.ended_at, row.ended_by = now, actor.public_id
    record("standing.ended", actor=actor.public_id, subject=("standing", public_id), detail={"level": row.level_code})
