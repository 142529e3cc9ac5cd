"""The things that people look for, and the texts whose words they remember of them."""

import sqlalchemy as sa

from accounts.models import Account, Unit
from core.search_keeping import Ids, Source, Texts, register
from events.models import Activity, Assignment, Plan, Venue

ACTIVITY, UNIT, VENUE = "activity", "unit", "venue"
PLAN, DUTY, ACCOUNT = "plan", "duty", "account"


def _activities() -> Texts:
    """The person in charge is not among the words: visitors search here, too."""
    return (
        sa.select(
            Activity.id, Activity.title, Activity.place, Venue.name, Unit.name, Unit.short_name
        )
        .join(Unit, Unit.id == Activity.unit_id)
        .outerjoin(Venue, Venue.id == Activity.venue_id)
    )


def _units() -> Texts:
    return sa.select(Unit.id, Unit.name, Unit.short_name, Unit.code, Unit.symbol)


def _venues() -> Texts:
    return sa.select(Venue.id, Venue.name, Venue.address)


def _plans() -> Texts:
    told = sa.select(Plan.id, Plan.title, Plan.document_symbol, Unit.name, Unit.short_name)
    return told.join(Unit, Unit.id == Plan.unit_id)


def _duties() -> Texts:
    told = sa.select(Assignment.id, Assignment.duty, Assignment.group_name, Unit.name)
    return told.join(Unit, Unit.id == Assignment.unit_id)


def _accounts() -> Texts:
    return sa.select(Account.id, Account.full_name, Account.email)


def _activities_of(units: Ids) -> sa.Select[int]:
    return sa.select(Activity.id).where(Activity.unit_id.in_(units))


def _activities_at(venues: Ids) -> sa.Select[int]:
    return sa.select(Activity.id).where(Activity.venue_id.in_(venues))


def _plans_of(units: Ids) -> sa.Select[int]:
    return sa.select(Plan.id).where(Plan.unit_id.in_(units))


def _duties_of(units: Ids) -> sa.Select[int]:
    return sa.select(Assignment.id).where(Assignment.unit_id.in_(units))


SOURCES = (
    Source(
        ACTIVITY,
        Activity,
        _activities,
        watched=frozenset({"title", "place", "venue", "venue_id", "unit", "unit_id"}),
        follows={Unit: _activities_of, Venue: _activities_at},
    ),
    Source(UNIT, Unit, _units, watched=frozenset({"name", "short_name", "code", "symbol"})),
    Source(VENUE, Venue, _venues, watched=frozenset({"name", "address"})),
    Source(
        PLAN,
        Plan,
        _plans,
        watched=frozenset({"title", "document_symbol", "unit", "unit_id"}),
        follows={Unit: _plans_of},
    ),
    Source(
        DUTY,
        Assignment,
        _duties,
        watched=frozenset({"duty", "group_name", "unit", "unit_id"}),
        follows={Unit: _duties_of},
    ),
    Source(ACCOUNT, Account, _accounts, watched=frozenset({"full_name", "email"})),
)

for _source in SOURCES:
    register(_source)
