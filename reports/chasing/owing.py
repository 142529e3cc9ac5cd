"""Which units owe what: asked live, so that whoever answered or is excused is out at once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from accounts.models import Account, Grant, Role, Unit
from events.duties.occasions import CARRIES
from events.duties.state import open_column
from events.models import Assignment, Campaign, Plan, PlanState
from reports import deadlines
from reports.chasing.models import Excuse, Ladder, Obligation, Step
from reports.models import Declaration

WORK: dict[Obligation, tuple[Role, ...]] = {
    Obligation.PLAN: (Role.ORGANISER,),
    Obligation.DUTY: (Role.ORGANISER,),
    Obligation.FIGURES: (Role.REPORTER,),
    Obligation.REPORT: (Role.REPORTER,),
}
"""Who in a unit does it."""

Rows = sa.Select[*tuple[Any, ...]]
Among = Callable[[Any], sa.ColumnElement[bool]]
"""True for rows whose unit column names a unit that is meant."""


def owes(obligation: Obligation, campaign: Campaign, today: date) -> sa.ColumnElement[bool]:
    """True for units that are there in the week, owe it and are not excused."""
    excused = sa.exists().where(
        Excuse.campaign_id == campaign.id,
        Excuse.unit_id == Unit.id,
        Excuse.obligation == obligation,
    )
    there = Unit.was_there(campaign.starts_on, campaign.ends_on)
    return sa.and_(there, ~excused, _missing(obligation, campaign, today))


def is_chased(obligation: Obligation, campaign_id: int) -> sa.ColumnElement[bool]:
    """True for units that an office above chases about it on days of its own."""
    office = aliased(Unit)
    return (
        sa.exists()
        .where(Ladder.campaign_id == campaign_id, Ladder.obligation == obligation)
        .where(Ladder.on_since.is_not(None), office.id == Ladder.unit_id)
        .where(Unit.path.startswith(office.path), Unit.id != office.id)
    )


def below(office: Unit) -> sa.ColumnElement[bool]:
    """True for units below an office."""
    inside = Unit.path.startswith(office.path, autoescape=True)
    return sa.and_(inside, Unit.id != office.id)


def readers(obligation: Obligation, step: Step) -> sa.Subquery:
    """Who hears at a step that a unit owes something.

    Columns: ``unit_id`` that owes it, ``recipient``, ``reader_id`` (the unit for
    which they read) and ``locale``. First the people who do it; then the unit's
    own address, which its head reads; then whoever reads its reports. Who
    cannot be reached is stood in for by the unit's address, or by its people.
    """
    office = _addresses(Unit.id)
    if step is Step.PERSON:
        people = _people(Unit.id, WORK[obligation])
        return _else(people, office)
    if step is Step.HEAD:
        return _else(office, _people(Unit.id, (Role.ADMIN, Role.ORGANISER, Role.REPORTER)))
    above = sa.func.coalesce(Unit.reports_to_id, Unit.parent_id)
    return _else(_addresses(above), _people(above, (Role.REPORTER, Role.ORGANISER)))


def _missing(obligation: Obligation, campaign: Campaign, today: date) -> sa.ColumnElement[bool]:
    match obligation:
        case Obligation.PLAN:
            issued = sa.exists().where(
                Plan.campaign_id == campaign.id, Plan.unit_id == Unit.id,
                Plan.state == PlanState.RELEASED,
            )  # fmt: skip
            return ~issued
        case Obligation.DUTY:
            return sa.exists().where(
                Plan.campaign_id == campaign.id, Plan.state == PlanState.RELEASED,
                Assignment.plan_id == Plan.id, Assignment.unit_id == Unit.id,
                Assignment.role.in_(CARRIES), Assignment.told_at.is_not(None),
                Assignment.due_on < today, open_column(),
            )  # fmt: skip
        case Obligation.FIGURES:
            declared = sa.exists().where(
                Declaration.campaign_id == campaign.id, Declaration.unit_id == Unit.id
            )
            return ~declared
        case Obligation.REPORT:
            return sa.and_(deadlines.ADDRESSEE.is_not(None), ~deadlines.done(campaign))


def _addresses(reader: Any) -> Rows:
    """The address of a unit itself, or of the one above it."""
    home = Unit.__table__.alias("home")
    return sa.select(
        Unit.id.label("unit_id"), home.c.email.label("recipient"), home.c.id.label("reader_id"),
        sa.literal("vi").label("locale"),
    ).join(home, home.c.id == reader).where(sa.func.coalesce(home.c.email, "") != "")  # fmt: skip


def _people(reader: Any, roles: tuple[Role, ...]) -> Rows:
    """Those who hold one of the roles on a unit itself, or on the one above it."""
    return (
        sa.select(
            Unit.id.label("unit_id"),
            Account.email.label("recipient"),
            Grant.unit_id.label("reader_id"),
            Account.locale.label("locale"),
        )
        .join(Grant, Grant.unit_id == reader)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.role.in_(roles), Account.closed_at.is_(None))
        .distinct()
    )


def _else(first: Rows, second: Rows) -> sa.Subquery:
    """The first where there is anybody, else the second."""
    known, spare = first.subquery(), second.subquery()
    missing = ~sa.exists().where(known.c.unit_id == spare.c.unit_id)
    return sa.union(sa.select(known), sa.select(spare).where(missing)).subquery()
