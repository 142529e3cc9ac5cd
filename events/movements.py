"""The public side of a movement: its phases, the plans that units issued for it, what they do.

Duties stay out of it: they are between units, as those of a week are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Unit
from core import clock
from core.database import session
from events import cursor
from events.cursor import Cursor
from events.models import Activity, Campaign, CampaignKind, Plan, PlanState
from events.programme import WHOLE, Row, whole_rows
from events.proposals.models import Phase
from events.queries import PUBLIC


@dataclass(frozen=True)
class Stage:
    """A phase with what begins in it; without a phase, what begins outside all of them."""

    phase: Phase | None
    rows: list[Row]

    def is_on(self, today: date) -> bool:
        """Whether the phase runs on a day."""
        return self.phase is not None and _covers(self.phase, today)


def address(campaign: Campaign) -> str:
    """Where the public reads of a week or a movement."""
    return f"/{run(campaign)}/{campaign.year}/"


def run(campaign: Campaign) -> str:
    """The word for a week or a movement in an address."""
    return "movements" if campaign.kind is CampaignKind.MOVEMENT else "weeks"


def movement_of(year: int) -> sa.Select[Campaign]:
    """The movement that begins in a year, once a unit has issued a plan for it."""
    return public_campaigns().where(Campaign.kind == CampaignKind.MOVEMENT, Campaign.year == year)


def public_campaigns() -> sa.Select[Campaign]:
    """Every week, and the movements for which a unit has issued a plan; the latest first."""
    issued = sa.exists().where(Plan.campaign_id == Campaign.id, _is_issued())
    return (
        sa.select(Campaign)
        .where(sa.or_(Campaign.kind == CampaignKind.WEEK, issued))
        .order_by(Campaign.year.desc(), Campaign.id)
    )


def phases(movement: Campaign) -> list[Phase]:
    """The phases in their order."""
    found = sa.select(Phase).where(Phase.campaign_id == movement.id)
    return list(session().scalars(found.order_by(Phase.position, Phase.id)))


def plans(movement: Campaign) -> list[Plan]:
    """The plans that were issued, in the order of the tree."""
    found = (
        sa.select(Plan)
        .join(Plan.unit)
        .where(Plan.campaign_id == movement.id, _is_issued())
        .options(joinedload(Plan.unit))
        .order_by(Unit.path, Plan.id)
        .limit(WHOLE)
    )
    return list(session().scalars(found))


def rows(movement: Campaign, after: Cursor | None = None) -> tuple[list[Row], Cursor | None]:
    """What is done for the movement, by the day on which it begins, a page at a time."""
    found = whole_rows().where(Plan.campaign_id == movement.id, Activity.state.in_(PUBLIC))
    if after is not None:
        found = found.where(cursor.after(after, Activity.starts_at, Activity.id))
    fetched = [Row(*row) for row in session().execute(found.limit(WHOLE + 1))]
    shown = fetched[:WHOLE]
    more = len(fetched) > WHOLE
    return shown, Cursor(shown[-1].starts_at, shown[-1].id) if more else None


def stages(listed: Sequence[Phase], found: Sequence[Row]) -> list[Stage]:
    """Each phase with what begins in it, then what begins in none."""
    by_phase: dict[int | None, list[Row]] = {phase.id: [] for phase in listed}
    for row in found:
        day = clock.local_day(row.starts_at)
        its = next((phase.id for phase in listed if _covers(phase, day)), None)
        by_phase.setdefault(its, []).append(row)
    outside = by_phase.pop(None, [])
    told = [Stage(phase, by_phase[phase.id]) for phase in listed]
    return [*told, Stage(None, outside)] if outside else told


def _is_issued() -> sa.ColumnElement[bool]:
    return sa.or_(Plan.state != PlanState.DRAFT, Plan.version > 0)


def _covers(phase: Phase, day: date) -> bool:
    is_begun = phase.starts_on is None or phase.starts_on <= day
    is_over = phase.ends_on is not None and phase.ends_on < day
    return is_begun and not is_over and bool(phase.starts_on or phase.ends_on)
