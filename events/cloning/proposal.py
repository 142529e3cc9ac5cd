"""What a take-over would make: every activity and duty of an earlier week beside its new self."""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from accounts.models import Unit
from accounts.scope import Scope
from core import clock
from core.database import session
from core.text import folded
from events.cloning.dates import shifted
from events.cloning.models import Cloning, Part, Shift
from events.cloning.rows import NEVER, Duty, Old, Row, Why, hours
from events.cloning.sources import Sources
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
        self.sources = Sources(cloning, scope)
        self.source: Campaign = cloning.source
        self.target: Campaign = cloning.target
        self._parts = frozenset(part for part in Part if self.sources.takes(part))
        self._shift = Shift(cloning.shift)
        self._changes: Mapping[str, Any] = cloning.changes
        self._times: dict[tuple[datetime, datetime, bool], tuple[datetime, datetime]] = {}

    def takes(self, part: Part) -> bool:
        """Whether this part was chosen, and may be taken."""
        return part in self._parts

    @cached_property
    def plan_ids(self) -> list[int]:
        """The earlier plans that are taken over, in the order of the tree."""
        return list(self.sources.units_of_plans)

    @cached_property
    def rows(self) -> list[Row]:
        """The activities, by day and hour of the earlier week."""
        if not self.takes(Part.ACTIVITIES):
            return []
        return [self._row(old) for old in self._activities()]

    def by_rule(self) -> "Proposal":
        """The same with nothing decided otherwise."""
        plain = copy(self)
        plain._changes = {}
        for name in ("rows", "duties"):
            plain.__dict__.pop(name, None)
        return plain

    @cached_property
    def duties(self) -> list[Duty]:
        """The duties, in the order of the plans."""
        if not self.takes(Part.DUTIES):
            return []
        position = {number: place for place, number in enumerate(self.plan_ids)}
        found = session().scalars(
            sa.select(Assignment).where(Assignment.plan_id.in_(self.plan_ids))
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

    @cached_property
    def _there(self) -> set[tuple[int, int]]:
        """Activities that the new week has already from the earlier one."""
        return self._cloned(Activity)

    @cached_property
    def _duties_there(self) -> set[tuple[int, int]]:
        return self._cloned(Assignment)

    def _cloned(self, model: type[Activity] | type[Assignment]) -> set[tuple[int, int]]:
        """In whose plan of the new week there is what already."""
        found = (
            sa.select(Plan.unit_id, model.cloned_from_id)
            .select_from(model)
            .join(Plan, Plan.id == model.plan_id)
            .where(Plan.campaign_id == self.target.id, model.cloned_from_id.is_not(None))
        )
        return {(unit_id, number) for unit_id, number in session().execute(found) if number}

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
        asked = (
            sa.select(*told)
            .outerjoin(Venue, Venue.id == Activity.venue_id)
            .where(Activity.plan_id.in_(self.plan_ids))
            .order_by(Activity.starts_at, Activity.id)
        )
        if self.sources.is_public_only:
            asked = asked.where(Activity.state == ActivityState.RELEASED)
        return [Old(*row) for row in session().execute(asked)]

    def _row(self, old: Old) -> Row:
        plan_unit, unit = self.sources.places(old.plan_id, old.unit_id)
        decided: Mapping[str, Any] = self._changes.get(f"a{old.id}", {})
        why = self._why(old, plan_unit, unit)
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
        plan_unit = self.sources.plan_unit(old.plan_id)
        unit = self.sources.successor(old.unit_id) if plan_unit else None
        decided: Mapping[str, Any] = self._changes.get(f"d{old.id}", {})
        why = Why.UNIT_GONE if unit is None else None
        if plan_unit and (plan_unit.id, old.id) in self._duties_there:
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

    def _why(self, old: Old, plan_unit: Unit | None, unit: Unit | None) -> Why | None:
        if plan_unit is None or unit is None:
            return Why.UNIT_GONE
        if (plan_unit.id, old.id) in self._there:
            return Why.THERE
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
