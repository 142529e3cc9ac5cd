"""What the floors above keep for a unit, and how it goes over to the unit that goes on.

Each floor describes its own; ``app.py`` puts them into ``KEPT``. Accounts only count
them before a change and call them when two units become one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from accounts.models import Unit
from accounts.scope import Scope

Counts = Mapping[str, int]
"""How many of what: an English msgid with its number."""


@dataclass(frozen=True)
class Holding:
    """One floor's share in a change of the tree."""

    kept: Callable[[Scope, date], Counts]
    """What is open on a day for the units inside."""
    hand_over: Callable[[Unit, Unit, date], None]
    """Give what is open on a day to the later unit; what is past stays with the earlier."""


KEPT: list[Holding] = []


def kept(inside: Scope, day: date) -> list[tuple[str, int]]:
    """Everything that is open on a day for the units inside, floor by floor."""
    return [pair for holding in KEPT for pair in holding.kept(inside, day).items()]


def hand_over(earlier: Unit, later: Unit, day: date) -> None:
    """Give all that is open to the later unit."""
    for holding in KEPT:
        holding.hand_over(earlier, later, day)
