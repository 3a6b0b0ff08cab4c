"""Pictures that items show: read from the media folder, pinned by their bytes, and never from elsewhere."""

import hashlib

import pytest

from courses.folder.codes import Codes
from courses.folder.files import Folder
from courses.folder.items import Items

ITEM = """[[item]]
code = "F1-001"
kind = "hotspot"
topic = "F1"
objective = "F1.1"
thinking = "apply"
technique = ""
stem = "Where?"
feedback = "There."
picture = {{ file = "{file}", alt = "A desk.", width = 800, height = 400{more} }}
"""
BYTES = b"the bytes of a picture"


def read_bank(root, file="desk.png", more=""):
    """The gathered items of a folder with one picture and one item, their pictures, and the faults by line."""
    (root / "media").mkdir()
    (root / "media" / "desk.png").write_bytes(BYTES)
    (root / "bank.toml").write_text(ITEM.format(file=file, more=more))
    folder = Folder(root)
    gathered = Items(Codes(), None)
    found = gathered.read(folder.toml("bank.toml"), "item")
    return found, gathered.media, [str(fault) for fault in folder.faults]


def test_a_picture_comes_with_its_item_which_is_pinned_to_its_bytes(tmp_path):
    (item,), media, _faults = read_bank(tmp_path)

    assert media == {"desk.png": BYTES}
    assert item["picture"]["sha256"] == hashlib.sha256(BYTES).hexdigest()
    assert item["picture"]["alt"] == "A desk."


def test_a_definition_that_names_other_bytes_is_a_fault_at_its_line(tmp_path):
    _items, _media, faults = read_bank(tmp_path, more=', sha256 = "' + "0" * 64 + '"')

    assert "bank.toml:10: media/desk.png is another picture; leave sha256 away to take it" in faults


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("absent.png", "media/absent.png:1: is missing"),
        ("../bank.toml", "bank.toml:10: '../bank.toml' must not lead elsewhere"),
        ("/etc/passwd", "bank.toml:10: '/etc/passwd' must be a name within the folder"),
    ],
)
def test_a_picture_that_is_not_in_the_folder_is_a_fault(tmp_path, name, fault):
    (item,), media, faults = read_bank(tmp_path, name)

    assert any(found.startswith(fault) for found in faults)
    assert media == {}
    assert "sha256" not in item["picture"]
