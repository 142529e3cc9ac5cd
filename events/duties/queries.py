"""What can be asked about duties; every query has a stable order."""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Account, Grant, Role, Unit
from accounts.scope import Scope
from core.database import session
from events.duties.models import Chase, Handout, Inspection, Photo
from events.duties.state import DutyState, Tally, state_column
from events.models import (
    Activity,
    ActivityState,
    Assignment,
    Campaign,
    DutyRole,
    Evidence,
    Plan,
    PlanState,
)


def visible(scope: Scope) -> sa.ColumnElement[bool]:
    """True for duties that a unit inside a scope carries or laid on another; join ``Plan``."""
    return sa.or_(scope.owns(Assignment.unit_id), scope.owns(Plan.unit_id))


def tallies(scope: Scope, campaign: Campaign, today: date, under: Unit | None) -> dict[int, Tally]:
    """How many duties of each unit stand where, by the unit's number."""
    state = state_column(today).label("state")
    counted = (
        sa.select(Assignment.unit_id, state, sa.func.count())
        .join(Assignment.plan)
        .where(Plan.campaign_id == campaign.id, visible(scope), _below(under))
        .group_by(Assignment.unit_id, state)
    )
    found: dict[int, Tally] = {}
    for unit_id, where, number in session().execute(counted):
        found.setdefault(unit_id, Tally()).add(where, number)
    return found


def duties(
    scope: Scope,
    campaign: Campaign,
    today: date,
    *,
    under: Unit | None = None,
    unit: Unit | None = None,
    states: Iterable[DutyState] = (),
) -> sa.Select[Assignment]:
    """The duties of a week, those that are due first on top."""
    found = (
        sa.select(Assignment)
        .join(Assignment.plan)
        .join(Assignment.unit)
        .where(Plan.campaign_id == campaign.id, visible(scope), _below(under))
        .options(joinedload(Assignment.unit), joinedload(Assignment.plan).joinedload(Plan.unit))
        .order_by(
            Assignment.due_on.is_(None), Assignment.due_on, Unit.path,
            Assignment.position, Assignment.id,
        )
    )  # fmt: skip
    if unit is not None:
        found = found.where(Assignment.unit_id == unit.id)
    wanted = [state.value for state in states]
    return found.where(state_column(today).in_(wanted)) if wanted else found


def partners(
    duties: Sequence[Assignment], roles: Iterable[DutyRole] = tuple(DutyRole)
) -> dict[int, list[Assignment]]:
    """For each duty those that carry it together in these roles, itself too, who leads first."""
    keys = {(duty.plan_id, duty.task) for duty in duties if duty.task is not None}
    if not keys:
        return {}
    rows = session().scalars(
        sa.select(Assignment)
        .where(Assignment.plan_id.in_({plan for plan, _ in keys}))
        .where(Assignment.task.in_({task for _, task in keys}), Assignment.role.in_(roles))
        .options(joinedload(Assignment.unit))
        .order_by(Assignment.position, Assignment.id)
    )
    together: dict[tuple[int, int | None], list[Assignment]] = {}
    for row in rows:
        if (row.plan_id, row.task) in keys:
            together.setdefault((row.plan_id, row.task), []).append(row)
    return {duty.id: together.get((duty.plan_id, duty.task), []) for duty in duties}


def companions(duties: Sequence[Assignment]) -> dict[int, list[Assignment]]:
    """With whom each unit has to speak: not with those who do the same elsewhere."""
    many = [duty for duty in duties if duty.role is DutyRole.DO]
    few = [duty for duty in duties if duty.role is not DutyRole.DO]
    together = partners(few) | partners(many, (DutyRole.LEAD, DutyRole.COORDINATE))
    return {
        duty.id: [row for row in together.get(duty.id, []) if row.id != duty.id] for duty in duties
    }


def parents(scope: Scope, day: date) -> sa.Select[Unit]:
    """The units of a day with others below them, where a board may be cut."""
    above = sa.select(Unit.parent_id).where(Unit.parent_id.is_not(None))
    return scope.present(day).where(Unit.id.in_(above)).limit(500)


