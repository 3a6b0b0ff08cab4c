"""Fonts that the tests of this folder need beyond those of the product."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.certificates.pdf.lettering import in_folder

SYSTEM_FONTS = Path("/usr/share/fonts")


@pytest.fixture
def east_asian_fonts() -> Iterator[None]:
    """The Noto CJK fonts of the system, in use; absent, the test is skipped, or fails where they are required."""
    if not any(SYSTEM_FONTS.rglob("NotoSerifCJK-Regular.ttc")):
        if os.environ.get("LAUREL_FIXTURES_REQUIRED") == "1":
            pytest.fail("the Noto CJK fonts are required here and missing")
        pytest.skip("the Noto CJK fonts are not installed")
    with in_folder(SYSTEM_FONTS):
        yield
