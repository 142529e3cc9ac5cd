"""Venues as a table: a number names the row; without one, the unit and the name do."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from typing import Any

from accounts import audit
from accounts.models import Role
from accounts.sheets.asking import NoSuchRow, asker
from core.clock import local_day
from core.database import session
from core.i18n import N_
from core.spreadsheets.columns import Code, Column, Number
from core.spreadsheets.definitions import Entry, Handout, Record, Refusal, Sheet, Values
from core.text import folded
from events import planning, queries
from events.models import Venue


class Venues:
    """The places that an organiser's units keep."""

    def __init__(self, asked_by: int, now: datetime) -> None:
        self._now = now
        self._asker = asker(asked_by, Role.ORGANISER, local_day(now))
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

    def keep(self, entries: Sequence[Entry]) -> None:
        """Keep new places; tell calendars of changed ones."""
        for entry in entries:
            values = entry.values
            facts = {key: values[key] for key in ("name", "address", "capacity")}
            if entry.record is None:
                venue = Venue(unit=self._asker.unit(values["unit"]), **facts)
                session().add(venue)
                self._note(venue, "venue.created")
                continue
            venue = entry.record.subject
            if "unit" in entry.changed:
                venue.unit = self._asker.unit(values["unit"])
            planning.edit_venue(venue, **facts, now=self._now)
            self._note(venue, "venue.edited")

    def notes(self, entries: Sequence[Entry]) -> Iterable[tuple[str, dict[str, Any]]]:
        """Nothing else happens."""
        return ()

    def handed_over(self) -> Handout | None:
        """Nothing is made on the way."""
        return None

    def _note(self, venue: Venue, action: str) -> None:
        unit, facts = venue.unit, {"name": venue.name}
        subject = f"venue:{venue.id}" if venue.id else f"venue:{venue.name}"
        audit.record(self._asker.account, unit, action, subject, facts, self._now)


def _values(venue: Venue) -> Values:
    return {
        "number": venue.id,
        "name": venue.name,
        "address": venue.address,
        "capacity": venue.capacity,
        "unit": venue.unit.code,
    }


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
)
