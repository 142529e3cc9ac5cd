"""When people are admitted: from some minutes before a sitting until some after it.

One rule for tickets at the door and for the poster at the venue: the sitting that is open and
begins last, else the next to open, else the last to close.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from events.models import Activity, Session


class Admitting(Protocol):
    """A sitting whose doors open and close."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""

    @property
    def opens_at(self) -> datetime:
        """From when it admits."""

    @property
    def closes_at(self) -> datetime:
        """When it stops admitting."""


A = TypeVar("A", bound=Admitting)
S = TypeVar("S")


@dataclass(frozen=True)
class Open(Generic[S]):
    """People are admitted now, to this sitting."""

    session: S
    until: datetime


@dataclass(frozen=True)
class NotYet:
    """Nobody is admitted before this moment."""

    opens_at: datetime


@dataclass(frozen=True)
class Over:
    """Nobody is admitted any more since this moment."""

    closed_at: datetime


def doors(
    starts_at: datetime, ends_at: datetime, opens_before: int, closes_after: int
) -> tuple[datetime, datetime]:
    """From when until when a sitting admits; the minutes are those of its activity."""
    return starts_at - timedelta(minutes=opens_before), ends_at + timedelta(minutes=closes_after)


def nearest(sittings: Sequence[A], now: datetime) -> A | None:
    """The open sitting that starts last, else the next to open, else the last to close."""
    still = [s for s in sittings if now < s.closes_at]
    open_now = [s for s in still if s.opens_at <= now]
    if open_now:
        return max(open_now, key=lambda s: s.starts_at)
    if still:
        return min(still, key=lambda s: s.opens_at)
    return max(sittings, key=lambda s: s.closes_at, default=None)


def nearest_sitting(activity: Activity, now: datetime) -> Session | None:
    """The sitting that is on, else the next, else the last."""
    found = nearest([_hours(activity, sitting) for sitting in activity.sessions], now)
    return found.session if found else None


def window(activity: Activity, now: datetime) -> Open[Session] | NotYet | Over:
    """Whether the doors of an activity are open, and for which sitting."""
    found = standing([_hours(activity, s) for s in activity.sessions], activity.ends_at, now)
    return Open(found.session.session, found.until) if isinstance(found, Open) else found


def standing(sittings: Sequence[A], ends_at: datetime, now: datetime) -> Open[A] | NotYet | Over:
    """The same of sittings whose doors are known; without any it is over when all ends."""
    found = nearest(sittings, now)
    if found is None:
        return Over(ends_at)
    if now < found.opens_at:
        return NotYet(found.opens_at)
    if now >= found.closes_at:
        return Over(found.closes_at)
    return Open(found, found.closes_at)


@dataclass(frozen=True)
class _Hours:
    """A sitting of ours with its doors."""

    session: Session
    opens_at: datetime
    closes_at: datetime

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return self.session.starts_at


def _hours(activity: Activity, sitting: Session) -> _Hours:
    minutes = activity.opens_before, activity.closes_after
    return _Hours(sitting, *doors(sitting.starts_at, sitting.ends_at, *minutes))
