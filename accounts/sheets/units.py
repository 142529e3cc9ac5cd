"""Units as a table: one row for each, named by its code."""

import re
from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from accounts import audit
from accounts.errors import RootStays, UnitBelowItself, WrongAddress
from accounts.models import Role, Unit
from accounts.sheets.asking import NoSuchUnit, StaffKeeper
from accounts.sheets.placing import DELETE, END, Placing
from accounts.tree import holdings
from accounts.words import KINDS
from core import addresses
from core.database import session
from core.errors import DomainError
from core.i18n import N_
from core.spreadsheets.changes import Touched
from core.spreadsheets.columns import Choice, Code, Column, Day, Mail, Number
from core.spreadsheets.definitions import (
    ACTION,
    Entry,
    LineRefused,
    Record,
    Refusal,
    Sheet,
    Values,
    working,
)
from core.spreadsheets.errors import HangsOn, OnlyForReading
from core.spreadsheets.gathering import about, numbered

_EDITED = (
    "name", "short_name", "kind", "place", "symbol", "head_title", "headcount",
)  # fmt: skip


class CodeUnfit(DomainError):
    """Not a code that addresses can carry."""

    sentence = N_("Please use only a–z, 0–9 and single hyphens, such as so-gddt.")


class CodeUnusable(DomainError):
    """A code that is taken where the asker does not look; it is not said by whom."""

    sentence = N_("The code “%(code)s” cannot be used here. Please choose another one.")


class BelowEachOther(DomainError):
    """Units of the file that stand under each other in a circle."""

    sentence = N_("The units of this file stand under each other in a circle.")


