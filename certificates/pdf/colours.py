"""Colours of the page: how well one is seen on another, and shades in between. All are written ``#RRGGBB``."""

import re

TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0
"""Least contrast of words and of marks against their ground (WCAG 2.2, criteria 1.4.3 and 1.4.11)."""
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


def is_colour(text: str) -> bool:
    """Say whether a text is a colour of the written form."""
    return _HEX.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, ground: str, share: float) -> str:
    """Return a colour as it looks when only a share of it covers the ground."""
    pairs = zip(_parts(colour), _parts(ground), strict=True)
    return "#" + "".join(f"{round(share * over + (1 - share) * under):02X}" for over, under in pairs)


def readable(colour: str, ground: str, wanted: float = TEXT_CONTRAST) -> str:
    """Return the colour itself where words in it can be read on the ground, else the nearest darker or lighter one."""
    end = max(("#000000", "#FFFFFF"), key=lambda extreme: contrast(extreme, ground))
    shades = (mixed(end, colour, step / 40) for step in range(41))
    return next((shade for shade in shades if contrast(shade, ground) >= wanted), end)


def _parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, definition of relative luminance)."""
    shares = (part / 255 for part in _parts(colour))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
