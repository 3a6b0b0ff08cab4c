"""One body with its keys, and one certificate that it issued, for all tests of this folder."""

import pytest

from tests.certificates.papers import Keys, issue, make_keys


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """The keys of the body whose certificates are checked."""
    return make_keys(tmp_path_factory.mktemp("body"))


@pytest.fixture(scope="session")
def strangers_keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """Keys of somebody else, who copies every name of the body."""
    return make_keys(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="session")
def issued(keys: Keys) -> bytes:
    """A signed certificate of the body."""
    return issue(keys)
