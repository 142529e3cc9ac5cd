"""The programme as iCalendar: the same activity is the same entry for ever.

``UID`` never changes, ``SEQUENCE`` is the revision, and every date comes from
the rows, so that an unchanged programme is the same bytes. Several days with
the same hours are one entry that repeats; other sittings are an entry each;
what runs from midnight to midnight is a matter of days without hours.

The library writes the frame and the time zone. The entries are written here,
because thousands of them are asked for at once: a test holds them to what the
library itself would write. An invitation is the same entry to one guest (iTIP,
RFC 5546): it goes with a letter, is changed by the next one, and called off by the last.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Timezone

from core.clock import VIETNAM, is_whole_days, local
from core.i18n import DEFAULT_LOCALE, N_, translate
from events.models import Activity, ActivityState, Format

PRODUCT = "-//Tuan le hoc tap suot doi//VI"
HOW_OFTEN = timedelta(hours=6)
"""How often a subscribed calendar is asked to look again."""

_END = b"END:VCALENDAR\r\n"
_LONGEST = 75
"""Octets of a line, RFC 5545 section 3.1."""

_NOT_QUOTABLE = re.compile(r'["\x00-\x1f\x7f-\x9f]')
"""What cannot stand in a quoted parameter."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Entry:
    """What calendars are told of one activity."""

    id: int
    slug: str
    title: str
    summary: str
    where: str
    address: str
    host: str
    format: Format
    state: ActivityState
    cancelled_reason: str
    revision: int
    created_at: datetime
    changed_at: datetime
    spans: Sequence[Span]
    """From when to when each sitting is, in the order of time."""
    is_tentative: bool = False
    """Whether whoever this calendar is for only waits for a seat."""

    @property
    def uid(self) -> str:
        """What names the activity in every calendar, whatever else changes."""
        made = f"{self.id}/{self.slug}/{self.created_at.isoformat()}"
        return f"{uuid5(NAMESPACE_URL, made)}@tuanhoc"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an address, as calendars name them."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """What one guest's calendar is told; ``number`` is theirs for ever, ``sequence`` only rises."""

    host: Person
    guest: Person
    number: int
    sequence: int
    sent_at: datetime
    is_off: bool = False
    """Whether the guest is not, or no longer, expected."""

    @property
    def method(self) -> str:
        """What the guest's calendar is to do."""
        return "CANCEL" if self.is_off else "REQUEST"

    def uid(self, entry: Entry) -> str:
        """Another one than in the calendars of all, which change and go by themselves."""
        return f"{uuid5(NAMESPACE_URL, f'{entry.uid}/{self.number}')}@tuanhoc"


def entry_of(activity: Activity) -> Entry:
    """An activity that is loaded with its unit, venue and sessions."""
    return Entry(
        id=activity.id,
        slug=activity.slug,
        title=activity.title,
        summary=activity.summary or "",
        where=activity.where,
        address=activity.venue.address if activity.venue else "",
        host=activity.unit.name,
        format=activity.format or Format.IN_PERSON,
        state=activity.state,
        cancelled_reason=activity.cancelled_reason or "",
        revision=activity.revision,
        created_at=activity.created_at,
        changed_at=activity.changed_at,
        spans=sorted((s.starts_at, s.ends_at) for s in activity.sessions),
    )


def activity_calendar(activity: Activity, public_url: str) -> bytes:
    """One activity, as a file to open or to attach to a letter."""
    return calendar([entry_of(activity)], activity.title, public_url)


def invitations(entry: Entry, told: Invitation, public_url: str) -> list[bytes]:
    """One file for each entry, as iTIP wants it."""
    frame = _invited(told.method)
    return [b"".join([frame, event, _END]) for event in _events(entry, public_url, told)]


def calendar(entries: Iterable[Entry], name: str, public_url: str) -> bytes:
    """Activities with their sittings, as a calendar to subscribe to; drafts are left out."""
    shown = [entry for entry in entries if entry.state is not ActivityState.DRAFT]
    events = (event for entry in shown for event in _events(entry, public_url))
    title = _one_line(name)
    told = {"method": "PUBLISH", "name": title, "x-wr-calname": title, "x-wr-timezone": VIETNAM.key}
    return b"".join([_frame(told, HOW_OFTEN), *events, _END])


def _frame(told: Mapping[str, str], how_often: timedelta | None = None) -> bytes:
    """Everything before the first entry."""
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    for name, value in told.items():
        whole.add(name, value)
    if how_often:
        whole.add("refresh-interval", how_often, parameters={"value": "DURATION"})
    whole.add_component(_zone())
    return bytes(whole.to_ical()).removesuffix(_END)


@cache
def _invited(method: str) -> bytes:
    """The same, of an invitation."""
    return _frame({"method": method})


@cache
def _zone() -> Timezone:
    """The time of Vietnam as calendars want it told; worked out once, it takes long."""
    return Timezone.from_tzinfo(VIETNAM, first_date=date(2000, 1, 1), last_date=date(2100, 1, 1))


