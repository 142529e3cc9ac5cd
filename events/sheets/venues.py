"""Venues as a table: a number names the row; without one, the unit and the name do."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime

from accounts import audit
from accounts.models import Role
from accounts.sheets.asking import NoSuchRow, StaffKeeper
from core.database import session
from core.i18n import N_
from core.spreadsheets.changes import Touched
from core.spreadsheets.columns import Code, Column, Number
from core.spreadsheets.definitions import (
    ACTION,
    Entry,
    Record,
    Refusal,
    Sheet,
    Values,
    working,
)
from core.spreadsheets.errors import HangsOn
from core.spreadsheets.gathering import about, numbered
from core.text import folded
from events import planning, queries
from events.models import Venue
from events.sheets.places import going_back


class Venues(StaffKeeper):
    """The places that an organiser's units keep."""

    role = Role.ORGANISER

    def __init__(self, asked_by: int, now: datetime) -> None:
        super().__init__(asked_by, now)
        self._venues = session().scalars(queries.venues(self._asker.scope)).all()

    def records(self) -> Iterable[Record]:
        """By name."""
        return [Record(venue, _values(venue)) for venue in self._venues]

    def keys(self, values: Values) -> Sequence[Hashable]:
        """The number, else whose it is and what it is called."""
        named = (values["unit"], folded(values["name"]))
        return [values["number"], named] if values["number"] else [named]

    def title(self, values: Values) -> str:
        """The name."""
        return str(values["name"])

    def judge(self, entry: Entry) -> Iterable[Refusal]:
        """A number of ours, a unit of ours."""
        if entry.values["number"] and (entry.is_new or "number" in entry.changed):
            yield "number", NoSuchRow(code=entry.values["number"])
        if entry.is_new or "unit" in entry.changed:
            yield from self._asker.faults("unit", [entry.values["unit"]])

    def judge_action(self, entry: Entry) -> Iterable[Refusal]:
        """A place where something is held stays."""
        venue: Venue = entry.record.subject if entry.record else Venue()
        if venue.id in self._used(Venue, (each.id for each in self._venues)):
            yield ACTION, HangsOn()

    def keep(self, entries: Sequence[Entry]) -> None:
        """Keep new places; tell calendars of changed ones."""
        done, moved = [], []
        for entry in working(entries):
            values = entry.values
            facts = {key: values[key] for key in ("name", "address", "capacity")}
            if entry.record is None:
                venue = Venue(unit=self._asker.unit(values["unit"]), **facts)
                session().add(venue)
                done.append((venue, "venue.created"))
                continue
            venue = entry.record.subject
            about(venue)
            if entry.action:
                session().delete(venue)
                done.append((venue, "venue.removed"))
                continue
            if "unit" in entry.changed:
                venue.unit = self._asker.unit(values["unit"])
            if planning.say_venue(venue, **facts):
                moved.append(venue.id)
            done.append((venue, "venue.edited"))
        planning.tell_calendars(moved, now=self._now)
        numbered(venue for venue, action in done if action == "venue.created")
        for venue, action in done:
            self._note(venue.unit, action, f"venue:{venue.id}", {"name": venue.name})

    def returning(self, row: Touched) -> Touched:
        """Calendars learn of it once more."""
        return going_back(row, self._now)


def _values(venue: Venue) -> Values:
    return {
        "number": venue.id,
        "name": venue.name,
        "address": venue.address,
        "capacity": venue.capacity,
        "unit": venue.unit.code,
    }


audit.name({"venue.removed": N_("Venue deleted")})

COLUMNS: Sequence[Column] = (
    Number(key="number", heading=N_("Number of the row"), high=999_999_999,
           hint=N_("Names a row that there is; empty for a new one")),
    Column(key="name", heading=N_("Name of the venue"), needed=True, width=36),
    Column(key="address", heading=N_("Address"), width=44,
           hint=N_("Street, ward; as a driver needs it.")),
    Number(key="capacity", heading=N_("Room for"), low=1, high=100_000),
    Code(key="unit", heading=N_("Code of the unit that keeps it"), needed=True,
         hint=N_("A unit of yours")),
)  # fmt: skip

SHEET = Sheet(
    name="venues",
    title=N_("Venues"),
    about=N_("The places where activities are held."),
    role=Role.ORGANISER,
    columns=COLUMNS,
    open=Venues,
    position=30,
    actions={"delete": N_("Delete the row")},
)
