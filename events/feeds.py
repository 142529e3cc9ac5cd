"""Which activities a calendar holds, what tells one state of it from another, and its entries.

Calendars are asked for again and again by machines, so an unchanged one is told
by one short question, and a changed one is read without building objects.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from accounts.models import Unit
from accounts.scope import subtree
from core.database import session
from events import queries
from events.ical import Entry
from events.models import UNATTENDED, Activity, ActivityKind, Campaign, Plan, Session, Venue

Which = Sequence[ColumnElement[bool]]
"""Which activities a calendar holds."""

_PUBLIC: Which = [Activity.state.in_(queries.PUBLIC), Activity.kind.not_in(UNATTENDED)]


def of_campaign(campaign: Campaign) -> Which:
    """What the public may attend in a campaign."""
    plans = sa.select(Plan.id).where(Plan.campaign_id == campaign.id)
    return [*_PUBLIC, Activity.plan_id.in_(plans)]


def of_unit(unit: Unit) -> Which:
    """What a unit and all below it hold for the public, in every year."""
    return [*_PUBLIC, subtree(unit).owns(Activity.unit_id)]


def of_kind(kind: ActivityKind) -> Which:
    """What is held of one kind, in every year."""
    return [*_PUBLIC, Activity.kind == kind]


def of_activity(activity: Activity) -> Which:
    """One activity, whatever its kind."""
    return [Activity.id == activity.id, Activity.state.in_(queries.PUBLIC)]


def stamp(which: Which, name: str, tentative: frozenset[int], public_url: str) -> str:
    """What tells this state of a calendar from every other."""
    hosts = sa.select(sa.func.aggregate_strings(Unit.name, "\n"))
    places = sa.select(sa.func.aggregate_strings(Venue.name + Venue.address, "\n"))
    known = session().execute(
        sa.select(
            hosts.scalar_subquery(), places.scalar_subquery(),
            sa.func.count(), sa.func.sum(Activity.id), sa.func.sum(Activity.revision),
            sa.func.max(Activity.changed_at),
        ).where(*which)
    ).one()  # fmt: skip
    facts = (name, public_url, sorted(tentative), tuple(known))
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def entries(which: Which, tentative: frozenset[int] = frozenset()) -> list[Entry]:
    """What calendars are told of these activities, by time; two questions, however many."""
    spans = defaultdict(list)
    of_these = Session.activity_id.in_(sa.select(Activity.id).where(*which))
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
        .where(*which)
        .order_by(Activity.starts_at, Activity.id)
    )
    names = [column.key for column in told]
    read = []
    for venue_name, place, number, *facts in session().execute(found):
        where = ", ".join(name for name in (venue_name, place) if name)
        known = dict(zip(names, (number, *facts), strict=True))
        waits = number in tentative
        read.append(Entry(**known, where=where, spans=spans[number], is_tentative=waits))
    return read
