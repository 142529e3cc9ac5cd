"""The activities of the week that is on or comes next, as a table."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from accounts import audit
from accounts.models import Role, Unit
from accounts.sheets.asking import NoSuchRow, NoSuchUnit, StaffKeeper
from core import clock
from core.database import session
from core.errors import DomainError
from core.i18n import N_
from core.paging import loaded
from core.spreadsheets.changes import Touched
from core.spreadsheets.definitions import (
    ACTION,
    Entry,
    LineRefused,
    Record,
    Refusal,
    Values,
    working,
)
from core.spreadsheets.errors import HangsOn
from core.spreadsheets.gathering import about, add_row, numbered
from core.spreadsheets.undoing import referring
from core.text import folded
from events import errors, queries, services
from events.describing import Description
from events.models import (
    Activity,
    ActivityState,
    ActivityTheme,
    Audience,
    Format,
    InvitedUnit,
    Plan,
    Session,
    Venue,
)
from events.sheets.errors import CalledOffInstead, InvitedMissing, NoSuchVenue, NoWeek
from events.sheets.places import Places, going_back
from events.sheets.plans import Plans
from events.sittings import sittings
from events.slots import slots
from events.slugs import Slugs

_SAID = (
    "kind", "title", "counting", "summary", "format", "join_link", "place", "contact", "audience",
    "seats", "opens_before", "closes_after", "themes",
)  # fmt: skip
_FIELDS: dict[type[DomainError], str] = {
    errors.EndsBeforeItStarts: "ends",
    errors.RunsTooLong: "last_on",
    errors.HostOutsideThePlan: "unit",
    errors.NoSeatsBelowThoseTaken: "seats",
    errors.PeopleWereRecorded: "first_on",
    errors.PlaceMissing: "place",
    errors.JoinLinkMissing: "join_link",
}


class Here(NamedTuple):
    """What the rules must know of an activity that there is."""

    id: int
    state: ActivityState
    seats: int | None
    plan_path: str
    venue_id: int | None
    was_released: bool


class Activities(StaffKeeper):
    """What an organiser's units hold in the week."""

    role = Role.ORGANISER

    def __init__(self, asked_by: int, now: datetime) -> None:
        super().__init__(asked_by, now)
        self._week = session().scalar(queries.week_on_or_next(self._today))
        self._units = {unit.code: unit for unit in self._asker.every.values()}
        self._places = Places(self._asker.scope)
        self._rows = list(self._read())

    def records(self) -> Iterable[Record]:
        """By time."""
        return self._rows

    def _read(self) -> Iterable[Record]:
        """Only the columns that are compared, in three questions."""
        if self._week is None:
            return
        office = aliased(Unit)
        mine = (self._asker.scope.owns(Activity.unit_id), Plan.campaign_id == self._week.id)
        codes = {number: unit.code for number, unit in self._asker.every.items()}
        themes = _sets(ActivityTheme.theme, ActivityTheme.activity_id, *mine)
        invited = _sets(InvitedUnit.unit_id, InvitedUnit.activity_id, *mine)
        said = [getattr(Activity, key) for key in _SAID if key != "themes"]
        found = (
            sa.select(
                Activity.id, Activity.state, Activity.venue_id, Activity.slug,
                Activity.starts_at, Activity.ends_at, Activity.released_at,
                office.path.label("plan_path"), Activity.unit_id, *said,
            )
            .join(Activity.plan)
            .join(office, Plan.unit_id == office.id)
            .where(*mine)
            .order_by(Activity.starts_at, Activity.id)
        )  # fmt: skip
        for row in session().execute(found):
            values = self._values(row) | {
                "unit": codes[row.unit_id],
                "invited": frozenset(codes[unit] for unit in invited.get(row.id, ())),
                "themes": themes.get(row.id, frozenset()),
            }
            here = Here(row.id, row.state, row.seats, row.plan_path, row.venue_id,
                        row.released_at is not None)  # fmt: skip
            yield Record(here, values)

    def keys(self, values: Values) -> Sequence[Hashable]:
        """The code, else who holds what when."""
        when = (values["first_on"], values["starts"])
        same = (values["unit"], folded(values["title"]), *when)
        return [values["slug"], same] if values["slug"] else [same]

    def title(self, values: Values) -> str:
        """The name."""
        return str(values["title"])

    def judge(self, entry: Entry) -> Iterable[Refusal]:
        """The same rules as the pages have."""
        values = entry.values
        if self._week is None:
            yield "title", NoWeek()
        if values["slug"] and (entry.is_new or "slug" in entry.changed):
            yield "slug", NoSuchRow(code=values["slug"])
        if entry.is_new or "unit" in entry.changed:
            yield from self._judge_host(entry)
        if (entry.is_new or "venue" in entry.changed) and not self._places.knows(values["venue"]):
            yield "venue", NoSuchVenue(name=values["venue"])
        for code in sorted(values["invited"]):
            if code not in self._units:
                yield "invited", NoSuchUnit(code=code)
        if values["audience"] is Audience.UNITS and not values["invited"]:
            yield "invited", InvitedMissing()
        try:
            sittings(*_span(values))
        except DomainError as fault:
            yield _FIELDS[type(fault)], fault
        if entry.record is not None:
            yield from self._judge_released(entry.record.subject, entry)

    def _judge_host(self, entry: Entry) -> Iterable[Refusal]:
        code = entry.values["unit"]
        yield from self._asker.faults("unit", [code])
        host = self._asker.units.get(code)
        if host is not None and entry.record is not None:
            here: Here = entry.record.subject
            if not host.path.startswith(here.plan_path):
                yield "unit", errors.HostOutsideThePlan(unit=host.name)

    def _judge_released(self, activity: Here, entry: Entry) -> Iterable[Refusal]:
        values = entry.values
        if activity.state is ActivityState.RELEASED:
            is_online = values["format"] is Format.ONLINE
            if not is_online and not (values["venue"] or values["place"]):
                yield "place", errors.PlaceMissing(title=values["title"])
            if is_online and not values["join_link"]:
                yield "join_link", errors.JoinLinkMissing(title=values["title"])
        if "seats" in entry.changed and values["seats"] is not None:
            taken = slots.registered([activity.id]).get(activity.id, 0)
            if activity.seats is not None:
                left = slots.seats_left([activity.id]).get(activity.id, activity.seats)
                taken = activity.seats - left
            if values["seats"] < taken:
                yield "seats", errors.NoSeatsBelowThoseTaken(taken=taken)

    def judge_action(self, entry: Entry) -> Iterable[Refusal]:
        """Only a draft goes away; what people saw is called off, on its page."""
        here: Here = entry.record.subject  # type: ignore[union-attr]
        numbers = (row.subject.id for row in self._rows)
        if here.state is not ActivityState.DRAFT or here.was_released:
            yield ACTION, CalledOffInstead()
        elif here.id in self._used(Activity, numbers, Session, ActivityTheme, InvitedUnit):
            yield ACTION, HangsOn()

    def keep(self, entries: Sequence[Entry]) -> None:
        """Put drafts into the nearest plans; say changed ones anew."""
        if self._week is None:
            return
        plans, slugs = Plans(self._week, self._asker.scope), Slugs(self._week.year)
        present = self._loaded(entries)
        for entry in working(entries):
            try:
                if entry.record is None:
                    plan = plans.nearest(self._asker.unit(entry.values["unit"]))
                    self._put(entry, plan, slugs)
                elif entry.action:
                    self._remove(present[entry.record.subject.id])
                else:
                    self._edit(entry, present[entry.record.subject.id])
            except DomainError as fault:
                raise LineRefused(entry.number, _key(fault), fault) from None
        self._keep_sittings(entries, present)

    def notes(self, entries: Sequence[Entry]) -> Iterable[tuple[str, dict[str, Any]]]:
        """Whom a changed time or place concerns."""
        return self._places.notes(entries)

    def returning(self, row: Touched) -> Touched:
        """Calendars learn of it once more."""
        return going_back(row, self._now)

    def _loaded(self, entries: Sequence[Entry]) -> dict[int, Activity]:
        """The activities that the lines mean, with all that belongs to them."""
        numbers = [entry.record.subject.id for entry in entries if entry.record is not None]
        whole = sa.select(Activity).options(
            joinedload(Activity.plan).joinedload(Plan.unit),
            selectinload(Activity.themes),
            selectinload(Activity.sessions),
            selectinload(Activity.invited_units).joinedload(InvitedUnit.unit),
        )
        return loaded(whole, numbers)

    def _keep_sittings(self, entries: Sequence[Entry], present: Mapping[int, Activity]) -> None:
        """A sitting at which people were recorded stays. Raises ``LineRefused``."""
        lines = {e.record.subject.id: e.number for e in entries if e.record and not e.action}
        gone = {
            row.id: lines[number]
            for number, activity in present.items()
            if number in lines
            for row in sa.inspect(activity, raiseerr=True).attrs.sessions.history.deleted
        }
        for _table, _key_of_it, number in referring(Session.__table__, list(gone), held=True):
            raise LineRefused(gone[number], "first_on", errors.PeopleWereRecorded())

    def _put(self, entry: Entry, plan: Plan, slugs: Slugs) -> None:
        starts_at, ends_at = _span(entry.values)
        described, slug = self._described(entry), slugs.free(entry.values["title"])
        numbered([plan])
        values = services.as_row(
            plan, described, slug=slug, starts_at=starts_at, ends_at=ends_at, now=self._now
        )
        number = add_row(Activity, **values)
        for one in sittings(starts_at, ends_at):
            add_row(Session, activity_id=number, starts_at=one.starts_at, ends_at=one.ends_at)
        for theme in described.themes:
            add_row(ActivityTheme, activity_id=number, theme=theme)
        if described.audience is Audience.UNITS:
            for unit in described.invited_units:
                add_row(InvitedUnit, activity_id=number, unit_id=unit.id)
        facts = {"kind": described.kind.value}
        self._note(described.unit, "activity.created", f"activity:{slug}", facts)

    def _edit(self, entry: Entry, activity: Activity) -> None:
        about(activity)
        starts_at, ends_at = _span(entry.values)
        described = self._described(entry, activity.venue)
        services.say_anew(activity, described, starts_at=starts_at, ends_at=ends_at, now=self._now)
        self._say(activity, "activity.edited", {})

    def _remove(self, activity: Activity) -> None:
        about(activity)
        session().delete(activity)
        self._say(activity, "activity.removed", {"name": activity.title})

    def _described(self, entry: Entry, venue: Venue | None = None) -> Description:
        values = entry.values
        kept = entry.record is not None and "venue" not in entry.changed
        is_moved = entry.is_new or "unit" in entry.changed
        host = self._asker.unit(values["unit"]) if is_moved else self._units[values["unit"]]
        return Description(
            unit=host,
            venue=venue if kept else self._places.venue(values["venue"]),
            invited_units=[self._units[code] for code in sorted(values["invited"])],
            **{key: values[key] for key in _SAID},
        )

    def _values(self, row: Any) -> dict[str, Any]:
        first, last = clock.local(row.starts_at), clock.local(row.ends_at)
        said = {key: getattr(row, key) for key in _SAID if key != "themes"}
        return said | {
            "slug": row.slug,
            "first_on": first.date(),
            "starts": first.time(),
            "last_on": last.date() if last.date() != first.date() else None,
            "ends": last.time(),
            "venue": self._places.label(row.venue_id),
            "state": row.state,
        }

    def _say(self, activity: Activity, action: str, facts: dict[str, Any]) -> None:
        self._note(activity.unit, action, f"activity:{activity.slug}", facts)


def _sets(column: Any, of: Any, *mine: sa.ColumnElement[bool]) -> dict[int, frozenset[Any]]:
    """What stands in a column of the rows that belong to each activity."""
    found: dict[int, set[Any]] = defaultdict(set)
    asked = sa.select(of, column).join(Activity, Activity.id == of).join(Activity.plan)
    for number, value in session().execute(asked.where(*mine)):
        found[number].add(value)
    return {number: frozenset(values) for number, values in found.items()}


def _span(values: Values) -> tuple[datetime, datetime]:
    first: date = values["first_on"]
    last: date = values["last_on"] or first
    starts, ends = values["starts"], values["ends"]
    return _moment(first, starts), _moment(last, ends)


def _moment(day: date, hour: time) -> datetime:
    return clock.from_wall(datetime.combine(day, hour))


def _key(fault: DomainError) -> str:
    return _FIELDS.get(type(fault), "title")


audit.name({"activity.removed": N_("Draft deleted")})
