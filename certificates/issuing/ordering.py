"""Ordering the certificate of an award: its number and all that it says are fixed before anything is drawn or signed."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app import ids
from app.accounts.models import Person
from app.audit.services import record
from app.body.queries import BodyView, get_body
from app.errors import DomainError
from app.extensions import db
from app.jobs import runner
from assessments.grading.canonical import digest, plain
from assessments.grading.version import ENGINE_VERSION
from certificates import queries
from certificates.awarding import award
from certificates.awarding.award import SchemeTerms
from certificates.awarding.evidence import Gathered
from certificates.badging import places as badge_places
from certificates.designs import drawings
from certificates.designs import queries as designs
from certificates.issuing import documents
from certificates.lifecycle.status import Status
from certificates.models import AwardDecision, Credential, CredentialState
from certificates.numbers import new_number
from certificates.pdf.render import TEMPLATE_VERSION
from courses.models import Level
from courses.queries import get_level
from courses.summaries import LevelView

JOB = "certificates.issue"
REPLACEABLE = (Status.VALID, Status.EXPIRED, Status.NOT_YET_VALID)


def order(decision: AwardDecision, person: Person, terms: SchemeTerms, gathered: Gathered, now: datetime) -> Credential:
    """Fix number and content of the certificate of an award and order its making, in the running transaction."""
    body, level = get_body(), get_level(decision.level_code)
    content = _content(person, level, terms, gathered, body, now)
    number = new_number()
    built = documents.build_model(content, body, number, now, specimen=body.is_demo)
    model = designs.dressed(built, level.code, now)
    achievement = queries.find_achievement(level.code)
    credential = Credential(
        public_id=ids.new_public_id(),
        number=number,
        decision_id=decision.id,
        person_id=person.id,
        holder_name=person.name,
        level_code=level.code,
        scheme_code=terms.rule.code,
        scheme_version=terms.rule.version,
        achievement={
            "title": content.title,
            "level_title": level.title,
            "criteria": achievement.criteria if achievement else "",
        },
        supervision=gathered.supervision,
        waiver=gathered.waiver,
        issuer=body.name,
        issued_on=content.first,
        valid_until=content.last,
        zone=body.zone,
        base_address=body.base_address,
        specimen=body.is_demo,
        model=model.to_json_dict(),
        template_version=TEMPLATE_VERSION,
        ordered_at=now,
    )
    return _keep(credential)


def _content(
    person: Person, level: Level, terms: SchemeTerms, gathered: Gathered, body: BodyView, now: datetime
) -> documents.Award:
    first = now.astimezone(ZoneInfo(body.zone)).date()
    return documents.Award(
        holder_name=person.name,
        level_code=level.code,
        level_title=level.title,
        title=award_title(level, body),
        scheme_code=terms.rule.code,
        scheme_version=terms.rule.version,
        sources=gathered.sources,
        has_lessons=any(requirement.kind == "lessons" for requirement in terms.rule.requirements),
        first=first,
        last=award.last_day(first, terms.validity_years),
    )


def award_title(level: Level | LevelView, body: BodyView) -> str:
    """What the holder of a level has earned, as the body calls it."""
    achievement = queries.find_achievement(level.code)
    if achievement is not None:
        return achievement.title
    return _("%(level)s in %(field)s", level=level.title, field=body.field)


def _keep(credential: Credential) -> Credential:
    db.session.add(credential)
    db.session.flush()
    drawings.keep_drawing(credential.id, credential.model)
    record("credential.ordered", subject=("credential", credential.public_id), detail={"level": credential.level_code})
    runner.order(JOB, {"credential": credential.public_id}, key=f"{JOB}:{credential.public_id}")
    return credential


def order_again(public_id: str, *, actor: str, now: datetime) -> None:
    """Try again to make a held certificate, with the name as it is confirmed now. Raises DomainError if it is not held."""
    credential = queries.get_for_change(public_id)
    if credential.state != CredentialState.HELD:
        raise DomainError(_("This certificate is not held up."))
    if credential.person.name_confirmed_at is None:
        raise DomainError(_("The holder has to confirm the name first."))
    name = credential.person.name
    if name != credential.holder_name:
        badge_places.give_up(credential.id)
    credential.holder_name, credential.model = name, credential.model | {"holder_name": name}
    credential.state, credential.problem = CredentialState.ORDERED, ""
    record("credential.ordered_again", actor=actor, subject=("credential", public_id))
    key = f"{JOB}:{public_id}:{int(now.timestamp() * 1000)}"
    runner.order(JOB, {"credential": public_id}, key=key)


def replace(public_id: str, reason: str, *, actor: str, now: datetime) -> Credential:
    """Order a new certificate for the same award under the name as confirmed now; issued, it supersedes the old one.

    Dates and evidence stay as they are. Raises DomainError for one's own, for one that is not in force, that has a
    successor already, or whose holder has not confirmed the new name.
    """
    old = queries.get_for_change(public_id)
    if old.person.public_id == actor:
        raise DomainError(_("Nobody decides on a certificate of their own."))
    refuse_unreplaceable(old, now)
    if old.person.name_confirmed_at is None or old.person.name == old.holder_name:
        raise DomainError(_("The holder has to change the name and confirm it first."))
    record("credential.replaced", actor=actor, subject=("credential", public_id), personal={"reason": reason})
    return reissue(old, old.person.name, reason, actor=actor, now=now)


def refuse_unreplaceable(old: Credential, now: datetime) -> None:
    """Raises DomainError for a certificate that no newer one may replace: not issued, not in force, replaced already."""
    if not can_be_replaced(old, now):
        raise DomainError(_("Only a certificate in force that has no successor yet can be replaced."))


def can_be_replaced(old: Credential, now: datetime) -> bool:
    """Whether a newer certificate may take the place of this one, loaded with history and successor."""
    status = queries.standing_of(old, now).status
    return old.state == CredentialState.ISSUED and status in REPLACEABLE and old.successor is None


def reissue(old: Credential, name: str, reason: str, *, actor: str, now: datetime) -> Credential:
    """Order the same certificate anew: name as given, dates and evidence as they are, another number."""
    decision = _again(old.decision, reason, actor, now)
    number = new_number()
    changed = {
        "number": number,
        "holder_name": name,
        "qr_payload": f"{old.base_address.upper()}/V/{number}",
        "dated": now.isoformat(),
    }
    return _keep(_successor(old, decision, now, number=number, holder_name=name, model=old.model | changed))


@dataclass(frozen=True)
class NextPeriod:
    """What a renewal is for and what it rests on: the days, the terms, and the hours of continuing development."""

    first: date
    last: date | None
    terms: SchemeTerms
    development: dict[str, Any]
    total: Decimal


def renew(
    old: Credential, period: NextPeriod, *, actor: str, declaration: str, development_from: date, now: datetime
) -> Credential:
    """Order the certificate of the next period; issued, it supersedes the old one from the first day on."""
    rule = {"renewal": plain(period.terms.renewal), "years": period.terms.validity_years}
    decision = _again(
        old.decision, "", actor, now,
        rule=rule, inputs=period.development, inputs_hash=digest(period.development), engine_version=ENGINE_VERSION,
        scheme_code=period.terms.rule.code, scheme_version=period.terms.rule.version, declaration=declaration,
    )  # fmt: skip
    body, number = get_body(), new_number()
    made = _successor(
        old, decision, now,
        number=number, holder_name=old.holder_name, issuer=body.name, issued_on=period.first, valid_until=period.last,
        scheme_code=decision.scheme_code, scheme_version=decision.scheme_version, development_from=development_from,
        model=_renewed_model(old, period, body, number, now),
    )  # fmt: skip
    return _keep(made)


def _renewed_model(old: Credential, period: NextPeriod, body: BodyView, number: str, now: datetime) -> dict[str, Any]:
    content = documents.Award(
        holder_name=old.holder_name,
        level_code=old.level_code,
        level_title=old.achievement["level_title"],
        title=old.achievement["title"],
        scheme_code=period.terms.rule.code,
        scheme_version=period.terms.rule.version,
        sources=(),
        has_lessons=False,
        first=period.first,
        last=period.last,
    )
    built = documents.build_model(content, body, number, now, specimen=old.specimen)
    model = designs.dressed(built, old.level_code, now)
    return model.to_json_dict() | {"evidence": documents.renewal_sentence(content, period.total, body)}


def _again(first: AwardDecision, reason: str, actor: str, now: datetime, **changes: Any) -> AwardDecision:
    """The decision that the award shall have a new document: rule, evidence and outcome as before, but for `changes`."""
    kept = ("person_id", "level_code", "scheme_code", "scheme_version", "rule", "inputs", "inputs_hash", "sources")
    fields = {name: getattr(first, name) for name in (*kept, "engine_version", "outcome")}
    last = queries.find_last_decision(first.person_id, first.level_code)
    decision = AwardDecision(
        **fields | changes,
        public_id=ids.new_public_id(),
        cycle=(last or first).cycle + 1,
        reason=reason,
        decided_by=actor,
        decided_at=now,
    )
    db.session.add(decision)
    db.session.flush()
    return decision


_KEPT = (
    "person_id", "level_code", "scheme_code", "scheme_version", "achievement", "supervision", "waiver", "issuer",
    "issued_on", "valid_until", "zone", "visibility", "base_address", "specimen", "development_from",
)  # fmt: skip


def _successor(old: Credential, decision: AwardDecision, now: datetime, **changes: Any) -> Credential:
    kept = {field: getattr(old, field) for field in _KEPT}
    return Credential(
        **kept | changes,
        public_id=ids.new_public_id(),
        decision_id=decision.id,
        supersedes_id=old.id,
        template_version=TEMPLATE_VERSION,
        ordered_at=now,
    )
