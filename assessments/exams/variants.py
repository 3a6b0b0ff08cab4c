"""How often the variants of parametrised items have been given, so that a draw can take those used least."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from app.extensions import db
from assessments.exams.models import AttemptItem
from assessments.grading.kinds.realising import VARIANT, has_variants


def used_variants(contents: Mapping[int, Mapping[str, Any]]) -> dict[int, dict[int, int]]:
    """By version id: number of the variant to how many attempts got it. Asks nothing where no item has a pool."""
    pools = [version for version, content in contents.items() if has_variants(content) and "variants" in content]
    used: dict[int, dict[int, int]] = {version: {} for version in pools}
    if not pools:
        return used
    number = AttemptItem.order[VARIANT].as_integer()
    statement = (
        select(AttemptItem.item_version_id, number, func.count())
        .where(AttemptItem.item_version_id.in_(pools))
        .group_by(AttemptItem.item_version_id, number)
    )
    for version, variant, count in db.session.execute(statement):
        used[version][variant] = count
    return used