def units(ids: Iterable[int]) -> sa.Select[Unit]:
    """Some units, in the order of the tree."""
    return sa.select(Unit).where(Unit.id.in_(list(ids))).order_by(Unit.path)


def unit_with_duties(scope: Scope, code: str) -> sa.Select[Unit]:
    """A unit inside a scope, or one on which a plan inside it lays a duty."""
    given = (
        sa.select(Assignment.id)
        .join(Assignment.plan)
        .where(Assignment.unit_id == Unit.id, scope.owns(Plan.unit_id))
    )
    return sa.select(Unit).where(Unit.code == code, sa.or_(scope.condition(), given.exists()))


def handouts(scope: Scope, campaign: Campaign, unit: Unit) -> sa.Select[Handout]:
    """The links of a unit for plans that the scope may see, by plan."""
    return (
        sa.select(Handout)
        .join(Handout.plan)
        .where(Handout.unit_id == unit.id, Plan.campaign_id == campaign.id)
        .where(sa.or_(scope.owns(Handout.unit_id), scope.owns(Plan.unit_id)))
        .options(joinedload(Handout.plan).joinedload(Plan.unit), joinedload(Handout.unit))
        .order_by(Handout.id)
    )


def handout(handout_id: int, serial: int) -> sa.Select[Handout]:
    """A link that is still good, of a plan that stands."""
    return (
        sa.select(Handout)
        .join(Handout.plan)
        .where(Handout.id == handout_id, Handout.serial == serial)
        .where(Plan.state == PlanState.RELEASED)
        .options(
            joinedload(Handout.unit),
            joinedload(Handout.plan).options(joinedload(Plan.unit), joinedload(Plan.campaign)),
        )
    )


def handed_out(found: Handout) -> sa.Select[Assignment]:
    """What a plan has handed out to a unit, soonest first, with its evidence."""
    return (
        sa.select(Assignment)
        .where(Assignment.plan_id == found.plan_id, Assignment.unit_id == found.unit_id)
        .where(Assignment.told_at.is_not(None))
        .options(joinedload(Assignment.unit), joinedload(Assignment.plan))
        .order_by(
            Assignment.done_at.is_not(None), Assignment.due_on.is_(None), Assignment.due_on,
            Assignment.position, Assignment.id,
        )
    )  # fmt: skip


def evidence(duties: Iterable[Assignment]) -> dict[int, list[Evidence]]:
    """The evidence of each duty, oldest first."""
    ids = [duty.id for duty in duties]
    rows = session().scalars(
        sa.select(Evidence).where(Evidence.assignment_id.in_(ids)).order_by(Evidence.id)
    )
    found: dict[int, list[Evidence]] = {number: [] for number in ids}
    for row in rows:
        if row.assignment_id is not None:
            found[row.assignment_id].append(row)
    return found


def photos(pieces: Iterable[Evidence]) -> dict[int, Photo]:
    """The photo of each piece of evidence that is one."""
    ids = [piece.id for piece in pieces]
    rows = session().scalars(sa.select(Photo).where(Photo.evidence_id.in_(ids)))
    return {row.evidence_id: row for row in rows}


def reachable(unit_ids: Iterable[int]) -> dict[int, list[str]]:
    """To which addresses a letter to each unit goes; a unit that has none is left out."""
    found = addresses()
    rows = session().execute(
        sa.select(found.c.unit_id, found.c.address)
        .where(found.c.unit_id.in_(list(unit_ids)))
        .order_by(found.c.unit_id, found.c.address)
    )
    reached: dict[int, list[str]] = {}
    for unit_id, address in rows:
        reached.setdefault(unit_id, []).append(address)
    return reached


def addresses() -> sa.Subquery:
    """Each unit's address; of a unit without one, those of its own organisers."""
    has_one = sa.func.coalesce(Unit.email, "") != ""
    own = sa.select(Unit.id.label("unit_id"), Unit.email.label("address")).where(has_one)
    people = (
        sa.select(Grant.unit_id, Account.email)
        .join(Account, Account.id == Grant.account_id)
        .join(Unit, Unit.id == Grant.unit_id)
        .where(~has_one, Grant.role == Role.ORGANISER, Account.closed_at.is_(None))
    )
    return sa.union(own, people).subquery("addresses")


