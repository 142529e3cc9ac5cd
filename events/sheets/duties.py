"""The duties that an organiser's plans of the week lay on units, as a table."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from accounts import audit
from accounts.models import Role, Unit
from accounts.sheets.asking import NoSuchRow, NoSuchUnit, StaffKeeper
from core import clock
from core.database import session
from core.errors import DomainError
from core.i18n import N_
from core.paging import loaded
from core.spreadsheets.definitions import (
    ACTION,
    Entry,
    LineRefused,
    Record,
    Refusal,
    Values,
    working,
)
from core.spreadsheets.errors import HangsOn, OnlyForReading
from core.spreadsheets.gathering import about, numbered
from core.text import folded
from events import queries
from events.duties.groups import reach
from events.errors import DutyOutsideThePlan
from events.models import Assignment, Plan
from events.sheets.errors import NoSuchPlan, NoWeek
from events.sheets.plans import Plans


class Duties(StaffKeeper):
    """Who does what, as plans of the organiser's units say."""

    role = Role.ORGANISER

    def __init__(self, asked_by: int, now: datetime) -> None:
        super().__init__(asked_by, now)
        self._week = session().scalar(queries.week_on_or_next(self._today))
        self._last: dict[int, int] = {}
        every = self._asker.every
        self._codes = {number: unit.code for number, unit in every.items()}
        self._units = {unit.code: unit for unit in every.values() if unit.is_there(self._today)}
        self._rows = list(self._read())

    def records(self) -> Iterable[Record]:
        """Plan by plan, in their order."""
        return self._rows

    def _read(self) -> Iterable[Record]:
        """Only the columns that are compared, in one question."""
        if self._week is None:
            return
        office = aliased(Unit)
        said = [getattr(Assignment, key) for key in _SAID]
        found = (
            sa.select(
                Assignment.id, Plan.unit_id.label("plan"), Assignment.unit_id,
                Assignment.received_at, Assignment.done_at, *said,
            )
            .join(Assignment.plan)
            .join(office, Plan.unit_id == office.id)
            .where(Plan.campaign_id == self._week.id, self._asker.scope.owns(Plan.unit_id))
            .order_by(office.path, Assignment.position, Assignment.id)
        )  # fmt: skip
        for row in session().execute(found):
            values = {key: getattr(row, key) for key in _SAID} | {
                "number": row.id,
                "plan": self._codes[row.plan],
                "unit": self._codes[row.unit_id],
                "received": clock.local_day(row.received_at) if row.received_at else None,
                "done": clock.local_day(row.done_at) if row.done_at else None,
            }
            yield Record(row.id, values)

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

    def judge_action(self, entry: Entry) -> Iterable[Refusal]:
        """A duty with evidence stays."""
        if entry.record and entry.record.subject in self._used(
            Assignment, (row.subject for row in self._rows)
        ):
            yield ACTION, HangsOn()

    def keep(self, entries: Sequence[Entry]) -> None:
        """Lay on new duties; say changed ones anew; take some out."""
        if self._week is None:
            return
        plans = Plans(self._week, self._asker.scope)
        present = self._loaded(entries)
        done = []
        for entry in working(entries):
            try:
                if entry.record is None:
                    done.append((self._assigned(entry, plans), "duty.assigned"))
                    continue
            except DomainError as fault:
                raise LineRefused(entry.number, "unit", fault) from None
            duty = present[entry.record.subject]
            about(duty)
            done.append((duty, "duty.removed" if entry.action else "duty.edited"))
            if entry.action:
                session().delete(duty)
            for key in entry.changed & set(_SAID):
                setattr(duty, key, entry.values[key])
        numbered(duty.plan for duty, action in done if action == "duty.assigned")
        for duty, action in done:
            facts = {"unit": duty.unit.code, "duty": duty.duty}
            self._note(duty.plan.unit, action, f"plan:{duty.plan.id}", facts)

    def _loaded(self, entries: Sequence[Entry]) -> dict[int, Assignment]:
        numbers = [entry.record.subject for entry in entries if entry.record is not None]
        whole = sa.select(Assignment).options(
            joinedload(Assignment.unit), joinedload(Assignment.plan).joinedload(Plan.unit)
        )
        return loaded(whole, numbers)

    def _assigned(self, entry: Entry, plans: Plans) -> Assignment:
        """A duty after those that its plan has. Raises ``DutyOutsideThePlan``."""
        values = entry.values
        plan, unit = plans.of(self._asker.unit(values["plan"])), self._units[values["unit"]]
        if not reach(plan.unit).covers(unit):
            raise DutyOutsideThePlan(unit=unit.name)
        numbered([plan])
        if not self._last:
            highest = sa.func.max(Assignment.position)
            asked = sa.select(Assignment.plan_id, highest).group_by(Assignment.plan_id)
            self._last = {number: last for number, last in session().execute(asked)}  # noqa: C416
        self._last[plan.id] = self._last.get(plan.id, 0) + 1
        said = {key: values[key] for key in _SAID}
        duty = Assignment(plan=plan, unit=unit, position=self._last[plan.id], **said)
        session().add(duty)
        return duty


_SAID = ("role", "duty", "due_on", "remark")

audit.name({"duty.removed": N_("Duty taken out by a file")})
