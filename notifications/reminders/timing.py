"""When a reminder falls due, and until when it is of use: plain arithmetic.

What falls into quiet hours waits for their end; what would come too late then
is missed and never sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import clock

AFTERWARDS = timedelta(days=2)
"""How long a reminder is of use once everything that it could precede is over."""
END_OF_DAY = (23, 59)


@dataclass(frozen=True)
class Offset:
    """So many days and minutes from an anchor, perhaps at an hour of that day."""

    days: int = 0
    minutes: int = 0
    at_minute: int | None = None

    def from_(self, anchor: datetime) -> datetime:
        """The moment it means."""
        if self.at_minute is None:
            return anchor + timedelta(days=self.days, minutes=self.minutes)
        day = clock.local_day(anchor) + timedelta(days=self.days)
        return clock.at(day, *divmod(self.at_minute, 60))


AT_ONCE = Offset()
"""The anchor itself."""


@dataclass(frozen=True)
class Quiet:
    """The hours of the night in which nobody is written to."""

    from_minute: int = 21 * 60
    until_minute: int = 6 * 60

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies in them."""
        wall = clock.local(moment)
        minute = wall.hour * 60 + wall.minute
        if self.from_minute <= self.until_minute:
            return self.from_minute <= minute < self.until_minute
        return minute >= self.from_minute or minute < self.until_minute

    def allowed(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours in which it lies."""
        if not self.holds(moment):
            return moment
        day = clock.local_day(moment)
        ends = clock.at(day, *divmod(self.until_minute, 60))
        return ends if ends > moment else ends + timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """From when a reminder is due, and until when it is of use."""

    due_at: datetime
    useful_until: datetime
    wanted_at: datetime
    """The moment that was asked for, before quiet hours."""

    @property
    def is_lost(self) -> bool:
        """Whether quiet hours last until it is of no use any more."""
        return self.due_at >= self.useful_until

    @property
    def revision(self) -> int:
        """The due moment in seconds."""
        return int(self.due_at.timestamp())


def span(wanted: datetime, milestones: Iterable[datetime], quiet: Quiet) -> Span:
    """When it is sent, and until when: until the next thing that happens, or a while after all."""
    ahead = [moment for moment in milestones if moment > wanted]
    return Span(quiet.allowed(wanted), min(ahead, default=wanted + AFTERWARDS), wanted)


def as_moment(value: datetime | date) -> datetime:
    """An anchor as a moment: a day without an hour counts until its end."""
    return value if isinstance(value, datetime) else clock.at(value, *END_OF_DAY)
