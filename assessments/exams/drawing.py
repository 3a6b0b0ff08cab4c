"""Drawing the questions of an attempt from its seed: which items, in which order, with their parts shuffled."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from assessments.grading.blueprint import Cell, ItemRef, draw
from assessments.grading.kinds.realising import Uses, pick_variant
from assessments.items.rendering import shuffled_order


@dataclass(frozen=True, slots=True)
class Question:
    """A drawn item in its place, with the order its parts are shown in and, where it has variants, the number of its own."""

    position: int
    item_version_id: int
    order: dict[str, Any]


def read_cells(blueprint: Sequence[Mapping[str, Any]]) -> list[Cell]:
    """The cells of a stored blueprint."""
    return [Cell(cell["topic"], cell["thinking"], cell["draw"]) for cell in blueprint]


def choose(cells: Sequence[Cell], bank: Mapping[ItemRef, int], seen: Collection[str], seed: str) -> list[int]:
    """Version ids for one attempt in their order; `bank` maps each item in use to its newest version.

    Raises CellShort or BlueprintInvalid.
    """
    return [bank[ref] for ref in draw(cells, list(bank), seen, Random(f"{seed}/items"))]  # noqa: S311  seeded on purpose


def arrange(
    version_ids: Sequence[int],
    contents: Mapping[int, Mapping[str, Any]],
    seed: str,
    used: Mapping[int, Uses] | None = None,
) -> list[Question]:
    """The questions in their places with shuffled parts; the same seed arranges them alike.

    `used`: for versions with a pool of variants, how often each variant has been given.
    """
    rng = Random(f"{seed}/parts")  # noqa: S311  seeded on purpose, the seed is stored
    questions = []
    for position, version_id in enumerate(version_ids, start=1):
        by_version = Random(f"{seed}/variant/{version_id}")  # noqa: S311  seeded on purpose, the seed is stored
        chosen = pick_variant(contents[version_id], by_version, (used or {}).get(version_id))
        questions.append(Question(position, version_id, shuffled_order(contents[version_id], rng, chosen)))
    return questions
