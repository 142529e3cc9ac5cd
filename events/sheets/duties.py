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
from events import planning, queries
from events.duties.groups import reach
from events.models import Assignment, Plan
from events.sheets.errors import NoSuchPlan, NoWeek
from events.sheets.places import plan_title


class Duties:
    """Who does what, as plans of the organiser's units say."""

    def __init__(self, asked_by: int, now: datetime) -> None:
        self._now = now
        today = clock.local_day(now)
        self._asker = asker(asked_by, Role.ORGANISER, today)
        self._week = session().scalar(queries.week_on_or_next(today))
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
        plans: dict[str, Plan] = {}
        for entry in entries:
            try:
                if entry.is_new:
                    self._assign(entry, plans)
                else:
                    self._edit(entry)
            except DomainError as fault:
                raise LineRefused(entry.number, "unit", fault) from None

    def notes(self, entries: Sequence[Entry]) -> Iterable[tuple[str, dict[str, Any]]]:
        """Nothing else happens: duties are handed out on their own page."""
        return ()

    def handed_over(self) -> Handout | None:
        """Nothing is made on the way."""
        return None

    def _assign(self, entry: Entry, plans: dict[str, Plan]) -> None:
        values = entry.values
        plan = plans.get(values["plan"]) or self._plan(values["plan"])
        plans[values["plan"]] = plan
        duty = planning.assign(
            plan,
            self._units[values["unit"]],
            role=values["role"],
            duty=values["duty"],
            due_on=values["due_on"],
        )
        duty.remark = values["remark"]
        self._note(plan, "duty.assigned", {"unit": values["unit"], "duty": duty.duty})

    def _edit(self, entry: Entry) -> None:
        if entry.record is None:
            return
        duty: Assignment = entry.record.subject
        for key in ("role", "duty", "due_on", "remark"):
            if key in entry.changed:
                setattr(duty, key, entry.values[key])
        self._note(duty.plan, "duty.edited", {"unit": duty.unit.code, "duty": duty.duty})

    def _plan(self, code: str) -> Plan:
        """The plan of the unit itself, begun when there is none. Raises ``NoWeek``."""
        if self._week is None:
            raise NoWeek
        unit = self._asker.unit(code)
        found = sa.select(Plan).where(Plan.campaign_id == self._week.id, Plan.unit_id == unit.id)
        plan = session().scalar(found)
        return plan or planning.start_plan(self._week, unit, title=plan_title(self._week.year))

    def _note(self, plan: Plan, action: str, facts: dict[str, Any]) -> None:
        subject = f"plan:{plan.id}"
        audit.record(self._asker.account, plan.unit, action, subject, facts, self._now)


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
