"""One request, one transaction: what is kept, what is undone, and who waits for whom."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, event, select
from sqlalchemy.exc import IntegrityError

from app import clock, transaction
from app.audit.models import AuditEntry
from app.audit.services import record
from app.body.models import Signatory
from app.errors import Missing
from app.extensions import db
from app.limits import LimitCount
from tests.support.probe import each_in_a_thread, server
from tests.support.visitor import Visitor

CALLED: list[str] = []


def put_name(name="Ada Keep"):
    db.session.add(Signatory(position=7, name=name, office="Chair"))


def names(session):
    session.rollback()
    return set(session.scalars(select(Signatory.name)))


def add_row():
    put_name()
    return {"kept": True}


def refuse_after_writing():
    put_name()
    db.session.flush()
    transaction.after_commit(lambda: CALLED.append("refused"))
    return {"kept": False}, 422


def break_after_writing():
    put_name()
    db.session.flush()
    record("probe.broken")
    transaction.after_commit(lambda: CALLED.append("broken"))
    raise ZeroDivisionError


def fail_at_commit():
    now = clock.now()
    db.session.add_all([LimitCount(key="same", ends_at=now), LimitCount(key="same", ends_at=now)])
    transaction.after_commit(lambda: CALLED.append("failed"))
    return {"words": "never sent"}


def call_after_commit():
    put_name()
    transaction.after_commit(lambda: 1 / 0)
    transaction.after_commit(lambda: CALLED.append("kept"))
    return {"kept": True}


def aside_then_missing():
    with transaction.aside() as session:
        session.add(LimitCount(key="aside", ends_at=clock.now()))
    raise Missing


def note_later_then_missing():
    put_name()
    db.session.flush()
    transaction.later_aside(lambda session: session.add(LimitCount(key="later", ends_at=clock.now())))
    raise Missing


def note_later_badly():
    put_name()
    transaction.later_aside(lambda session: session.add_all(LimitCount(key="twice", ends_at=clock.now()) for _ in "ab"))
    return {"kept": True}


SLOW, GO_ON = threading.Event(), threading.Event()


@transaction.slow_first
def slow():
    db.session.scalars(select(Signatory)).all()
    SLOW.set()
    assert GO_ON.wait(10)
    transaction.begin_write()
    put_name("Slow but kept")
    return {"kept": True}


@pytest.fixture
def probe(app, monkeypatch):
    CALLED.clear()
    views = (add_row, refuse_after_writing, break_after_writing, fail_at_commit, call_after_commit, aside_then_missing)
    with server(app, monkeypatch, *views, note_later_then_missing, note_later_badly, slow) as made:
        yield made


@pytest.fixture
def other(probe):
    """A browser on the second server."""
    return Visitor(probe)


def begun_by(probe, act):
    """How each transaction began while `act` ran."""
    begun = []

    def note(connection, cursor, statement, *_):
        if statement.startswith("BEGIN"):
            begun.append(statement)

    with probe.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        act()
        event.remove(db.engine, "before_cursor_execute", note)
    return begun


@pytest.mark.sqlite_only
def test_reading_begins_deferred_and_writing_takes_its_turn_at_once(probe, other):
    token = other.token()
    assert set(begun_by(probe, lambda: other.get("/training"))) <= {"BEGIN DEFERRED"}
    assert (
        begun_by(probe, lambda: other.post("/probe/add_row", {"csrf_token": token}, token=False))[0]
        == "BEGIN IMMEDIATE"
    )
    GO_ON.set()
    slow_ones = begun_by(probe, lambda: other.post("/probe/slow", {"csrf_token": token}, token=False))
    assert (slow_ones[0], slow_ones[-1]) == ("BEGIN DEFERRED", "BEGIN IMMEDIATE")


def test_a_post_that_succeeds_is_kept_and_a_get_never_is(other, session):
    assert other.get("/probe/add_row").status_code == 200
    assert names(session) == set()
    assert other.post("/probe/add_row").status_code == 200
    assert names(session) == {"Ada Keep"}


@pytest.mark.parametrize(("view", "status"), [("refuse_after_writing", 422), ("break_after_writing", 500)])
def test_nothing_half_done_is_left(other, session, view, status):
    before = session.scalars(select(AuditEntry.seq)).all()
    assert other.post(f"/probe/{view}").status_code == status
    assert names(session) == set()
    assert session.scalars(select(AuditEntry.seq)).all() == before
    assert CALLED == []


def test_a_failure_at_the_commit_itself_is_an_error_page_and_the_next_request_works(other, session):
    answer = other.post("/probe/fail_at_commit")
    assert answer.status_code == 500
    assert "never sent" not in answer.text
    assert CALLED == []
    assert other.post("/probe/add_row").status_code == 200
    assert names(session) == {"Ada Keep"}


def test_what_waits_for_the_commit_runs_after_it_and_cannot_turn_it_into_a_failure(other, session):
    assert other.post("/probe/call_after_commit").status_code == 200
    assert names(session) == {"Ada Keep"}
    assert CALLED == ["kept"]


@pytest.mark.parametrize(("view", "key"), [("aside_then_missing", "aside"), ("note_later_then_missing", "later")])
def test_what_stands_aside_is_kept_even_when_the_request_fails(other, session, view, key):
    assert other.post(f"/probe/{view}").status_code == 404
    assert session.get(LimitCount, key) is not None
    assert names(session) == set()


def test_a_failure_aside_does_not_turn_a_kept_act_into_an_error(other, session):
    assert other.post("/probe/note_later_badly").status_code == 200
    assert names(session) == {"Ada Keep"}


def test_aside_refuses_once_the_main_transaction_has_written_or_noted_something(app, session):
    put_name()
    session.flush()
    with pytest.raises(RuntimeError, match="aside"), transaction.aside():
        pass
    session.rollback()
    record("something.noted")
    with pytest.raises(RuntimeError, match="aside"), transaction.aside():
        pass
    transaction.undo()
    with transaction.aside() as aside:
        aside.add(LimitCount(key="free again", ends_at=clock.now()))
    assert session.get(LimitCount, "free again")


def fail_within_a_savepoint(session):
    with session.begin_nested():
        record("inner.lost")
        transaction.after_commit(lambda: CALLED.append("inner"))
        session.add_all([LimitCount(key="k", ends_at=clock.now()), LimitCount(key="k", ends_at=clock.now())])
        session.flush()


def test_a_savepoint_takes_back_its_own_notes_and_no_others(app, session):
    record("outer.first")
    with pytest.raises(IntegrityError):
        fail_within_a_savepoint(session)
    with session.begin_nested():
        record("inner.kept")
        put_name()
    assert session.info["wrote"], "a released savepoint is no commit"
    CALLED.clear()
    transaction.commit()

    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert actions[-2:] == ["outer.first", "inner.kept"]
    assert CALLED == []


def test_a_note_of_an_undone_act_is_not_written_by_the_next_one(app, session):
    """Not even when nothing had been asked of the database, so that its rollback is none."""
    session.commit()
    record("never.happened")
    transaction.after_commit(lambda: CALLED.append("never"))
    transaction.begin_write()
    put_name()
    transaction.commit()
    assert "never.happened" not in session.scalars(select(AuditEntry.action)).all()
    assert CALLED == [] or "never" not in CALLED


def test_a_slow_view_lets_others_write_while_it_works(probe, other, session):
    SLOW.clear(), GO_ON.clear()
    tokens = other.token()
    answers = []
    session.rollback()
    thread = threading.Thread(
        target=lambda: answers.append(other.client.post("/probe/slow", data={"csrf_token": tokens}).status_code)
    )
    thread.start()
    assert SLOW.wait(10)
    quick = Visitor(probe).post("/probe/add_row")
    GO_ON.set()
    thread.join()
    assert (quick.status_code, answers) == (200, [200])
    assert names(session) == {"Ada Keep", "Slow but kept"}


WRITERS, TIMES = 8, 25


def test_no_update_is_lost_and_nobody_is_turned_away(app, session):
    """Read, add one, write, by eight at once. SQLite queues them by IMMEDIATE, PostgreSQL by the row's lock."""
    session.add(LimitCount(key="counter", ends_at=clock.now() + timedelta(days=1), count=0))
    session.commit()

    def count_up(_number):
        for _time in range(TIMES):
            with app.app_context():
                transaction.begin_write()
                row = db.session.scalars(select(LimitCount).where(LimitCount.key == "counter").with_for_update()).one()
                row.count = row.count + 1
                transaction.commit()

    assert each_in_a_thread(WRITERS, count_up) == [None] * WRITERS
    assert session.scalar(select(LimitCount.count).where(LimitCount.key == "counter")) == WRITERS * TIMES


