"""Buổi: the sittings of an activity, one for each local day that it runs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import clock
from events.errors import EndsBeforeItStarts, RunsTooLong
from events.models import Activity, Session

MOST_DAYS = 92
"""The longest activity that is still one: a quarter of a year, sitting by sitting."""


@dataclass(frozen=True)
class Sitting:
    """When one session begins and ends."""

    starts_at: datetime
    ends_at: datetime


def sittings(starts_at: datetime, ends_at: datetime) -> list[Sitting]:
    """One sitting a day with the same hours each day; a night belongs to the day it begins on.

    Raises ``EndsBeforeItStarts`` or ``RunsTooLong``.
    """
    if ends_at <= starts_at:
        raise EndsBeforeItStarts
    first, last = clock.local(starts_at), clock.local(ends_at)
    overnight = last.time() <= first.time()
    last_day = last.date() - timedelta(days=1) if overnight else last.date()
    if (last_day - first.date()).days >= MOST_DAYS:
        raise RunsTooLong(days=MOST_DAYS)
    length = datetime.combine(first.date(), last.time()) - datetime.combine(
        first.date(), first.time()
    )
    length += timedelta(days=overnight)
    return [
        Sitting(starts_at + timedelta(days=n), starts_at + timedelta(days=n) + length)
        for n in range((last_day - first.date()).days + 1)
    ]


def lay_out(activity: Activity) -> None:
    """Give the activity the sessions of its days; a session whose day stays keeps its row."""
    wanted = {_day(s.starts_at): s for s in sittings(activity.starts_at, activity.ends_at)}
    for session in list(activity.sessions):
        sitting = wanted.pop(_day(session.starts_at), None)
        if sitting is None:
            activity.sessions.remove(session)
        else:
            session.starts_at, session.ends_at = sitting.starts_at, sitting.ends_at
    for sitting in wanted.values():
        activity.sessions.append(Session(starts_at=sitting.starts_at, ends_at=sitting.ends_at))
    activity.sessions.sort(key=lambda session: session.starts_at)


def _day(moment: datetime) -> date:
    return clock.local_day(moment)
