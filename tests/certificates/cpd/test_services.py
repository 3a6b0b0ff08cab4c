"""Recording continuing development: what is refused and why, files, changes, and taking back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import current_app
from sqlalchemy import select

from app import clock, transaction
from app.errors import DomainError, Missing
from app.extensions import db
from app.storage.models import StoredFile
from assessments.practicals.files import Prepared
from certificates.awarding import services as awards
from certificates.cpd import queries, services
from tests.factories.people import PersonFactory
from tests.factories.renewals import entry

PDF = Prepared(b"%PDF-1.7\nstartxref\n0\n%%EOF", "proof.pdf")


@pytest.fixture
def person(app):
    return PersonFactory()


def record(person, *args, **more):
    row = services.record_activity(person, entry(*args, **more), clock.now())
    transaction.commit()
    return row


def stored():
    return db.session.scalars(select(StoredFile.public_id).where(StoredFile.purpose == services.PURPOSE)).all()


def test_it_is_there_with_its_hours_and_its_file(person):
    row = record(person, "1.5", file=PDF)
    (kept,) = queries.list_activities(person.id)
    assert (kept.public_id, kept.hours, kept.file_name) == (row.public_id, Decimal("1.5"), "proof.pdf")
    assert current_app.extensions["store"].get(kept.file_id) == PDF.data


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"hours": "0.1"}, "hours"),
        ({"hours": "0"}, "hours"),
        ({"hours": "61"}, "hours"),
        ({"hours": "NaN"}, "hours"),
        ({"day": date(2199, 1, 1)}, "done_on"),
        ({"day": date(1999, 1, 1)}, "done_on"),
        ({"file": Prepared(b"MZ\x90\x00", "tool.exe")}, "file"),
    ],
)
def test_what_cannot_count_is_refused_at_its_field(person, more, field):
    with pytest.raises(DomainError) as refused:
        services.record_activity(person, entry(**more), clock.now())
    assert refused.value.field == field


def test_today_counts_and_tomorrow_does_not(person):
    today = awards.today(clock.now())
    assert record(person, day=today)
    with pytest.raises(DomainError):
        record(person, day=today + timedelta(days=1))


def test_a_change_replaces_the_file_and_deletes_the_old_one(person):
    row = record(person, file=PDF)
    (before,) = stored()
    services.change_activity(row.public_id, person, entry("2", file=PDF), clock.now())
    transaction.commit()
    (after,) = stored()
    assert after != before
    with pytest.raises(FileNotFoundError):
        current_app.extensions["store"].get(before)
    assert queries.get_activity(row.public_id, person.id).hours == 2


def test_a_change_without_a_file_keeps_the_one_that_is_there(person):
    row = record(person, file=PDF)
    services.change_activity(row.public_id, person, entry("2"), clock.now())
    assert queries.get_activity(row.public_id, person.id).file_name == "proof.pdf"


def test_taken_back_it_is_gone_with_its_words_and_its_file(person):
    row = record(person, title="Read a book", file=PDF)
    services.withdraw_activity(row.public_id, person, clock.now())
    transaction.commit()
    assert queries.list_activities(person.id) == []
    assert stored() == []
    assert (row.title, row.learnt) == ("", "")
    with pytest.raises(Missing):
        services.withdraw_activity(row.public_id, person, clock.now())


def test_somebody_elses_is_not_there(person):
    row = record(person)
    stranger = PersonFactory()
    for act in (
        lambda: services.withdraw_activity(row.public_id, stranger, clock.now()),
        lambda: services.change_activity(row.public_id, stranger, entry(), clock.now()),
        lambda: queries.get_activity(row.public_id, stranger.id),
    ):
        with pytest.raises(Missing):
            act()
