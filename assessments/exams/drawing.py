"""Arranging the questions of an attempt from its seed: each in its place, with its parts shuffled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from assessments.grading.blueprint import Cell
from assessments.grading.kinds.realising import Uses, pick_variant
from assessments.items.rendering import shuffled_order


@dataclass(frozen=True, slots=True)
class Place:
    """The version to ask at the next place, the section it stands in, from 0, and whether it is a pilot."""

    version_id: int
    section: int = 0
    is_pilot: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A drawn item in its place, with the order its parts are shown in and, where it has variants, the number of its own."""

    position: int
    item_version_id: int
    order: dict[str, Any]
    section: int = 0
    is_pilot: bool = False


def read_cells(blueprint: Sequence[Mapping[str, Any]]) -> list[Cell]:
    """The cells of a stored blueprint."""
    return [Cell(cell["topic"], cell["thinking"], cell["draw"]) for cell in blueprint]


def arrange(
    places: Sequence[Place],
    contents: Mapping[int, Mapping[str, Any]],
    seed: str,
    used: Mapping[int, Uses] | None = None,
) -> list[Question]:
    """The questions in their places with shuffled parts; the same seed arranges them alike.

    `used`: for versions with a pool of variants, how often each variant has been given.
    """
    rng = Random(f"{seed}/parts")  # noqa: S311  seeded on purpose, the seed is stored
    questions = []
    for position, place in enumerate(places, start=1):
        content = contents[place.version_id]
        by_version = Random(f"{seed}/variant/{place.version_id}")  # noqa: S311  seeded on purpose, the seed is stored
        chosen = pick_variant(content, by_version, (used or {}).get(place.version_id))
        order = shuffled_order(content, rng, chosen)
        questions.append(Question(position, place.version_id, order, place.section, place.is_pilot))
    return questions