class Units(StaffKeeper):
    """The units that an administrator shapes."""

    role = Role.ADMIN

    def __init__(self, asked_by: int, now: datetime) -> None:
        super().__init__(asked_by, now)
        self._by_id = self._asker.every
        self._all = {unit.code: unit for unit in self._by_id.values()}
        self._in_file: set[str] = set()
        self._placing = Placing(self._today)

    def records(self) -> Iterable[Record]:
        """The units inside, those above before those below."""
        return [Record(unit, self._values(unit)) for unit in self._asker.units.values()]

    def keys(self, values: Values) -> Sequence[Hashable]:
        """The code; what stands in the file may be named by its other rows."""
        self._in_file.add(values["code"])
        return [values["code"]]

    def title(self, values: Values) -> str:
        """The short name."""
        return str(values["short_name"] or values["name"])

    def judge(self, entry: Entry) -> Iterable[Refusal]:
        """The same rules as the pages have."""
        values = entry.values
        if entry.is_new:
            yield from self._judge_new(values)
        elif "parent" in entry.changed:
            yield from self._judge_move(self._all[values["code"]], values["parent"])
        if "valid_from" in entry.changed:
            yield "valid_from", OnlyForReading()
        if values["email"] and not addresses.is_address(values["email"]):
            yield "email", WrongAddress(address=values["email"])
        reader = values["reports_to"]
        if reader and reader not in self._all and reader not in self._in_file:
            yield "reports_to", NoSuchUnit(code=reader)

    def _judge_move(self, unit: Unit, above: str) -> Iterable[Refusal]:
        parent = self._asker.units.get(above)
        if parent is None and not self._is_new(above):
            yield "parent", NoSuchUnit(code=above)
        elif parent is not None and parent.path.startswith(unit.path):
            yield "parent", UnitBelowItself(unit=unit.name)

    def judge_action(self, entry: Entry) -> Iterable[Refusal]:
        """A unit that did something ends; one entered by mistake goes away."""
        unit = self._all[entry.values["code"]]
        if unit.parent_id is None:
            yield ACTION, RootStays()
        elif entry.action == DELETE and unit.id in self._used(Unit, self._by_id):
            yield ACTION, HangsOn()

    def _judge_new(self, values: Values) -> Iterable[Refusal]:
        code, parent = values["code"], values["parent"]
        if len(code) > 60 or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code):
            yield "code", CodeUnfit()
        elif code in self._all:
            yield "code", CodeUnusable(code=code)
        if parent and parent not in self._asker.units and not self._is_new(parent):
            yield "parent", NoSuchUnit(code=parent)

    def _is_new(self, code: str) -> bool:
        """Whether a row of the file, perhaps a later one, brings the unit."""
        return code not in self._all and code in self._in_file

    def keep(self, entries: Sequence[Entry]) -> None:
        """Those above first, so that each parent is there; then who reports to whom."""
        fresh = {entry.values["code"]: entry for entry in entries if entry.is_new}
        order = _from_above(fresh)
        for level in _levels(order):
            self._create(level)
        for entry in working(entries):
            if not entry.is_new:
                self._edit(entry)
            elif reader := self._all.get(entry.values["reports_to"]):
                self._all[entry.values["code"]].reports_to = reader
        codes = [e.values["code"] for e in working(entries) if "name" in e.changed and not e.is_new]
        holdings.renamed([self._all[code].id for code in codes])
        self._placing.refuse_circles(entries, self._all)

    def finish(self) -> Sequence[Touched]:
        """Units that are moved or end take along what is known of them by now."""
        return self._placing.done(self._note)

    def notes(self, entries: Sequence[Entry]) -> Iterable[tuple[str, dict[str, Any]]]:
        """What goes along with units that are placed elsewhere."""
        moved = [self._all[e.values["code"]].path for e in entries
                 if "parent" in e.changed and not e.is_new]  # fmt: skip
        along = sum(unit.path.startswith(tuple(moved)) for unit in self._by_id.values())
        if moved:
            yield (
                N_(
                    "%(n)s units are placed elsewhere from today; with all below them these are "
                    "%(all)s. Who holds a role above their new place holds it for them too."
                ),
                {"n": len(moved), "all": along},
            )

    def returning(self, row: Touched) -> Touched:
        """What followed from a name does not all go back."""
        return holdings.returning(row)

    def stuck(self, rows: Sequence[Touched]) -> Iterable[int]:
        """A unit does not go back to its former place from above one that came since."""
        ours = {row.key[0] for row in rows if row.table is Unit.__table__}
        for place, row in enumerate(rows):
            before, after = row.before, row.after
            if row.table is Unit.__table__ and before and after and before["path"] != after["path"]:
                below = sa.select(Unit.id).where(Unit.path.startswith(before["path"]))
                if set(session().scalars(below)) - ours:
                    yield place

    def _create(self, entries: Sequence[Entry]) -> None:
        """Units whose parents are all there: their paths need their numbers."""
        made = []
        for entry in working(entries):
            made.append(self._unit(entry))
            session().add(made[-1])
        numbered(made)
        for unit in made:
            above = unit.parent
            unit.path = f"{above.path if above else '/'}{unit.id}/"
            self._all[unit.code] = unit
            facts = {"code": unit.code, "name": unit.name, "parent": above.code if above else ""}
            self._note(above, "unit.created", f"unit:{unit.code}", facts)

    def _unit(self, entry: Entry) -> Unit:
        values = entry.values
        parent = self._all.get(values["parent"])
        if parent is None:
            raise LineRefused(entry.number, "parent", NoSuchUnit(code=values["parent"]))
        facts = self._facts(values)
        facts["short_name"] = facts["short_name"] or facts["name"]
        since = values["valid_from"]
        return Unit(parent=parent, code=values["code"], valid_from=since, **facts)

    def _edit(self, entry: Entry) -> None:
        unit = self._all[entry.values["code"]]
        about(unit)
        if entry.action == DELETE:
            session().delete(unit)
            self._note(unit.parent, "unit.deleted", f"unit:{unit.code}", {"name": unit.name})
            return
        if entry.action:
            self._placing.end(entry, unit)
            return
        facts = self._facts(entry.values)
        for key in entry.changed & facts.keys():
            setattr(unit, key, facts[key])
        unit.short_name = unit.short_name or unit.name
        if "reports_to" in entry.changed:
            unit.reports_to = self._all.get(entry.values["reports_to"])
        if "parent" in entry.changed:
            self._placing.move(entry, unit, self._all[entry.values["parent"]])
        noted = {
            key: [_plain(entry.former[key]), _plain(entry.values[key])]
            for key in sorted(entry.changed - {"parent"})
        }
        if noted:
            self._note(unit, "unit.edited", f"unit:{unit.code}", noted)

    def _facts(self, values: Values) -> dict[str, Any]:
        email = addresses.checked(values["email"]) if values["email"] else None
        return {key: values[key] for key in _EDITED} | {"email": email}

    def _values(self, unit: Unit) -> Values:
        parent = self._by_id.get(unit.parent_id or 0)
        reader = self._by_id.get(unit.reports_to_id or 0)
        is_seen = parent is not None and self._asker.scope.covers(parent)
        return {key: getattr(unit, key) for key in _EDITED} | {
            "code": unit.code,
            "valid_from": unit.valid_from,
            "email": unit.email or "",
            "parent": parent.code if parent is not None and is_seen else "",
            "reports_to": reader.code if reader else "",
        }


