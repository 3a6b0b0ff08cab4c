"""Certificates in the scratch instance, and what making one costs; ordered and issued as after a real award."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from cryptography.x509 import Certificate
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock, ids, transaction
from app.accounts.models import Person
from app.body.queries import get_body
from app.extensions import db
from app.factory import Laurel
from app.jobs import runner
from certificates.awarding import award, evidence
from certificates.awarding import services as awards
from certificates.badging import making as badge_making
from certificates.badging import places as badge_places
from certificates.badging.keeping import KeptBadge
from certificates.badging.making import MadeBadge
from certificates.designs.queries import get_design
from certificates.issuing import ordering
from certificates.keys import published as published_keys
from certificates.models import AwardDecision, Credential
from certificates.pdf.model import CertificateModel
from certificates.pdf.render import render
from certificates.signatures.document_check import check_document
from certificates.signatures.signing import sign_pdf

TIMES = 15


def certify(app: Laurel, people: Sequence[int], level_code: str) -> tuple[str, ...]:
    """Issue a certificate of a level to each of these people; their numbers."""
    with transaction.standalone():
        published_keys.init_keys(get_body().name, clock.now(), specimen=get_body().is_demo)
    with transaction.standalone():
        numbers = tuple(_award(person_id, level_code) for person_id in people)
    runner.run_all(app)
    return numbers


def _award(person_id: int, level_code: str) -> str:
    now = clock.now()
    terms = evidence.find_terms(level_code, awards.today(now))
    assert terms is not None
    gathered = evidence.gather(person_id, terms, now)
    record = award.propose(terms, gathered.evidence).record
    decision = AwardDecision(
        public_id=ids.new_public_id(),
        person_id=person_id,
        level_code=level_code,
        scheme_code=terms.rule.code,
        scheme_version=terms.rule.version,
        rule=record["inputs"]["rule"],
        inputs=record["inputs"]["evidence"],
        inputs_hash=record["inputs_sha256"],
        sources=[],
        engine_version=record["engine"],
        outcome=awards.AWARDED,
        decided_by="standing:bench",
        decided_at=now,
    )
    db.session.add(decision)
    db.session.flush()
    return ordering.order(decision, db.session.get_one(Person, person_id), terms, gathered, now).number


@dataclass(frozen=True)
class Making:
    """CPU milliseconds of one certificate by parts, in the order in which they are done; bytes of the finished file.

    badge: the credential in JSON and as a token, both signed; page: drawn, tagged, with the badge inside; sign: the
    signature of the document alone; check: everything that is looked at before it is kept.
    """

    badge: float
    page: float
    sign: float
    check: float
    bytes: int

    @property
    def parts(self) -> dict[str, float]:
        """The parts by name."""
        return {"badge": self.badge, "page": self.page, "sign": self.sign, "check": self.check}

    @property
    def whole(self) -> float:
        """All of it."""
        return sum(self.parts.values())


def measure_making(number: str) -> Making:
    """Make the certificate of this number several times over, with the keys held open as in the server; nothing is kept.

    Every document is checked twice: by `sign_pdf`, where that part is taken off the signature, and before it is kept.
    """
    statement = select(Credential).options(joinedload(Credential.person)).where(Credential.number == number)
    stored = db.session.scalars(statement).one()
    place = badge_places.find_place(stored.id)
    assert place is not None
    model, email = CertificateModel.from_json_dict(stored.model), stored.person.email
    signer, roots = published_keys.open_signer(clock.now()), _roots()

    def draw(made: MadeBadge) -> bytes:
        return render(model, [KeptBadge(made.data, "").as_attachment()], get_design(model.design))

    made = badge_making.make(stored, place, email, clock.now())
    page = draw(made)
    data = sign_pdf(page, signer, clock.now())
    own = {hashlib.sha256(data).hexdigest(): "this document"}.get
    once = _middle(lambda: check_document(data, roots, own))
    return Making(
        badge=_middle(lambda: badge_making.make(stored, place, email, clock.now())),
        page=_middle(lambda: draw(made)),
        sign=max(_middle(lambda: sign_pdf(page, signer, clock.now())) - once, 0.0),
        check=2 * once,
        bytes=len(data),
    )


def _roots() -> list[Certificate]:
    return published_keys.root_certificates(published_keys.list_keys())


def _middle(work: Callable[[], object]) -> float:
    """The middle of several runs."""
    return median(_cpu(work) for _time in range(TIMES))


def _cpu(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return (time.thread_time() - begun) * 1000
