"""Colours of the body: contrast by WCAG 2.2, and the shades that the themes need. Pure."""

import re
from dataclasses import dataclass

HEX = re.compile(r"#[0-9A-Fa-f]{6}")
# The colours the house comes with: their shades are drawn by hand in tokens.css.
HOUSE_PRIMARY, HOUSE_ACCENT = "#1F4D3A", "#A97820"
PAPER, SURFACE, DARK_PAPER, DARK_SURFACE = "#FBF8F1", "#FFFFFF", "#121815", "#1A221E"
TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0
Rgb = tuple[float, float, float]


class ColourInvalid(ValueError):
    """Not a colour written as # and six hexadecimal digits."""


def parse(colour: str) -> Rgb:
    """Red, green and blue in 0..1. Raises ColourInvalid."""
    if not HEX.fullmatch(colour):
        raise ColourInvalid(colour)
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, definition of relative luminance)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parse(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio from 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`colour` with `share` (0..1) of `other` in it."""
    mixed = (a + (b - a) * share for a, b in zip(parse(colour), parse(other), strict=True))
    return "#" + "".join(f"{round(c * 255):02X}" for c in mixed)


def _until(colour: str, towards: str, ground: str, wanted: float) -> str:
    for step in range(41):
        shade = mix(colour, towards, step / 40)
        if contrast(shade, ground) >= wanted:
            return shade
    return towards


@dataclass(frozen=True)
class Shades:
    """The tokens that follow from the two colours of the body, for the light and the dark theme."""

    light: dict[str, str]
    dark: dict[str, str]


def shades(primary: str, accent: str) -> Shades:
    """The tokens to derive; none for a colour the house comes with.

    The light theme keeps the chosen colours, the dark one lightens them until they can be read.
    """
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    if primary.upper() != HOUSE_PRIMARY:
        lighter = _until(primary, "#FFFFFF", DARK_SURFACE, 8.0)
        light |= {
            "laurel": primary,
            "laurel-pressed": mix(primary, "#000000", 0.3),
            "laurel-tint": mix(primary, SURFACE, 0.89),
            "band": primary,
        }
        dark |= {
            "laurel": lighter,
            "laurel-pressed": mix(lighter, "#FFFFFF", 0.25),
            "laurel-tint": mix(DARK_SURFACE, lighter, 0.1),
            "band": mix(DARK_SURFACE, primary, 0.3),
        }
    if accent.upper() != HOUSE_ACCENT:
        tint, lighter = mix(accent, SURFACE, 0.85), _until(accent, "#FFFFFF", DARK_SURFACE, 8.0)
        light |= {"gold": accent, "gold-text": _until(accent, "#000000", tint, 5.5), "gold-tint": tint}
        dark |= {"gold": lighter, "gold-text": lighter, "gold-tint": mix(DARK_SURFACE, lighter, 0.12)}
    return Shades(light, dark)


def primary_fault(primary: str) -> float | None:
    """None if white words on it and it on paper can be read; else the worst contrast found."""
    worst = min(contrast(primary, "#FFFFFF"), contrast(primary, PAPER))
    return None if worst >= TEXT_CONTRAST else worst


def accent_fault(accent: str) -> float | None:
    """None if marks in it can be seen on card and tint; else the worst contrast found."""
    worst = min(contrast(accent, SURFACE), contrast(accent, mix(accent, SURFACE, 0.85)))
    return None if worst >= MARK_CONTRAST else worst
