"""What stands on the timetable of one's own units, and what it can be narrowed by."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from accounts.models import Unit
from accounts.scope import Scope
from core import clock
from core.database import session
from core.text import folded, sort_key
from events import narrowing
from events.conflicts import ALL_DAY
from events.models import (
    UNATTENDED,
    Activity,
    ActivityKind,
    ActivityState,
    Campaign,
    Counting,
    Format,
    Plan,
    Session,
    Venue,
)
from events.slots import slots

WHOLE = 200
"""Up to so many sittings stand on one page; beyond that the week is shown by day."""
OFFERED = 200
"""Names of persons that the filter suggests; any other can be typed."""


@dataclass(frozen=True)
class Filters(narrowing.Filters):
    """What the reader asked to see."""

    person: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One sitting of an activity, as the timetable prints it."""

    starts_at: datetime
    ends_at: datetime
    id: int
    slug: str
    title: str
    kind: ActivityKind
    state: ActivityState
    format: Format
    counting: Counting
    seats: int | None
    contact: str
    place: str
    venue_id: int | None
    venue: str | None
    unit_id: int
    host: str
    path: str
    first_at: datetime
    last_at: datetime

    @property
    def where(self) -> str:
        """The place in words."""
        return ", ".join(name for name in (self.venue, self.place) if name)

    @property
    def day(self) -> date:
        """The local day on which it begins."""
        return clock.local_day(self.starts_at)

    @property
    def is_all_day(self) -> bool:
        """Whether it stands above the hours."""
        return self.kind in UNATTENDED or self.ends_at - self.starts_at >= ALL_DAY


class Choice(NamedTuple):
    """One value that the timetable can be narrowed by."""

    value: str
    label: str


def blocks(
    campaign: Campaign,
    scope: Scope,
    filters: Filters,
    *,
    days: Iterable[date] | None = None,
    venues: Iterable[int] | None = None,
) -> list[Block]:
    """The sittings that begin on these days, or in the whole campaign, by time."""
    found = (
        _narrowed(sa.select(*_COLUMNS), campaign, scope, filters)
        .join(Session, Session.activity_id == Activity.id)
        .outerjoin(Venue, Venue.id == Activity.venue_id)
        .order_by(Session.starts_at, Session.id)
    )
    if days is not None:
        shown = sorted(days)
        found = found.where(
            Session.starts_at >= clock.at(shown[0]),
            Session.starts_at < clock.at(shown[-1] + timedelta(days=1)),
        )
    if venues is not None:
        found = found.where(Activity.venue_id.in_(list(venues)))
    return [Block(*row) for row in session().execute(found)]


def counts_by_day(campaign: Campaign, scope: Scope, filters: Filters) -> Counter[date]:
    """How many sittings each local day has."""
    counted = _narrowed(sa.select(Session.starts_at, sa.func.count()), campaign, scope, filters)
    found = counted.join(Session, Session.activity_id == Activity.id)
    counts: Counter[date] = Counter()
    for starts_at, number in session().execute(found.group_by(Session.starts_at)):
        counts[clock.local_day(starts_at)] += number
    return counts


def registered(found: Iterable[Block]) -> dict[int, int]:
    """People who hold or await a seat, by activity id."""
    ids = sorted({block.id for block in found if block.counting is Counting.TICKETS})
    return dict(slots.registered(ids)) if ids else {}


def units(campaign: Campaign, scope: Scope) -> list[Choice]:
    """The units of mine that hold something, and those above them, in the order of the tree."""
    hosts = _narrowed(sa.select(Activity.unit_id).distinct(), campaign, scope, Filters())
    listed = (
        session()
        .execute(
            sa.select(Unit.id, Unit.code, Unit.short_name, Unit.path, Unit.id.in_(hosts))
            .where(scope.condition())
            .order_by(Unit.path)
        )
        .all()
    )
    wanted = {number for row in listed if row[4] for number in row.path.strip("/").split("/")}
    shown = [row for row in listed if str(row.id) in wanted]
    top = min((row.path.count("/") for row in shown), default=0)
    return [
        Choice(row.code, "\u2003" * (row.path.count("/") - top) + row.short_name) for row in shown
    ]


def places(campaign: Campaign, scope: Scope, filters: Filters | None = None) -> list[Choice]:
    """The venues where something of mine is held, by name."""
    held = _narrowed(sa.select(Activity.venue_id).distinct(), campaign, scope, filters or Filters())
    found = session().execute(sa.select(Venue.id, Venue.name).where(Venue.id.in_(held)))
    listed = [Choice(str(number), name) for number, name in found]
    return sorted(listed, key=lambda choice: (sort_key(choice.label), choice.value))


def people(campaign: Campaign, scope: Scope) -> list[str]:
    """Those who are in charge of something of mine, each once however the name is written."""
    found = _narrowed(sa.select(Activity.contact).distinct(), campaign, scope, Filters())
    named = {_plain(contact): contact for contact in session().scalars(found) if contact.strip()}
    return sorted(named.values(), key=sort_key)[:OFFERED]


_plain = lru_cache(maxsize=8192)(folded)
_COLUMNS: tuple[Any, ...] = (
    Session.starts_at,
    Session.ends_at,
    Activity.id,
    Activity.slug,
    Activity.title,
    Activity.kind,
    Activity.state,
    Activity.format,
    Activity.counting,
    Activity.seats,
    Activity.contact,
    Activity.place,
    Activity.venue_id,
    Venue.name,
    Activity.unit_id,
    Unit.short_name,
    Unit.path,
    Activity.starts_at.label("first_at"),
    Activity.ends_at.label("last_at"),
)


def _narrowed(select: Any, campaign: Campaign, scope: Scope, filters: Filters) -> sa.Select[Any]:
    found: sa.Select[Any] = (
        select.select_from(Activity)
        .join(Plan, Plan.id == Activity.plan_id)
        .join(Unit, Unit.id == Activity.unit_id)
        .where(Plan.campaign_id == campaign.id, scope.condition())
    )
    found = filters.narrow(found)
    if filters.person:
        found = found.where(Activity.contact.in_(_written(campaign, filters.person)))
    return found


def _written(campaign: Campaign, person: str) -> list[str]:
    """The ways in which a person is written in a campaign: all that hold the words typed."""
    found = (
        sa.select(Activity.contact)
        .join(Plan, Plan.id == Activity.plan_id)
        .where(Plan.campaign_id == campaign.id)
        .distinct()
    )
    return [contact for contact in session().scalars(found) if person in _plain(contact)]
