"""Noticing what becomes other than a unit was told, by whatever page, table or import.

A duty that was handed out and moves, is excused or leaves its plan leaves a row
for its unit, written in the same transaction. A letter names what came of a day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper

from core import clock
from core.database import UtcDateTime, session
from events.duties.models import DutyChange, Handout, Turn
from events.models import Assignment

SETTLED = timedelta(minutes=10)
"""How long nothing changes before the unit hears of it."""


@dataclass(frozen=True)
class Change:
    """What came of one duty in the end, however often it was changed."""

    turn: Turn
    duty: str
    due_before: date | None
    due_on: date | None
    reason: str


def of_day(last: DutyChange) -> list[Change]:
    """What became other for a unit on the day of its last change; not what was taken back."""
    since = clock.at(clock.local_day(last.tell_at))
    rows = session().scalars(
        sa.select(DutyChange)
        .where(DutyChange.handout_id == last.handout_id, DutyChange.id <= last.id)
        .where(DutyChange.tell_at >= since)
        .order_by(DutyChange.id)
    )
    by_duty: dict[int, list[DutyChange]] = {}
    for row in rows:
        by_duty.setdefault(row.number, []).append(row)
    return [change for told in by_duty.values() for change in _net(told)]


def goes_on(last: DutyChange) -> bool:
    """Whether more changed for the unit on that day, so that a later letter says it all."""
    next_day = clock.at(clock.local_day(last.tell_at) + timedelta(days=1))
    later = sa.exists().where(
        DutyChange.handout_id == last.handout_id,
        DutyChange.id > last.id,
        DutyChange.tell_at < next_day,
    )
    return bool(session().scalar(sa.select(later)))


def _net(rows: list[DutyChange]) -> list[Change]:
    """The last word on one duty: gone, or excused, or another day."""
    last = rows[-1]
    moves = [row for row in rows if row.turn is Turn.MOVED]
    excuses = [row for row in rows if row.turn in {Turn.EXCUSED, Turn.REQUIRED}]
    if last.turn is Turn.WITHDRAWN:
        return [Change(Turn.WITHDRAWN, last.duty, None, last.due_on, "")]
    found = []
    if len(excuses) % 2:
        found = [Change(excuses[-1].turn, last.duty, None, last.due_on, excuses[-1].reason)]
    if moves and moves[0].due_before != last.due_on and not last.reason:
        found.append(Change(Turn.MOVED, last.duty, moves[0].due_before, last.due_on, ""))
    return found


@sa.event.listens_for(Assignment, "before_update")
def _updated(_mapper: Mapper[Any], connection: sa.Connection, duty: Assignment) -> None:
    if duty.told_at is None or _was(duty, "told_at") is None:
        return
    if _is_other(duty, "due_on"):
        _note(connection, duty, Turn.MOVED, before=_was(duty, "due_on"))
    if _is_other(duty, "excused"):
        _note(connection, duty, Turn.EXCUSED if duty.excused else Turn.REQUIRED)


@sa.event.listens_for(Assignment, "before_delete")
def _deleted(_mapper: Mapper[Any], connection: sa.Connection, duty: Assignment) -> None:
    if duty.told_at is not None:
        _note(connection, duty, Turn.WITHDRAWN)


def _note(
    connection: sa.Connection, duty: Assignment, turn: Turn, *, before: date | None = None
) -> None:
    facts = {
        "number": sa.literal(duty.id, sa.Integer),
        "duty": sa.literal(duty.duty, sa.Text),
        "turn": sa.literal(turn, DutyChange.__table__.c.turn.type),
        "due_before": sa.literal(before, sa.Date),
        "due_on": sa.literal(duty.due_on, sa.Date),
        "reason": sa.literal(duty.excused, sa.Text),
        "tell_at": sa.literal(clock.now() + SETTLED, UtcDateTime()),
    }
    told = sa.select(Handout.id, *facts.values()).where(
        Handout.plan_id == duty.plan_id, Handout.unit_id == duty.unit_id
    )
    connection.execute(sa.insert(DutyChange).from_select(["handout_id", *facts], told))


def _is_other(duty: Assignment, name: str) -> bool:
    return sa.inspect(duty).attrs[name].history.has_changes()


def _was(duty: Assignment, name: str) -> Any:
    """What stood there before this transaction."""
    history = sa.inspect(duty).attrs[name].history
    return next(iter(history.deleted or history.unchanged or ()), None)
