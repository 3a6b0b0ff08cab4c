"""The bare application that everything is compared with: Flask, one template, one indexed SELECT; one UPDATE, commit.

It stands on the same server, the same database and the same driver settings as Laurel and has no session, no sign-in
and no token: what it costs is what nobody can go below. C is the CPU of `/page`, W that of `/save`.
"""

import os

from flask import Flask, render_template, request
from sqlalchemy import Engine, Integer, MetaData, String, create_engine, event, insert, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.transaction import LOCK_WAIT_MS

URL = "LAUREL_BENCH_BASELINE_URL"
ROWS = 100_000
SHOWN = 20
STEP = 7_919  # a prime: walks over all rows, another one each time


class Base(DeclarativeBase):
    """Tables of the bare application, apart from those of Laurel."""

    metadata = MetaData()


class Entry(Base):
    """A row that is found by its code."""

    __tablename__ = "entry"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    count: Mapped[int] = mapped_column(default=0)


def open_engine(url: str) -> Engine:
    """An engine with the same promises as Laurel's: on SQLite a write-ahead log, synced at each commit."""
    engine = create_engine(url, pool_size=20)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _settle)
    return engine


def _settle(connection, _record) -> None:  # type: ignore[no-untyped-def]  # the driver's own types
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={LOCK_WAIT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def seed(url: str) -> None:
    """Make the table with its rows."""
    engine = open_engine(url)
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        rows = [{"id": n, "code": _code(n), "title": f"Entry number {n}", "count": 0} for n in range(1, ROWS + 1)]
        connection.execute(insert(Entry), rows)
    engine.dispose()


def _code(number: int) -> str:
    return f"E-{number:06d}"


def codes(start: int, count: int) -> list[str]:
    """`count` codes spread over the table, others for every `start`."""
    return [_code((start * count + n) * STEP % ROWS + 1) for n in range(count)]


def make_app() -> Flask:
    """The application of one worker."""
    app = Flask("app.bench.baseline", template_folder="templates")
    engine = open_engine(os.environ[URL])

    @app.get("/page")
    def page() -> str:
        with Session(engine) as session:
            entry = session.scalars(select(Entry).where(Entry.code == request.args["code"])).one()
            return render_template("baseline/page.html", entry=entry, rows=range(SHOWN))

    @app.post("/save")
    def save() -> str:
        with Session(engine) as session:
            chosen = update(Entry).where(Entry.code == request.args["code"])
            session.execute(chosen.values(count=Entry.count + 1).execution_options(synchronize_session=False))
            session.commit()
        return "saved"

    return app