@pytest.mark.sqlite_only
def test_a_database_that_stays_locked_gives_a_page_that_asks_to_wait(app, session, monkeypatch):
    monkeypatch.setattr(transaction, "LOCK_WAIT_MS", 50)
    with server(app, monkeypatch, add_row) as made:
        visit = Visitor(made)
        token = visit.token()
        transaction.begin_write()
        session.scalars(select(Signatory)).all()  # holds the one turn there is
        answer = visit._alone(visit.client.post, "/probe/add_row", data={"csrf_token": token})
        transaction.begin_read()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "3"
    assert "Nothing was lost" in answer.text


@pytest.mark.sqlite_only
def test_an_engine_that_would_lose_updates_is_refused_at_the_start(app, tmp_path):
    bare = create_engine(f"sqlite:///{tmp_path / 'bare.sqlite3'}")
    with pytest.raises(RuntimeError, match="journal_mode"):
        transaction.check_engine(bare)
    bare.dispose()
    transaction.check_engine(db.engine)


@pytest.mark.sqlite_only
def test_an_engine_that_would_keep_what_is_deleted_is_refused_at_the_start(app, tmp_path):
    bare = create_engine(f"sqlite:///{tmp_path / 'bare.sqlite3'}")

    @event.listens_for(bare, "connect")
    def prepare(connection, _record):
        for name, value in (transaction.SQLITE_SETTINGS | {"secure_delete": 0}).items():
            connection.execute(f"PRAGMA {name}={value}")

    with pytest.raises(RuntimeError, match="secure_delete"):
        transaction.check_engine(bare)
    bare.dispose()


def break_a_command():
    with transaction.standalone():
        put_name("Half done")
        db.session.flush()
        raise ZeroDivisionError


def test_a_command_is_kept_whole_or_not_at_all(app, session):
    with pytest.raises(ZeroDivisionError):
        break_a_command()
    with transaction.standalone():
        put_name("Whole")
    assert names(session) == {"Whole"}
