"""What an actor finds: only what stands inside their scope, in the Vietnamese order of names."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Account, Grant, Unit
from accounts.scope import Scope
from core.search import in_order, is_found
from events.finding.sources import ACCOUNT, ACTIVITY, DUTY, PLAN, UNIT, VENUE
from events.models import Activity, Assignment, Plan, Venue


def activities(scope: Scope, words: str) -> sa.Select[Activity]:
    """The activities of units inside, of every year and in every state."""
    found = (
        sa.select(Activity)
        .where(is_found(ACTIVITY, Activity.id, words), scope.owns(Activity.unit_id))
        .options(joinedload(Activity.unit), joinedload(Activity.venue))
    )
    return in_order(ACTIVITY, found, Activity.id)


def units(scope: Scope, words: str) -> sa.Select[Unit]:
    """The units inside, those that are no more as well."""
    found = sa.select(Unit).where(is_found(UNIT, Unit.id, words), scope.condition())
    return in_order(UNIT, found.options(joinedload(Unit.parent)), Unit.id)


def venues(scope: Scope, words: str) -> sa.Select[Venue]:
    """The places that units inside keep."""
    found = sa.select(Venue).where(is_found(VENUE, Venue.id, words), scope.owns(Venue.unit_id))
    return in_order(VENUE, found.options(joinedload(Venue.unit)), Venue.id)


def plans(scope: Scope, words: str) -> sa.Select[Plan]:
    """The plans of units inside, of every week and movement."""
    found = (
        sa.select(Plan)
        .where(is_found(PLAN, Plan.id, words), scope.owns(Plan.unit_id))
        .options(joinedload(Plan.unit), joinedload(Plan.campaign))
    )
    return in_order(PLAN, found, Plan.id)


def duties(scope: Scope, words: str) -> sa.Select[Assignment]:
    """The duties that units inside carry, or that plans inside lay on others."""
    found = (
        sa.select(Assignment)
        .join(Assignment.plan)
        .where(is_found(DUTY, Assignment.id, words))
        .where(sa.or_(scope.owns(Assignment.unit_id), scope.owns(Plan.unit_id)))
        .options(joinedload(Assignment.unit))
    )
    return in_order(DUTY, found, Assignment.id)


def accounts(scope: Scope, words: str) -> sa.Select[Account]:
    """The accounts with a role on some unit inside."""
    held = sa.select(Grant.account_id).where(scope.owns(Grant.unit_id))
    found = sa.select(Account).where(is_found(ACCOUNT, Account.id, words), Account.id.in_(held))
    return in_order(ACCOUNT, found, Account.id)
