"""Carrying out a move or a merger and writing it down: at once, or on the day it was planned for.

A planned change is a row; the clock asks for those whose day has come, in Vietnam, and
carries each out in a transaction of its own, so that a beat that was missed loses nothing
and one that comes twice does nothing twice.
"""

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts import audit
from accounts.errors import ChangePlanned, ChangeSettled
from accounts.models import Account, Unit
from accounts.scope import Scope
from accounts.tree import services
from accounts.tree.models import ChangeKind, PlannedChange, PlanState
from core.database import session
from core.errors import DomainError

SHOWN = (PlanState.WAITING, PlanState.FAILED)
"""What somebody still has to know of."""


def carry_out(
    kind: ChangeKind,
    unit: Unit,
    other: Unit,
    *,
    on: date,
    today: date,
    by: Account | None,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Move the unit under the other one, or merge it into that. Raises what the rule raises."""
    subject, day = f"unit:{unit.code}", f"{on:%d/%m/%Y}"
    if kind is ChangeKind.MOVE:
        former = unit.parent.code if unit.parent else None
        services.move(unit, to=other, on=on, today=today, seen=seen)
        facts = {"from": former, "to": other.code, "on": day}
        audit.record(by, unit, "unit.moved", subject, facts, now)
        return
    done = services.merge(unit, into=other, on=on, today=today, seen=seen)
    went = {"to": other.code, "on": day, "units": done.units}
    audit.record(by, unit, "unit.merged", subject, went, now)
    for held in done.grants:
        subject = f"account:{held.account_id}"
        audit.record(by, other, "grant.given", subject, {"role": held.role}, now)


def plan(
    kind: ChangeKind, unit: Unit, other: Unit, *, on: date, by: Account, now: datetime
) -> PlannedChange:
    """Keep a change for its day, once it is clear that the tree of today would allow it.

    Raises ``ChangePlanned`` or what the change itself raises.
    """
    services.lock(unit, other)
    known = session().scalar(
        sa.select(PlannedChange).where(
            PlannedChange.unit_id == unit.id, PlannedChange.state == PlanState.WAITING
        )
    )
    if known is not None:
        raise ChangePlanned(unit=unit.name, day=f"{known.happens_on:%d/%m/%Y}")
    attempt = session().begin_nested()
    try:
        carry_out(kind, unit, other, on=on, today=on, by=by, now=now)
    finally:
        attempt.rollback()
    planned = PlannedChange(
        unit=unit, other=other, kind=kind, happens_on=on, planned_by_id=by.id, planned_at=now
    )
    session().add(planned)
    session().flush()
    _note(planned, f"unit.{kind}_planned", by, now)
    return planned


def cancel(planned: PlannedChange, *, by: Account, now: datetime) -> None:
    """Give up a change that waits, or take one that failed off the list.

    Raises ``ChangeSettled``.
    """
    services.lock()
    session().refresh(planned)
    if planned.state not in SHOWN:
        raise ChangeSettled
    planned.state = PlanState.CANCELLED
    _note(planned, "unit.plan_cancelled", by, now)


def due(today: date) -> list[int]:
    """The changes whose day has come, in the order in which they are carried out."""
    return list(
        session().scalars(
            sa.select(PlannedChange.id)
            .where(PlannedChange.state == PlanState.WAITING, PlannedChange.happens_on <= today)
            .order_by(PlannedChange.happens_on, PlannedChange.id)
        )
    )


def carry_out_planned(number: int, *, today: date, now: datetime) -> PlanState | None:
    """Carry out one change whose day has come; what went against it stands in the row.

    Nothing is done to one that was cancelled or carried out in the meantime.
    """
    services.lock()
    planned = session().get_one(PlannedChange, number, populate_existing=True)
    if planned.state is not PlanState.WAITING or planned.happens_on > today:
        return None
    by = session().get(Account, planned.planned_by_id) if planned.planned_by_id else None
    unit, other, on = planned.unit, planned.other, planned.happens_on
    try:
        with session().begin_nested():
            carry_out(planned.kind, unit, other, on=on, today=today, by=by, now=now)
        planned.state = PlanState.DONE
    except DomainError as refused:
        planned.state = PlanState.FAILED
        planned.refusal, planned.refusal_facts = refused.sentence, refused.facts
        _note(planned, "unit.plan_failed", None, now)
    return planned.state


def ahead(inside: Scope) -> list[PlannedChange]:
    """What waits and what failed for units inside, failures first, then by day."""
    mine = sa.or_(inside.owns(PlannedChange.unit_id), inside.owns(PlannedChange.other_id))
    return _listed(mine)


def ahead_for(unit: Unit) -> list[PlannedChange]:
    """What waits and what failed for a unit itself, on either side."""
    return _listed(sa.or_(PlannedChange.unit_id == unit.id, PlannedChange.other_id == unit.id))


def by_unit(changes: Iterable[PlannedChange]) -> dict[int, PlannedChange]:
    """The change that waits for each unit."""
    return {one.unit_id: one for one in changes if one.state is PlanState.WAITING}


def _listed(mine: sa.ColumnElement[bool]) -> list[PlannedChange]:
    return list(
        session().scalars(
            sa.select(PlannedChange)
            .where(PlannedChange.state.in_(SHOWN), mine)
            .options(joinedload(PlannedChange.unit), joinedload(PlannedChange.other))
            .order_by(PlannedChange.state, PlannedChange.happens_on, PlannedChange.id)
        )
    )


def _note(planned: PlannedChange, action: str, by: Account | None, now: datetime) -> None:
    unit = planned.unit
    facts = {"to": planned.other.code, "on": f"{planned.happens_on:%d/%m/%Y}"}
    audit.record(by, unit, action, f"unit:{unit.code}", facts, now)
