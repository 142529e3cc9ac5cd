"""The programme as iCalendar: the same activity is the same entry for ever.

``UID`` never changes, ``SEQUENCE`` is the revision, and every date comes from
the rows, so that an unchanged programme is the same bytes. Several days with
the same hours are one entry that repeats; other sittings are an entry each.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event, Timezone

from core.clock import VIETNAM, local
from core.i18n import DEFAULT_LOCALE, N_, translate
from events.models import Activity, ActivityState, Format, Session

PRODUCT = "-//Tuan le hoc tap suot doi//VI"
HOW_OFTEN = timedelta(hours=6)
"""How often a subscribed calendar is asked to look again."""


def activity_calendar(activity: Activity, public_url: str) -> bytes:
    """One activity, as a file to open or to attach to a letter."""
    return calendar([activity], activity.title, public_url)


def calendar(activities: Iterable[Activity], name: str, public_url: str) -> bytes:
    """Activities with their sittings, as a calendar to subscribe to; drafts are left out."""
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add("name", _one_line(name))
    whole.add("x-wr-calname", _one_line(name))
    whole.add("x-wr-timezone", VIETNAM.key)
    whole.add("refresh-interval", HOW_OFTEN, parameters={"value": "DURATION"})
    whole.add_component(_zone())
    for activity in activities:
        if activity.state is not ActivityState.DRAFT:
            for event in _events(activity, public_url):
                whole.add_component(event)
    return bytes(whole.to_ical())


def uid(activity: Activity) -> str:
    """What names the activity in every calendar, whatever else changes."""
    made = f"{activity.id}/{activity.slug}/{activity.created_at.isoformat()}"
    return f"{uuid5(NAMESPACE_URL, made)}@tuanhoc"


@cache
def _zone() -> Timezone:
    """The time of Vietnam as calendars want it told; worked out once, it takes long."""
    return Timezone.from_tzinfo(VIETNAM, first_date=date(2000, 1, 1), last_date=date(2100, 1, 1))


def _events(activity: Activity, public_url: str) -> list[Event]:
    sessions = sorted(activity.sessions, key=lambda session: session.starts_at)
    if not sessions:
        return []
    if _is_daily(sessions):
        event = _event(activity, sessions[0], uid(activity), public_url)
        if len(sessions) > 1:
            event.add("rrule", {"freq": "daily", "count": len(sessions)})
        return [event]
    name = uid(activity)
    return [
        _event(activity, session, f"{local(session.starts_at):%Y%m%d}-{name}", public_url)
        for session in sessions
    ]


def _is_daily(sessions: list[Session]) -> bool:
    first = sessions[0]
    return all(
        session.starts_at - first.starts_at == timedelta(days=n)
        and session.ends_at - session.starts_at == first.ends_at - first.starts_at
        for n, session in enumerate(sessions)
    )


def _event(activity: Activity, session: Session, name: str, public_url: str) -> Event:
    cancelled = activity.state is ActivityState.CANCELLED
    event = Event()
    event.add("uid", name)
    event.add("dtstamp", activity.changed_at)
    event.add("last-modified", activity.changed_at)
    event.add("created", activity.created_at)
    event.add("sequence", activity.revision)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("summary", _one_line(activity.title))
    event.add("dtstart", session.starts_at.astimezone(VIETNAM))
    event.add("dtend", session.ends_at.astimezone(VIETNAM))
    if where := _location(activity):
        event.add("location", _one_line(where))
    event.add("url", f"{public_url}{activity.path}")
    event.add("description", _description(activity, f"{public_url}{activity.path}"))
    event.add("class", "PUBLIC")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    return event


def _location(activity: Activity) -> str:
    address = activity.venue.address if activity.venue else ""
    parts = [part for part in (activity.where, address) if part]
    if not parts and activity.format is Format.ONLINE:
        return translate(N_("Held online"), DEFAULT_LOCALE)
    return ", ".join(parts)


def _description(activity: Activity, address: str) -> str:
    parts = [activity.summary, activity.unit.name, address]
    if activity.cancelled_reason:
        called_off = translate(N_("Called off: %(reason)s"), DEFAULT_LOCALE)
        parts.insert(0, called_off % {"reason": activity.cancelled_reason})
    return "\n".join(line for part in parts if part for line in part.splitlines() if line)


def _one_line(text: str) -> str:
    return " ".join(text.split())
