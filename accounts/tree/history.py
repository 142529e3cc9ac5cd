"""The tree as it stood on an earlier day: the report of an old year counts by the old tree."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from accounts.models import FormerPlace, Succession, Unit
from accounts.scope import Scope
from core.database import session


@dataclass(frozen=True)
class PastScope(Scope):
    """One unit and what was below it on a day, whatever was moved since."""

    unit_id: int = field(kw_only=True)
    day: date = field(kw_only=True)

    def covers(self, unit: Unit) -> bool:
        """Whether the unit was inside on the day."""
        found = sa.select(Unit.id).where(Unit.id == unit.id, self.condition())
        return session().scalar(found) is not None

    def condition(self) -> sa.ColumnElement[bool]:
        """True for rows of ``Unit`` that were inside on the day; one statement asks it all."""
        moved = sa.select(FormerPlace.unit_id).where(FormerPlace.until_on > self.day)
        stayed = sa.and_(super().condition(), Unit.id.not_in(moved))
        place, sooner = aliased(FormerPlace), aliased(FormerPlace)
        top = sa.func.coalesce(
            _first_place(self.unit_id, self.day).scalar_subquery(), sa.literal(self.paths[0])
        )
        stood = sa.select(place.unit_id).where(
            place.until_on > self.day,
            place.path.startswith(top),
            ~sa.exists().where(
                sooner.unit_id == place.unit_id,
                sooner.until_on > self.day,
                sooner.until_on < place.until_on,
            ),
        )
        return sa.or_(stayed, Unit.id.in_(stood))


def path_of(unit: Unit, day: date) -> str:
    """The path that a unit had on a day."""
    return session().scalar(_first_place(unit.id, day)) or unit.path


def subtree_on(unit: Unit, day: date) -> PastScope:
    """One unit and everything that was below it on a day."""
    return PastScope((unit.path,), unit_id=unit.id, day=day)


def _first_place(unit_id: int, day: date) -> sa.Select[str]:
    """Where a unit stood on a day, when it has been moved since."""
    return (
        sa.select(FormerPlace.path)
        .where(FormerPlace.unit_id == unit_id, FormerPlace.until_on > day)
        .order_by(FormerPlace.until_on)
        .limit(1)
    )


def above_on(unit: Unit, day: date) -> list[int]:
    """The ids from the root down to the unit itself, as the tree stood on a day."""
    return ids_of(path_of(unit, day))


def ids_of(path: str) -> list[int]:
    """The ids that a path is made of."""
    return [int(part) for part in path.strip("/").split("/")]


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
