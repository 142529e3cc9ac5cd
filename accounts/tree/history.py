"""The tree as it stood on an earlier day: the report of an old year counts by the old tree."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import FormerPlace, Succession, Unit
from accounts.scope import Scope, subtree
from core.database import session


def path_on(day: date) -> sa.ColumnElement[str]:
    """The path that the unit of a row had on a day."""
    former = (
        sa.select(FormerPlace.path)
        .where(FormerPlace.unit_id == Unit.id, FormerPlace.until_on > day)
        .order_by(FormerPlace.until_on)
        .limit(1)
        .correlate(Unit)
        .scalar_subquery()
    )
    return sa.func.coalesce(former, Unit.path)


@dataclass(frozen=True)
class PastScope(Scope):
    """Parts of the tree as it stood on a day."""

    day: date = field(kw_only=True)

    def covers(self, unit: Unit) -> bool:
        """Whether the unit was inside on the day."""
        return any(path_of(unit, self.day).startswith(path) for path in self.paths)

    def condition(self) -> sa.ColumnElement[bool]:
        """True for rows of ``Unit`` that were inside on the day."""
        there = path_on(self.day)
        return sa.or_(sa.false(), *(there.startswith(path) for path in self.paths))


def path_of(unit: Unit, day: date) -> str:
    """The path that a unit had on a day."""
    found = session().scalar(sa.select(path_on(day)).where(Unit.id == unit.id))
    return found or unit.path


def subtree_on(unit: Unit, day: date) -> Scope:
    """One unit and everything that was below it on a day."""
    moved_since = sa.select(FormerPlace.id).where(FormerPlace.until_on > day).limit(1)
    if session().scalar(moved_since) is None:
        return subtree(unit)
    return PastScope((path_of(unit, day),), day=day)


def above_on(unit: Unit, day: date) -> list[int]:
    """The ids from the root down to the unit itself, as the tree stood on a day."""
    return ids_of(path_of(unit, day))


def ids_of(path: str) -> list[int]:
    """The ids that a path is made of."""
    return [int(part) for part in path.strip("/").split("/")]


def was_there(first: date, last: date) -> sa.ColumnElement[bool]:
    """True for rows of ``Unit`` that existed on some day from the first to the last."""
    return sa.and_(
        sa.or_(Unit.valid_from.is_(None), Unit.valid_from <= last),
        sa.or_(Unit.valid_until.is_(None), Unit.valid_until >= first),
    )


def former_places(unit: Unit) -> list[FormerPlace]:
    """Where the unit stood under another parent, latest first; moves of those above left out."""
    rows = session().scalars(
        sa.select(FormerPlace)
        .where(FormerPlace.unit_id == unit.id)
        .options(joinedload(FormerPlace.parent))
        .order_by(FormerPlace.until_on.desc())
    )
    shown, parent = [], unit.parent_id
    for row in rows:
        if row.parent_id != parent:
            shown.append(row)
        parent = row.parent_id
    return shown


def earlier_units(unit: Unit) -> list[Succession]:
    """What went into the unit, or what it was split from, latest first."""
    return _links(Succession.later_id == unit.id)


def later_units(unit: Unit) -> list[Succession]:
    """What the unit went into, or what was split from it, latest first."""
    return _links(Succession.earlier_id == unit.id)


def ended(units: Iterable[Unit], day: date) -> list[Unit]:
    """Those that are no longer there on a day, or not yet."""
    return [unit for unit in units if not unit.is_there(day)]


def _links(wanted: sa.ColumnElement[bool]) -> list[Succession]:
    return list(
        session().scalars(
            sa.select(Succession)
            .where(wanted)
            .options(joinedload(Succession.earlier), joinedload(Succession.later))
            .order_by(Succession.happened_on.desc(), Succession.id)
        )
    )
