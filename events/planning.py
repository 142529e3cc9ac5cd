"""What an office does with weeks, plans, duties and venues; every rule takes ``now``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from accounts.errors import UnitHasEnded
from accounts.models import Unit
from accounts.scope import Scope
from core.database import session
from core.paging import portions
from events import errors
from events.duties.groups import reach
from events.models import (
    Activity,
    ActivityState,
    Assignment,
    Campaign,
    CampaignKind,
    Deadline,
    DeadlineKind,
    DutyRole,
    Plan,
    PlanState,
    Venue,
)

PASSAGES = ("purpose", "requirements", "recipients", "signing", "signer")
"""What a plan's document says beside its activities and duties."""


@dataclass(frozen=True)
class WeekFacts:
    """What the letter of a year fixed about its week."""

    year: int
    title: str
    starts_on: date
    ends_on: date
    opening_on: date | None = None
    theme: str = ""
    message: str = ""
    letter: str = ""


@dataclass(frozen=True)
class Due:
    """When something is owed, and the letter that says so."""

    due_at: datetime
    letter: str = ""


def create_week(facts: WeekFacts, deadlines: dict[DeadlineKind, Due]) -> Campaign:
    """Set up the week of a year. Raises ``YearTaken`` or ``EndsBeforeItStarts``."""
    week = Campaign(kind=CampaignKind.WEEK)
    _set_week(week, facts, deadlines)
    session().add(week)
    session().flush()
    return week


def edit_week(week: Campaign, facts: WeekFacts, deadlines: dict[DeadlineKind, Due]) -> None:
    """Say anew what the letter fixed. Raises ``YearTaken`` or ``EndsBeforeItStarts``."""
    _set_week(week, facts, deadlines)
    session().flush()


def start_plan(campaign: Campaign, unit: Unit, *, title: str) -> Plan:
    """Begin the plan of a unit. Raises ``PlanExists`` or ``UnitHasEnded``."""
    if unit.valid_until is not None and unit.valid_until < campaign.starts_on:
        raise UnitHasEnded(unit=unit.name, day=f"{campaign.starts_on:%d/%m/%Y}")
    if _plan_of(campaign, unit):
        raise errors.PlanExists(unit=unit.name)
    plan = Plan(campaign=campaign, unit=unit, title=title, state=PlanState.DRAFT, bases=[])
    session().add(plan)
    session().flush()
    return plan


def plan_for(campaign: Campaign, host: Unit, scope: Scope, *, title: str) -> Plan:
    """The nearest plan into which an actor may put what the host does; begun when there is none."""
    above = sa.literal(host.path).startswith(Unit.path)
    nearest = session().scalar(
        sa.select(Plan)
        .join(Plan.unit)
        .where(Plan.campaign_id == campaign.id, above, scope.condition())
        .order_by(sa.func.length(Unit.path).desc(), Plan.id)
        .limit(1)
    )
    return nearest or start_plan(campaign, host, title=title)


def edit_plan(
    plan: Plan, *, title: str, document_symbol: str, issued_on: date | None, bases: list[str]
) -> None:
    """Say anew what the signed document says about itself."""
    plan.title = title
    plan.document_symbol = document_symbol
    plan.issued_on = issued_on
    plan.bases = bases


def write_passages(plan: Plan, passages: Mapping[str, str]) -> None:
    """Take the texts of the document: purpose, requirements, recipients, signature."""
    for name, text in passages.items():
        setattr(plan, name, text)


def assign(plan: Plan, unit: Unit, *, role: DutyRole, duty: str, due_on: date | None) -> Assignment:
    """Lay a duty on a unit of the plan, as a task of its own. Raises ``DutyOutsideThePlan``."""
    if not reach(plan.unit).covers(unit):
        raise errors.DutyOutsideThePlan(unit=unit.name)
    position = max((row.position for row in plan.assignments), default=0) + 1
    assignment = Assignment(
        unit=unit, role=role, duty=duty, due_on=due_on, position=position, task=next_task(plan)
    )
    plan.assignments.append(assignment)
    return assignment


def next_task(plan: Plan) -> int:
    """The number of the next duty of a plan; the units that carry it together share it."""
    return max((row.task or 0 for row in plan.assignments), default=0) + 1


def receive(duty: Assignment, *, now: datetime) -> None:
    """The unit has seen its duty."""
    duty.received_at = duty.received_at or now


def finish(duty: Assignment, *, now: datetime) -> None:
    """The duty is done."""
    receive(duty, now=now)
    duty.done_at = duty.done_at or now


def reopen(duty: Assignment) -> None:
    """The duty is not done after all."""
    duty.done_at = None


def withdraw_duty(duty: Assignment) -> None:
    """Take the duty out of the plan."""
    duty.plan.assignments.remove(duty)


def create_venue(unit: Unit, *, name: str, address: str, capacity: int | None) -> Venue:
    """Keep a place for the activities of a unit."""
    venue = Venue(unit=unit, name=name, address=address, capacity=capacity)
    session().add(venue)
    session().flush()
    return venue


def edit_venue(
    venue: Venue, *, name: str, address: str, capacity: int | None, now: datetime
) -> None:
    """Say anew what the place is called and where it is; calendars learn of it."""
    if say_venue(venue, name=name, address=address, capacity=capacity):
        tell_calendars([venue.id], now=now)


def say_venue(venue: Venue, *, name: str, address: str, capacity: int | None) -> bool:
    """The same without telling anyone: whether calendars must learn of it."""
    is_other = (name, address) != (venue.name, venue.address)
    venue.name, venue.address, venue.capacity = name, address, capacity
    return is_other


def tell_calendars(venues: Sequence[int], *, now: datetime) -> None:
    """What is still to come at these places counts as changed."""
    _tell(Activity.venue_id, venues, now)


def tell_of_hosts(units: Sequence[int], *, now: datetime) -> None:
    """What these units still hold counts as changed."""
    _tell(Activity.unit_id, units, now)


def _tell(by: sa.orm.InstrumentedAttribute[Any], numbers: Sequence[int], now: datetime) -> None:
    for some in portions(numbers):
        concerned = (
            sa.select(Activity)
            .where(by.in_(some))
            .where(Activity.state != ActivityState.DRAFT, Activity.ends_at > now)
        )
        for activity in session().scalars(concerned):
            activity.revision += 1
            activity.changed_at = now


def _set_week(week: Campaign, facts: WeekFacts, deadlines: dict[DeadlineKind, Due]) -> None:
    if facts.ends_on < facts.starts_on:
        raise errors.EndsBeforeItStarts
    with session().no_autoflush:
        twin = session().scalar(
            sa.select(Campaign).where(
                Campaign.kind == CampaignKind.WEEK, Campaign.year == facts.year
            )
        )
    if twin is not None and twin is not week:
        raise errors.YearTaken(year=facts.year)
    week.year, week.title, week.letter = facts.year, facts.title, facts.letter
    week.starts_on, week.ends_on = facts.starts_on, facts.ends_on
    week.opening_on, week.theme, week.message = facts.opening_on, facts.theme, facts.message
    known = {row.kind: row for row in week.deadlines}
    for kind, due in deadlines.items():
        row = known.pop(kind, None)
        if row is None:
            week.deadlines.append(Deadline(kind=kind, due_at=due.due_at, letter=due.letter))
        else:
            row.due_at, row.letter = due.due_at, due.letter
    for row in known.values():
        week.deadlines.remove(row)


def _plan_of(campaign: Campaign, unit: Unit) -> Plan | None:
    return session().scalar(
        sa.select(Plan).where(Plan.campaign_id == campaign.id, Plan.unit_id == unit.id)
    )
