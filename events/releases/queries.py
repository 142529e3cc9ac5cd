"""What the public may read of versions: what changed, and what changed since."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload, selectinload

from accounts.models import Unit
from accounts.scope import Scope
from core.database import session
from events.models import (
    Activity,
    ActivityState,
    Assignment,
    Campaign,
    InvitedUnit,
    Plan,
    PlanState,
)
from events.releases import facts as told
from events.releases.models import Release, Review, ReviewState

MOST_SINCE = 60
"""Changes made at once that are told between two versions; beyond that a version is due."""

_WITH_FACTS = (
    joinedload(Activity.unit),
    joinedload(Activity.venue),
    joinedload(Activity.plan).joinedload(Plan.unit),
    selectinload(Activity.themes),
    selectinload(Activity.invited_units).joinedload(InvitedUnit.unit),
)
"""All that the public facts of an activity are made of."""


@dataclass(frozen=True)
class AtOnce:
    """A change that was made at once, after the version that stands."""

    at: datetime
    plan: Plan
    change: told.Change


def versions(campaign: Campaign, plan: Plan | None = None) -> sa.Select[Release]:
    """The versions of a week, or of one plan, the latest first."""
    found = (
        sa.select(Release)
        .join(Release.plan)
        .where(Plan.campaign_id == campaign.id)
        .options(
            joinedload(Release.plan).joinedload(Plan.unit),
            defer(Release.facts),
        )
        .order_by(Release.released_at.desc(), Release.id.desc())
    )
    return found.where(Release.plan_id == plan.id) if plan else found


def plan_of(campaign: Campaign, code: str) -> sa.Select[Plan]:
    """The plan that a unit has for a week."""
    return (
        sa.select(Plan)
        .join(Plan.unit)
        .where(Plan.campaign_id == campaign.id, Unit.code == code)
        .options(joinedload(Plan.unit), joinedload(Plan.campaign))
    )


def called_off(campaign: Campaign, plan: Plan | None = None) -> Sequence[Plan]:
    """The plans of a week that the public knew and that were called off, the latest first."""
    found = (
        sa.select(Plan)
        .where(Plan.campaign_id == campaign.id, Plan.state == PlanState.CANCELLED)
        .where(Plan.released_at.is_not(None))
        .options(joinedload(Plan.unit))
        .order_by(Plan.cancelled_at.desc(), Plan.id)
        .limit(MOST_SINCE)
    )
    return session().scalars(found.where(Plan.id == plan.id) if plan else found).all()


def concerned(
    plan_id: sa.SQLColumnExpression[int], own: sa.SQLColumnExpression[int]
) -> sa.ColumnElement[bool]:
    """True for units other than its own that carry a duty of a plan or hold what is released."""
    carry = sa.select(Assignment.unit_id).where(Assignment.plan_id == plan_id)
    hold = sa.select(Activity.unit_id).where(
        Activity.plan_id == plan_id, Activity.state != ActivityState.DRAFT
    )
    return sa.and_(sa.or_(Unit.id.in_(carry), Unit.id.in_(hold)), Unit.id != own)


def since(campaign: Campaign, plan: Plan | None = None) -> list[AtOnce]:
    """What was moved, called off, added or taken out at once, after the version that stands.

    Of a plan that was issued before versions were kept, what was moved or called off.
    """
    found = session().execute(_touched(campaign, plan).limit(MOST_SINCE)).all()
    frozen = _frozen({release.id for _activity, release in found})
    told_of = [
        AtOnce(activity.changed_at, activity.plan, change)
        for activity, release in found
        if (change := _difference(activity, frozen.get(release.id, {})))
    ]
    told_of += _before_versions(campaign, plan)
    return sorted(told_of, key=lambda one: (one.at, one.change["activity"]), reverse=True)


def reviews_in(scope: Scope) -> sa.Select[Review]:
    """What was laid before the units of a scope: what waits for an answer first."""
    return (
        sa.select(Review)
        .where(scope.owns(Review.unit_id))
        .options(
            joinedload(Review.plan).joinedload(Plan.unit),
            joinedload(Review.plan).joinedload(Plan.campaign),
            joinedload(Review.unit),
            joinedload(Review.asked_by),
        )
        .order_by(
            sa.case((Review.state == ReviewState.ASKED, 0), else_=1),
            Review.asked_at.desc(),
            Review.id.desc(),
        )
    )


def _touched(campaign: Campaign, plan: Plan | None) -> sa.Select[Activity, Release]:
    """Activities that changed after the version of their plan that stands."""
    found = (
        sa.select(Activity, Release)
        .join(Plan, Plan.id == Activity.plan_id)
        .join(Release, sa.and_(Release.plan_id == Plan.id, Release.number == Plan.version))
        .where(Plan.campaign_id == campaign.id, Activity.changed_at > Release.released_at)
        .where(sa.or_(Activity.state != ActivityState.DRAFT, Activity.revision > 0))
        .options(defer(Release.facts), *_WITH_FACTS)
        .order_by(Activity.changed_at.desc(), Activity.id)
    )
    return found.where(Plan.id == plan.id) if plan else found


def _before_versions(campaign: Campaign, plan: Plan | None) -> list[AtOnce]:
    found = (
        sa.select(Activity)
        .join(Plan, Plan.id == Activity.plan_id)
        .where(Plan.campaign_id == campaign.id, Plan.version == 0)
        .where(
            sa.or_(
                Activity.state == ActivityState.CANCELLED,
                sa.and_(Activity.state == ActivityState.RELEASED, Activity.moved_at.is_not(None)),
            )
        )
        .options(*_WITH_FACTS)
        .order_by(Activity.changed_at.desc(), Activity.id)
        .limit(MOST_SINCE)
    )
    rows = session().scalars(found.where(Plan.id == plan.id) if plan else found)
    return [AtOnce(_at(a), a.plan, _without_before(a)) for a in rows]


def _at(activity: Activity) -> datetime:
    return activity.cancelled_at or activity.moved_at or activity.changed_at


def _without_before(activity: Activity) -> told.Change:
    """What became of an activity of which no version says how it was."""
    change = told.difference(str(activity.id), None, _now(activity)) or {}
    is_off = activity.state is ActivityState.CANCELLED
    return change | {"what": "cancelled" if is_off else "moved"}


def _frozen(releases: Collection[int]) -> dict[int, dict[str, told.Facts]]:
    """What the versions said, in one question."""
    rows = session().execute(sa.select(Release.id, Release.facts).where(Release.id.in_(releases)))
    return {number: frozen for number, frozen in rows}  # noqa: C416  rows are no pairs to mypy


def _difference(activity: Activity, frozen: dict[str, told.Facts]) -> told.Change | None:
    before = frozen.get(str(activity.id))
    after = None if activity.state is ActivityState.DRAFT else _now(activity)
    return told.difference(str(activity.id), before, after)


def _now(activity: Activity) -> told.Facts:
    units = {activity.unit_id: activity.unit}
    units.update({row.unit_id: row.unit for row in activity.invited_units})
    venues = {activity.venue_id: activity.venue} if activity.venue_id and activity.venue else {}
    return told.public(told.facts(activity, told.values(activity), units, venues))
