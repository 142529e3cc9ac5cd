"""Somebody came to a door without a ticket: judged, written down, counted once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from checkin import notice, queries
from checkin.arrivals import groups
from checkin.models import (
    Attendance,
    Device,
    Grade,
    Participant,
    Registration,
    Scan,
    ScanStatus,
    Standing,
)
from checkin.redeem import Gate, Person, Sitting
from checkin.redeem_store import Answered, NonceReused, Outcome
from checkin.services import new_participant
from checkin.windows import doors, nearest
from core.database import session
from core.text import folded
from events.models import Activity, ActivityState, Counting


@dataclass(frozen=True, slots=True)
class Walker:
    """One person, as the steward wrote them down; without a name only the number counts."""

    name: str | None
    unit: str = ""
    email: str = ""
    locale: str = "vi"

    @property
    def grade(self) -> Grade:
        """Somebody who was seen and named, or a number that the steward stands for."""
        return Grade.STAFF_SCAN if self.name else Grade.HEADCOUNT


@dataclass(frozen=True, slots=True)
class Group:
    """A class: how many belong to it, how many came, and nobody's name."""

    name: str
    enrolled: int | None
    present: int
    grade: Grade = Grade.HEADCOUNT

    @property
    def key(self) -> str:
        """By which the group is known again, however its name is written."""
        return hashlib.blake2b(folded(self.name).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a scanner tells, once."""

    slug: str
    nonce: str
    who: Walker | Group
    content: str
    at: datetime
    shown_at: datetime | None
    skew: int | None
    keeps_hours: bool
    forced: bool
    clock: dict[str, Any] | None = None
    """How its clock was set meanwhile; kept with the answer."""


def arrive(arrival: Arrival, gate: Gate, *, now: datetime) -> Outcome:
    """Count who came, at the sitting that is on; the same nonce gives the same answer."""
    session().scalar(_locked(sa.select(Device).where(Device.id == gate.device_id)))
    known = session().scalar(
        sa.select(Scan).where(Scan.device_id == gate.device_id, Scan.nonce == arrival.nonce)
    )
    if known is not None:
        return _replayed(known, arrival)
    found = sa.select(Activity).where(Activity.slug == arrival.slug)
    together = selectinload(Activity.sessions), joinedload(Activity.unit)
    activity = session().scalar(_locked(found.options(*together)))
    status, facts, sitting = _judged(arrival, activity, gate)
    scan = _scan(arrival, gate, status, activity, sitting, now)
    person = Person()
    if status is ScanStatus.OK and activity is not None and sitting is not None:
        status, more, person = _count(arrival, scan, activity, sitting, now)
        facts |= more
        scan.status = status
    scan.answer = {"status": status.value, "time": arrival.at.isoformat(), **facts}
    if arrival.clock:
        scan.answer = {**scan.answer, "clock": arrival.clock}
    session().flush()
    return Answered(scan.answer, person)


def _locked(found: Any) -> Any:
    """With its row held until the end, but for those who only refer to it."""
    return found.with_for_update(key_share=True, of=found.column_descriptions[0]["entity"])


def _replayed(scan: Scan, arrival: Arrival) -> Outcome:
    if scan.request_hash != arrival.content:
        return NonceReused()
    who = sa.select(Participant).join(Attendance, Attendance.participant_id == Participant.id)
    person = session().scalar(who.where(Attendance.scan_id == scan.id))
    return Answered(scan.answer, _seen(person), replayed=True)


def _judged(
    arrival: Arrival, activity: Activity | None, gate: Gate
) -> tuple[ScanStatus, dict[str, Any], Sitting | None]:
    """What the door says, in the order in which it judges tickets."""
    if activity is None or activity.state is ActivityState.DRAFT:
        return ScanStatus.INVALID, {"no_ticket": True}, None
    facts: dict[str, Any] = {"activity": activity.slug, "title": activity.title, "no_ticket": True}
    if activity.state is ActivityState.CANCELLED:
        return ScanStatus.CANCELED, facts, None
    is_served = gate.serves(activity.unit.path, activity.id, activity.venue_id)
    if not is_served or activity.counting is not Counting.TICKETS:
        return ScanStatus.WRONG_ACTIVITY, facts, None
    return _by_the_clock(arrival, facts, nearest(_sittings(activity), arrival.at))


def _by_the_clock(
    arrival: Arrival, facts: dict[str, Any], sitting: Sitting | None
) -> tuple[ScanStatus, dict[str, Any], Sitting | None]:
    if sitting is None:
        return ScanStatus.TOO_LATE, facts, None
    if arrival.keeps_hours and arrival.at < sitting.opens_at:
        return ScanStatus.TOO_EARLY, {**facts, "opens_at": sitting.opens_at.isoformat()}, sitting
    if arrival.keeps_hours and arrival.at >= sitting.closes_at:
        return ScanStatus.TOO_LATE, {**facts, "closed_at": sitting.closes_at.isoformat()}, sitting
    return ScanStatus.OK, {**facts, "session": sitting.starts_at.isoformat()}, sitting


def _sittings(activity: Activity) -> list[Sitting]:
    minutes = activity.opens_before, activity.closes_after
    return [
        Sitting(one.id, one.starts_at, *doors(one.starts_at, one.ends_at, *minutes))
        for one in activity.sessions
    ]


def _scan(
    arrival: Arrival,
    gate: Gate,
    status: ScanStatus,
    activity: Activity | None,
    sitting: Sitting | None,
    now: datetime,
) -> Scan:
    scan = Scan(
        device_id=gate.device_id,
        nonce=arrival.nonce,
        request_hash=arrival.content,
        status=status,
        grade=arrival.who.grade,
        activity_id=activity.id if activity else None,
        session_id=sitting.id if sitting else None,
        at=arrival.at,
        received_at=now,
        made_at=arrival.shown_at,
        skew=arrival.skew,
        forced=arrival.forced,
        answer={},
    )
    session().add(scan)
    session().flush()
    return scan


def _count(
    arrival: Arrival, scan: Scan, activity: Activity, sitting: Sitting, now: datetime
) -> tuple[ScanStatus, dict[str, Any], Person]:
    match arrival.who:
        case Group() as group:
            told = {"name": group.name, "enrolled": group.enrolled, "present": group.present}
            scan.answer = {"group": {**told, "key": group.key}}
            session().flush()
            groups.settle(session().connection(), sitting.id, group.key)
            return ScanStatus.OK, scan.answer, Person()
        case Walker(name=None):
            _attend(scan, None, f"door {arrival.nonce} {scan.device_id}")
            return ScanStatus.OK, {}, Person()
        case Walker() as walker:
            return _welcome(walker, scan, activity, now)


def _welcome(
    walker: Walker, scan: Scan, activity: Activity, now: datetime
) -> tuple[ScanStatus, dict[str, Any], Person]:
    """Count a person by name; who holds a seat under that address is counted as its holder."""
    held = queries.of_address(activity, walker.email)
    confirmed = Registration.standing == Standing.CONFIRMED
    seat = session().scalar(held.where(confirmed).limit(1))
    if seat is None:
        person = _person(walker, now)
    else:
        person, scan.registration_id = seat.participant, seat.id
        came = sa.select(Attendance).where(Attendance.session_id == scan.session_id)
        first = session().scalar(came.where(Attendance.participant_id == person.id))
        if first is not None:
            told = {"time": first.at.isoformat(), "device": None, "place": None}
            source = {"source": first.grade.value}
            return ScanStatus.ALREADY_REDEEMED, {"first": {**told, **source}}, _seen(person)
    _attend(scan, person, None)
    return ScanStatus.OK, {}, _seen(person)


def _person(walker: Walker, now: datetime) -> Participant:
    person = new_participant(
        walker.name or "", walker.unit, email=walker.email, locale=walker.locale, now=now
    )
    agreed = notice.consent(notice.ATTENDANCE, locale=walker.locale, now=now)
    agreed.channel = "door"
    agreed.participant_id = person.id
    session().add(agreed)
    return person


def _attend(scan: Scan, person: Participant | None, pass_id: str | None) -> None:
    session().add(
        Attendance(
            activity_id=scan.activity_id,
            session_id=scan.session_id,
            participant_id=person.id if person else None,
            pass_id=pass_id,
            scan_id=scan.id,
            grade=scan.grade,
            at=scan.at,
        )
    )


def _seen(person: Participant | None) -> Person:
    if person is None:
        return Person()
    unit = person.unit.short_name if person.unit else person.unit_text
    return Person(person.name, unit or None, person.group)
