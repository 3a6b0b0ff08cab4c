"""Certificates in the scratch instance, and what making one costs; ordered and issued as after a real award."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import select

from app import clock, ids, transaction
from app.accounts.models import Person
from app.body.queries import get_body
from app.extensions import db
from app.factory import Laurel
from app.jobs import runner
from certificates import award, awards, evidence, ordering, published_keys
from certificates.document_check import check_document
from certificates.models import AwardDecision, Credential
from certificates.pdf.model import CertificateModel
from certificates.pdf.render import render
from certificates.signing import sign_pdf

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
    """CPU milliseconds of one certificate: page and signature; the check that follows; the size of the file."""

    render_and_sign: float
    check: float
    bytes: int


def measure_making(number: str) -> Making:
    """Draw, sign and check the certificate of this number several times, with the key held open as in the server.

    `sign_pdf` checks what it signed; that part is measured by itself and taken off.
    """
    stored = db.session.scalars(select(Credential).where(Credential.number == number)).one()
    model = CertificateModel.from_json_dict(stored.model)
    signer = published_keys.open_signer(clock.now())
    roots = published_keys.root_certificates(published_keys.list_keys())
    data = sign_pdf(render(model), signer, clock.now())
    own = hashlib.sha256(data).hexdigest()
    check = median(_cpu(lambda: check_document(data, roots, {own: "this document"}.get)) for _ in range(TIMES))
    whole = median(_cpu(lambda: sign_pdf(render(model), signer, clock.now())) for _ in range(TIMES))
    return Making(whole - check, check, len(data))


def _cpu(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return (time.thread_time() - begun) * 1000
