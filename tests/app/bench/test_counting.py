"""Counting statements of prepared requests inside the process."""

import itertools

import pytest
from sqlalchemy import text

from app.bench.client import prepare
from app.bench.counting import UnexpectedAnswer, count_job, counting
from app.extensions import db

HEADERS = {"Host": "localhost", "Accept": "text/html"}


def test_statements_and_commits_are_counted_and_the_opening_of_a_transaction_is_not(app):
    with counting(db.engine) as count, db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        connection.execute(text("SELECT 2"))
        connection.commit()
    with db.engine.connect() as connection:
        connection.execute(text("SELECT 3"))
    assert (count.statements, count.commits) == (2, 1)


def test_a_warm_page_without_data_asks_nothing(app):
    db.session.rollback()
    scripts = [itertools.cycle([prepare("GET", "/healthz", HEADERS)])]
    assert count_job(app, scripts, 200).statements == 0


def test_a_page_is_counted_as_the_server_would_answer_it(app):
    db.session.rollback()
    scripts = [itertools.cycle([prepare("GET", "/training", HEADERS)]) for _ in range(2)]
    assert 1 <= count_job(app, scripts, 200).statements <= 4


def test_an_answer_that_was_not_expected_ends_the_measurement(app):
    db.session.rollback()
    with pytest.raises(UnexpectedAnswer, match="/nowhere: 404 instead of 200"):
        count_job(app, [itertools.cycle([prepare("GET", "/nowhere", HEADERS)])], 200)
