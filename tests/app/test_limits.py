"""Limits: counted once for all processes, exact to the last try, and without keeping whose they are."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app import clock, limits
from app.errors import TooMany
from app.extensions import db
from app.limits import Limit, LimitCount, count, forget_old
from tests.support.probe import each_in_a_thread, server

KNOCKS = Limit("knocks", 10, 300)


def knock(key="door"):
    count((KNOCKS, key))


def test_the_last_allowed_try_passes_and_the_next_says_how_long_to_wait(app):
    with time_machine.travel(clock.now().replace(minute=1, second=0), tick=False):
        for _time in range(10):
            knock()
        with pytest.raises(TooMany) as refused:
            knock()
        assert refused.value.retry_after == 240
        knock("another door")
    with time_machine.travel(clock.now().replace(minute=5, second=0), tick=False):
        knock()


def test_two_servers_with_eight_threads_count_together_exactly(app, monkeypatch):
    now = clock.now().replace(minute=2)
    with server(app, monkeypatch) as second, time_machine.travel(now, tick=False):

        def try_often(number):
            passed = 0
            for _time in range(5):
                with (second if number % 2 else app).app_context():
                    try:
                        knock()
                        passed += 1
                    except TooMany:
                        pass
            return passed

        assert sum(each_in_a_thread(8, try_often)) == 10


def test_a_try_is_counted_even_when_the_act_fails(app, session):
    with pytest.raises(ZeroDivisionError):
        knock_and_fail()
    session.rollback()
    assert session.scalars(select(LimitCount.count)).all() == [1]


def knock_and_fail():
    knock()
    raise ZeroDivisionError


def test_whose_tries_they_are_cannot_be_read(app, session):
    knock("ana@people.test 192.0.2.7")
    (row,) = session.scalars(select(LimitCount))
    assert len(row.key) == 64
    assert "ana" not in row.key


def test_old_counts_are_forgotten_and_running_ones_kept(app, session):
    knock()
    later = clock.now() + timedelta(seconds=600)
    session.add(LimitCount(key="running", ends_at=later + timedelta(seconds=5)))
    session.commit()
    forget_old(db.session(), later)
    session.commit()
    assert session.scalars(select(LimitCount.key)).all() == ["running"]


def test_the_key_is_bound_to_the_secret_of_the_house(app, monkeypatch):
    one = limits._hash("x")
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret that is long enough to be one")
    assert limits._hash("x") != one
