"""The style sheets use the tokens that exist, and the tokens can be read in both themes."""

import gzip
import re
from pathlib import Path

import pytest

from app.body.colours import contrast

SHEETS = Path(__file__).resolve().parents[2] / "app" / "static" / "css"
ON_EVERY_PAGE = ("tokens", "base", "forms", "components", "rooms", "print")
TEXT = [
    *[(word, ground) for word in ("ink", "muted", "link", "laurel") for ground in ("paper", "surface", "hush")],
    *[(word, f"{word}-tint") for word in ("success", "warning", "danger", "bronze", "steel")],
    *[("ink", f"{ground}-tint") for ground in ("laurel", "info", "warning", "danger", "success")],
    ("gold-text", "gold-tint"),
    ("link", "info-tint"),
    ("muted", "laurel-tint"),
    ("on-laurel", "laurel"),
    ("on-laurel", "laurel-pressed"),
    ("on-danger", "danger"),
    ("band-ink", "band"),
    ("band-muted", "band"),
    ("surface", "muted"),
    ("surface", "warning"),
]
MARKS = [
    ("edge", "paper"),
    ("edge", "surface"),
    ("gold", "gold-tint"),
    ("bronze", "bronze-tint"),
    ("laurel", "laurel-tint"),
]


def tokens(theme: str) -> dict[str, str]:
    text = (SHEETS / "tokens.css").read_text(encoding="utf-8")
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    dark = dark.split(".certificate")[0]
    named = dict(re.findall(r"--([\w-]+): (#[0-9A-Fa-f]{6})\b", light))
    return named | dict(re.findall(r"--([\w-]+): (#[0-9A-Fa-f]{6})\b", dark)) if theme == "dark" else named


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_stand_out_from_their_ground(theme: str):
    known = tokens(theme)
    faint = {(a, b): round(contrast(known[a], known[b]), 2) for a, b in TEXT if contrast(known[a], known[b]) < 4.5}
    assert faint == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_and_edges_stand_out_from_their_ground(theme: str):
    known = tokens(theme)
    faint = {(a, b): round(contrast(known[a], known[b]), 2) for a, b in MARKS if contrast(known[a], known[b]) < 3}
    assert faint == {}


def test_every_token_that_is_used_exists():
    everything = "".join(path.read_text(encoding="utf-8") for path in SHEETS.glob("*.css"))
    defined = set(re.findall(r"(--[\w-]+)\s*:", everything))
    assert set(re.findall(r"var\((--[\w-]+)", everything)) - defined == set()


def test_nothing_is_fetched_from_elsewhere_and_little_in_all():
    sheets = [(SHEETS / f"{name}.css").read_bytes() for name in ON_EVERY_PAGE]
    assert not any(b"url(" in sheet or b"@import" in sheet for sheet in sheets)
    assert sum(len(gzip.compress(sheet)) for sheet in sheets) < 16_000


def test_physical_sides_are_left_to_the_direction_of_the_script():
    sided = re.compile(
        r"(?:margin|padding|border)-(?:left|right)\b|\btext-align: (?:left|right)\b|[;{ ](?:left|right):"
    )
    assert {path.name for path in SHEETS.glob("*.css") if sided.search(path.read_text(encoding="utf-8"))} == set()
