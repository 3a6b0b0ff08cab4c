"""Attempts from before the longer life of an attempt: every row is kept and means the same, there and back."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from app import database
from app.extensions import db
from assessments.accommodations import queries as accommodations
from assessments.exams.models import Attempt, ItemReport
from assessments.items.models import ItemVersion
from tests.conftest import database_of
from tests.support.old_schema import AT, fill, moment, tables_now

pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
OLD_STATES = ("started", "submitted", "expired", "scored", "released", "voided")


@pytest.fixture
def old(app):
    """An instance at step 0005: one person with extra time, and an attempt in each state there was."""
    database_of(app)
    db.session.remove()
    database.downgrade("0005")
    tables = tables_now()
    with db.engine.connect() as connection:
        for table, row in _rows(tables):
            connection.execute(insert(tables[table]).values(row))
        connection.commit()
    yield
    db.session.remove()
    database.upgrade()


def _rows(tables):
    yield "person", fill(tables["person"], id=1, public_id="P1", email="p1@people.test", erased_at=None)
    yield "extra_time", fill(tables["extra_time"], id=1, person_id=1, percent=25, granted_by="O1")
    yield "item_bank", fill(tables["item_bank"], id=1, code="B")
    yield "item", fill(tables["item"], id=1, public_id="I1", bank_id=1, code="Q-1", number=1, retired_at=None)
    yield "item_version", fill(tables["item_version"], id=1, item_id=1, number=1, kind="single")
    for n, state in enumerate(OLD_STATES, start=1):
        yield "exam", fill(tables["exam"], id=n, code=f"E{n}", bank_id=1, version=1, waits=[], blueprint=[])
        known = {"id": n, "public_id": f"A{n}", "person_id": 1, "exam_id": n, "number": 1, "state": state}
        times = {"started_at": moment(AT), "deadline_at": moment(AT + timedelta(minutes=75))}
        yield "attempt", fill(tables["attempt"], **known, **times)
    yield "attempt_item", fill(tables["attempt_item"], id=1, attempt_id=1, position=1, item_version_id=1)
    yield "item_report", fill(tables["item_report"], id=1, attempt_item_id=1, text="two are right")


def test_every_attempt_keeps_its_meaning_its_time_and_what_hangs_on_it(old):
    database.upgrade()

    attempts = {row.public_id: row for row in db.session.scalars(select(Attempt))}
    found = [(attempts[f"A{n}"].state, attempts[f"A{n}"].ended_by) for n in range(1, 7)]
    assert found == [
        ("in_progress", ""), ("submitted", ""), ("submitted", "clock"), ("scored", ""), ("released", ""), ("voided", ""),
    ]  # fmt: skip
    assert {row.seconds_allowed for row in attempts.values()} == {75 * 60}
    assert accommodations.find_in_force(1).time_percent == 25
    assert accommodations.find_in_force(1).decided_by == "O1"
    version = db.session.scalars(select(ItemVersion)).one()
    assert (version.state, version.ready_at) == ("ready", version.made_at)
    report = db.session.scalars(select(ItemReport)).one()
    assert report.public_id
    assert report.text == "two are right"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE attempt SET state = 'started' WHERE id = 1",
        "UPDATE attempt SET deadline_at = '2020-01-01 00:00:00.000000' WHERE id = 1",
        "UPDATE attempt SET exam_id = 1 WHERE id = 2",
        "UPDATE item_version SET state = 'new' WHERE id = 1",
        "UPDATE item_report SET decision = 'maybe' WHERE id = 1",
        "DELETE FROM exam WHERE id = 1",
    ],
)
def test_the_rules_of_the_tables_hold_after_the_step(old, change):
    database.upgrade()
    with db.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text(change))


def test_there_and_back_leaves_the_old_program_what_it_knows(old):
    database.upgrade()
    db.session.remove()
    database.downgrade("0005")

    with db.engine.connect() as connection:
        states = connection.execute(text("SELECT state FROM attempt ORDER BY id")).scalars().all()
        assert states == ["started", "submitted", "submitted", "scored", "released", "voided"]
        assert connection.execute(text("SELECT percent FROM extra_time")).scalars().all() == [25]
        with pytest.raises(IntegrityError):
            connection.execute(text("UPDATE attempt SET state = 'paused' WHERE id = 1"))


@pytest.mark.sqlite_only  # PostgreSQL checks references while the steps run
def test_a_step_that_would_leave_rows_without_what_they_refer_to_is_refused(app):
    """References are looked at once, at the end of the steps; nothing is kept of steps that break one."""
    db.session.remove()

    def break_it(config, to):
        connection = config.attributes["connection"]
        connection.exec_driver_sql(
            "INSERT INTO consent (person_id, page, version, given_at) VALUES (99, 'x', 1, '2026')"
        )

    with pytest.raises(RuntimeError, match="refer to rows that are not there"):
        database._run(break_it, "head")
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM consent WHERE person_id = 99")).scalar_one() == 0
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
