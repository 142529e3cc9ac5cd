"""The one question that gathers what the rules of conflicts must know."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from accounts.models import Unit
from accounts.scope import Scope
from core.database import session
from events import conflicts
from events.conflicts import Conflict, Fact
from events.models import Activity, ActivityState, Campaign, Plan, PlanState, Session, Venue


def gathered(
    campaign: Campaign,
    scope: Scope,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    plan: Plan | None = None,
) -> list[Fact]:
    """The facts of a week, of the sittings that touch a span, or near one plan.

    Drafts of others stay theirs.
    One statement, however many activities there are.
    """
    asked = (
        sa.select(*_COLUMNS)
        .join(Session, Session.activity_id == Activity.id)
        .join(Plan, Plan.id == Activity.plan_id)
        .join(Unit, Unit.id == Activity.unit_id)
        .outerjoin(Venue, Venue.id == Activity.venue_id)
        .where(Plan.campaign_id == campaign.id)
        .where(
            sa.or_(
                Activity.state == ActivityState.RELEASED,
                sa.and_(Activity.state == ActivityState.DRAFT, scope.condition()),
            )
        )
        .order_by(Activity.id, Session.starts_at)
    )
    if since is not None:
        asked = asked.where(Session.ends_at > since)
    if until is not None:
        asked = asked.where(Session.starts_at < until)
    if plan is not None:
        asked = asked.where(_near(plan))
    return _as_facts(session().execute(asked), campaign, scope)


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


def of_plan(plan: Plan, scope: Scope) -> list[Conflict]:
    """Everything that the activities of one plan collide with, told from their side."""
    found = conflicts.found(gathered(plan.campaign, scope, plan=plan))
    told = []
    for conflict in found:
        own = [fact for fact in conflict.both if fact.plan_id == plan.id]
        if own:
            told.append(conflict.seen_from(own[0].id))
    return told


def _near(plan: Plan) -> sa.ColumnElement[bool]:
    """True for the activities of a plan and for all that could meet them.

    The same venue, the same unit, or a contact with an address or a telephone number: those
    begin with 0 or +84 here, and a person is known by them everywhere.
    """
    venues = sa.select(Activity.venue_id).where(Activity.plan_id == plan.id)
    units = sa.select(Activity.unit_id).where(Activity.plan_id == plan.id)
    return sa.or_(
        Activity.plan_id == plan.id,
        Activity.venue_id.in_(venues.where(Activity.venue_id.is_not(None))),
        Activity.unit_id.in_(units),
        *(Activity.contact.contains(mark) for mark in ("@", "0", "84")),
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
    Session.starts_at,
    Session.ends_at,
    Unit.path,
    Plan.state,
)
"""What a fact begins with, in its order; then the sitting, and what the rest is told by."""


def _as_facts(rows: Iterable[Any], campaign: Campaign, scope: Scope) -> list[Fact]:
    week, opening_on = (campaign.starts_on, campaign.ends_on), campaign.opening_on
    ours: dict[str, bool] = {}
    facts: list[Fact] = []
    for number, sittings in groupby(rows, key=itemgetter(0)):
        listed = list(sittings)
        path, state = listed[0][-2:]
        if path not in ours:
            ours[path] = path.startswith(scope.paths)
        spans = tuple((row[-4], row[-3]) for row in listed)
        is_cancelled = state is PlanState.CANCELLED
        told = (spans, is_cancelled, ours[path], week, opening_on)
        facts.append(Fact._make((number, *listed[0][1:-4], *told)))
    return facts
