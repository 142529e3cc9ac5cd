"""The duties that an organiser's plans of the week lay on units, as a table."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts import audit
from accounts.models import Role, Unit
from accounts.sheets.asking import NoSuchRow, NoSuchUnit, asker
from core import clock
from core.database import session
from core.errors import DomainError
from core.spreadsheets.definitions import Entry, Handout, LineRefused, Record, Refusal, Values
from core.spreadsheets.errors import OnlyForReading
from core.text import folded
from events import queries
from events.duties.groups import reach
from events.errors import DutyOutsideThePlan
from events.models import Assignment, Plan
from events.sheets.errors import NoSuchPlan, NoWeek
from events.sheets.plans import Plans


class Duties:
    """Who does what, as plans of the organiser's units say."""

    def __init__(self, asked_by: int, now: datetime) -> None:
        self._now = now
        today = clock.local_day(now)
        self._asker = asker(asked_by, Role.ORGANISER, today)
        self._week = session().scalar(queries.week_on_or_next(today))
        self._last: dict[Plan, int] = {}
        there = sa.select(Unit).options(joinedload(Unit.parent)).order_by(Unit.path)
        self._units = {u.code: u for u in session().scalars(there) if u.is_there(today)}

    def records(self) -> Iterable[Record]:
        """Plan by plan, in their order."""
        if self._week is None:
            return []
        found = (
            sa.select(Assignment)
            .join(Assignment.plan)
            .join(Plan.unit)
            .where(Plan.campaign_id == self._week.id, self._asker.scope.condition())
            .options(joinedload(Assignment.unit), joinedload(Assignment.plan).joinedload(Plan.unit))
            .order_by(Unit.path, Assignment.position, Assignment.id)
        )
        return [Record(duty, _values(duty)) for duty in session().scalars(found).unique()]

    def keys(self, values: Values) -> Sequence[Hashable]:
        """The number, else who carries what by which plan."""
        said = (values["plan"], values["unit"], values["role"], folded(values["duty"]))
        return [values["number"], said] if values["number"] else [said]

    def title(self, values: Values) -> str:
        """The duty in its own words."""
        return str(values["duty"])

    def judge(self, entry: Entry) -> Iterable[Refusal]:
        """The same rules as the pages have."""
        values = entry.values
        if self._week is None:
            yield "duty", NoWeek()
        if values["number"] and (entry.is_new or "number" in entry.changed):
            yield "number", NoSuchRow(code=values["number"])
        if not entry.is_new:
            yield from ((key, OnlyForReading()) for key in ("plan", "unit") if key in entry.changed)
            return
        office, unit = self._asker.units.get(values["plan"]), self._units.get(values["unit"])
        if office is None:
            yield "plan", NoSuchPlan(code=values["plan"])
        elif unit is None or not reach(office).covers(unit):
            yield "unit", NoSuchUnit(code=values["unit"])

    def keep(self, entries: Sequence[Entry]) -> None:
        """Lay on new duties; say changed ones anew."""
        if self._week is None:
            return
        plans = Plans(self._week, self._asker.scope)
        done = []
        with session().no_autoflush:
            for entry in entries:
                try:
                    duty = self._assigned(entry, plans) if entry.is_new else self._edited(entry)
                except DomainError as fault:
                    raise LineRefused(entry.number, "unit", fault) from None
                done.append((duty, "duty.assigned" if entry.is_new else "duty.edited"))
        session().flush()
        for duty, action in done:
            facts = {"unit": duty.unit.code, "duty": duty.duty}
            subject = f"plan:{duty.plan_id}"
            unit = duty.plan.unit
            audit.record(self._asker.account, unit, action, subject, facts, self._now)

    def notes(self, entries: Sequence[Entry]) -> Iterable[tuple[str, dict[str, Any]]]:
        """Nothing else happens: duties are handed out on their own page."""
        return ()

    def handed_over(self) -> Handout | None:
        """Nothing is made on the way."""
        return None

    def _assigned(self, entry: Entry, plans: Plans) -> Assignment:
        """A duty after those that its plan has. Raises ``DutyOutsideThePlan``."""
        values = entry.values
        plan, unit = plans.of(self._asker.unit(values["plan"])), self._units[values["unit"]]
        if not reach(plan.unit).covers(unit):
            raise DutyOutsideThePlan(unit=unit.name)
        last = self._last.get(plan)
        if last is None:
            last = max((row.position for row in plan.assignments), default=0)
        self._last[plan] = last + 1
        said = {key: values[key] for key in ("role", "duty", "due_on", "remark")}
        duty = Assignment(unit=unit, position=last + 1, **said)
        plan.assignments.append(duty)
        return duty

    def _edited(self, entry: Entry) -> Assignment:
        duty: Assignment = entry.record.subject if entry.record else Assignment()
        for key in entry.changed & {"role", "duty", "due_on", "remark"}:
            setattr(duty, key, entry.values[key])
        return duty


def _values(duty: Assignment) -> Values:
    return {
        "number": duty.id,
        "plan": duty.plan.unit.code,
        "unit": duty.unit.code,
        "role": duty.role,
        "duty": duty.duty,
        "due_on": duty.due_on,
        "remark": duty.remark,
        "received": clock.local_day(duty.received_at) if duty.received_at else None,
        "done": clock.local_day(duty.done_at) if duty.done_at else None,
    }
