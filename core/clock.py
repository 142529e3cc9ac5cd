"""Time, in one place.

Moments are stored and passed around as aware UTC. They become wall-clock time
in Vietnam only when a person reads them or types them. Rules take ``now=``;
only edges call ``clock.now()``, so that a test can replace it.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""The zone people read and type; +07:00 all year, without summer time."""


def now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment as a wall clock in Vietnam shows it."""
    return moment.astimezone(VIETNAM)


def local_day(moment: datetime) -> date:
    """The day on the wall: 00:30 on 2 October is still 1 October in UTC."""
    return local(moment).date()


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The moment when clocks in Vietnam show this hour of this day."""
    return datetime.combine(day, time(hour, minute), VIETNAM).astimezone(UTC)


def from_wall(typed: datetime) -> datetime:
    """A wall-clock time that a person typed, as a moment."""
    return typed.replace(tzinfo=VIETNAM).astimezone(UTC)


def is_whole_days(starts_at: datetime, ends_at: datetime) -> bool:
    """Whether it runs from midnight to midnight: days without an hour."""
    midnight = time()
    return local(starts_at).time() == midnight == local(ends_at).time()


def days(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def days_with(hour: tuple[int, int], since: datetime, now: datetime) -> list[date]:
    """The days whose hour and minute came after the one moment and not after the other."""
    return [day for day in days(local_day(since), local_day(now)) if since < at(day, *hour) <= now]
