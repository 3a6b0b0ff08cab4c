"""Writers taking turns: in order, one at a time, and not for ever."""

import threading
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app import transaction, turns
from app.extensions import db
from app.turns import Turns


def test_turns_are_handed_over_in_the_order_of_asking():
    queue, order = Turns(), []
    assert queue.take(1)

    def wait(name: int) -> None:
        assert queue.take(10)
        order.append(name)
        queue.give_back()

    threads = []
    for name in range(5):
        threads.append(threading.Thread(target=wait, args=(name,)))
        threads[-1].start()
        until = time.monotonic() + 5
        while len(queue._waiting) <= name and time.monotonic() < until:
            time.sleep(0.001)
    queue.give_back()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_whoever_gives_up_does_not_hold_up_the_next():
    queue = Turns()
    assert queue.take(0)
    assert not queue.take(0.05)
    queue.give_back()
    assert queue.take(0)


@pytest.mark.sqlite_only
def test_writing_holds_the_turn_until_the_end_of_the_transaction(app, monkeypatch):
    db.session.rollback()
    monkeypatch.setattr(transaction, "LOCK_WAIT_MS", 50)
    with db.engine.connect() as writer:
        writer.execute(text("SELECT 1"))
        assert turns.HELD in writer.info
        with pytest.raises(OperationalError, match="database is locked"), db.engine.connect() as second:
            second.execute(text("SELECT 1"))
    with db.engine.connect() as third:
        third.execute(text("SELECT 1"))


@pytest.mark.sqlite_only
def test_readers_do_not_queue(app):
    db.session.rollback()
    with db.engine.connect() as writer:
        writer.execute(text("SELECT 1"))
        transaction.begin_read()
        assert db.session.scalar(text("SELECT 2")) == 2
        db.session.rollback()


@pytest.mark.sqlite_only
def test_a_connection_that_breaks_gives_its_turn_back(app):
    db.session.rollback()
    transaction.begin_write()
    with db.engine.connect() as writer:
        writer.execute(text("SELECT 1"))
        writer.invalidate()
    with db.engine.connect() as next_one:
        assert next_one.scalar(text("SELECT 3")) == 3
