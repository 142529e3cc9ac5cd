"""One row of a take-over: what was, and what it becomes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from accounts.models import Unit
from core import clock
from events.models import ActivityKind, ActivityState, Assignment


class Why(StrEnum):
    """Why a row is not taken over unless someone says so, or not at all."""

    THERE = "there"
    ALIKE = "alike"
    CANCELLED = "cancelled"
    UNRELEASED = "unreleased"
    UNIT_GONE = "unit_gone"


NEVER = frozenset({Why.THERE, Why.UNIT_GONE})
"""Rows that nobody can choose: they exist already, or nobody could hold them."""


@dataclass(frozen=True)
class Old:
    """A planned thing of the earlier week."""

    id: int
    plan_id: int
    unit_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    kind: ActivityKind
    state: ActivityState
    place: str
    venue: str


@dataclass(frozen=True)
class Row:
    """One activity: what it was, and what it becomes."""

    old: Old
    unit: Unit | None
    plan_unit: Unit | None
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    why: Why | None
    chosen: bool
    changed: bool
    """Whether someone said otherwise than the rule."""

    @property
    def key(self) -> str:
        """What names the row on the page."""
        return f"a{self.old.id}"

    @property
    def is_free(self) -> bool:
        """Whether one may choose at all."""
        return self.why not in NEVER


@dataclass(frozen=True)
class Duty:
    """One duty: what it was, and what it becomes."""

    old: Assignment
    unit: Unit | None
    plan_unit: Unit | None
    text: str
    due_on: date | None
    why: Why | None
    chosen: bool
    changed: bool

    @property
    def key(self) -> str:
        """What names the row on the page."""
        return f"d{self.old.id}"

    @property
    def is_free(self) -> bool:
        """Whether one may choose at all."""
        return self.why not in NEVER


def hours(day: date, length: timedelta, begins: str, ends: str) -> tuple[datetime, datetime]:
    """From the day with these hours, over as many days as before."""
    first, last = time.fromisoformat(begins), time.fromisoformat(ends)
    starts_at = clock.from_wall(datetime.combine(day, first))
    days = max((length - timedelta(microseconds=1)).days, 0)
    ends_at = clock.from_wall(datetime.combine(day + timedelta(days=days), last))
    if ends_at <= starts_at:
        ends_at += timedelta(days=1)
    return starts_at.astimezone(UTC), ends_at.astimezone(UTC)
