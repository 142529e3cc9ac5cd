"""What can be asked about the programme; every query has a stable order."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import Unit
from accounts.scope import Scope
from events.models import (
    Activity,
    ActivityState,
    Assignment,
    Campaign,
    CampaignKind,
    InvitedUnit,
    Plan,
    Venue,
)

PUBLIC = (ActivityState.RELEASED, ActivityState.CANCELLED)
"""What visitors may see: a cancelled activity stays, so that nobody waits at a closed door."""


def week_on_or_next(today: date) -> sa.Select[Campaign]:
    """The week that is on or comes next, else the last one."""
    ahead = Campaign.ends_on >= today
    return (
        sa.select(Campaign)
        .where(Campaign.kind == CampaignKind.WEEK)
        .order_by(
            sa.case((ahead, 0), else_=1),
            sa.case((ahead, Campaign.year), else_=-Campaign.year),
            Campaign.id,
        )
        .limit(1)
    )


def week_of(year: int) -> sa.Select[Campaign]:
    """The week of one year."""
    return sa.select(Campaign).where(Campaign.kind == CampaignKind.WEEK, Campaign.year == year)


def weeks() -> sa.Select[Campaign]:
    """Every week, the latest first."""
    return (
        sa.select(Campaign)
        .where(Campaign.kind == CampaignKind.WEEK)
        .order_by(Campaign.year.desc(), Campaign.id)
    )


def public_activity(slug: str) -> sa.Select[Activity]:
    """One activity as visitors may see it: never a draft."""
    return by_slug(slug).where(Activity.state.in_(PUBLIC))


def by_slug(slug: str) -> sa.Select[Activity]:
    """One activity in any state."""
    return _with_everything().where(Activity.slug == slug)


def activities(scope: Scope) -> sa.Select[Activity]:
    """The activities whose host is inside a scope, by time."""
    return (
        sa.select(Activity)
        .where(scope.owns(Activity.unit_id))
        .options(joinedload(Activity.unit), joinedload(Activity.venue))
        .order_by(Activity.starts_at, Activity.id)
    )


def activity_in(scope: Scope, slug: str) -> sa.Select[Activity]:
    """One activity whose host is inside a scope."""
    return by_slug(slug).where(scope.owns(Activity.unit_id))


def plans(scope: Scope, campaign: Campaign) -> sa.Select[Plan]:
    """The plans that units inside a scope have for a campaign, in the order of the tree."""
    return (
        sa.select(Plan)
        .join(Plan.unit)
        .where(Plan.campaign_id == campaign.id, scope.condition())
        .options(joinedload(Plan.unit))
        .order_by(Unit.path, Plan.id)
    )


def plans_of_movements(scope: Scope) -> sa.Select[Plan]:
    """The plans that units inside a scope have for movements, the latest movement first."""
    return (
        sa.select(Plan)
        .join(Plan.unit)
        .join(Plan.campaign)
        .where(Campaign.kind == CampaignKind.MOVEMENT, scope.condition())
        .options(joinedload(Plan.unit), joinedload(Plan.campaign))
        .order_by(Campaign.year.desc(), Unit.path, Plan.id)
        .limit(100)
    )


def activities_by_plan(plans: Iterable[Plan]) -> sa.Select[int, int]:
    """How many activities each of these plans has; a plan without any is absent."""
    return (
        sa.select(Activity.plan_id, sa.func.count())
        .where(Activity.plan_id.in_([plan.id for plan in plans]))
        .group_by(Activity.plan_id)
    )


def activities_of(plan: Plan) -> sa.Select[Activity]:
    """The activities of a plan with their hosts, by time."""
    return (
        sa.select(Activity)
        .where(Activity.plan_id == plan.id)
        .options(joinedload(Activity.unit))
        .order_by(Activity.starts_at, Activity.id)
    )


def plan_in(scope: Scope, number: int) -> sa.Select[Plan]:
    """One plan of a unit inside a scope, with its duties."""
    return (
        sa.select(Plan)
        .where(Plan.id == number, scope.owns(Plan.unit_id))
        .options(
            joinedload(Plan.unit),
            joinedload(Plan.campaign),
            selectinload(Plan.assignments).joinedload(Assignment.unit),
        )
    )


def duties(scope: Scope, campaign: Campaign) -> sa.Select[Assignment]:
    """The duties that units inside a scope carry, or that plans inside it lay on others."""
    return (
        sa.select(Assignment)
        .join(Assignment.plan)
        .join(Assignment.unit)
        .where(Plan.campaign_id == campaign.id)
        .where(sa.or_(scope.owns(Assignment.unit_id), scope.owns(Plan.unit_id)))
        .options(joinedload(Assignment.unit), joinedload(Assignment.plan).joinedload(Plan.unit))
        .order_by(Unit.path, Assignment.due_on, Assignment.position, Assignment.id)
    )


def duty_in(scope: Scope, number: int) -> sa.Select[Assignment]:
    """One duty that a unit inside a scope carries or laid on another."""
    return (
        sa.select(Assignment)
        .join(Assignment.plan)
        .where(Assignment.id == number)
        .where(sa.or_(scope.owns(Assignment.unit_id), scope.owns(Plan.unit_id)))
        .options(joinedload(Assignment.unit), joinedload(Assignment.plan).joinedload(Plan.unit))
    )


def venues(scope: Scope) -> sa.Select[Venue]:
    """The places that units inside a scope keep, by name."""
    return (
        sa.select(Venue)
        .where(scope.owns(Venue.unit_id))
        .options(joinedload(Venue.unit))
        .order_by(Venue.name, Venue.id)
    )


def venues_near(scope: Scope) -> sa.Select[Venue]:
    """The places one may choose: those of units inside a scope, and of the units above them."""
    above = sa.or_(sa.false(), *(sa.literal(path).startswith(Unit.path) for path in scope.paths))
    return (
        sa.select(Venue)
        .join(Venue.unit)
        .where(sa.or_(scope.condition(), above))
        .order_by(Venue.name, Venue.id)
    )


def _with_everything() -> sa.Select[Activity]:
    return sa.select(Activity).options(
        joinedload(Activity.unit),
        joinedload(Activity.venue),
        joinedload(Activity.plan).joinedload(Plan.campaign),
        selectinload(Activity.sessions),
        selectinload(Activity.themes),
        selectinload(Activity.invited_units).joinedload(InvitedUnit.unit),
    )
