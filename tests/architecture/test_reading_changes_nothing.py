"""A GET changes nothing, apart from what `transaction.aside` keeps: the moment a session was last seen, and counts of limits."""

import hashlib

from app.extensions import Base, db
from tests.factories.people import PersonFactory
from tests.support.addresses import plain_pages

NOTED_ASIDE = {"limit_count", "access_log"}
NOTED_COLUMNS = {("web_session", "last_seen_at")}


def contents() -> dict[str, str]:
    """A digest of every table, without what may be noted aside."""
    found = {}
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if (table.name, column.name) not in NOTED_COLUMNS]
        if table.name not in NOTED_ASIDE:
            rows = sorted(repr(tuple(row)) for row in db.session.execute(db.select(*columns)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    db.session.rollback()
    return found


def test_no_page_changes_anything_by_being_read(app, visit):
    PersonFactory.create_batch(3)
    visit.sign_in(PersonFactory(holding=["officer", "assessor", "author", "moderator"], working_for="Acme"))
    before = contents()
    changed, opened = {}, 0

    for path in plain_pages(app):
        answer = visit.get(path)
        answer.close()
        opened += answer.status_code == 200
        after = contents()
        if after != before:
            changed[path] = sorted(name for name in after if after[name] != before[name])
            before = after

    assert changed == {}
    assert opened > 20


def test_the_measure_itself_sees_a_change(app, session):
    person, before = PersonFactory(), contents()
    person.zone = "Europe/Madrid"
    session.commit()
    assert contents() != before
