"""What the office's lists show, each with few statements however many units there are."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Unit
from accounts.scope import Scope
from checkin.points import queries as points
from core.database import session
from core.text import folded
from events import queries as programme
from events.models import Activity, ActivityKind, Campaign, Deadline, Evidence, Plan
from reports.deadlines import deadline
from reports.indicators import DECLARABLE
from reports.models import Declaration, Snapshot

PAGE = 100


@dataclass(frozen=True)
class Row:
    """One unit of the office's list: what it owes and how far it is."""

    unit: Unit
    deadline: Deadline | None
    confirmed: int
    snapshot: Snapshot | None


@dataclass(frozen=True)
class Proposal:
    """A figure that is known from elsewhere, and from how many pieces of evidence."""

    value: int
    pieces: int


def weeks() -> list[Campaign]:
    """Every week, the latest first."""
    return list(session().scalars(programme.weeks()))


def rows(
    scope: Scope, campaign: Campaign, *, words: str = "", after: str = ""
) -> tuple[list[Row], str]:
    """A page of units with their state, and the cursor of the next one."""
    units = _page(scope, campaign, words, after)
    shown = units[:PAGE]
    ids = [unit.id for unit in shown]
    confirmed, frozen = _confirmed(ids, campaign), _latest(ids, campaign)
    found = [Row(u, deadline(u, campaign), confirmed.get(u.id, 0), frozen.get(u.id)) for u in shown]
    return found, shown[-1].path if len(units) > PAGE else ""


def find_unit(scope: Scope, code: str) -> Unit | None:
    """The unit of a code, when it is inside."""
    return session().scalar(
        sa.select(Unit)
        .where(Unit.code == code, scope.condition())
        .options(joinedload(Unit.parent), joinedload(Unit.reports_to))
    )


def find_snapshot(scope: Scope, number: int) -> Snapshot | None:
    """A snapshot of a unit inside."""
    return session().scalar(
        sa.select(Snapshot)
        .where(Snapshot.id == number, scope.owns(Snapshot.unit_id))
        .options(joinedload(Snapshot.unit), joinedload(Snapshot.campaign))
    )


def by_code(code: str) -> Snapshot | None:
    """The snapshot that a public code names."""
    return session().scalar(
        sa.select(Snapshot)
        .where(Snapshot.code == code)
        .options(joinedload(Snapshot.unit), joinedload(Snapshot.campaign))
    )


def proposals(unit: Unit, campaign: Campaign) -> dict[str, Proposal]:
    """Figures that the unit's own evidence and plan already tell."""
    kinds = {ActivityKind.BANNER: "B1", ActivityKind.NEWS: "B4"}
    total = sa.func.sum(Evidence.count)
    found = session().execute(
        sa.select(Activity.kind, total, sa.func.count())
        .join(Evidence, Evidence.activity_id == Activity.id)
        .join(Plan, Plan.id == Activity.plan_id)
        .where(Plan.campaign_id == campaign.id, Activity.unit_id == unit.id)
        .where(Activity.kind.in_(kinds), Evidence.count.is_not(None))
        .group_by(Activity.kind)
    )
    known = {kinds[kind]: Proposal(int(sum_ or 0), pieces) for kind, sum_, pieces in found}
    return known | {code: Proposal(*told) for code, told in points.figures(unit, campaign).items()}


def last_year(campaign: Campaign) -> Campaign | None:
    """The week before this one, to compare figures with."""
    return session().scalar(programme.weeks().where(Campaign.year < campaign.year).limit(1))


def _page(scope: Scope, campaign: Campaign, words: str, after: str) -> list[Unit]:
    there = Unit.was_there(campaign.starts_on, campaign.ends_on)
    loaded = joinedload(Unit.parent), joinedload(Unit.reports_to)
    wanted = scope.units().where(there).options(*loaded)
    if after:
        wanted = wanted.where(Unit.path > after)
    if not words:
        return list(session().scalars(wanted.limit(PAGE + 1)))
    needle = folded(words)
    return [u for u in session().scalars(wanted) if needle in folded(f"{u.name} {u.code}")][
        : PAGE + 1
    ]


def _confirmed(units: Sequence[int], campaign: Campaign) -> dict[int, int]:
    declarable = [indicator.code for indicator in DECLARABLE]
    counts = session().execute(
        sa.select(Declaration.unit_id, sa.func.count(Declaration.indicator.distinct()))
        .where(Declaration.campaign_id == campaign.id, Declaration.unit_id.in_(units))
        .where(Declaration.indicator.in_(declarable))
        .group_by(Declaration.unit_id)
    )
    return {row[0]: row[1] for row in counts}


def _latest(units: Sequence[int], campaign: Campaign) -> dict[int, Snapshot]:
    last = (
        sa.select(sa.func.max(Snapshot.id))
        .where(Snapshot.campaign_id == campaign.id, Snapshot.unit_id.in_(units))
        .group_by(Snapshot.unit_id)
    )
    found = session().scalars(
        sa.select(Snapshot).where(Snapshot.id.in_(last)).options(sa.orm.defer(Snapshot.payload))
    )
    return {snapshot.unit_id: snapshot for snapshot in found}
