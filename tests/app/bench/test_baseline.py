"""The bare application: one page with one SELECT, one save with one UPDATE and one commit."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bench import baseline
from app.bench.counting import counting
from tests.support import postgres


@pytest.fixture
def url(database: str, tmp_path, monkeypatch) -> str:
    """An empty database of its own, with few rows."""
    found = f"sqlite:///{tmp_path / 'bare.sqlite3'}" if database == "sqlite" else postgres.new_database()
    monkeypatch.setattr(baseline, "ROWS", 50)
    monkeypatch.setenv(baseline.URL, found)
    baseline.seed(found)
    return found


def counted(url: str, monkeypatch, method: str, path: str):
    engine = baseline.open_engine(url)
    monkeypatch.setattr(baseline, "open_engine", lambda _url: engine)
    client = baseline.make_app().test_client()
    with counting(engine) as count:
        answer = client.open(path, method=method)
    with Session(engine) as session:
        saved = session.scalars(select(baseline.Entry.count).where(baseline.Entry.code == "E-000007")).one()
    engine.dispose()
    return answer, count, saved


def test_the_page_is_one_select_and_a_table_of_twenty_rows(url, monkeypatch):
    answer, count, _saved = counted(url, monkeypatch, "GET", "/page?code=E-000007")
    assert answer.get_data(as_text=True).count("<tr>") == 20
    assert (count.statements, count.commits) == (1, 0)


def test_the_save_is_one_update_and_one_commit(url, monkeypatch):
    answer, count, saved = counted(url, monkeypatch, "POST", "/save?code=E-000007")
    assert (answer.status_code, saved) == (200, 1)
    assert (count.statements, count.commits) == (1, 1)


def test_each_window_asks_for_other_rows():
    first, second = baseline.codes(0, 100), baseline.codes(1, 100)
    assert len(set(first + second)) == 200
