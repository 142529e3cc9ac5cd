"""What if I move this: what a change does to people, calendars, conflicts and seats.

A change is made, looked at and undone; so the preview cannot say anything else than what the
change then does. The mark stands for everything that was shown: when it is another one at the
moment of confirming, the reader is shown the preview again.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from accounts.models import Unit
from accounts.scope import Scope
from checkin import queries
from checkin.models import Registration
from checkin.windows import Open, window
from core.database import session
from events import conflicts
from events.conflicts import Conflict, Fact
from events.models import UNATTENDED, Activity, ActivityKind, ActivityState, Campaign
from events.timetable.facts import fact_of, gathered

NOBODY = (0, 0)
"""None by letter, none by telephone."""


class CalendarKind(StrEnum):
    """Which calendar carries an activity."""

    WEEK = "week"
    UNIT = "unit"
    KIND = "kind"
    ACTIVITY = "activity"


@dataclass(frozen=True)
class Calendar:
    """One calendar to subscribe to that carries the activity."""

    kind: CalendarKind
    name: str
    path: str


@dataclass(frozen=True)
class Standing:
    """How the activity stands, before or after the change."""

    state: ActivityState
    starts_at: datetime
    ends_at: datetime
    where: str
    seats: int | None
    revision: int
    reach: tuple[object, ...]
    """What those registered must know to come: when, where and how."""
    fact: Fact


@dataclass(frozen=True)
class Person:
    """Someone whose seat changes, as the preview names them."""

    registration: int
    name: str
    registered_at: datetime
    has_address: bool


@dataclass(frozen=True)
class Seats:
    """Who has another seat after it: the last ones lose theirs, the first in line win one."""

    lost: Sequence[Person] = ()
    won: Sequence[Person] = ()


@dataclass(frozen=True)
class Preview:
    """Everything that a change does, to be read before it is kept."""

    before: Standing
    after: Standing
    by_mail: int
    by_phone: int
    """How many people are told of another time or place, or that it is called off."""
    calendars: Sequence[Calendar]
    personal: int
    """How many people have the activity in a calendar of their own."""
    appear: Sequence[Conflict]
    go: Sequence[Conflict]
    stay: int
    seats: Seats = field(default_factory=Seats)
    open_since: datetime | None = None
    """The doors are open, and this is when the sitting began or begins."""
    attended: int = 0

    @property
    def is_cancelled(self) -> bool:
        """Whether the change calls it off."""
        return self.after.state is ActivityState.CANCELLED is not self.before.state

    @property
    def is_moved(self) -> bool:
        """Whether time, place or the way to join is another one."""
        return self.before.reach != self.after.reach

    @property
    def matters(self) -> bool:
        """Whether anyone has to know of it before it is kept."""
        seats = self.before.seats != self.after.seats or self.seats.lost or self.seats.won
        is_public = self.before.state is ActivityState.RELEASED
        return bool((is_public and (self.is_moved or self.is_cancelled or seats)) or self.appear)

    @property
    def mark(self) -> str:
        """Stands for exactly this preview."""
        after = self.after
        facts = (
            (after.state, after.starts_at, after.ends_at, after.where, after.seats, after.reach),
            (self.before.revision, self.by_mail, self.by_phone, self.personal, self.attended),
            [sorted(map(str, conflict.key[1])) for conflict in (*self.appear, *self.go)],
            [person.registration for person in (*self.seats.lost, *self.seats.won)],
        )
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:24]


def standing(activity: Activity, scope: Scope) -> Standing:
    """How an activity stands in memory."""
    return Standing(
        state=activity.state,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        where=activity.where,
        seats=activity.seats,
        revision=activity.revision,
        reach=(
            activity.starts_at,
            activity.ends_at,
            activity.venue.id if activity.venue else None,
            activity.place,
            activity.format,
            activity.join_link,
        ),
        fact=fact_of(activity, scope),
    )


def compared(
    before: Standing, activity: Activity, scope: Scope, *, seats: Seats, now: datetime
) -> Preview:
    """What the change did, told while it can still be undone."""
    after = standing(activity, scope)
    is_told = before.state is ActivityState.RELEASED and (
        before.reach != after.reach or after.state is ActivityState.CANCELLED
    )
    known = queries.to_be_told([activity.id], now).get(activity.id, NOBODY)
    by_mail, by_phone = known if is_told else NOBODY
    appear, go, stay = _conflicts(before.fact, after.fact, activity, scope)
    week = activity.plan.campaign
    held = {(fact.kind, fact.unit_id) for fact in (before.fact, after.fact)}
    tells_calendars = before.revision != after.revision
    return Preview(
        before=before,
        after=after,
        by_mail=by_mail,
        by_phone=by_phone,
        calendars=[*carried(week, held), _own(activity)] if tells_calendars else (),
        personal=sum(known) if tells_calendars else 0,
        appear=appear,
        go=go,
        stay=stay,
        seats=seats,
        attended=queries.attendances([activity.id]).get(activity.id, 0),
    )


def people(registrations: Iterable[Registration]) -> list[Person]:
    """Those behind registrations, told while the change still stands."""
    return [
        Person(
            registration=one.id,
            name=one.participant.name or "",
            registered_at=one.registered_at,
            has_address=one.participant.email is not None,
        )
        for one in registrations
    ]


def open_since(activity: Activity, now: datetime) -> datetime | None:
    """When the sitting begins whose doors are open; to be asked before the change is made."""
    if activity.state is not ActivityState.RELEASED:
        return None
    doors = window(activity, now)
    return doors.session.starts_at if isinstance(doors, Open) else None


def _conflicts(
    was: Fact, is_: Fact, activity: Activity, scope: Scope
) -> tuple[list[Conflict], list[Conflict], int]:
    """Which conflicts appear, which go, and how many stay."""
    others = gathered(
        activity.plan.campaign,
        scope,
        since=min(was.starts_at, is_.starts_at),
        until=max(was.ends_at, is_.ends_at),
    )
    earlier = {conflict.key: conflict for conflict in conflicts.of(was, others)}
    later = {conflict.key: conflict for conflict in conflicts.of(is_, others)}
    return (
        [later[key] for key in later if key not in earlier],
        [earlier[key] for key in earlier if key not in later],
        sum(key in earlier for key in later),
    )


def carried(campaign: Campaign, held: Collection[tuple[ActivityKind, int]]) -> list[Calendar]:
    """The calendars of week, units and kinds that carry what these units hold.

    What nobody attends stands in none of them.
    """
    attended = {(kind, unit_id) for kind, unit_id in held if kind not in UNATTENDED}
    if not attended:
        return []
    host = aliased(Unit)
    above = (
        sa.select(Unit.short_name, Unit.code, Unit.path)
        .join(host, host.path.startswith(Unit.path))
        .where(host.id.in_({unit_id for _kind, unit_id in attended}))
        .distinct()
        .order_by(Unit.path.desc())
    )
    units = session().execute(above).all()
    week = Calendar(CalendarKind.WEEK, campaign.title, f"/calendar/weeks/{campaign.year}.ics")
    return [
        week,
        *(
            Calendar(CalendarKind.UNIT, name, f"/calendar/units/{code}.ics")
            for name, code, _path in units
        ),
        *(_of_kind(kind) for kind in sorted({kind for kind, _unit_id in attended})),
    ]


def _own(activity: Activity) -> Calendar:
    return Calendar(CalendarKind.ACTIVITY, "", f"/calendar/activities/{activity.slug}.ics")


def _of_kind(kind: ActivityKind) -> Calendar:
    return Calendar(CalendarKind.KIND, kind.value, f"/calendar/kinds/{kind.value}.ics")
