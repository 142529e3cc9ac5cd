"""How far a duty is, on a day: the one place that judges, for rows and for counting alike."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa

from core import clock
from core.database import UtcDateTime
from core.i18n import N_
from events.models import Assignment


class DutyState(StrEnum):
    """Done, or what is in the way of it; the first that holds, in this order."""

    DONE = "done"
    EXCUSED = "excused"
    LATE = "late"
    RECEIVED = "received"
    SILENT = "silent"
    PLANNED = "planned"


WORDS: dict[DutyState, tuple[str, str]] = {
    DutyState.DONE: (N_("Done"), "ok"),
    DutyState.EXCUSED: (N_("Excused"), "plain"),
    DutyState.LATE: (N_("Late"), "stop"),
    DutyState.RECEIVED: (N_("Received"), "info"),
    DutyState.SILENT: (N_("No answer yet"), "warn"),
    DutyState.PLANNED: (N_("In the plan"), "plain"),
}
"""Each state in a word, with the tone of its badge."""


def state_of(duty: Assignment, today: date) -> DutyState:
    """How far a duty is today. Silent is whoever was told before today and did not answer."""
    if duty.done_at:
        return DutyState.DONE
    if duty.excused:
        return DutyState.EXCUSED
    if duty.due_on and duty.due_on < today:
        return DutyState.LATE
    if duty.received_at:
        return DutyState.RECEIVED
    if duty.told_at and clock.local_day(duty.told_at) < today:
        return DutyState.SILENT
    return DutyState.PLANNED


def is_open(duty: Assignment) -> bool:
    """Whether the unit still has to do something about it."""
    return not duty.done_at and not duty.excused


def open_column() -> sa.ColumnElement[bool]:
    """The same question, to the database."""
    return sa.and_(Assignment.done_at.is_(None), Assignment.excused == "")


def state_column(today: date) -> sa.ColumnElement[str]:
    """The same judgement, by the database."""
    told_before = Assignment.told_at < sa.literal(clock.at(today), UtcDateTime())
    return sa.case(
        (Assignment.done_at.is_not(None), DutyState.DONE.value),
        (Assignment.excused != "", DutyState.EXCUSED.value),
        (Assignment.due_on < today, DutyState.LATE.value),
        (Assignment.received_at.is_not(None), DutyState.RECEIVED.value),
        (told_before, DutyState.SILENT.value),
        else_=DutyState.PLANNED.value,
    )


@dataclass
class Tally:
    """How many duties stand where."""

    excused: int = 0
    planned: int = 0
    received: int = 0
    done: int = 0
    late: int = 0
    silent: int = 0

    @property
    def total(self) -> int:
        """All duties that somebody has to do."""
        return self.planned + self.received + self.done + self.late + self.silent

    @property
    def on_course(self) -> int:
        """Not done, and nothing to worry about."""
        return self.planned + self.received

    @property
    def needs_chasing(self) -> bool:
        """Whether somebody should call."""
        return bool(self.late or self.silent)

    def add(self, state: str, number: int) -> None:
        """So many more in a state."""
        setattr(self, state, getattr(self, state) + number)
