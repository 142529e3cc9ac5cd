"""Long lists, a page or a portion at a time."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import sqlalchemy as sa

from core.database import session

T = TypeVar("T")

AT_ONCE = 500
"""Values that one question of any database may name."""


def page(found: sa.Select[T], size: int) -> tuple[Sequence[T], bool]:
    """The first rows of what was found, and whether it goes on after them."""
    rows = session().scalars(found.limit(size + 1)).all()
    return rows[:size], len(rows) > size


def portions(many: Sequence[T], size: int | None = None) -> Iterator[Sequence[T]]:
    """All of it in its order, each portion small enough for one question."""
    step = size or AT_ONCE
    return (many[start : start + step] for start in range(0, len(many), step))


def loaded(asked: sa.Select[T], numbers: Sequence[int]) -> dict[int, T]:
    """The rows with these numbers, however many, as something asks for them."""
    (model,) = (found["entity"] for found in asked.column_descriptions)
    rows: dict[int, T] = {}
    for some in portions(numbers):
        found = session().scalars(asked.where(model.id.in_(some))).unique()
        rows |= {row.id: row for row in found}  # type: ignore[attr-defined]
    return rows
