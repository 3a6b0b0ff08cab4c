"""The workshop is set up once: an RSA key takes a while to make."""

import pytest

from tests.certificates.badges.workshop import Workshop


@pytest.fixture(scope="session")
def workshop() -> Workshop:
    """A body with its two keys."""
    return Workshop()
