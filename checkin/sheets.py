"""Registrations as a table: the lists that schools and offices send, seat by seat."""

import re
import secrets
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from accounts import audit
from accounts.errors import WrongAddress
from accounts.models import Role, Unit
from accounts.sheets.asking import NoSuchRow, asker, is_address
from checkin import notice, queries, services
from checkin.errors import AlreadyRegistered, AlreadyWithdrawn, RegistrationClosed
from checkin.models import Participant, Registration, Standing
from checkin.people import unit_of
from checkin.words import STANDINGS
from core import clock
from core.codes import new_code
from core.database import session
from core.errors import DomainError
from core.i18n import DEFAULT_LOCALE, N_
from core.spreadsheets.columns import Choice, Code, Column, Day, Mail
from core.spreadsheets.definitions import (
    Entry,
    Handout,
    LineRefused,
    Record,
    Refusal,
    Sheet,
    Values,
)
from core.spreadsheets.errors import OnlyForReading, WrongCell
from core.text import folded
from events import queries as programme
from events.models import Activity, Counting, Plan


class NoSuchActivity(DomainError):
    """No activity with seats of the asker's units has this code; it is not said why."""

    sentence = N_("There is no activity with seats and the code “%(code)s” among yours.")


class PersonElsewhere(DomainError):
    """The person also takes part in what others organise."""

    sentence = N_(
        "This person also takes part in activities of other units, so the facts about "
        "the person cannot be changed here."
    )


class NoPhoneNumber(WrongCell):
    """Not a telephone number."""

    sentence = N_("This is not a telephone number.")


@dataclass(frozen=True, kw_only=True)
class Phone(Column):
    """A telephone number as people write it."""

    def _taken(self, text: str) -> Any:
        digits = text if text.startswith(("0", "+", "(")) else f"0{text}"
        if not re.fullmatch(r"[0-9+()][0-9 .()-]{7,19}", digits):
            raise NoPhoneNumber
        return digits


