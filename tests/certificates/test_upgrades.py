"""What an update of the program does to certificates that exist: nothing new is ordered, and old rows keep their meaning."""

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select, text

from app import clock, database, ids, transaction
from app.accounts.models import Person
from app.demo import stories
from app.extensions import db
from app.jobs import runner
from app.jobs.models import Job
from app.mail.models import MailMessage
from certificates import queries
from certificates.awarding import services as awards
from certificates.badging import services
from certificates.badging.models import BadgeArtefact
from certificates.checking import verification
from certificates.issuing import ordering
from certificates.lifecycle import succession
from certificates.models import AwardDecision, Credential
from certificates.register import checking
from certificates.register.models import RegisterEntry
from certificates.sharing import services as sharing
from certificates.sharing.models import Watch
from courses import importing, levels
from courses.folder.reader import read_folder
from tests.conftest import database_of
from tests.factories.certificates import certify, run_jobs
from tests.factories.people import PersonFactory


def made():
    """How much has been made and said of certificates."""
    jobs = select(func.count()).select_from(Job).where(Job.kind.in_((ordering.JOB, succession.JOB)))
    letters = select(func.count()).select_from(MailMessage).where(MailMessage.kind.like("certificates.%"))
    tables = (Credential, AwardDecision, RegisterEntry)
    counts = [db.session.scalar(select(func.count()).select_from(table)) for table in tables]
    return [*counts, db.session.scalar(jobs), db.session.scalar(letters)]


@pytest.fixture
def credential(app):
    return certify()


def step_back_and_forward(app):
    db.session.remove()
    database.downgrade("0002")
    db.engine.dispose()
    database.upgrade()
    db.engine.dispose()
    assert database_of(app).is_current()


def test_neither_steps_nor_a_restart_nor_the_jobs_that_come_round_order_anything(app, credential):
    before = made()
    step_back_and_forward(app)
    for _ in range(2):
        runner.order_periodic(current_app.extensions["jobs"])
        run_jobs()
    assert made() == before


def test_nor_does_importing_levels_and_course_again_nor_another_look_at_every_award(app):
    certify(code="craft")
    _import_everything(app)
    before = made()
    for _ in range(2):
        _import_everything(app)
    with transaction.standalone():
        for person_id in db.session.scalars(select(Credential.person_id)).all():
            for code in ("craft", "foundation", "practitioner", "advanced"):
                awards.consider_award(person_id, code, clock.now())
    run_jobs()
    assert made() == before


def _import_everything(app):
    with transaction.standalone():
        content, _faults = levels.read_levels(levels.LEVELS_FILE)
        levels.import_levels(content)
        codes = [level["code"] for level in content.levels]
        folder, _faults = read_folder(stories.CURRICULUM / "foundation", app.extensions["item_check"], codes)
        importing.import_course(folder, clock.now())
        for importer in app.extensions["course_importers"]:
            importer(folder, clock.now())


def test_a_hidden_certificate_of_an_older_version_says_again_how_it_stands_and_no_more(app, credential):
    number = credential.number
    _as_before(app, "UPDATE credential SET visibility = 'private'")
    found = queries.find_issued(number)
    assert (found.visibility, list(found.history)) == ("share-only", [])
    answer = verification.verify_number(number, clock.now())
    assert (answer.status.value, answer.holder) == ("valid", None)


def test_one_whose_name_was_taken_off_stays_withdrawn(app, credential):
    number, person_id = credential.number, credential.person_id
    PersonFactory()
    erase = f"UPDATE person SET erased_at = joined_at WHERE id = {person_id}"
    _as_before(app, "UPDATE credential SET visibility = 'private', holder_name = '—'", erase)
    answer = verification.verify_number(number, clock.now())
    assert (answer.status.value, answer.holder) == ("withdrawn", None)


def test_the_steps_keep_the_other_rules_of_the_tables(app, credential):
    step_back_and_forward(app)
    for wrong in (
        "UPDATE credential SET visibility = 'private'",
        "UPDATE credential SET visibility = 'everyone'",
        "UPDATE credential SET state = 'lost'",
    ):
        with pytest.raises(Exception, match=r"(?i)check"):
            db.session.execute(text(wrong))
        db.session.rollback()


def test_the_step_of_the_credentials_can_be_undone_with_rows_in_every_table(app, credential):
    """Down to before there were badges and back: no row refers to nothing, and the register holds together."""
    now, person = clock.now(), db.session.get_one(Person, credential.person_id)
    sharing.make(credential.public_id, person, sharing.Wish("A bank", 7, False), now)
    watch = Watch(
        public_id=ids.new_public_id(), credential_id=credential.id, email="watch@people.test", language="en",
        said_status="", asked_at=now, confirmed_at=now, ends_at=now + timedelta(days=9),
    )  # fmt: skip
    db.session.add(watch)
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(BadgeArtefact)) == 1
    number = credential.number
    db.session.remove()
    database.downgrade("0001")
    db.engine.dispose()
    database.upgrade()
    db.engine.dispose()
    assert database_of(app).is_current()
    assert verification.verify_number(number, clock.now()).status.value == "valid"
    assert checking.check(db.session())[1] is None
    db.session.rollback()
    assert [found for _, found in services.list_without(clock.now())] == [number], "its badge went with the tables"
    assert made()[:3] == [1, 1, 1], "and coming back up issues nothing"


def _as_before(app, *statements):
    """The rows as an older version left them, and then the update."""
    db.session.remove()
    database.downgrade("0002")
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    db.engine.dispose()
    database.upgrade()
    db.engine.dispose()
