"""By when a unit owes its report, and to whom."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from accounts.models import Unit, UnitKind
from core.clock import at, local_day
from core.database import session
from events.models import Campaign, Deadline, DeadlineKind
from reports.models import Snapshot

ABOVE = frozenset({UnitKind.PROVINCE, UnitKind.MINISTRY})
"""Who reports to one of these owes the consolidated report."""

Owner = aliased(Unit, name="addressee")
ADDRESSEE = sa.func.coalesce(Unit.reports_to_id, Unit.parent_id)
"""Who reads a unit's report: the one it reports to, else the one above it."""


def owing(kind: DeadlineKind) -> sa.Select[Unit]:
    """The units that owe their report at a deadline of this kind."""
    consolidated = Owner.kind.in_(ABOVE)
    owed = consolidated if kind is DeadlineKind.DEPARTMENT_REPORT else ~consolidated
    return sa.select(Unit).join(Owner, Owner.id == ADDRESSEE).where(owed)


def deadline(unit: Unit, campaign: Campaign) -> Deadline | None:
    """The deadline that holds for a unit; the top of the tree owes nothing."""
    addressee = unit.reports_to or unit.parent
    if addressee is None:
        return None
    consolidated = addressee.kind in ABOVE
    kind = DeadlineKind.DEPARTMENT_REPORT if consolidated else DeadlineKind.UNIT_REPORT
    return next((d for d in campaign.deadlines if d.kind is kind), None)


def done(campaign: Campaign) -> sa.Exists:
    """True for units whose snapshot was made after the week had ended."""
    over = at(campaign.ends_on + timedelta(days=1))
    return sa.exists().where(
        Snapshot.unit_id == Unit.id,
        Snapshot.campaign_id == campaign.id,
        Snapshot.made_at >= over,
    )


def owes(deadline: Deadline) -> sa.ColumnElement[bool]:
    """True for units that are there on the day and have not made their report."""
    day = local_day(deadline.due_at)
    return sa.and_(Unit.was_there(day), ~done(deadline.campaign))


def approaching() -> list[Deadline]:
    """Every deadline at which a report is owed."""
    kinds = (DeadlineKind.UNIT_REPORT, DeadlineKind.DEPARTMENT_REPORT)
    return list(session().scalars(sa.select(Deadline).where(Deadline.kind.in_(kinds))))
