"""A move taken back: the page that one comes back to remembers in its address how it was."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.scope import Scope
from core import clock
from core.database import session
from core.text import is_clean
from events import queries
from events.models import Activity, ActivityState, Venue


@dataclass(frozen=True)
class Former:
    """An activity that was moved, and when and where it was before."""

    activity: Activity
    starts_at: datetime
    ends_at: datetime
    venue: Venue | None
    place: str

    @property
    def where(self) -> str:
        """The place in words."""
        names = [self.venue.name if self.venue else "", self.place]
        return ", ".join(name for name in names if name)

    @property
    def is_public(self) -> bool:
        """Whether people know of it, so that what the move back does is shown first."""
        return self.activity.state is ActivityState.RELEASED


def mark(activity: Activity) -> str:
    """How an activity stands, as an address carries it."""
    start, end = clock.local(activity.starts_at), clock.local(activity.ends_at)
    venue = activity.venue.id if activity.venue else "-"
    return f"{start:%Y-%m-%d %H:%M} {end:%Y-%m-%d %H:%M} {venue} {activity.place}"


def former(scope: Scope, slug: str, was: str) -> Former | None:
    """What an address says was moved, unless it stands there again or may not be moved back."""
    if not (slug and was and is_clean(slug) and is_clean(was) and len(was) < 1000):
        return None
    activity = session().scalar(queries.activity_in(scope, slug))
    if activity is None or activity.state is ActivityState.CANCELLED or mark(activity) == was:
        return None
    return _read(activity, was)


def _read(activity: Activity, was: str) -> Former | None:
    """The address read; nothing when somebody else wrote it."""
    parts = was.split(" ", 5)
    if len(parts) != 6:
        return None
    first_on, starts, last_on, ends, number, place = parts
    try:
        starts_at, ends_at = _moment(first_on, starts), _moment(last_on, ends)
        venue = session().get(Venue, int(number[:15])) if number != "-" else None
    except ValueError:
        return None
    is_known = venue is not None or number == "-"
    return Former(activity, starts_at, ends_at, venue, place) if is_known else None


def _moment(day: str, time: str) -> datetime:
    hour, _, minute = time.partition(":")
    found = date.fromisoformat(day)
    if not 2000 <= found.year < 2200:
        raise ValueError(day)
    return clock.at(found, int(hour), int(minute))
