"""What of the programme is open for units, and how it goes over when two units become one."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from accounts.models import Unit
from accounts.scope import Scope
from accounts.tree.holdings import Holding
from core import clock
from core.database import session
from core.i18n import N_
from core.spreadsheets.changes import Touched
from events import planning
from events.cloning.models import Cloning
from events.duties.models import Handout
from events.models import Activity, ActivityState, Assignment, Campaign, InvitedUnit, Plan, Venue
from events.proposals.models import Proposal, ProposalState
from events.sheets.places import going_back

PLANS = N_("Plans of campaigns that are not over")
ACTIVITIES = N_("Activities in them")
DUTIES = N_("Duties not yet done")
VENUES = N_("Venues")


def kept(inside: Scope, day: date) -> Mapping[str, int]:
    """What is open on a day for the units inside."""
    open_plans = _open_plans(day)
    wanted = {
        PLANS: sa.select(Plan.id).where(Plan.id.in_(open_plans), inside.owns(Plan.unit_id)),
        ACTIVITIES: sa.select(Activity.id).where(
            Activity.plan_id.in_(open_plans), inside.owns(Activity.unit_id)
        ),
        DUTIES: _open_duties(day).where(inside.owns(Assignment.unit_id)),
        VENUES: sa.select(Venue.id).where(inside.owns(Venue.unit_id)),
    }
    return {name: _number(found) for name, found in wanted.items()}


def hand_over(earlier: Unit, later: Unit, day: date) -> None:
    """Plans, activities and duties of campaigns that are not over, and every venue, go over.

    So do documents that are looked through, and the links by which a unit answers for duties.
    Where both units have a plan, what stands in the earlier one goes into the later one.
    """
    open_plans = _open_plans(day)
    plans = (
        session()
        .scalars(
            sa.select(Plan).where(Plan.unit_id.in_([earlier.id, later.id]), Plan.id.in_(open_plans))
        )
        .all()
    )
    _tell_calendars(earlier, open_plans)
    taken = {plan.campaign_id: plan for plan in plans if plan.unit_id == later.id}
    _give(Activity, earlier, later, Activity.plan_id.in_(open_plans))
    _give(Assignment, earlier, later, Assignment.id.in_(_open_duties(day)))
    _give(Venue, earlier, later, sa.true())
    _give(Proposal, earlier, later, Proposal.state == ProposalState.OPEN)
    _give(Cloning, earlier, later, Cloning.kept_at.is_(None))
    for plan in plans:
        if plan.unit_id == later.id:
            continue
        target = taken.get(plan.campaign_id)
        if target is None:
            plan.unit_id = later.id
        else:
            _pour(plan, target)
    _invite(earlier, later, open_plans)
    has_one = sa.select(Handout.plan_id).where(Handout.unit_id == later.id)
    ours = sa.and_(Handout.plan_id.in_(open_plans), Handout.plan_id.not_in(has_one))
    _give(Handout, earlier, later, ours)
    session().flush()


def renamed(units: Sequence[int]) -> None:
    """Calendars name the host: what units still hold counts as changed."""
    planning.tell_of_hosts(units, now=clock.now())


def returning(row: Touched) -> Touched:
    """Calendars learn of it once more."""
    return going_back(row, clock.now())


HOLDING = Holding(kept=kept, hand_over=hand_over, renamed=renamed, returning=returning)


def _open_plans(day: date) -> sa.Select[int]:
    return sa.select(Plan.id).join(Plan.campaign).where(Campaign.ends_on >= day)


def _open_duties(day: date) -> sa.Select[int]:
    return sa.select(Assignment.id).where(
        Assignment.plan_id.in_(_open_plans(day)), Assignment.done_at.is_(None)
    )


def _give(
    kind: type[Activity | Assignment | Venue | Proposal | Cloning | Handout],
    earlier: Unit,
    later: Unit,
    which: sa.ColumnElement[bool],
) -> None:
    session().execute(
        sa.update(kind)
        .where(kind.unit_id == earlier.id, which)
        .values(unit_id=later.id)
        .execution_options(synchronize_session=False)
    )


def _tell_calendars(unit: Unit, open_plans: sa.Select[int]) -> None:
    """What the public knows of and is still to come will have another host."""
    now = clock.now()
    session().execute(
        sa.update(Activity)
        .where(Activity.unit_id == unit.id, Activity.plan_id.in_(open_plans))
        .where(Activity.state != ActivityState.DRAFT, Activity.ends_at > now)
        .values(revision=Activity.revision + 1, changed_at=now)
        .execution_options(synchronize_session=False)
    )


def _pour(source: Plan, target: Plan) -> None:
    """Put what stands in one plan into another; the empty one stays as it was issued."""
    for kind in (Activity, Assignment):
        session().execute(
            sa.update(kind)
            .where(kind.plan_id == source.id)
            .values(plan_id=target.id)
            .execution_options(synchronize_session=False)
        )


def _invite(earlier: Unit, later: Unit, open_plans: sa.Select[int]) -> None:
    """Whoever invited the earlier unit now invites the later one, once."""
    ahead = sa.select(Activity.id).where(Activity.plan_id.in_(open_plans))
    twin = sa.orm.aliased(InvitedUnit)
    invited_too = sa.select(twin.activity_id).where(twin.unit_id == later.id)
    mine = (InvitedUnit.unit_id == earlier.id, InvitedUnit.activity_id.in_(ahead))
    quiet = {"synchronize_session": False}
    session().execute(
        sa.delete(InvitedUnit).where(*mine, InvitedUnit.activity_id.in_(invited_too)),
        execution_options=quiet,
    )
    session().execute(
        sa.update(InvitedUnit).where(*mine).values(unit_id=later.id), execution_options=quiet
    )


def _number(found: sa.Select[int]) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0
