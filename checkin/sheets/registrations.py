"""Registrations as a table: the lists that schools and offices send, seat by seat."""

import secrets
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts import audit
from accounts.errors import WrongAddress
from accounts.models import Role, Unit
from accounts.sheets.asking import NoSuchRow, StaffKeeper
from checkin import queries, services
from checkin.errors import AlreadyRegistered, AlreadyWithdrawn, RegistrationClosed
from checkin.models import Participant, Registration, Standing
from checkin.occasions import OCCASIONS
from checkin.sheets.columns import COLUMNS, NoSuchActivity, PersonElsewhere
from core import addresses, clock
from core.codes import new_code
from core.database import session
from core.i18n import DEFAULT_LOCALE, N_
from core.paging import loaded, portions
from core.spreadsheets.changes import Touched
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
from core.spreadsheets.errors import OnlyForReading
from core.spreadsheets.gathering import about
from core.text import folded
from events import queries as programme
from events.models import Activity, Counting, Plan
from notifications.models import Message


class Here(NamedTuple):
    """What the rules must know of a registration that there is."""

    id: int
    person_id: int
    activity: str
    standing: Standing


class Registrations(StaffKeeper):
    """Who has a seat, or waits for one, at what an organiser's units hold in the week."""

    role = Role.ORGANISER

    def __init__(self, asked_by: int, now: datetime) -> None:
        super().__init__(asked_by, now)
        week = session().scalar(programme.week_on_or_next(self._today))
        found = (
            sa.select(Activity)
            .join(Activity.plan)
            .where(self._asker.scope.owns(Activity.unit_id))
            .where(Activity.counting == Counting.TICKETS)
            .where(Plan.campaign_id == week.id if week else sa.false())
            .options(joinedload(Activity.unit))
            .order_by(Activity.id)
        )
        self._activities = {row.slug: row for row in session().scalars(found)}
        self._rows = list(self._read())
        self._addresses = {
            (row.values["activity"], row.values["email"]): row.subject.standing
            for row in self._rows
            if row.values["email"]
        }
        self._elsewhere: set[int] | None = None
        self._freed: set[int] = set()
        self._giving: list[int] = []

    def mark(self) -> Hashable:
        """Visitors take seats and give them back as well; from the second time on they wait."""
        if self.begun is not None:
            taken = sa.select(Activity.id).where(Activity.id.in_(self._giving))
            session().execute(taken.order_by(Activity.id).with_for_update())
        held = sa.func.sum(sa.case((Registration.standing == Standing.CONFIRMED, 1), else_=0))
        asked = sa.select(sa.func.count(), sa.func.max(Registration.id), held)
        return super().mark(), tuple(session().execute(asked.select_from(Registration)).one())

    def _read(self) -> Iterable[Record]:
        """Only the columns that are compared, in one question."""
        slugs = {activity.id: slug for slug, activity in self._activities.items()}
        found = (
            sa.select(
                Registration.id, Registration.short_code, Registration.standing,
                Registration.activity_id, Registration.registered_at, Registration.participant_id,
                Participant.name, Participant.email, Participant.phone, Participant.unit_text,
                Unit.name.label("unit_name"),
            )
            .join(Registration.participant)
            .outerjoin(Participant.unit)
            .where(Registration.activity_id.in_(slugs), Participant.name.is_not(None))
            .order_by(Registration.activity_id, Registration.registered_at, Registration.id)
        )  # fmt: skip
        for row in session().execute(found):
            here = Here(row.id, row.participant_id, slugs[row.activity_id], row.standing)
            yield Record(here, _values(row, here))

    def records(self) -> Iterable[Record]:
        """Activity by activity, in the order of their coming."""
        return self._rows

    def keys(self, values: Values) -> Sequence[Hashable]:
        """The code on the ticket; else the address, or the name with all that is said of it."""
        if values["email"]:
            same: Hashable = (values["activity"], values["email"])
        else:
            facts = (folded(values["name"]), values["phone"], folded(values["unit"]))
            same = (values["activity"], *facts)
        if values["standing"] is Standing.WITHDRAWN and values["code"]:
            return [values["code"]]
        return [values["code"], same] if values["code"] else [same]

    def title(self, values: Values) -> str:
        """The name."""
        return str(values["name"])

    def judge(self, entry: Entry) -> Iterable[Refusal]:
        """The same rules as the form has."""
        values = entry.values
        if values["code"] and (entry.is_new or "code" in entry.changed):
            yield "code", NoSuchRow(code=values["code"])
        elif entry.is_new:
            yield from self._judge_new(values)
        else:
            yield from self._judge_change(entry)

    def _judge_new(self, values: Values) -> Iterable[Refusal]:
        activity = self._activities.get(values["activity"])
        if activity is None:
            yield "activity", NoSuchActivity(code=values["activity"])
        elif not services.accepts_registrations(activity, self._now):
            yield "activity", RegistrationClosed()
        if not values["email"]:
            return
        if not addresses.is_address(values["email"]):
            yield "email", WrongAddress(address=values["email"])
        standing = self._addresses.get((values["activity"], values["email"]))
        if standing is not None:
            is_out = standing is Standing.WITHDRAWN
            yield "email", AlreadyWithdrawn() if is_out else AlreadyRegistered()

    def _judge_change(self, entry: Entry) -> Iterable[Refusal]:
        fixed = entry.changed & {"activity", "email"}
        yield from ((key, OnlyForReading()) for key in sorted(fixed))
        here: Here = entry.record.subject  # type: ignore[union-attr]
        if not fixed and here.person_id in self._people_elsewhere():
            yield min(entry.changed), PersonElsewhere()

    def _people_elsewhere(self) -> set[int]:
        """Who of all these also takes part in what others organise; asked once."""
        if self._elsewhere is None:
            mine = [activity.id for activity in self._activities.values()]
            ours = sa.select(Registration.participant_id).where(Registration.activity_id.in_(mine))
            others = (
                sa.select(Registration.participant_id)
                .join(Registration.activity)
                .where(Registration.participant_id.in_(ours))
                .where(sa.not_(self._asker.scope.owns(Activity.unit_id)))
            )
            self._elsewhere = set(session().scalars(others))
        return self._elsewhere

    def judge_action(self, entry: Entry) -> Iterable[Refusal]:
        """A seat is given back once."""
        if entry.values["standing"] is Standing.WITHDRAWN:
            yield ACTION, AlreadyWithdrawn()

    def keep(self, entries: Sequence[Entry]) -> None:
        """Give seats in the order of the file, then places in line; give back what is returned."""
        fresh = [entry for entry in entries if entry.is_new]
        present = self._loaded(entries)
        seats = self._left({entry.values["activity"] for entry in fresh})
        people = self._people({e.values["email"] for e in fresh if e.values["email"]})
        units = dict(self._units())
        counted: Counter[Activity] = Counter()
        for entry in working(entries):
            activity = self._activities.get(entry.values["activity"])
            if entry.record is not None:
                self._correct(entry, present[entry.record.subject.id], units)
            elif activity is None or not services.accepts_registrations(activity, self._now):
                raise LineRefused(entry.number, "activity", RegistrationClosed())
            else:
                person = self._person(entry.values, people, units)
                self._register(activity, person, seats)
                counted[activity] += 1
        for activity, number in counted.items():
            self._say(activity, "registration.brought_in", {"rows": number})

    def _correct(self, entry: Entry, row: Registration, units: dict[str, int]) -> None:
        """Change what is said of a person, or take the seat back."""
        about(row)
        about(row.participant)
        activity = self._activities[entry.values["activity"]]
        if not entry.action:
            self._change(row.participant, entry.values, units)
            fields = {"fields": ", ".join(sorted(entry.changed))}
            self._say(activity, "registration.edited", fields)
            return
        if row.standing is Standing.CONFIRMED:
            self._freed.add(row.activity_id)
        row.standing, row.withdrawn_at = Standing.WITHDRAWN, self._now
        self._say(activity, "registration.withdrawn", {})

    def finish(self) -> Sequence[Touched]:
        """Seats that were given back go to those in line."""
        self._fill(self._freed)
        return ()

    def stuck(self, rows: Sequence[Touched]) -> Iterable[int]:
        """Who was written to keeps the ticket; a seat given back may be another's by now."""
        here = {row.key[0]: n for n, row in enumerate(rows) if row.table is Registration.__table__}
        told = sa.select(Message.subject).where(
            Message.occasion.in_([occasion.name for occasion in OCCASIONS]),
            Message.sending_at.is_not(None),
        )
        for some in portions([str(number) for number in sorted(here)]):
            for subject in session().scalars(told.where(Message.subject.in_(some))):
                yield here[int(subject)]
        yield from (place for place in here.values() if rows[place].after is not None)

    def returned(self, number: int, rows: Sequence[Touched]) -> None:
        """Seats that are free again go to those in line."""
        super().returned(number, rows)
        self._fill({row.facts["activity_id"] for row in rows
                    if row.table is Registration.__table__})  # fmt: skip

    def _fill(self, numbers: Iterable[int]) -> None:
        locked = sa.select(Activity).where(Activity.id.in_(sorted(numbers))).order_by(Activity.id)
        for activity in session().scalars(locked.with_for_update()):
            if services.accepts_registrations(activity, self._now):
                services.fill(activity, now=self._now)

    def notes(self, entries: Sequence[Entry]) -> Iterable[tuple[str, dict[str, Any]]]:
        """Who is written to, and what the one who keeps the list stands for."""
        fresh = [entry for entry in entries if entry.is_new]
        if fresh:
            letters = sum(bool(entry.values["email"]) for entry in fresh)
            yield N_("%(n)s people will receive a letter with their ticket."), {"n": letters}
            yield (
                N_(
                    "Who keeps this list says that these people know "
                    "what is kept about them and why."
                ),
                {},
            )

    def _loaded(self, entries: Sequence[Entry]) -> dict[int, Registration]:
        numbers = [entry.record.subject.id for entry in entries if entry.record is not None]
        person = joinedload(Registration.participant)
        return loaded(sa.select(Registration).options(person.joinedload(Participant.unit)), numbers)

    def _left(self, slugs: set[str]) -> dict[int, int | None]:
        """How many seats each activity still has; ``mark`` tells whether somebody took one."""
        ids = sorted(self._activities[slug].id for slug in slugs if slug in self._activities)
        self._giving = ids
        left = queries.seats_left(ids)
        return {number: left.get(number) for number in ids}

    def _people(self, addresses: set[str]) -> dict[tuple[str, str], Participant]:
        """Those who are known already, by address and name."""
        known: dict[tuple[str, str], Participant] = {}
        for some in portions(sorted(addresses)):
            found = sa.select(Participant).where(Participant.email.in_(some))
            for person in session().scalars(found.order_by(Participant.id)):
                known.setdefault((person.email or "", person.name_folded), person)
        return known

    def _units(self) -> Iterable[tuple[str, int]]:
        for number, name, short in session().execute(
            sa.select(Unit.id, Unit.name, Unit.short_name).order_by(
                Unit.was_there(clock.local_day(clock.now())), Unit.id.desc()
            )
        ):
            yield from ((short, number), (name, number))

    def _person(
        self,
        values: Values,
        people: dict[tuple[str, str], Participant],
        units: dict[str, int],
    ) -> Participant:
        """The same person at several activities is one: same address, same name."""
        key = (values["email"], folded(values["name"]))
        if values["email"] and key in people:
            return people[key]
        person = Participant(
            email=values["email"] or None, locale=DEFAULT_LOCALE, created_at=self._now
        )
        self._change(person, values, units)
        session().add(person)
        if values["email"]:
            people[key] = person
        return person

    def _change(self, person: Participant, values: Values, units: dict[str, int]) -> None:
        person.name, person.name_folded = values["name"], folded(values["name"])
        person.phone = values["phone"] or None
        if values["unit"] != _unit_of(person):
            person.unit_text = values["unit"]
            person.unit_id = units.get(values["unit"])

    def _register(
        self, activity: Activity, person: Participant, seats: dict[int, int | None]
    ) -> Registration:
        left = seats[activity.id]
        has_seat = left is None or left > 0
        if left is not None and has_seat:
            seats[activity.id] = left - 1
        registration = Registration(
            activity=activity,
            participant=person,
            code=secrets.token_urlsafe(24),
            short_code=new_code(),
            serial=0,
            letters=0,
            standing=Standing.CONFIRMED if has_seat else Standing.WAITING,
            registered_at=self._now,
        )
        session().add(registration)
        return registration

    def _say(self, activity: Activity, action: str, facts: dict[str, Any]) -> None:
        self._note(activity.unit, action, f"activity:{activity.slug}", facts)


def _values(row: Any, here: Here) -> Values:
    return {
        "code": row.short_code,
        "activity": here.activity,
        "name": row.name or "",
        "email": row.email or "",
        "phone": row.phone or "",
        "unit": row.unit_name or row.unit_text or "",
        "standing": row.standing,
        "registered": clock.local_day(row.registered_at),
    }


def _unit_of(person: Participant) -> str:
    if person.unit_id is not None and person.unit is not None:
        return person.unit.name
    return person.unit_text or ""


audit.name(
    {
        "registration.brought_in": N_("List of registrations brought in"),
        "registration.edited": N_("Registration corrected by a file"),
        "rows": N_("Rows"),
        "fields": N_("Columns"),
    }
)

SHEET = Sheet(
    name="registrations",
    title=N_("Registrations"),
    about=N_("Lists of people for activities with seats; a ticket is made for each."),
    role=Role.ORGANISER,
    columns=COLUMNS,
    open=Registrations,
    position=60,
    actions={"withdraw": N_("Take the seat back")},
)
