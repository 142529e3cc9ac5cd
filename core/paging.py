"""Long lists, a page at a time."""

from collections.abc import Sequence
from typing import TypeVar

import sqlalchemy as sa

from core.database import session

T = TypeVar("T")


def page(found: sa.Select[T], size: int) -> tuple[Sequence[T], bool]:
    """The first rows of what was found, and whether it goes on after them."""
    rows = session().scalars(found.limit(size + 1)).all()
    return rows[:size], len(rows) > size
