"""Which rows of a take-over one looks at: by words, by unit, by what was decided."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from accounts.models import Unit
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

    def rows(self, rows: Iterable[T], with_words: frozenset[int] | None = None) -> list[T]:
        """Those that were asked for, in their order; ``with_words`` are the ids that were found."""
        return [
            row
            for row in rows
            if (with_words is None or row.old.id in with_words)
            and (not self.unit or (row.unit is not None and row.unit.code == self.unit))
            and (self.only is None or _IS[self.only](row))
        ]


def units(rows: Iterable[Row | Duty]) -> list[Unit]:
    """Who would hold or carry something, in the order of the tree; none when they are too many."""
    found = {row.unit.id: row.unit for row in rows if row.unit is not None}
    listed = sorted(found.values(), key=lambda unit: unit.path)
    return listed if 1 < len(listed) <= MOST_UNITS else []