def _events(entry: Entry, public_url: str, told: Invitation | None = None) -> Iterator[bytes]:
    """The entries of one activity: one that lasts or repeats, or one for each sitting."""
    if not entry.spans:
        return
    first, last = entry.spans[0], entry.spans[-1]
    uid = told.uid(entry) if told else entry.uid
    if not _is_daily(entry.spans):
        for number, (starts_at, ends_at) in enumerate(entry.spans):
            name = f"{number}-{uid}" if told else f"{local(starts_at):%Y%m%d}-{uid}"
            yield _event(entry, name, (starts_at, ends_at), public_url, told)
    elif len(entry.spans) == 1 or is_whole_days(*first):
        yield _event(entry, uid, (first[0], last[1]), public_url, told)
    else:
        daily = f"RRULE:FREQ=DAILY;COUNT={len(entry.spans)}"
        yield _event(entry, uid, first, public_url, told, daily)


def _is_daily(spans: Sequence[Span]) -> bool:
    starts, ends = spans[0]
    return all(
        begins - starts == timedelta(days=n) and finishes - begins == ends - starts
        for n, (begins, finishes) in enumerate(spans)
    )


def _event(
    entry: Entry,
    name: str,
    span: Span,
    public_url: str,
    told: Invitation | None = None,
    *rules: str,
) -> bytes:
    cancelled = told.is_off if told else entry.state is ActivityState.CANCELLED
    status = "CANCELLED" if cancelled else "TENTATIVE" if entry.is_tentative else "CONFIRMED"
    where, changed = _location(entry), _utc(entry.changed_at)
    whole_days = is_whole_days(*span)
    address = f"{public_url}/activities/{entry.slug}"
    lines = [
        "BEGIN:VEVENT",
        f"SUMMARY:{_text(_one_line(entry.title))}",
        _moment("DTSTART", span[0], whole_days=whole_days),
        _moment("DTEND", span[1], whole_days=whole_days),
        f"DTSTAMP:{_utc(told.sent_at) if told else changed}",
        f"UID:{name}",
        *rules,
        f"SEQUENCE:{told.sequence if told else entry.revision}",
        *(_people(told) if told else ()),
        "CLASS:PUBLIC",
        f"CREATED:{_utc(entry.created_at)}",
        f"DESCRIPTION:{_text(_description(entry, address))}",
        f"LAST-MODIFIED:{changed}",
        *([f"LOCATION:{_text(_one_line(where))}"] if where else []),
        f"STATUS:{status}",
        f"TRANSP:{'TRANSPARENT' if cancelled else 'OPAQUE'}",
        f"URL:{address}",
        "END:VEVENT",
    ]
    return _folded("\r\n".join(lines))


def _people(told: Invitation) -> Iterator[str]:
    """Who invites whom; who took a seat has said yes already, so no answer is asked for."""
    yield f"ORGANIZER;{_person(told.host)}"
    yield f"ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;RSVP=FALSE;{_person(told.guest)}"


def _person(person: Person) -> str:
    name = _one_line(_NOT_QUOTABLE.sub(" ", person.name))
    return f'CN="{name or person.address}":mailto:{person.address}'


@lru_cache(maxsize=8192)
def _moment(name: str, moment: datetime, *, whole_days: bool) -> str:
    wall = local(moment)
    if whole_days:
        return f"{name};VALUE=DATE:{wall:%Y%m%d}"
    return f"{name};TZID={VIETNAM.key}:{_plain(wall)}"


@lru_cache(maxsize=8192)
def _utc(moment: datetime) -> str:
    return f"{_plain(moment.astimezone(UTC))}Z"


def _plain(wall: datetime) -> str:
    """Date and time without a zone; ``strftime`` takes ten times as long."""
    return wall.isoformat(timespec="seconds")[:19].replace("-", "").replace(":", "")


def _text(value: str) -> str:
    """RFC 5545 section 3.3.11."""
    value = value.replace("\\", "\\\\").replace(";", "\\;")
    return value.replace(",", "\\,").replace("\n", "\\n")


def _folded(lines: str) -> bytes:
    """RFC 5545 section 3.1: a line too long goes on after a blank, and no letter is split."""
    whole = lines.encode().split(b"\r\n")
    return b"\r\n".join([_in_pieces(x) if len(x) > _LONGEST else x for x in whole]) + b"\r\n"


def _in_pieces(left: bytes) -> bytes:
    pieces = []
    room = _LONGEST
    while len(left) > room:
        cut = room
        while left[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(left[:cut])
        left, room = left[cut:], _LONGEST - 1
    return b"\r\n ".join([*pieces, left])


def _location(entry: Entry) -> str:
    parts = [part for part in (entry.where, entry.address) if part]
    if not parts and entry.format is Format.ONLINE:
        return translate(N_("Held online"), DEFAULT_LOCALE)
    return ", ".join(parts)


def _description(entry: Entry, address: str) -> str:
    parts = [entry.summary, entry.host, address]
    if entry.cancelled_reason:
        called_off = translate(N_("Called off: %(reason)s"), DEFAULT_LOCALE)
        parts.insert(0, called_off % {"reason": entry.cancelled_reason})
    return "\n".join(line for part in parts if part for line in part.splitlines() if line)


def _one_line(text: str) -> str:
    return " ".join(text.split())
