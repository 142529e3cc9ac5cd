"""The one question that gathers what the rules of conflicts must know."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from accounts.models import Unit
from accounts.scope import Scope
from core import clock
from core.database import session
from events import conflicts
from events.conflicts import Conflict, Fact
from events.models import Activity, ActivityState, Campaign, Plan, PlanState, Session, Venue


def gathered(
    campaign: Campaign,
    scope: Scope,
    *,
    since: datetime,
    until: datetime,
    near: sa.ColumnElement[bool] | None = None,
) -> list[Fact]:
    """The facts of all sittings that touch a span, in a campaign and in those beside it.

    A hall and a person serve the week and the movement alike, so every campaign counts whose
    days touch the span. Drafts of others stay theirs. One statement, however many there are.
    """
    beside = sa.and_(
        Campaign.starts_on <= clock.local_day(until), Campaign.ends_on >= clock.local_day(since)
    )
    asked = (
        sa.select(*_COLUMNS)
        .join(Session, Session.activity_id == Activity.id)
        .join(Plan, Plan.id == Activity.plan_id)
        .join(Campaign, Campaign.id == Plan.campaign_id)
        .join(Unit, Unit.id == Activity.unit_id)
        .outerjoin(Venue, Venue.id == Activity.venue_id)
        .where(sa.or_(Campaign.id == campaign.id, beside))
        .where(Session.ends_at > since, Session.starts_at < until)
        .where(
            sa.or_(
                Activity.state == ActivityState.RELEASED,
                sa.and_(Activity.state == ActivityState.DRAFT, scope.condition()),
            )
        )
        .order_by(Activity.id, Session.starts_at)
    )
    if near is not None:
        asked = asked.where(near)
    return _as_facts(session().execute(asked), scope)


def fact_of(activity: Activity, scope: Scope) -> Fact:
    """What the rules must know of one activity as it stands in memory."""
    campaign, venue = activity.plan.campaign, activity.venue
    return Fact(
        id=activity.id,
        slug=activity.slug,
        title=activity.title,
        kind=activity.kind,
        state=activity.state,
        format=activity.format,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        unit_id=activity.unit.id,
        host=activity.unit.short_name,
        plan_id=activity.plan.id,
        plan_is_cancelled=activity.plan.state is PlanState.CANCELLED,
        campaign_id=campaign.id,
        campaign=campaign.title,
        week=(campaign.starts_on, campaign.ends_on),
        opening_on=campaign.opening_on,
        venue_id=venue.id if venue else None,
        venue=venue.name if venue else "",
        capacity=venue.capacity if venue else None,
        seats=activity.seats,
        contact=activity.contact,
        is_ours=scope.covers(activity.unit),
        sittings=tuple((sitting.starts_at, sitting.ends_at) for sitting in activity.sessions),
    )


def of_activity(activity: Activity, scope: Scope) -> list[Conflict]:
    """Everything that one activity collides with."""
    fact = fact_of(activity, scope)
    since, until = activity.starts_at, activity.ends_at
    others = gathered(activity.plan.campaign, scope, since=since, until=until)
    return conflicts.of(fact, others)


def of_plan(plan: Plan, scope: Scope, only: Collection[int] | None = None) -> list[Conflict]:
    """What the activities of one plan, or only some, collide with, told from their side."""
    which = Activity.plan_id == plan.id if only is None else Activity.id.in_(only)
    span = _span(which)
    if span is None:
        return []
    since, until = span
    facts = gathered(plan.campaign, scope, since=since, until=until, near=near_to(which))
    if only is None:
        return _told_of(facts, lambda fact: fact.plan_id == plan.id)
    return _told_of(facts, lambda fact: fact.id in only)


def of_campaign(campaign: Campaign, scope: Scope) -> list[Conflict]:
    """Everything that one's own activities in a campaign collide with, told from their side."""
    plans = sa.select(Plan.id).where(Plan.campaign_id == campaign.id)
    span = _span(Activity.plan_id.in_(plans))
    if span is None:
        return []
    since, until = span
    facts = gathered(campaign, scope, since=since, until=until)
    return _told_of(facts, lambda fact: fact.is_ours and fact.campaign_id == campaign.id)


def _told_of(facts: Iterable[Fact], is_meant: Callable[[Fact], bool]) -> list[Conflict]:
    """The conflicts of those that are meant, each told from the side of one of them."""
    told = []
    for conflict in conflicts.found(facts):
        own = [fact for fact in conflict.both if is_meant(fact)]
        if own:
            told.append(conflict.seen_from(own[0].id))
    return told


def _span(which: sa.ColumnElement[bool]) -> tuple[datetime, datetime] | None:
    """From when to when these activities are on."""
    found = sa.select(sa.func.min(Activity.starts_at), sa.func.max(Activity.ends_at))
    since, until = session().execute(found.where(which)).one()
    return (since, until) if since is not None else None


def near_to(which: sa.ColumnElement[bool], *, by_number: bool = True) -> sa.ColumnElement[bool]:
    """True for some activities and for all that could meet them.

    The same venue, unit or plan, or a contact with an address or a telephone number: those
    begin with 0 or +84 here, and a person is known by them everywhere.
    """

    def same(column: sa.orm.InstrumentedAttribute[Any]) -> sa.ColumnElement[bool]:
        return column.in_(sa.select(column).where(which, column.is_not(None)))

    marks = ("@", "0", "84") if by_number else ()
    return sa.or_(
        same(Activity.venue_id),
        same(Activity.unit_id),
        same(Activity.plan_id),
        *(Activity.contact.contains(mark) for mark in marks),
    )


_COLUMNS: tuple[Any, ...] = (
    Activity.id,
    Activity.slug,
    Activity.title,
    Activity.kind,
    Activity.state,
    Activity.format,
    Activity.starts_at,
    Activity.ends_at,
    Activity.unit_id,
    Unit.short_name,
    Activity.plan_id,
    Activity.venue_id,
    sa.func.coalesce(Venue.name, ""),
    Venue.capacity,
    Activity.seats,
    Activity.contact,
    Campaign.id,
    Campaign.title,
    Campaign.opening_on,
    Session.starts_at,
    Session.ends_at,
    Unit.path,
    Plan.state,
    Campaign.starts_on,
    Campaign.ends_on,
)
"""What a fact begins with, in its order; then the sitting, and what the rest is told by."""


def _as_facts(rows: Iterable[Any], scope: Scope) -> list[Fact]:
    ours: dict[str, bool] = {}
    facts: list[Fact] = []
    for _number, sittings in groupby(rows, key=itemgetter(0)):
        listed = list(sittings)
        *told, _starts_at, _ends_at, path, state, begins, ends = listed[0]
        if path not in ours:
            ours[path] = path.startswith(scope.paths)
        spans = tuple((row[-6], row[-5]) for row in listed)
        is_cancelled = state is PlanState.CANCELLED
        facts.append(Fact._make((*told, spans, is_cancelled, ours[path], (begins, ends))))
    return facts
