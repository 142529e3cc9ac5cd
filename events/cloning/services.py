"""Taking over an earlier week or plan; every rule takes ``now``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from accounts.models import Account, Unit
from accounts.scope import Scope
from core import clock
from core.database import session
from events.cloning import errors, writing
from events.cloning.dates import shifted
from events.cloning.models import Cloning, Part, Shift
from events.cloning.proposal import Proposal
from events.cloning.rows import Duty, Row
from events.cloning.sources import Sources
from events.models import (
    Campaign,
    Deadline,
    Plan,
    PlanState,
)
from events.planning import PASSAGES

WRITTEN_ONCE = ("cloned", "slug", "plan.campaign_id", "uq_plan_campaign_id")
"""What the databases call the rules that two people taking over at once run into."""


@dataclass(frozen=True)
class Wish:
    """From where to where, whose, and what."""

    source: Campaign
    target: Campaign
    unit: Unit
    below: bool
    parts: frozenset[Part]
    shift: Shift
    other: Unit | None = None
    """Whose plan it is, when it is not the unit's own."""

    @property
    def is_in_time(self) -> bool:
        """Own plans come from an earlier week; those of others may be of the same."""
        if self.other is not None and self.source.id == self.target.id:
            return True
        return self.source.starts_on < self.target.starts_on


@dataclass(frozen=True)
class Outcome:
    """What a take-over made, and what it left because it was there."""

    activities: int
    duties: int
    plans: int
    deadlines: int
    there: int


def start(wish: Wish, scope: Scope, *, by: Account | None, now: datetime) -> Cloning:
    """Lay an earlier week or plan beside the new one; nothing is made yet.

    Raises ``NotEarlier`` or ``NothingThere``.
    """
    if not wish.is_in_time:
        raise errors.NotEarlier
    cloning = Cloning(
        source=wish.source,
        target=wish.target,
        unit=wish.unit,
        from_unit=wish.other,
        below=wish.below and wish.other is None,
        parts=sorted(part.value for part in wish.parts),
        shift=wish.shift,
        changes={},
        created_at=now,
        account_id=by.id if by else None,
        outcome={},
    )
    session().add(cloning)
    session().flush()
    if not Sources(cloning, scope).units_of_plans:
        whose = wish.other or wish.unit
        raise errors.NothingThere(unit=whose.name, year=wish.source.year)
    return cloning


def decide(cloning: Cloning, decided: Mapping[str, Mapping[str, Any]]) -> None:
    """Remember for some rows what was decided; an empty decision follows the rule again."""
    changes = {**cloning.changes, **{key: dict(said) for key, said in decided.items()}}
    cloning.changes = {key: said for key, said in changes.items() if said}


def keep(proposal: Proposal, *, with_deadlines: bool, now: datetime) -> Outcome:
    """Make every chosen row a draft of the new week; what is there already stays as it is.

    Raises ``TakenOverMeanwhile``.
    """
    rows, duties = proposal.chosen, proposal.chosen_duties
    try:
        plans, begun = _plans(proposal, rows, duties)
        made = writing.activities(proposal, rows, plans, now)
        writing.belongings(proposal, rows, made)
        given = writing.duties(proposal, duties, plans)
    except IntegrityError as refusal:
        if any(name in str(refusal.orig) for name in WRITTEN_ONCE):
            raise errors.TakenOverMeanwhile from refusal
        raise
    deadlines = _deadlines(proposal) if with_deadlines and proposal.takes(Part.REMINDERS) else []
    outcome = Outcome(len(rows), len(duties), len(begun), len(deadlines), proposal.there)
    session().flush()
    if rows or duties:
        ids = {
            "activities": list(made.values()),
            "duties": given,
            "plans": [plan.id for plan in begun],
            "deadlines": [deadline.id for deadline in deadlines],
        }
        proposal.cloning.kept_at = now
        proposal.cloning.outcome = vars(outcome) | {"made": ids}
    return outcome


def _plans(
    proposal: Proposal, rows: Sequence[Row], duties: Sequence[Duty]
) -> tuple[dict[int, Plan], list[Plan]]:
    """The plan of each unit in the new week, by unit; begun where there is none."""
    target = proposal.target
    wanted = [row.plan_unit for row in rows] + [duty.plan_unit for duty in duties]
    units = {unit.id: unit for unit in wanted if unit}
    found = session().scalars(sa.select(Plan).where(Plan.campaign_id == target.id))
    plans = {plan.unit_id: plan for plan in found}
    sources = {
        unit.id: p for p in proposal.sources.plans if (unit := proposal.sources.plan_unit(p.id))
    }
    begun = [
        Plan(
            campaign_id=target.id,
            unit_id=number,
            title=_title(sources[number], proposal),
            state=PlanState.DRAFT,
            bases=[],
        )
        for number in units
        if number not in plans
    ]
    session().add_all(begun)
    plans |= {plan.unit_id: plan for plan in begun}
    if proposal.takes(Part.TEXTS) and not proposal.sources.is_public_only:
        for number in units:
            _fill_in(plans[number], sources[number])
    session().flush()
    return plans, begun


def _fill_in(plan: Plan, source: Plan) -> None:
    """Take the texts of the earlier document where the plan says nothing yet."""
    for name in ("bases", *PASSAGES):
        if plan.state is PlanState.DRAFT and not getattr(plan, name):
            setattr(plan, name, getattr(source, name))


def _title(source: Plan, proposal: Proposal) -> str:
    """The earlier title with the new year in place of the old; never another unit's title."""
    if proposal.cloning.from_unit_id is not None:
        return f"Kế hoạch tổ chức {proposal.target.title}"
    return source.title.replace(str(proposal.source.year), str(proposal.target.year))


def _deadlines(proposal: Proposal) -> list[Deadline]:
    """The deadlines of the earlier week, where the new one has none of the sort."""
    source, target = proposal.source, proposal.target
    known = {deadline.kind for deadline in target.deadlines}
    missing = [deadline for deadline in source.deadlines if deadline.kind not in known]
    made = []
    for deadline in missing:
        at = clock.local(deadline.due_at)
        day = shifted(at.date(), source, target, Shift(proposal.cloning.shift))
        due_at = deadline.due_at + timedelta(days=(day - at.date()).days)
        made.append(Deadline(kind=deadline.kind, due_at=due_at, letter=""))
    target.deadlines.extend(made)
    return made
