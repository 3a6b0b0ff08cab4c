"""A Python without our house, made once."""

from pathlib import Path

import pytest

from tests.certificates.exit_kit import kit


@pytest.fixture(scope="session")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python in which nothing of ours can be imported."""
    return kit.make_bare_python(tmp_path_factory.mktemp("bare") / "env")
