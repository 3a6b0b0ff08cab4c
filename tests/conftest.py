"""What every test may use: the application on each database, visitors, a clock to hold, and the outside data."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import database
from app.config import Settings
from app.extensions import Base, db
from app.factory import Laurel, create_app
from tests.support import birth, postgres, visitor

SECRET = "test-secret-of-more-than-thirty-two-bytes"
ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", default="both", choices=["both", "sqlite", "postgresql"], help="which databases to test on"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        only_sqlite = metafunc.definition.get_closest_marker("sqlite_only") is not None
        names = ["sqlite"] if only_sqlite else (["sqlite", "postgresql"] if chosen == "both" else [chosen])
        metafunc.parametrize("database", names, scope="session")


@pytest.fixture(scope="session")
def _site(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[visitor.Site]:
    """The application on one database, migrated and founded once; tests get it fresh through `app`."""
    instance = tmp_path_factory.mktemp(f"instance-{database}")
    url = postgres.new_database() if database == "postgresql" else ""
    settings = Settings(
        mode="test",
        secret_key=SECRET,
        database_url=url,
        instance=str(instance),
        base_url="http://body.test",
        hosts="localhost",
    )
    app = create_app(settings)
    with app.app_context():
        database_module = database_of(app)
        database_module.upgrade()
        birth.found_body()
        yield visitor.Site(app, birth.Snapshot.take(instance, db.engine))
        db.session.remove()
        db.engine.dispose()


def database_of(_app: Laurel):
    """The migration room, by a name the `database` parameter does not hide."""
    return database


@pytest.fixture
def app(_site: visitor.Site) -> Iterator[Laurel]:
    """The application with a body and nobody in it; what the test wrote is gone afterwards."""
    with _site.app.app_context():
        yield _site.app
        db.session.rollback()
        db.session.remove()
    with _site.app.app_context():
        _site.snapshot.restore()


@pytest.fixture
def session(app: Laurel):
    """The database session of the test itself."""
    return db.session


@pytest.fixture
def visit(app: Laurel) -> visitor.Visitor:
    """Somebody with a browser who has not signed in; more come from `visit.another()`."""
    return visitor.Visitor(app)


@pytest.fixture(scope="session")
def fixtures_dir() -> Path:
    """The folder of outside data; absent, the test is skipped, or fails where it is required."""
    folder = Path(os.environ.get("LAUREL_FIXTURES", ROOT.parent / "shared" / "fixtures"))
    if folder.is_dir() and any(folder.iterdir()):
        return folder
    if os.environ.get("LAUREL_FIXTURES_REQUIRED") == "1":
        pytest.fail(f"LAUREL_FIXTURES_REQUIRED=1 but there is no outside data in {folder}")
    pytest.skip("outside data is not here (LAUREL_FIXTURES)")


def tool(name: str) -> str:
    """The path of a program of the system used as an outside judge; absent, skip by name or fail in CI."""
    found = shutil.which(name)
    if found:
        return found
    if os.environ.get("LAUREL_FIXTURES_REQUIRED") == "1":
        pytest.fail(f"the program {name} is required here and missing")
    pytest.skip(f"the program {name} is not installed")


__all__ = ["Base", "tool"]
