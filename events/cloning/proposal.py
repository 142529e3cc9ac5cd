"""What a take-over would make: every activity and duty of an earlier week beside its new self."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from accounts.models import Succession, SuccessionKind, Unit
from accounts.scope import Scope, subtree
from accounts.tree.heirs import Heirs
from core import clock
from core.database import session
from core.text import folded
from events.cloning.dates import shifted
from events.cloning.models import Cloning, Part, Shift
from events.cloning.rows import NEVER, Duty, Old, Row, Why, hours
from events.models import (
    Activity,
    ActivityKind,
    ActivityState,
    Assignment,
    Campaign,
    Plan,
    Venue,
)
from events.releases.spans import Span


class Proposal:
    """All rows of a take-over, worked out from the earlier week and what was decided."""

    def __init__(self, cloning: Cloning, scope: Scope) -> None:
        self.cloning = cloning
        self.source: Campaign = cloning.source
        self.target: Campaign = cloning.target
        self._scope = scope
        self._shift = Shift(cloning.shift)
        self._changes: Mapping[str, Any] = cloning.changes
        self._times: dict[tuple[datetime, datetime, bool], tuple[datetime, datetime]] = {}

    def takes(self, part: Part) -> bool:
        """Whether this part was chosen."""
        return part.value in self.cloning.parts

    @cached_property
    def plans(self) -> list[Plan]:
        """The earlier plans that are taken over, in the order of the tree."""
        root = self.cloning.unit
        inside = subtree(root).condition() if self.cloning.below else Unit.id == root.id
        gone_into = sa.select(Succession.earlier_id).where(
            Succession.later_id == root.id, Succession.kind == SuccessionKind.MERGED
        )
        found = (
            sa.select(Plan)
            .join(Plan.unit)
            .where(Plan.campaign_id == self.source.id)
            .where(sa.or_(sa.and_(inside, self._scope.condition()), Unit.id.in_(gone_into)))
            .order_by(Unit.path, Plan.id)
        )
        return list(session().scalars(found))

    @cached_property
    def rows(self) -> list[Row]:
        """The activities, by day and hour of the earlier week."""
        if not self.takes(Part.ACTIVITIES):
            return []
        return [self._row(old) for old in self._activities()]

    def by_rule(self) -> "Proposal":
        """The same with nothing decided otherwise."""
        plain = Proposal(self.cloning, self._scope)
        plain._changes = {}
        for name in ("plans", "_there", "_duties_there", "_alike", "_heirs"):
            if name in self.__dict__:
                plain.__dict__[name] = self.__dict__[name]
        return plain

    @cached_property
    def duties(self) -> list[Duty]:
        """The duties, in the order of the plans."""
        if not self.takes(Part.DUTIES):
            return []
        position = {plan.id: place for place, plan in enumerate(self.plans)}
        found = session().scalars(
            sa.select(Assignment).where(Assignment.plan_id.in_(self._plan_ids))
        )
        ordered = sorted(found, key=lambda d: (position[d.plan_id], d.position, d.id))
        return [self._duty(old) for old in ordered]

    @property
    def chosen(self) -> list[Row]:
        """The activities that would be made."""
        return [row for row in self.rows if row.chosen]

    @property
    def chosen_duties(self) -> list[Duty]:
        """The duties that would be made."""
        return [duty for duty in self.duties if duty.chosen]

    @property
    def there(self) -> int:
        """How many rows were taken over before."""
        whys = [row.why for row in self.rows] + [duty.why for duty in self.duties]
        return whys.count(Why.THERE)

    def successor(self, unit_id: int) -> Unit | None:
        """The unit that goes on for one of the earlier week; None when there is no single one."""
        return self._heirs.of(unit_id)

    def plan_unit(self, plan_id: int) -> Unit | None:
        """The unit into whose plan it goes, when one may write there."""
        unit = self.successor(self._unit_of[plan_id])
        return unit if unit and self._scope.covers(unit) else None

    def host(self, unit_id: int, plan_unit: Unit | None) -> Unit | None:
        """Who holds it now: the unit that goes on, else the unit of the plan."""
        unit = self.successor(unit_id)
        if unit and plan_unit and unit.path.startswith(plan_unit.path):
            return unit
        return plan_unit

    @cached_property
    def _plan_ids(self) -> list[int]:
        return [plan.id for plan in self.plans]

    @cached_property
    def _unit_of(self) -> dict[int, int]:
        return {plan.id: plan.unit_id for plan in self.plans}

    @cached_property
    def _heirs(self) -> Heirs:
        return Heirs(self.target.starts_on)

    @cached_property
    def _there(self) -> set[int]:
        """Activities that the new week has already from the earlier one."""
        return self._cloned(Activity)

    @cached_property
    def _duties_there(self) -> set[int]:
        return self._cloned(Assignment)

    def _cloned(self, model: type[Activity] | type[Assignment]) -> set[int]:
        found = (
            sa.select(model.cloned_from_id)
            .join(Plan, Plan.id == model.plan_id)
            .where(Plan.campaign_id == self.target.id, model.cloned_from_id.is_not(None))
        )
        return {number for number in session().scalars(found) if number is not None}

    @cached_property
    def _alike(self) -> set[tuple[int, str]]:
        """Who holds what under which name in the new week, typed by hand."""
        found = session().execute(
            sa.select(Activity.unit_id, Activity.title)
            .join(Plan, Plan.id == Activity.plan_id)
            .where(Plan.campaign_id == self.target.id, Activity.cloned_from_id.is_(None))
        )
        return {(unit_id, folded(title)) for unit_id, title in found}

    def _activities(self) -> Iterable[Old]:
        told: tuple[Any, ...] = (
            Activity.id, Activity.plan_id, Activity.unit_id, Activity.title, Activity.starts_at,
            Activity.ends_at, Activity.kind, Activity.state, Activity.place,
            sa.func.coalesce(Venue.name, ""),
        )  # fmt: skip
        found = session().execute(
            sa.select(*told)
            .outerjoin(Venue, Venue.id == Activity.venue_id)
            .where(Activity.plan_id.in_(self._plan_ids))
            .order_by(Activity.starts_at, Activity.id)
        )
        return [Old(*row) for row in found]

    def _row(self, old: Old) -> Row:
        plan_unit = self.plan_unit(old.plan_id)
        unit = self.host(old.unit_id, plan_unit)
        decided: Mapping[str, Any] = self._changes.get(f"a{old.id}", {})
        why = self._why(old, unit)
        starts_at, ends_at = self._when(old, decided)
        place = old.place if self.takes(Part.VENUES) else ""
        venue = old.venue if self.takes(Part.VENUES) else ""
        return Row(
            old=old,
            unit=unit,
            plan_unit=plan_unit,
            title=decided.get("title", old.title),
            starts_at=starts_at,
            ends_at=ends_at,
            place=", ".join(name for name in (venue, place) if name),
            why=why,
            chosen=why not in NEVER and decided.get("keep", why is None),
            changed=bool(decided),
        )

    def _duty(self, old: Assignment) -> Duty:
        plan_unit = self.plan_unit(old.plan_id)
        unit = self.successor(old.unit_id) if plan_unit else None
        decided: Mapping[str, Any] = self._changes.get(f"d{old.id}", {})
        why = Why.UNIT_GONE if unit is None else None
        if old.id in self._duties_there:
            why = Why.THERE
        due_on = self._day(old.due_on) if old.due_on else None
        if "due_on" in decided:
            due_on = date.fromisoformat(decided["due_on"]) if decided["due_on"] else None
        return Duty(
            old=old,
            unit=unit,
            plan_unit=plan_unit,
            text=decided.get("text", old.duty),
            due_on=due_on,
            why=why,
            chosen=why not in NEVER and decided.get("keep", True),
            changed=bool(decided),
        )

    def _why(self, old: Old, unit: Unit | None) -> Why | None:
        if old.id in self._there:
            return Why.THERE
        if unit is None:
            return Why.UNIT_GONE
        if old.state is ActivityState.CANCELLED:
            return Why.CANCELLED
        if old.state is ActivityState.DRAFT:
            return Why.UNRELEASED
        is_alike = self._alike and (unit.id, folded(old.title)) in self._alike
        return Why.ALIKE if is_alike else None

    def _when(self, old: Old, decided: Mapping[str, Any]) -> tuple[datetime, datetime]:
        starts_at, ends_at = self._by_rule(old)
        if "on" in decided:
            day, hour = date.fromisoformat(decided["on"]), clock.local(starts_at).time()
            length = ends_at - starts_at
            starts_at = clock.from_wall(datetime.combine(day, hour))
            ends_at = starts_at + length
        if "begins" not in decided:
            return starts_at, ends_at
        day = clock.local_day(starts_at)
        return hours(day, ends_at - starts_at, decided["begins"], decided["ends"])

    def _by_rule(self, old: Old) -> tuple[datetime, datetime]:
        """When it is by the rule; worked out once for all that were at the same time."""
        key = (old.starts_at, old.ends_at, old.kind is ActivityKind.OPENING)
        if key not in self._times:
            first = clock.local(old.starts_at)
            day = self._inside_the_week(old, self._opening_or(first.date(), old.kind))
            starts_at = clock.from_wall(datetime.combine(day, first.time()))
            self._times[key] = starts_at, starts_at + (old.ends_at - old.starts_at)
        return self._times[key]

    def _opening_or(self, day: date, kind: ActivityKind) -> date:
        """An opening follows the day of the opening where both weeks name one."""
        here, there = self.source.opening_on, self.target.opening_on
        if kind is ActivityKind.OPENING and here == day and there:
            return there
        return self._day(day)

    def _inside_the_week(self, old: Old, day: date) -> date:
        """What filled days of the earlier week and would run over the end keeps to the run."""
        was = Span(old.starts_at, old.ends_at)
        ends_on = day + (was.last - was.first)
        was_inside = self.source.starts_on <= was.first and was.last <= self.source.ends_on
        if was.first == was.last or not was_inside or ends_on <= self.target.ends_on:
            return day
        return shifted(was.first, self.source, self.target, Shift.RUN)

    def _day(self, day: date) -> date:
        return shifted(day, self.source, self.target, self._shift)