class Registrations:
    """Who has a seat, or waits for one, at what an organiser's units hold in the week."""

    def __init__(self, asked_by: int, now: datetime) -> None:
        self._now = now
        self._asker = asker(asked_by, Role.ORGANISER, clock.local_day(now))
        week = session().scalar(programme.week_on_or_next(clock.local_day(now)))
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
        self._registrations = session().scalars(self._known()).unique().all()
        self._addresses = {
            (r.activity.slug, r.participant.email): r.standing
            for r in self._registrations
            if r.participant.email
        }

    def _known(self) -> sa.Select[Registration]:
        mine = [activity.id for activity in self._activities.values()]
        return (
            sa.select(Registration)
            .join(Registration.participant)
            .where(Registration.activity_id.in_(mine), Participant.name.is_not(None))
            .options(
                contains_eager(Registration.participant).joinedload(Participant.unit),
                joinedload(Registration.activity),
            )
            .order_by(Registration.activity_id, Registration.registered_at, Registration.id)
        )

    def records(self) -> Iterable[Record]:
        """Activity by activity, in the order of their coming."""
        return [Record(row, _values(row)) for row in self._registrations]

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
        if not is_address(values["email"]):
            yield "email", WrongAddress(address=values["email"])
        standing = self._addresses.get((values["activity"], values["email"]))
        if standing is not None:
            is_out = standing is Standing.WITHDRAWN
            yield "email", AlreadyWithdrawn() if is_out else AlreadyRegistered()

    def _judge_change(self, entry: Entry) -> Iterable[Refusal]:
        fixed = entry.changed & {"activity", "email"}
        yield from ((key, OnlyForReading()) for key in sorted(fixed))
        person: Participant = entry.record.subject.participant if entry.record else Participant()
        elsewhere = (
            sa.select(Registration.id)
            .join(Registration.activity)
            .where(Registration.participant_id == person.id)
            .where(sa.not_(self._asker.scope.owns(Activity.unit_id)))
            .limit(1)
        )
        if not fixed and session().scalar(elsewhere) is not None:
            yield min(entry.changed), PersonElsewhere()

    def keep(self, entries: Sequence[Entry]) -> None:
        """Give seats in the order of the file, then places in line."""
        fresh = [entry for entry in entries if entry.is_new]
        seats = self._locked({entry.values["activity"] for entry in fresh})
        people = self._people({e.values["email"] for e in fresh if e.values["email"]})
        units = dict(self._units())
        made = []
        with session().no_autoflush:
            for entry in fresh:
                activity = self._activities[entry.values["activity"]]
                if not services.accepts_registrations(activity, self._now):
                    raise LineRefused(entry.number, "activity", RegistrationClosed())
                person = self._person(entry.values, people, units)
                made.append(self._register(activity, person, seats))
            for entry in entries:
                if entry.record is not None:
                    self._change(entry.record.subject.participant, entry.values, units)
        session().flush()
        counted = Counter(registration.activity for registration in made)
        for activity, number in counted.items():
            self._note(activity, "registration.brought_in", {"rows": number})
        for entry in entries:
            if entry.record is not None:
                facts = {"fields": ", ".join(sorted(entry.changed))}
                self._note(entry.record.subject.activity, "registration.edited", facts)

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

    def handed_over(self) -> Handout | None:
        """Nothing is made on the way."""
        return None

    def _locked(self, slugs: set[str]) -> dict[int, int | None]:
        """How many seats each activity still has; nobody else gives any meanwhile."""
        ids = sorted(self._activities[slug].id for slug in slugs)
        locked = sa.select(Activity.id).where(Activity.id.in_(ids)).order_by(Activity.id)
        session().execute(locked.with_for_update())
        left = queries.seats_left(ids)
        return {number: left.get(number) for number in ids}

    def _people(self, addresses: set[str]) -> dict[tuple[str, str], Participant]:
        """Those who are known already, by address and name."""
        known: dict[tuple[str, str], Participant] = {}
        ordered = sorted(addresses)
        for start in range(0, len(ordered), 500):
            found = (
                sa.select(Participant)
                .where(Participant.email.in_(ordered[start : start + 500]))
                .order_by(Participant.id)
            )
            for person in session().scalars(found):
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
        given = notice.consent(notice.SEAT, locale=DEFAULT_LOCALE, now=self._now)
        given.channel = "list"
        person.consents.append(given)
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

    def _note(self, activity: Activity, action: str, facts: dict[str, Any]) -> None:
        subject = f"activity:{activity.slug}"
        audit.record(self._asker.account, activity.unit, action, subject, facts, self._now)


def _values(registration: Registration) -> Values:
    person = registration.participant
    return {
        "code": registration.short_code,
        "activity": registration.activity.slug,
        "name": person.name or "",
        "email": person.email or "",
        "phone": person.phone or "",
        "unit": unit_of(registration),
        "standing": registration.standing,
        "registered": clock.local_day(registration.registered_at),
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

COLUMNS: Sequence[Column] = (
    Code(key="code", heading=N_("Code on the ticket"),
         hint=N_("Names a row that there is; empty for a new one")),
    Code(key="activity", heading=N_("Code of the activity"), needed=True, width=30,
         hint=N_("As the table of activities says")),
    Column(key="name", heading=N_("Name and family name"), needed=True, longest=120, width=28),
    Mail(key="email", heading=N_("E-mail"), hint=N_("The ticket is sent there; may be empty")),
    Phone(key="phone", heading=N_("Telephone")),
    Column(key="unit", heading=N_("Unit, or ward and neighbourhood"), longest=200, width=30),
    Choice(key="standing", heading=N_("State"), shown=True,
           choices={standing: name for standing, (name, _tone) in STANDINGS.items()}),
    Day(key="registered", heading=N_("Registered on"), shown=True),
)  # fmt: skip

SHEET = Sheet(
    name="registrations",
    title=N_("Registrations"),
    about=N_("Lists of people for activities with seats; a ticket is made for each."),
    role=Role.ORGANISER,
    columns=COLUMNS,
    open=Registrations,
    position=60,
)
