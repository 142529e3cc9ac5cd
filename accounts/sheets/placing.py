"""Units of a table that are placed elsewhere or end: done by the rules of the tree, at the last."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from accounts.errors import ReportsInACircle
from accounts.models import FormerPlace, Unit
from accounts.tree import services
from core.database import session
from core.errors import DomainError
from core.spreadsheets.changes import Facts, Key, Touched, key_of
from core.spreadsheets.definitions import ACTION, Entry, LineRefused

END, DELETE = "end", "delete"
Note = Callable[[Unit | None, str, str, Mapping[str, Any]], None]


@dataclass
class Placing:
    """What waits until all else of the table is written."""

    today: date
    moves: list[tuple[int, str, str]] = field(default_factory=list)
    """The line, the code of the unit, the code of the one that it goes under."""
    ends: list[tuple[int, str]] = field(default_factory=list)

    def move(self, entry: Entry, unit: Unit, to: Unit) -> None:
        """Place a unit elsewhere."""
        self.moves.append((entry.number, unit.code, to.code))

    def end(self, entry: Entry, unit: Unit) -> None:
        """Let a unit end today."""
        self.ends.append((entry.number, unit.code))

    def refuse_circles(self, entries: Sequence[Entry], units: Mapping[str, Unit]) -> None:
        """No report comes back to where it began. Raises ``LineRefused``."""
        above = {code: to for _, code, to in self.moves}
        for entry in entries:
            if not entry.action and (entry.is_new or entry.changed & {"reports_to", "parent"}):
                here, seen = units[entry.values["code"]], set()
                while here.code not in seen:
                    seen.add(here.code)
                    reader = here.reports_to or units.get(above.get(here.code, "")) or here.parent
                    if reader is None:
                        break
                    here = reader
                else:
                    circle = ReportsInACircle(unit=here.name)
                    raise LineRefused(entry.number, "reports_to", circle)

    def done(self, note: Note) -> Sequence[Touched]:
        """Move and end the units. Raises ``LineRefused``."""
        if not (self.moves or self.ends):
            return ()
        before = _rows()
        for line, code, to in self.moves:
            unit, parent = _unit(code), _unit(to)
            former = unit.parent.code if unit.parent else ""
            try:
                services.move(unit, to=parent, on=self.today, today=self.today)
            except DomainError as refusal:
                raise LineRefused(line, "parent", refusal) from None
            note(unit, "unit.moved", f"unit:{code}", {"parent": [former, to]})
        for line, code in self._from_below():
            try:
                services.close(_unit(code), last_day=self.today)
            except DomainError as refusal:
                raise LineRefused(line, ACTION, refusal) from None
            told = {"last_day": f"{self.today:%d/%m/%Y}"}
            note(_unit(code), "unit.closed", f"unit:{code}", told)
        session().flush()
        after = _rows()
        lines = {code: line for line, code, _ in self.moves}
        lines |= {code: line for line, code in self.ends}
        return [
            Touched(table, before.get((table, key)), facts, lines.get(facts.get("code", ""), 0))
            for (table, key), facts in after.items()
            if before.get((table, key)) != facts
        ]

    def _from_below(self) -> list[tuple[int, str]]:
        """Those that end, each before the one that it stands under."""
        return sorted(self.ends, key=lambda end: -_unit(end[1]).path.count("/"))


def _unit(code: str) -> Unit:
    return session().scalars(sa.select(Unit).where(Unit.code == code)).one()


def _rows() -> dict[tuple[sa.Table, Key], Facts]:
    """Every unit and where it stood."""
    found: dict[tuple[sa.Table, Key], Facts] = {}
    for table in (Unit.__table__, FormerPlace.__table__):
        for row in session().connection().execute(sa.select(table)):
            facts = dict(row._mapping)
            found[table, key_of(table, facts)] = facts  # type: ignore[arg-type,index]
    return found
