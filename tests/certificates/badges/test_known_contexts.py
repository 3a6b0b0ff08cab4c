"""The contexts kept here: the right words, and no way to any other."""

import json
from pathlib import Path

import openbadgeslib.ob3.contexts as other_copy
import pytest

from certificates.badges import known_contexts
from certificates.badges.known_contexts import CREDENTIALS_V2, KNOWN, OPEN_BADGES, ContextUnknown, get_context

SHARED = [CREDENTIALS_V2, OPEN_BADGES, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]


@pytest.mark.parametrize("address", SHARED)
def test_our_copy_says_what_an_independent_library_carries(address):
    assert get_context(address) == other_copy.load_context(address)


@pytest.mark.parametrize(
    "address",
    ["https://www.w3.org/ns/credentials/v2/", "HTTPS://www.w3.org/ns/credentials/v2", "file:///etc/passwd", ""],
)
def test_every_other_address_is_refused(address):
    with pytest.raises(ContextUnknown):
        get_context(address)


def test_each_file_has_an_address_and_a_row_on_its_origin():
    folder = Path(known_contexts.__file__).with_name("contexts")
    files = {path.name for path in folder.glob("*.json")}

    assert files == set(KNOWN.values())
    assert all("@context" in json.loads((folder / name).read_text()) for name in files)
    assert all(f"`{address}`" in (folder / "README.md").read_text() for address in KNOWN)


def test_nobody_can_change_the_kept_copy():
    get_context(OPEN_BADGES)["@context"]["name"] = "something else"

    assert get_context(OPEN_BADGES)["@context"]["name"] == {"@id": "https://schema.org/name"}
