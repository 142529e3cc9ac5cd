"""When people are admitted: from some minutes before a sitting until some after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from events.models import Activity, Session


@dataclass(frozen=True)
class Open:
    """People are admitted now, to this sitting."""

    session: Session
    until: datetime


@dataclass(frozen=True)
class NotYet:
    """Nobody is admitted before this moment."""

    opens_at: datetime


@dataclass(frozen=True)
class Over:
    """Nobody is admitted any more since this moment."""

    closed_at: datetime


Window = Open | NotYet | Over


def opens_at(activity: Activity, sitting: Session) -> datetime:
    """From when a sitting admits people."""
    return sitting.starts_at - timedelta(minutes=activity.opens_before)


def closes_at(activity: Activity, sitting: Session) -> datetime:
    """Until when a sitting admits people."""
    return sitting.ends_at + timedelta(minutes=activity.closes_after)


def window(activity: Activity, now: datetime) -> Window:
    """Whether the doors of an activity are open; where two sittings meet, the later one counts."""
    sittings = sorted(activity.sessions, key=lambda sitting: sitting.starts_at)
    open_now = [s for s in sittings if opens_at(activity, s) <= now <= closes_at(activity, s)]
    if open_now:
        return Open(open_now[-1], closes_at(activity, open_now[-1]))
    ahead = [s for s in sittings if opens_at(activity, s) > now]
    if ahead:
        return NotYet(opens_at(activity, ahead[0]))
    last = max((closes_at(activity, s) for s in sittings), default=activity.ends_at)
    return Over(last)