def photo(code: str) -> sa.Select[Photo]:
    """One photo with what it shows."""
    return sa.select(Photo).where(Photo.code == code).options(joinedload(Photo.evidence))


def photo_in(scope: Scope, code: str) -> sa.Select[Photo]:
    """One photo of a duty that a unit inside a scope carries or laid on another."""
    return (
        photo(code)
        .join(Photo.evidence)
        .join(Assignment, Assignment.id == Evidence.assignment_id)
        .join(Plan, Plan.id == Assignment.plan_id)
        .where(visible(scope))
    )


def fingerprints(duty: Assignment) -> sa.Select[int, str]:
    """Photos of other units in the same week, and what they look like, oldest first."""
    return (
        sa.select(Photo.id, Photo.fingerprint)
        .join(Photo.evidence)
        .join(Assignment, Assignment.id == Evidence.assignment_id)
        .join(Plan, Plan.id == Assignment.plan_id)
        .where(Plan.campaign_id == duty.plan.campaign_id, Assignment.unit_id != duty.unit_id)
        .order_by(Photo.id)
    )


def resembled(photos: Iterable[Photo]) -> dict[int, Assignment]:
    """For each photo the duty of another unit whose photo looks the same."""
    known = {photo.id: photo.resembles_id for photo in photos if photo.resembles_id}
    if not known:
        return {}
    rows = session().execute(
        sa.select(Photo.id, Assignment)
        .join(Photo.evidence)
        .join(Assignment, Assignment.id == Evidence.assignment_id)
        .where(Photo.id.in_(set(known.values())))
        .options(joinedload(Assignment.unit), joinedload(Assignment.plan))
    )
    duties = {number: duty for number, duty in rows.all()}  # noqa: C416
    return {number: duties[other] for number, other in known.items() if other in duties}


def last_chases(unit_ids: Iterable[int], campaign: Campaign) -> dict[int, Chase]:
    """When each unit was last urged."""
    rows = session().scalars(
        sa.select(Chase)
        .join(Chase.handout)
        .join(Handout.plan)
        .where(Plan.campaign_id == campaign.id, Handout.unit_id.in_(list(unit_ids)))
        .options(joinedload(Chase.handout), joinedload(Chase.account))
        .order_by(Chase.chased_at)
    )
    return {row.handout.unit_id: row for row in rows}


def inspections(scope: Scope, campaign: Campaign) -> sa.Select[Inspection]:
    """What was looked at in a week inside a scope, the latest first."""
    return (
        sa.select(Inspection)
        .where(Inspection.campaign_id == campaign.id, scope.owns(Inspection.unit_id))
        .options(
            joinedload(Inspection.unit),
            joinedload(Inspection.assignment),
            joinedload(Inspection.activity),
        )
        .order_by(Inspection.inspected_on.desc(), Inspection.id.desc())
    )


def duties_of(unit: Unit, campaign: Campaign) -> sa.Select[Assignment]:
    """What a unit has to do in a week, which an inspection may look at."""
    return (
        sa.select(Assignment)
        .join(Assignment.plan)
        .where(Assignment.unit_id == unit.id, Plan.campaign_id == campaign.id)
        .order_by(Assignment.due_on.is_(None), Assignment.due_on, Assignment.id)
        .limit(200)
    )


def activities_of(unit: Unit, campaign: Campaign) -> sa.Select[Activity]:
    """What a unit holds in a week, which an inspection may look at."""
    return (
        sa.select(Activity)
        .join(Activity.plan)
        .where(Activity.unit_id == unit.id, Plan.campaign_id == campaign.id)
        .where(Activity.state == ActivityState.RELEASED)
        .order_by(Activity.starts_at, Activity.id)
        .limit(200)
    )


def _below(under: Unit | None) -> sa.ColumnElement[bool]:
    return sa.true() if under is None else Scope((under.path,)).owns(Assignment.unit_id)
