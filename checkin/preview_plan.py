"""What letting a version of a plan out does, or calling the plan off: all its activities at once.

As with one activity: it is done, looked at and undone, and the mark stands for what was shown.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import Unit
from accounts.scope import Scope
from checkin import preview, queries, services
from checkin.preview import NOBODY, Calendar, Seats, Standing
from core.database import session
from events.conflicts import Conflict, ConflictKind
from events.models import Activity, ActivityState, Plan
from events.releases import layer
from events.releases import queries as released_queries
from events.releases.facts import Change, Facts
from events.releases.models import Release, ReleaseReader
from events.timetable.facts import of_plan

Readers = sa.Select[str, str | None]
"""The units that get a letter, each with its address."""
Clashes = Mapping[tuple[ConflictKind, frozenset[int]], Conflict]


@dataclass(frozen=True)
class Before:
    """How the plan stood before anything was done."""

    told: Mapping[str, Facts]
    standings: Mapping[int, Standing]
    """Of the activities that people may have a seat at and that change."""
    clashes: Clashes
    open_since: Mapping[str, datetime]
    """Activities that change while their doors are open, and when the sitting begins."""


@dataclass(frozen=True)
class Letters:
    """How many letters go out, by what they say, and who has no address for one."""

    moved: int
    cancelled: int
    by_phone: int
    units: int
    units_without_address: Sequence[str]

    @property
    def any(self) -> bool:
        """Whether anyone is told at all."""
        told = self.moved + self.cancelled + self.by_phone + self.units
        return bool(told or self.units_without_address)


@dataclass(frozen=True)
class PlanPreview:
    """Everything that it does, to be read before it is kept."""

    changes: Sequence[Change]
    letters: Letters
    calendars: Sequence[Calendar]
    own_calendars: int
    """How many activities have a calendar of their own that changes."""
    personal: int
    """How many people have one of them in a calendar of their own."""
    appear: Sequence[Conflict]
    go: Sequence[Conflict]
    stay: int
    seats: Mapping[str, Seats]
    """By the title of the activity, who has another seat."""
    open_since: Mapping[str, datetime]
    voided: int
    """Seats and places in line that become void with what is called off."""

    @property
    def lost(self) -> int:
        """How many people lose their seat and go back into the line."""
        return sum(len(one.lost) for one in self.seats.values())

    @property
    def won(self) -> int:
        """How many people move up from the line."""
        return sum(len(one.won) for one in self.seats.values())

    @property
    def matters(self) -> bool:
        """Whether anyone has to know of it before it is kept."""
        return bool(self.letters.any or self.seats or self.appear or self.open_since)

    @property
    def mark(self) -> str:
        """Stands for exactly this preview."""
        seats = [p.registration for s in self.seats.values() for p in (*s.lost, *s.won)]
        clashes = [sorted(map(str, one.key[1])) for one in (*self.appear, *self.go)]
        shown = (self.changes, self.letters, self.personal, self.voided, clashes, seats)
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:24]


def looked_at(plan: Plan, numbers: Collection[int], scope: Scope, now: datetime) -> Before:
    """How the plan stands; ``numbers`` are the activities on the programme that will change."""
    touched = _with_all(numbers)
    since = {a.title: at for a in touched if (at := preview.open_since(a, now))}
    return Before(
        told=layer.standing(plan),
        standings={activity.id: preview.standing(activity, scope) for activity in touched},
        clashes=_clashes(plan, scope),
        open_since=since,
    )


def of_version(release: Release) -> Readers:
    """The units that a version concerns, with the address of each."""
    readers = sa.select(Unit.short_name, Unit.email).join(
        ReleaseReader, ReleaseReader.unit_id == Unit.id
    )
    return readers.where(ReleaseReader.release_id == release.id)


def of_plan_off(plan: Plan) -> Readers:
    """The units that hear of it when the plan is called off; of one never released nobody does."""
    knew = sa.literal(plan.released_at is not None)
    concerned = released_queries.concerned(sa.literal(plan.id), sa.literal(plan.unit_id))
    return sa.select(Unit.short_name, Unit.email).where(knew, concerned)


def make_room(plan: Plan, numbers: Collection[int], now: datetime) -> dict[int, Seats]:
    """Put back into the line who has no seat any more in the version that goes out."""
    released = [a for a in plan.activities if a.id in numbers]
    lost: dict[int, Seats] = {}
    for number, pending in layer.pending_of(released).items():
        seats = pending.changes.get("seats", {}).get("to")
        losing = services.make_room(pending.activity, seats, now=now) if seats else []
        if losing:
            lost[number] = Seats(preview.people(losing))
    return lost


def fill(before: Before, now: datetime) -> dict[int, Seats]:
    """Give new seats to those in line."""
    won: dict[int, Seats] = {}
    for activity in _with_all(before.standings):
        had = before.standings[activity.id].seats
        if had == activity.seats or not services.accepts_registrations(activity, now):
            continue
        seated = services.fill(activity, now=now)
        if seated:
            won[activity.id] = Seats(won=preview.people(seated))
    return won


def compared(
    before: Before,
    plan: Plan,
    scope: Scope,
    *,
    changes: Sequence[Change],
    told: Readers,
    seats: Mapping[int, Seats],
    now: datetime,
) -> PlanPreview:
    """What was done, told while it can still be undone; ``told`` are the units with a letter."""
    touched = {activity.id: activity for activity in _with_all(before.standings)}
    after = {number: preview.standing(one, scope) for number, one in touched.items()}
    known = queries.to_be_told(list(after), now)
    revised = {n for n in after if after[n].revision != before.standings[n].revision}
    off = {n for n in after if after[n].state is ActivityState.CANCELLED}
    moved = {n for n in revised - off if after[n].reach != before.standings[n].reach}
    clashes = _clashes(plan, scope)
    new = {change["activity"] for change in changes} - set(after)
    facts = [one[number].fact for one in (before.standings, after) for number in revised]
    held = {(fact.kind, fact.unit_id) for fact in facts}
    asked = sa.select(Activity.kind, Activity.unit_id).where(Activity.id.in_(new))
    held |= {(kind, unit_id) for kind, unit_id in session().execute(asked)}
    return PlanPreview(
        changes=changes,
        letters=_letters(moved, off, known, told),
        calendars=preview.carried(plan.campaign, held),
        own_calendars=len(revised) + len(new),
        personal=sum(sum(known.get(number, NOBODY)) for number in revised),
        appear=[one for key, one in clashes.items() if key not in before.clashes],
        go=[one for key, one in before.clashes.items() if key not in clashes],
        stay=sum(key in before.clashes for key in clashes),
        seats={touched[number].title: one for number, one in seats.items()},
        open_since=before.open_since,
        voided=sum(sum(known.get(number, NOBODY)) for number in off),
    )


def _with_all(numbers: Collection[int]) -> Sequence[Activity]:
    """Activities with what a standing is made of, in few questions."""
    found = (
        sa.select(Activity)
        .where(Activity.id.in_(numbers))
        .options(
            joinedload(Activity.unit),
            joinedload(Activity.venue),
            joinedload(Activity.plan).joinedload(Plan.campaign),
            selectinload(Activity.sessions),
        )
        .order_by(Activity.starts_at, Activity.id)
    )
    return session().scalars(found).all() if numbers else []


def _clashes(plan: Plan, scope: Scope) -> Clashes:
    """What collides with the plan as the public sees it; its drafts collide with nothing yet."""
    drafts = {a.id for a in plan.activities if a.state is ActivityState.DRAFT}
    return {
        one.key: one
        for one in of_plan(plan, scope)
        if not any(fact.id in drafts for fact in one.both)
    }


def _letters(
    moved: Collection[int],
    off: Collection[int],
    known: Mapping[int, tuple[int, int]],
    told: Readers,
) -> Letters:
    readers = session().execute(told.order_by(Unit.path)).all()
    return Letters(
        moved=sum(known.get(number, NOBODY)[0] for number in moved),
        cancelled=sum(known.get(number, NOBODY)[0] for number in off),
        by_phone=sum(known.get(number, NOBODY)[1] for number in {*moved, *off}),
        units=sum(bool(email) for _name, email in readers),
        units_without_address=[name for name, email in readers if not email],
    )
