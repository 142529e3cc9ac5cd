"""Which activities a calendar holds, what tells one state of it from another, and its entries.

Calendars are asked for again and again by machines, so an unchanged one is told
by one short question, and a changed one is read without building objects.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from accounts.models import Unit
from accounts.scope import subtree
from core.database import session
from events import queries
from events.ical import Entry
from events.models import (
    UNATTENDED,
    Activity,
    ActivityKind,
    Campaign,
    CampaignKind,
    Plan,
    Session,
    Venue,
)

Which = Sequence[ColumnElement[bool]]
"""Which activities a calendar holds."""

_PUBLIC: Which = [Activity.state.in_(queries.PUBLIC), Activity.kind.not_in(UNATTENDED)]


_TELLING = (
    sa.select(sa.func.aggregate_strings(Unit.name, "\n")).scalar_subquery(),
    sa.select(sa.func.aggregate_strings(Venue.name + Venue.address, "\n")).scalar_subquery(),
    sa.func.count(),
    sa.func.sum(Activity.id),
    sa.func.sum(Activity.revision),
    sa.func.max(Activity.changed_at),
)
"""What is another when any entry of a calendar is: names, how many and which, their changes."""


@dataclass(frozen=True)
class Feed:
    """One calendar: which activities it holds, and what it is called."""

    which: Which
    name: str | sa.ScalarSelect[str]
    """As a question when only the database knows; without an answer there is no such calendar."""
    waiting: frozenset[int] = frozenset()
    """Activities for which whoever it belongs to only waits for a seat."""


@dataclass(frozen=True)
class State:
    """One state of a calendar, and what tells it from every other."""

    name: str
    stamp: str


def of_week(year: int) -> Feed:
    """What the public may attend in a week."""
    is_it = (Campaign.kind == CampaignKind.WEEK, Campaign.year == year)
    plans = sa.select(Plan.id).join(Campaign, Campaign.id == Plan.campaign_id).where(*is_it)
    title = sa.select(Campaign.title).where(*is_it).scalar_subquery()
    return Feed([*_PUBLIC, Activity.plan_id.in_(plans)], title)


def of_unit(unit: Unit) -> Feed:
    """What a unit and all below it hold for the public, in every year."""
    return Feed([*_PUBLIC, subtree(unit).owns(Activity.unit_id)], unit.name)


def of_kind(kind: ActivityKind, name: str) -> Feed:
    """What is held of one kind, in every year."""
    return Feed([*_PUBLIC, Activity.kind == kind], name)


def of_activity(slug: str) -> Feed:
    """One activity, whatever its kind."""
    which = [Activity.slug == slug, Activity.state.in_(queries.PUBLIC)]
    return Feed(which, sa.select(Activity.title).where(*which).scalar_subquery())


def state(feed: Feed, public_url: str) -> State | None:
    """How a calendar stands, by one question; nothing when there is no such calendar."""
    name = sa.literal(feed.name) if isinstance(feed.name, str) else feed.name
    known = session().execute(sa.select(name, *_TELLING).where(*feed.which)).one()
    if known[0] is None:
        return None
    facts = (public_url, sorted(feed.waiting), tuple(known))
    return State(known[0], hashlib.sha256(repr(facts).encode()).hexdigest()[:32])


def entries(feed: Feed) -> list[Entry]:
    """What calendars are told of these activities, by time; two questions, however many."""
    spans = defaultdict(list)
    of_these = Session.activity_id.in_(sa.select(Activity.id).where(*feed.which))
    sat = sa.select(Session.activity_id, Session.starts_at, Session.ends_at).where(of_these)
    for number, starts_at, ends_at in session().execute(sat.order_by(Session.starts_at)):
        spans[number].append((starts_at, ends_at))
    venue = sa.func.coalesce(Venue.name, "").label("venue")
    told = (
        Activity.id, Activity.slug, Activity.title, Activity.summary, Activity.format,
        Activity.state, Activity.cancelled_reason, Activity.revision, Activity.created_at,
        Activity.changed_at, sa.func.coalesce(Venue.address, "").label("address"),
        Unit.name.label("host"),
    )  # fmt: skip
    found = (
        sa.select(venue, Activity.place, *told)
        .join(Unit, Unit.id == Activity.unit_id)
        .outerjoin(Venue, Venue.id == Activity.venue_id)
        .where(*feed.which)
        .order_by(Activity.starts_at, Activity.id)
    )
    names = [column.key for column in told]
    read = []
    for venue_name, place, number, *facts in session().execute(found):
        where = ", ".join(name for name in (venue_name, place) if name)
        known = dict(zip(names, (number, *facts), strict=True))
        waits = number in feed.waiting
        read.append(Entry(**known, where=where, spans=spans[number], is_tentative=waits))
    return read
