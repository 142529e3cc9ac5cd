"""Whose earlier plans are taken over, and into whose plan each of their rows goes."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from accounts.models import Succession, SuccessionKind, Unit
from accounts.scope import Scope, subtree
from accounts.tree.heirs import Heirs
from core.database import session
from events.cloning.models import Cloning, Part
from events.models import Activity, ActivityState, Campaign, CampaignKind, Plan, PlanState

OF_THE_PUBLIC = frozenset({Part.ACTIVITIES, Part.VENUES, Part.TEXTS})
"""What may be taken of a plan that one only reads as everybody does."""


def readable(scope: Scope, target: Campaign) -> sa.Select[Plan]:
    """The plans that one may take over into a week: one's own, and what any unit has released.

    One's own come first, then those of the units above, those beside them, then all others.
    """
    own = scope.condition()
    above = sa.or_(sa.false(), *(sa.literal(path).startswith(Unit.path) for path in scope.paths))
    parents = {_parent(path) for path in scope.paths}
    beside = sa.or_(
        sa.false(),
        *(sa.and_(Unit.path.startswith(one), Unit.path.not_like(f"{one}%/%/")) for one in parents),
    )
    return (
        sa.select(Plan)
        .join(Plan.unit)
        .join(Plan.campaign)
        .options(contains_eager(Plan.unit), contains_eager(Plan.campaign))
        .where(Campaign.kind == CampaignKind.WEEK)
        .where(
            sa.or_(
                sa.and_(own, Campaign.starts_on < target.starts_on),
                sa.and_(
                    Plan.state == PlanState.RELEASED,
                    sa.not_(own),
                    Campaign.starts_on <= target.starts_on,
                ),
            )
        )
        .order_by(
            sa.case((own, 0), (above, 1), (beside, 2), else_=3),
            Campaign.starts_on.desc(),
            Unit.path,
            Plan.id,
        )
    )


def released_by_plan(numbers: Collection[int]) -> sa.Select[int, int]:
    """How many activities of each plan are on the programme."""
    return (
        sa.select(Activity.plan_id, sa.func.count())
        .where(Activity.plan_id.in_(numbers), Activity.state == ActivityState.RELEASED)
        .group_by(Activity.plan_id)
    )


def _parent(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0] + "/"


class Sources:
    """The earlier plans of a take-over, and the units that go on with them."""

    def __init__(self, cloning: Cloning, scope: Scope) -> None:
        self._cloning = cloning
        self._scope = scope
        self._places: dict[tuple[int, int], tuple[Unit | None, Unit | None]] = {}

    @cached_property
    def units_of_plans(self) -> dict[int, int]:
        """The unit of each earlier plan that is taken over, in the order of the tree."""
        found = session().execute(self._asked(Plan.id, Plan.unit_id))
        return {number: unit_id for number, unit_id in found}  # noqa: C416  no pairs to mypy

    @cached_property
    def plans(self) -> list[Plan]:
        """The same plans with all that they say."""
        return list(session().scalars(self._asked(Plan)))

    @property
    def is_public_only(self) -> bool:
        """Whether nothing but what everybody reads may be taken."""
        other = self._cloning.from_unit
        return other is not None and not self._scope.covers(other)

    def takes(self, part: Part) -> bool:
        """Whether this part was chosen, and may be taken."""
        may = not self.is_public_only or part in OF_THE_PUBLIC
        return may and part.value in self._cloning.parts

    def successor(self, unit_id: int) -> Unit | None:
        """The unit that goes on for one of the earlier week; None when there is no single one."""
        return self._heirs.of(unit_id)

    def plan_unit(self, plan_id: int) -> Unit | None:
        """The unit into whose plan it goes, when one may write there."""
        if self._cloning.from_unit_id is not None:
            return self._cloning.unit
        unit = self.successor(self.units_of_plans[plan_id])
        return unit if unit and self._scope.covers(unit) else None

    def places(self, plan_id: int, unit_id: int) -> tuple[Unit | None, Unit | None]:
        """Into whose plan it goes, and who holds it: who goes on for the host, else the same."""
        key = plan_id, unit_id
        if key not in self._places:
            plan_unit, unit = self.plan_unit(plan_id), self.successor(unit_id)
            inside = unit and plan_unit and unit.path.startswith(plan_unit.path)
            self._places[key] = plan_unit, unit if inside else plan_unit
        return self._places[key]

    def _asked(self, *wanted: Any) -> sa.Select[Any]:
        found = sa.select(*wanted).join(Plan.unit)
        mine = found.where(Plan.campaign_id == self._cloning.source_id, self._chosen())
        return mine.order_by(Unit.path, Plan.id)

    def _chosen(self) -> sa.ColumnElement[bool]:
        other, root = self._cloning.from_unit_id, self._cloning.unit
        if other is not None:
            may_read = sa.or_(self._scope.condition(), Plan.state == PlanState.RELEASED)
            return sa.and_(Plan.unit_id == other, may_read)
        inside = subtree(root).condition() if self._cloning.below else Unit.id == root.id
        gone_into = sa.select(Succession.earlier_id).where(
            Succession.later_id == root.id, Succession.kind == SuccessionKind.MERGED
        )
        return sa.or_(sa.and_(inside, self._scope.condition()), Unit.id.in_(gone_into))

    @cached_property
    def _heirs(self) -> Heirs:
        return Heirs(self._cloning.target.starts_on)
