"""What changes the tree: moving, merging and closing units, and saying where one came from.

Whoever changes the tree first locks every unit, so that two changes at the same time
stand one behind the other and cannot close a circle.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from accounts.errors import (
    ComesFromItself,
    EndsBeforeItBegan,
    LinkedAlready,
    MergedAlready,
    MovedLater,
    NotYet,
    RootStays,
    TreeChanged,
    UnitBelowItself,
    UnitHasEnded,
    UnitsBelowRemain,
)
from accounts.models import FormerPlace, Grant, Succession, SuccessionKind, Unit
from accounts.services import refuse_circle
from accounts.tree import holdings
from core.database import session


@dataclass(frozen=True)
class Merged:
    """What one unit brought into another."""

    units: int
    """How many units came to stand under the other one."""
    grants: list[Grant]
    """The roles that people were given there."""


def move(unit: Unit, *, to: Unit, on: date, today: date, seen: str | None = None) -> None:
    """Place a unit, with everything below it, under another parent from a day on.

    ``seen`` is the path of which the preview spoke. Raises ``NotYet``, ``TreeChanged``,
    ``UnitBelowItself``, ``UnitHasEnded``, ``MovedLater`` or ``ReportsInACircle``.
    """
    lock(unit, to)
    _check_day(on, today)
    if seen is not None and unit.path != seen:
        raise TreeChanged
    _place(unit, to, on)


def merge(unit: Unit, *, into: Unit, on: date, today: date, seen: str | None = None) -> Merged:
    """Let one unit go into another: units below, roles and all that is open go along.

    What is past stays with the unit, which ends on the day before. Raises what ``move``
    and ``close`` raise.
    """
    lock(unit, into)
    _check_day(on, today)
    if seen is not None and unit.path != seen:
        raise TreeChanged
    if into.path.startswith(unit.path):
        raise UnitBelowItself(unit=unit.name)
    _check_there(into, on)
    _check_there(unit, on - timedelta(days=1))
    below = [child for child in unit.children if child.is_there(on)]
    for child in below:
        _place(child, into, on)
    grants = _carry_grants(unit, into)
    session().execute(
        sa.update(Unit)
        .where(Unit.reports_to_id == unit.id, Unit.id != into.id)
        .values(reports_to_id=into.id)
    )
    holdings.hand_over(unit, into, on)
    _end(unit, on - timedelta(days=1))
    link(unit, into, kind=SuccessionKind.MERGED, on=on)
    session().expire_all()
    return Merged(units=len(below), grants=grants)


def close(unit: Unit, *, last_day: date) -> None:
    """Say the last day of a unit: no new plans after it, hidden from choices, its history stays.

    Raises ``RootStays``, ``UnitsBelowRemain`` or ``EndsBeforeItBegan``.
    """
    lock(unit)
    after = last_day + timedelta(days=1)
    remaining = [child for child in unit.children if child.is_there(after)]
    if remaining:
        raise UnitsBelowRemain(n=len(remaining))
    _end(unit, last_day)


def reopen(unit: Unit) -> None:
    """Take back that a unit ends. Raises ``MergedAlready``."""
    merged = session().scalar(
        sa.select(Unit)
        .join(Succession, Succession.later_id == Unit.id)
        .where(Succession.earlier_id == unit.id, Succession.kind == SuccessionKind.MERGED)
        .limit(1)
    )
    if merged is not None:
        raise MergedAlready(unit=merged.name)
    unit.valid_until = None


def link(earlier: Unit, later: Unit, *, kind: SuccessionKind, on: date) -> Succession:
    """Say that a unit came out of an earlier one. Raises ``ComesFromItself``, ``LinkedAlready``."""
    if earlier.id == later.id or earlier.id in _came_out_of(later):
        raise ComesFromItself(unit=earlier.name)
    known = sa.select(Succession).where(
        Succession.earlier_id == earlier.id, Succession.later_id == later.id
    )
    if session().scalar(known):
        raise LinkedAlready(unit=earlier.name)
    made = Succession(earlier=earlier, later=later, kind=kind, happened_on=on)
    session().add(made)
    session().flush()
    return made


def _came_out_of(unit: Unit) -> set[int]:
    """The ids of everything that the unit went into, however many steps later."""
    first = sa.select(Succession.later_id).where(Succession.earlier_id == unit.id)
    line = first.cte("line", recursive=True)
    further = sa.select(Succession.later_id).join(line, Succession.earlier_id == line.c.later_id)
    return set(session().scalars(sa.select(line.union(further).c.later_id)))


def lock(*units: Unit) -> None:
    """Let nobody else change the tree until the transaction ends; read the units anew."""
    session().flush()
    session().execute(sa.select(Unit.id).order_by(Unit.id).with_for_update())
    for unit in units:
        session().refresh(unit)


def _check_day(on: date, today: date) -> None:
    if on > today:
        raise NotYet(day=f"{on:%d/%m/%Y}")


def _check_there(unit: Unit, day: date) -> None:
    if not unit.is_there(day):
        raise UnitHasEnded(unit=unit.name, day=f"{day:%d/%m/%Y}")


def _place(unit: Unit, to: Unit, on: date) -> None:
    if to.path.startswith(unit.path):
        raise UnitBelowItself(unit=unit.name)
    _check_there(to, on)
    former = unit.path
    later = session().scalar(
        sa.select(sa.func.max(FormerPlace.until_on))
        .join(Unit, Unit.id == FormerPlace.unit_id)
        .where(Unit.path.startswith(former), FormerPlace.until_on > on)
    )
    if later is not None:
        raise MovedLater(day=f"{later:%d/%m/%Y}")
    _remember(former, on)
    _rewrite(former, f"{to.path}{unit.id}/")
    unit.parent = to
    session().flush()
    if unit.reports_to_id is None:
        refuse_circle(unit, to)


def _remember(former: str, on: date) -> None:
    """Keep where each unit of a subtree stood, unless it came there on the same day."""
    stood = sa.select(Unit.id, Unit.parent_id, Unit.path, sa.literal(on, sa.Date())).where(
        Unit.path.startswith(former),
        ~sa.exists().where(FormerPlace.unit_id == Unit.id, FormerPlace.until_on == on),
    )
    session().execute(
        sa.insert(FormerPlace).from_select(["unit_id", "parent_id", "path", "until_on"], stood)
    )


def _rewrite(former: str, path: str) -> None:
    """Give every unit of a subtree its new path, all in one statement."""
    rest = sa.func.substr(Unit.path, len(former) + 1)
    session().execute(
        sa.update(Unit)
        .where(Unit.path.startswith(former))
        .values(path=sa.literal(path).concat(rest))
        .execution_options(synchronize_session=False)
    )
    for row in session():
        if isinstance(row, Unit):
            session().expire(row, ["path"])


def _carry_grants(unit: Unit, into: Unit) -> list[Grant]:
    """Give each role on the one also on the other; the old one keeps its history readable."""
    rows = session().scalars(sa.select(Grant).where(Grant.unit_id.in_([unit.id, into.id]))).all()
    held = {(row.account_id, row.role) for row in rows if row.unit_id == into.id}
    given = [
        Grant(account_id=row.account_id, role=row.role, unit_id=into.id)
        for row in rows
        if row.unit_id == unit.id and (row.account_id, row.role) not in held
    ]
    session().add_all(given)
    session().flush()
    return given


def _end(unit: Unit, last_day: date) -> None:
    if unit.parent_id is None:
        raise RootStays
    if unit.valid_from is not None and last_day < unit.valid_from:
        raise EndsBeforeItBegan(day=f"{unit.valid_from:%d/%m/%Y}")
    unit.valid_until = last_day
    session().flush()
