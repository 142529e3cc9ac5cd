"""Which rows of a take-over one looks at: by words, by unit, by what was decided."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import sqlalchemy as sa

from accounts.models import Unit
from core.database import session
from core.text import folded
from events.cloning.rows import Duty, Row

T = TypeVar("T", Row, Duty)

MOST_UNITS = 300
"""Units to choose from; in a larger tree one looks for them by name."""


class Only(StrEnum):
    """Rows of one sort."""

    TICKED = "ticked"
    LEFT = "left"
    DOUBTFUL = "doubtful"
    CHANGED = "changed"


_IS: dict[Only, Callable[[Row | Duty], bool]] = {
    Only.TICKED: lambda row: row.chosen,
    Only.LEFT: lambda row: not row.chosen,
    Only.DOUBTFUL: lambda row: row.why is not None,
    Only.CHANGED: lambda row: row.changed,
}


@dataclass(frozen=True)
class Look:
    """What someone asked to see of a long list."""

    words: str = ""
    unit: str = ""
    only: Only | None = None

    def __bool__(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.words or self.unit or self.only)

    def rows(
        self, rows: Sequence[T], with_words: frozenset[int], naming: Callable[[T], str]
    ) -> list[T]:
        """Those that were asked for, in their order.

        ``with_words`` are the ids that were found; what is called otherwise now is ``naming``.
        """
        above = session().scalar(sa.select(Unit.path).where(Unit.code == self.unit))
        wanted = folded(self.words).split()
        return [
            row
            for row in rows
            if (not wanted or row.old.id in with_words or _has(naming(row), wanted))
            and (not self.unit or _is_below(row.unit, above))
            and (self.only is None or _IS[self.only](row))
        ]


def _has(name: str, wanted: Sequence[str]) -> bool:
    said = folded(name)
    return all(word in said for word in wanted)


def _is_below(unit: Unit | None, above: str | None) -> bool:
    return unit is not None and above is not None and unit.path.startswith(above)


def units(rows: Iterable[Row | Duty], top: Unit) -> Sequence[Unit]:
    """Who would hold or carry something, and those above up to ``top``, in the order of the tree.

    None when they are too many.
    """
    paths = {row.unit.path for row in rows if row.unit is not None}
    numbers = {int(number) for path in paths for number in path.strip("/").split("/")}
    listed = sa.select(Unit).where(Unit.id.in_(numbers), Unit.path.startswith(top.path))
    found = session().scalars(listed.order_by(Unit.path)).all()
    return found if 1 < len(found) <= MOST_UNITS else []
