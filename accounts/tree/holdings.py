"""What the floors above keep for a unit, and how it goes over to the unit that goes on.

Each floor describes its own; ``app.py`` puts them into ``KEPT``. Accounts only count
them before a change and call them when two units become one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Unit
from accounts.scope import Scope
from core.spreadsheets.changes import Touched

Counts = Mapping[str, int]
"""How many of what: an English msgid with its number."""


def _nothing_follows(_units: Sequence[int]) -> None:
    """Nothing of this floor says what a unit is called."""


def _as_it_was(row: Touched) -> Touched:
    return row


@dataclass(frozen=True)
class Holding:
    """One floor's share in a change of the tree."""

    kept: Callable[[Scope, date], Counts]
    """What is open on a day for the units inside."""
    hand_over: Callable[[Unit, Unit, date], None]
    """Give what is open on a day to the later unit; what is past stays with the earlier."""
    renamed: Callable[[Sequence[int]], None] = _nothing_follows
    """What follows when units, by their ids, are called otherwise."""
    returning: Callable[[Touched], Touched] = _as_it_was
    """A row that followed, when that goes back and not all of it may be what it was."""


KEPT: list[Holding] = []


def kept(inside: Scope, day: date) -> list[tuple[str, int]]:
    """Everything that is open on a day for the units inside, floor by floor."""
    return [pair for holding in KEPT for pair in holding.kept(inside, day).items()]


def hand_over(earlier: Unit, later: Unit, day: date) -> None:
    """Give all that is open to the later unit."""
    for holding in KEPT:
        holding.hand_over(earlier, later, day)


def renamed(units: Sequence[int]) -> None:
    """Let every floor do what follows when units are called otherwise."""
    for holding in KEPT:
        holding.renamed(units)


def returning(row: Touched) -> Touched:
    """A row that goes back, as each floor lets it."""
    for holding in KEPT:
        row = holding.returning(row)
    return row
