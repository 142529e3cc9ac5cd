"""Who may count where, and what streams and points have come to."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import Unit
from accounts.scope import Scope
from checkin.models import Tally
from checkin.points.models import Point, StreamCount
from checkin.queries import standing_head_counts
from core.database import session
from events.models import Activity, Campaign, Plan

Place = tuple[int, int | None]
"""A sitting and a point."""


def counted_by(scope: Scope, number: int) -> sa.Select[Activity]:
    """An activity where somebody counts: of a unit of theirs, or with a point that they host."""
    hosted = sa.select(Point.activity_id).where(scope.owns(Point.unit_id))
    return (
        sa.select(Activity)
        .where(Activity.id == number)
        .where(sa.or_(scope.owns(Activity.unit_id), Activity.id.in_(hosted)))
        .options(joinedload(Activity.unit), selectinload(Activity.sessions))
    )


def points(activity: Activity) -> sa.Select[Point]:
    """The points of an activity, in the order in which they were named."""
    return (
        sa.select(Point)
        .where(Point.activity_id == activity.id)
        .options(joinedload(Point.unit))
        .order_by(Point.id)
    )


def own_points(activity: Activity, scope: Scope) -> list[Point]:
    """Those of its points where one may count."""
    found = session().scalars(points(activity))
    whole = scope.covers(activity.unit)
    return [p for p in found if whole or (p.unit is not None and scope.covers(p.unit))]


def places(activity: Activity, own: Sequence[Point], *, is_main: bool) -> set[Place]:
    """The sittings at each of one's points, and at the main place when one counts there too."""
    numbers: list[int | None] = [point.id for point in own]
    if is_main:
        numbers.append(None)
    return {(sitting.id, number) for sitting in activity.sessions for number in numbers}


def standing_views(among: sa.ColumnElement[bool]) -> sa.Select[StreamCount]:
    """The number that holds for each stream: the last one that was written down."""
    last = sa.select(sa.func.max(StreamCount.id)).where(among)
    last = last.group_by(StreamCount.activity_id, StreamCount.stream)
    return sa.select(StreamCount).where(StreamCount.id.in_(last)).order_by(StreamCount.id)


def views(activity: Activity) -> list[StreamCount]:
    """How often each stream of an activity was looked at."""
    return list(session().scalars(standing_views(StreamCount.activity_id == activity.id)))


def figures(unit: Unit, campaign: Campaign) -> Mapping[str, tuple[int, int]]:
    """What a unit's report may ask: points, people there, views; each with its entries."""
    held = (
        sa.select(Activity.id)
        .join(Plan, Plan.id == Activity.plan_id)
        .where(Plan.campaign_id == campaign.id, Activity.unit_id == unit.id)
    )
    streams = standing_views(StreamCount.activity_id.in_(held)).order_by(None).subquery()
    there = sa.and_(Tally.activity_id.in_(held), Tally.point_id.is_not(None))
    heads = standing_head_counts(there).order_by(None).subquery()
    named = sa.select(Point.id).where(Point.activity_id.in_(held)).subquery()
    number, total = sa.func.count(), sa.func.coalesce
    rows = session().execute(
        sa.union_all(
            sa.select(sa.literal("C5"), number, number).select_from(named),
            sa.select(sa.literal("C6"), total(sa.func.sum(heads.c.count), 0), number),
            sa.select(sa.literal("C7"), total(sa.func.sum(streams.c.views), 0), number),
        )
    )
    return {code: (int(value), entries) for code, value, entries in rows if entries}
