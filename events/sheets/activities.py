"""The activities of the week that is on or comes next, as a table."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from accounts import audit
from accounts.models import Role, Unit
from accounts.scope import subtree
from accounts.sheets.asking import NoSuchRow, NoSuchUnit, asker
from core import clock
from core.database import session
from core.errors import DomainError
from core.spreadsheets.definitions import Entry, Handout, LineRefused, Record, Refusal, Values
from core.text import folded
from events import errors, queries, services
from events.models import Activity, ActivityState, Audience, Format, InvitedUnit, Plan
from events.services import Description
from events.sheets.errors import InvitedMissing, NoSuchVenue, NoWeek
from events.sheets.places import Places
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


class Activities:
    """What an organiser's units hold in the week."""

    def __init__(self, asked_by: int, now: datetime) -> None:
        self._now = now
        today = clock.local_day(now)
        self._asker = asker(asked_by, Role.ORGANISER, today)
        self._week = session().scalar(queries.week_on_or_next(today))
        self._units = {unit.code: unit for unit in session().scalars(sa.select(Unit))}
        self._places = Places(self._asker.scope)

    def records(self) -> Iterable[Record]:
        """By time."""
        if self._week is None:
            return []
        found = (
            queries.activities(self._asker.scope)
            .join(Activity.plan)
            .where(Plan.campaign_id == self._week.id)
            .options(
                joinedload(Activity.plan).joinedload(Plan.unit),
                selectinload(Activity.themes),
                selectinload(Activity.sessions),
                selectinload(Activity.invited_units).joinedload(InvitedUnit.unit),
            )
        )
        return [Record(row, self._values(row)) for row in session().scalars(found).unique()]

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
            plan: Plan = entry.record.subject.plan
            if not subtree(plan.unit).covers(host):
                yield "unit", errors.HostOutsideThePlan(unit=host.name)

    def _judge_released(self, activity: Activity, entry: Entry) -> Iterable[Refusal]:
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

    def keep(self, entries: Sequence[Entry]) -> None:
        """Put drafts into the nearest plans; say changed ones anew."""
        if self._week is None:
            return
        fresh = [entry for entry in entries if entry.is_new]
        plans, slugs = Plans(self._week, self._asker.scope), Slugs(self._week.year)
        with session().no_autoflush:
            for entry in fresh:
                try:
                    plan = plans.nearest(self._asker.unit(entry.values["unit"]))
                    self._put(entry, plan, slugs)
                except DomainError as fault:
                    raise LineRefused(entry.number, _key(fault), fault) from None
        session().flush()
        for entry in entries:
            if not entry.is_new:
                self._edit(entry)

    def notes(self, entries: Sequence[Entry]) -> Iterable[tuple[str, dict[str, Any]]]:
        """Whom a changed time or place concerns."""
        return self._places.notes(entries)

    def handed_over(self) -> Handout | None:
        """Nothing is made on the way."""
        return None

    def _put(self, entry: Entry, plan: Plan, slugs: Slugs) -> None:
        starts_at, ends_at = _span(entry.values)
        activity = services.put(
            plan,
            self._described(entry),
            slug=slugs.free(entry.values["title"]),
            starts_at=starts_at,
            ends_at=ends_at,
            now=self._now,
        )
        self._note(activity, "activity.created", {"kind": activity.kind.value})

    def _edit(self, entry: Entry) -> None:
        activity: Activity = entry.record.subject if entry.record else None  # type: ignore[assignment]
        starts_at, ends_at = _span(entry.values)
        try:
            services.edit(
                activity, self._described(entry), starts_at=starts_at, ends_at=ends_at,
                now=self._now,
            )  # fmt: skip
        except DomainError as fault:
            raise LineRefused(entry.number, _key(fault), fault) from None
        self._note(activity, "activity.edited", {})

    def _described(self, entry: Entry) -> Description:
        values = entry.values
        kept = entry.record is not None and "venue" not in entry.changed
        is_moved = entry.is_new or "unit" in entry.changed
        host = self._asker.unit(values["unit"]) if is_moved else self._units[values["unit"]]
        venue = entry.record.subject.venue if kept and entry.record else None
        return Description(
            unit=host,
            venue=venue if kept else self._places.venue(values["venue"]),
            invited_units=[self._units[code] for code in sorted(values["invited"])],
            **{key: values[key] for key in _SAID},
        )

    def _values(self, activity: Activity) -> Values:
        first, last = clock.local(activity.starts_at), clock.local(activity.ends_at)
        said = {key: getattr(activity, key) for key in _SAID if key != "themes"}
        return said | {
            "slug": activity.slug,
            "unit": activity.unit.code,
            "first_on": first.date(),
            "starts": first.time(),
            "last_on": last.date() if last.date() != first.date() else None,
            "ends": last.time(),
            "venue": self._places.label(activity.venue),
            "invited": frozenset(row.unit.code for row in activity.invited_units),
            "themes": frozenset(row.theme for row in activity.themes),
            "state": activity.state,
        }

    def _note(self, activity: Activity, action: str, facts: dict[str, Any]) -> None:
        subject = f"activity:{activity.slug}"
        audit.record(self._asker.account, activity.unit, action, subject, facts, self._now)


def _span(values: Values) -> tuple[datetime, datetime]:
    first: date = values["first_on"]
    last: date = values["last_on"] or first
    starts, ends = values["starts"], values["ends"]
    return _moment(first, starts), _moment(last, ends)


def _moment(day: date, hour: time) -> datetime:
    return clock.from_wall(datetime.combine(day, hour))


def _key(fault: DomainError) -> str:
    return _FIELDS.get(type(fault), "title")