def _from_above(fresh: dict[str, Entry]) -> list[Entry]:
    """The new units, each after the one that it stands under. Raises ``LineRefused``."""
    order: list[Entry] = []
    placed: set[str] = set()
    for entry in fresh.values():
        line: list[Entry] = []
        here: Entry | None = entry
        while here is not None and here.values["code"] not in placed:
            if here in line:
                raise LineRefused(here.number, "parent", BelowEachOther())
            line.append(here)
            here = fresh.get(here.values["parent"])
        placed |= {each.values["code"] for each in line}
        order.extend(reversed(line))
    return order


def _levels(order: Sequence[Entry]) -> Iterable[list[Entry]]:
    """The same in portions, none of which needs what is in it."""
    depth: dict[str, int] = {}
    levels: dict[int, list[Entry]] = {}
    for entry in order:
        below = depth.get(entry.values["parent"], -1)
        depth[entry.values["code"]] = below + 1
        levels.setdefault(below + 1, []).append(entry)
    return levels.values()


def _plain(value: Any) -> Any:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


audit.name({"unit.deleted": N_("Unit deleted")})

COLUMNS: Sequence[Column] = (
    Code(key="code", heading=N_("Unit code"), needed=True,
         hint=N_("a–z, 0–9 and hyphens, such as so-gddt; it names the row and does not change")),
    Column(key="name", heading=N_("Full name"), needed=True, width=44),
    Column(key="short_name", heading=N_("Short name"), width=28,
           hint=N_("Empty: the full name")),
    Choice(key="kind", heading=N_("Kind of unit"), needed=True, choices=KINDS, width=30),
    Code(key="parent", heading=N_("Code of the unit above"), needed=True,
         hint=N_("A unit of yours, or one of this file; another one moves the unit there")),
    Code(key="reports_to", heading=N_("Code of the unit that reads its report"),
         hint=N_("Empty: the unit above")),
    Column(key="place", heading=N_("Place name before the date")),
    Column(key="symbol", heading=N_("Symbol in document numbers")),
    Column(key="head_title", heading=N_("Title of the head who signs")),
    Number(key="headcount", heading=N_("People in the unit")),
    Mail(key="email", heading=N_("E-mail address of the office")),
    Day(key="valid_from", heading=N_("There since the day"), hint=N_("dd/mm/yyyy; may be empty")),
)  # fmt: skip

SHEET = Sheet(
    name="units",
    title=N_("Units"),
    about=N_("The units of your part of the tree: names, who stands above, who reads the report."),
    role=Role.ADMIN,
    columns=COLUMNS,
    open=Units,
    position=10,
    actions={END: N_("End from today"), DELETE: N_("Delete the row")},
)
