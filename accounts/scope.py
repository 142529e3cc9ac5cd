"""What an actor may see and do: every query of a staff page goes through here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from accounts.models import Account, Role, Unit

IMPLIED = {
    Role.ADMIN: frozenset(Role),
    Role.ORGANISER: frozenset({Role.ORGANISER, Role.OBSERVER, Role.STEWARD}),
    Role.REPORTER: frozenset({Role.REPORTER}),
    Role.OBSERVER: frozenset({Role.OBSERVER}),
    Role.STEWARD: frozenset({Role.STEWARD}),
}
"""What each role brings with it."""


@dataclass(frozen=True)
class Scope:
    """The parts of the tree where an actor holds a role: each path with all below it."""

    paths: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether there is any unit in it."""
        return bool(self.paths)

    def covers(self, unit: Unit) -> bool:
        """Whether the unit is inside."""
        return any(unit.path.startswith(path) for path in self.paths)

    def condition(self) -> sa.ColumnElement[bool]:
        """True for rows of ``Unit`` that are inside."""
        return sa.or_(sa.false(), *(Unit.path.startswith(path) for path in self.paths))

    def units(self) -> sa.Select[Unit]:
        """The units inside, in the order of the tree."""
        return sa.select(Unit).where(self.condition()).order_by(Unit.path)

    def present(self, day: date) -> sa.Select[Unit]:
        """The units inside that are there on a day: those one may still choose."""
        return self.units().where(Unit.was_there(day))

    def owns(
        self, column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
    ) -> sa.ColumnElement[bool]:
        """True for rows whose unit column names a unit inside."""
        return column.in_(sa.select(Unit.id).where(self.condition()))


def scope(actor: Account, role: Role) -> Scope:
    """Where the actor holds the role, given directly, implied, or from above."""
    held = sorted(grant.unit.path for grant in actor.grants if role in IMPLIED[grant.role])
    return Scope(tuple(_outermost(held)))


def subtree(unit: Unit) -> Scope:
    """One unit and everything below it."""
    return Scope((unit.path,))


def _outermost(paths: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for path in paths:
        if not any(path.startswith(outer) for outer in kept):
            kept.append(path)
    return kept
